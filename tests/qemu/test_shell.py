# SPDX-License-Identifier: GPL-2.0-only
"""Sessions at the shell, and boot parameters, good and bad."""

import re
import time

from harness import PROMPT, Failed, expect, test


class Session:
    """A booted kernel at its prompt."""

    def __init__(self, ctx, cmdline="", cpus=4):
        self.boot = ctx.boot(cpus=cpus, cmdline=cmdline, timeout=240)

    def __enter__(self):
        self.run = self.boot.__enter__()
        if not self.run.expect(PROMPT):
            raise Failed("no prompt; " + self.run.wait().sentence)
        return self

    def __exit__(self, *args):
        return self.boot.__exit__(*args)

    def type(self, keys, *patterns):
        """Type, then wait for each pattern in turn."""
        self.run.send(keys)
        for pattern in patterns:
            if not self.run.expect(pattern):
                raise Failed("after typing %r: no %r" % (keys, pattern))

    def command(self, line, *patterns):
        self.type(line + "\n", *patterns)
        self.type("", PROMPT)

    def poweroff(self):
        self.run.send("poweroff\n")
        outcome = self.run.wait()
        expect(outcome.ok, outcome.sentence)


# Commands, and what they must print.
COMMANDS = [
    ("help", r"cpus", r"selftest"),
    ("help ps", r"usage: ps"),
    ("cpus", r"CPU\s+HWID", r"^\s*3\s+\d+\s+online"),
    ("ps", r"PID\s+NAME", r"ksoftirqd/0"),
    ("ps -w", r"waits for|nobody waits"),
    ("irqs", r"(?i)timer", r"total"),
    ("softirqs", r"total"),
    ("timers", r"\S"),
    ("mem", r"\S"),
    ("dmesg", r"CPUs: 4/4 online"),
    ("selftest -l", r"\w+\.\w+"),
    ("ipi 1", r"\S"),
    ("nmi all", r"\S"),
    ("run-on 2 echo hello there", r"^hello there"),
    ("echo one; echo two", r"^one", r"^two"),
    ('echo "a  b"', r"^a  b"),
    ("version", r"Lockstep"),
    ("uptime", r"4 CPUs"),
    ("params", r"selftest", r"exit"),
]

# Bad input, and what must be said about it.
REFUSED = [
    ("hlep", r"unknown command; did you mean: help"),
    ("xyzzy", r"unknown command; 'help' lists all"),
    ("nmi 99", r"accepted are 0-3, all"),
    ("nmi x", r"accepted are"),
    ("run-on 9 echo", r"accepted are 0-3"),
    ("run-on 1", r"usage: run-on"),
    ("ps -t 99999", r"no task 99999"),
    ("help nothing", r"no command is called 'nothing'"),
    ("selftest nothing.*", r"nothing is called 'nothing\.\*'"),
    ("sleep x", r"accepted are 0\.\.86400"),
    ("panic nothing", r"accepted are|usage: panic"),
    ("stress x", r"accepted are|usage: stress"),
    ("echo 'open", r"(?i)quote"),
    ("panic null extra", r"at most 1 argument, 'extra' is one too many", r"usage: panic"),
    ("ps zzz", r"ps: 'zzz': accepted are -t PID, -w"),
    ("ps -x", r"ps: '-x': accepted are -t PID, -w"),
    ("ps -t", r"ps: -t needs a PID"),
    ("ps -w 1", r"at most 1 argument, '1' is one too many"),
    ("dmesg -q", r"dmesg: '-q': accepted are -l LEVEL, -n COUNT"),
    ("dmesg -n", r"dmesg: -n needs a COUNT"),
    ("dmesg -l loud", r"accepted are 0\.\.7 or emerg"),
    ("irqs x", r"irqs: no argument is accepted, got 'x'"),
    ("softirqs x", r"softirqs: no argument is accepted, got 'x'"),
    ("mem x", r"mem: no argument is accepted, got 'x'"),
    ("reboot 1", r"reboot: no argument is accepted, got '1'"),
    ("help cpus ps", r"help: at most 1 argument, 'ps' is one too many"),
    ("steps maybe", r"steps: on or off, not maybe", r"usage: steps"),
    ("torture x", r"one of .*ticket.*; not x"),
    ("torture ticket", r"torture: SECONDS is missing"),
    ("selftest -x", r"selftest: '-x': accepted are -l, suites"),
    ("selftest nosuite", r"nothing is called 'nosuite'"),
]


LONG_NAME = "one_that_says_nothing_runs_in_the_interrupt_unless_the_kernel_is_real_time"


def register_sessions(arch):
    @test("shell.commands", arch=arch)
    def _(ctx):
        with Session(ctx) as s:
            for line, *patterns in COMMANDS:
                s.command(line, *patterns)
            s.poweroff()
        return "%d commands" % len(COMMANDS)

    @test("shell.bad_input_is_refused", arch=arch)
    def _(ctx):
        with Session(ctx) as s:
            for line, *patterns in REFUSED:
                s.command(line, *patterns)
            s.poweroff()
        return "%d lines" % len(REFUSED)

    @test("shell.editing_keys", arch=arch)
    def _(ctx):
        with Session(ctx) as s:
            s.command("echo first", r"^first$")
            s.command("echo second", r"^second$")
            s.type("\x1b[A\x1b[A\n", r"^first$", PROMPT)		# Up Up
            s.type("eho third\x01\x06c\n", r"^third$", PROMPT)	# Ctrl-A, Ctrl-F
            s.type("echo fourthx\x7f\n", r"^fourth$", PROMPT)		# Backspace
            s.type("garbage\x15echo fifth\n", r"^fifth$", PROMPT)	# Ctrl-U
            s.type("upt\t\n", r"^up .*4 CPUs", PROMPT)			# Tab completes
            s.type("s\t\t", r"selftest", r"stress")			# Tab Tab lists
            s.type("\x03", PROMPT)					# Ctrl-C
            s.type("sleep 1000\n", r"sleep 1000")
            s.type("\x03", PROMPT)					# ends the command
            s.poweroff()

    @test("shell.nothing_pasted_is_lost", arch=arch)
    def _(ctx):
        """8 KiB of commands at once, faster than the shell runs them; lines too long."""
        lines = ["%03d-%s" % (i, "x" * 30) for i in range(200)]
        with Session(ctx) as s:
            s.run.send("".join("echo %s\n" % line for line in lines))
            for line in lines:
                s.type("", "^%s$" % line)
            s.type("", PROMPT)
            long = "y" * 3000
            s.command("echo " + long, "^%s$" % long)
            s.command("echo " + "z" * 5000, r"line too long by 910 characters; not run")
            s.poweroff()

    @test("shell.the_prompt_comes_back_after_a_message", arch=arch)
    def _(ctx):
        with Session(ctx) as s:
            s.run.send("run-on 1 selftest param.unknown*\necho typed ahead")
            s.type("", r"^# Totals", r"^lockstep> echo typed ahead")
            s.type("\n", r"^typed ahead$", PROMPT)
            s.poweroff()

    @test("shell.interrupts", arch=arch)
    def _(ctx):
        """Ctrl-C ends what runs, and what was typed ahead."""
        with Session(ctx) as s:
            for line in ("sleep 1000; echo not reached", "stress 1000 threads",
                         "run-on 1 sleep 1000", "time sleep 1000"):
                s.type(line + "\n", line + r"\n")
                s.run.send("echo typed ahead\n")
                time.sleep(0.3)
                s.type("\x03", r"\^C", PROMPT)
            for line in ("sleep 1000", "echo x; sleep 1000"):	# before the command begins, too
                s.type(line + "\n\x03", r"\^C", PROMPT)
            expect("\ntyped ahead" not in s.run.console, "typed-ahead input was run")
            expect("\nnot reached" not in s.run.console, "the rest of the line was run")
            s.poweroff()

    @test("shell.selftest_from_the_prompt", arch=arch)
    def _(ctx):
        with Session(ctx) as s:
            s.command("selftest param.*", r"^KTAP version 1$", r"^# Totals: pass:[1-9]\d* fail:0")
            s.command("selftest param", r"Subtest: param$", r"^# Totals: pass:[1-9]\d* fail:0")
            s.command("selftest -l match", r"^match\.a_literal_must")
            s.command("selftest -l meta", r"^meta\.passes")
            s.command("selftest hrtimer." + LONG_NAME, "^  ok 1 %s$" % LONG_NAME,
                      r"slowest: hrtimer\.%s \d" % LONG_NAME)
            s.poweroff()

    @test("shell.reboot_resets", arch=arch)
    def _(ctx):
        with Session(ctx) as s:
            s.run.send("reboot\n")
            outcome = s.run.wait()
            expect(outcome.ok and "asked" in outcome.sentence, outcome.sentence)

    @test("shell.the_page_shows_the_help_there_is", arch=arch)
    def _(ctx):
        with open("docs/shell.md") as f:
            shown = f.read().split("lockstep> help\n", 1)[1].split("```", 1)[0].splitlines()
        with ctx.boot(cpus=1, cmdline="run=help exit=poweroff") as run:
            expect(run.wait().ok, run.outcome.sentence)
            lines = [line.rstrip() for line in run.console.splitlines()]
            missing = [line for line in shown if line.rstrip() not in lines]
            expect(not missing, "not what help prints: %s" % missing[:3])

    @test("shell.steps_of_the_chain_walk", arch=arch)
    def _(ctx):
        walk = "selftest " + WALK
        with ctx.boot(cpus=2, cmdline='run="steps on; %s; steps off; %s" exit=poweroff'
                      % (walk, walk)) as run:
            expect(run.wait().ok, run.outcome.sentence)
            told = STEP.findall(run.console)
        numbers = [int(number) for number, _ in told]
        expect(numbers == 4 * list(range(1, 14)) + [1, 2, 3], "steps %s" % numbers)
        expect(all(name.startswith("rt_chain_%s_" % number) for number, name in told),
               "a name that is not the number's")

    @test("shell.poweroff_with_status", arch=arch)
    def _(ctx):
        with Session(ctx) as s:
            s.run.send("poweroff 3\n")
            expect(not s.run.wait().ok, "poweroff 3 counts as success")


# In one thread: two rounds as urgency comes, two as it goes, and three steps to see that
# there is nothing to do.
WALK = "rt_mutex.the_walk_takes_its_steps_in_order"
STEP = re.compile(r"\] step +(\d+) (rt_chain_\w+) .*(?:task|lock)")


# Command lines, and what must be on the console.
PARAMETERS = [
    ("unknown", "nosuchthing=1", ["unknown parameter 'nosuchthing' ignored"]),
    ("misspelt", "sefltest=*", ["did you mean: selftest"]),
    ("bad_value", "preempt=sometimes", ["preempt='sometimes' refused", "none|voluntary|full"]),
    ("bad_bool", "shell=perhaps", ["shell='perhaps' refused", "on|off"]),
    ("no_value", "preempt", ["'preempt' needs a value"]),
    ("twice", "exit=shell exit=poweroff", ["'exit' is given twice"]),
    ("long_value", "run='%s'" % ("echo one;" * 200),
     ["run='echo one;echo one;", "refused: accepted are TEXT, at most 1023 characters"]),
    ("long_word", "run='%sfor all of it'" % ("echo " + 900 * "x"), [900 * "x" + "for all of it"]),
    ("long_line", "exit=poweroff" + 250 * " shell=on",
     ["the command line is cut after 2047 characters: '", "=on shell=on shell=on"]),
]


def register_parameters(arch):
    for name, cmdline, texts in PARAMETERS:
        @test("param." + name, arch=arch)
        def _(ctx, cmdline=cmdline, texts=texts):
            with ctx.boot(cpus=1, cmdline=cmdline + " exit=poweroff", timeout=60) as run:
                outcome = run.wait()
                for text in texts:
                    expect(text in run.console, "not on the console: " + text)
                expect(outcome.ok, outcome.sentence)

    for name, cmdline in (("quiet", "quiet"), ("initverbose", "initverbose=off")):
        @test("param.%s_silences_the_init_steps" % name, arch=arch)
        def _(ctx, cmdline=cmdline):
            with ctx.boot(cpus=1, cmdline=cmdline + " selftest=match", timeout=60) as run:
                expect(run.expect(PROMPT), "no prompt")
                expect("init: " not in run.console, "an init step is announced")
                expect("Subtest: match" in run.console and "s on 1 CPU;" in run.console,
                       "selftest=match does not run the suite")

    for name, cmdline, text in (
            ("no_such_selftest", "selftest=nothing.*", "nothing is called 'nothing.*'"),
            ("failing_command", "run=nosuchcommand", "unknown command")):
        @test("param." + name, arch=arch)
        def _(ctx, cmdline=cmdline, text=text):
            with ctx.boot(cpus=1, cmdline=cmdline + " exit=poweroff", timeout=60) as run:
                outcome = run.wait()
                expect(text in run.console, "not on the console: " + text)
                expect(not outcome.ok and outcome.code != 124, "counts as success")


def register_scripts(arch):
    @test("shell.a_script_may_be_piped_in", arch=arch)
    def _(ctx):
        argv = ["scripts/run-qemu", "--timeout", "60", "--cpus", "2", ctx.kernel()]
        status, text = ctx.command(argv, typed="echo one\nhlep\necho two")
        expect(re.search(r"^one$.*did you mean: help.*^two$.*^lockstep> poweroff",
                         text, re.MULTILINE | re.DOTALL), "not what was typed")
        expect(status == 0, "ends with status %d" % status)


def register(arches):
    for arch in arches:
        register_sessions(arch)
        register_parameters(arch)
        register_scripts(arch)
