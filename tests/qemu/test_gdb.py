# SPDX-License-Identifier: GPL-2.0-only
"""make gdb: the debugger's commands, and backtraces through interrupt and NMI frames."""

import os
import re

from harness import expect, test

# Sections of session.gdb, and what must be found in each, in this order.
SECTIONS = (
    ("unmapped", tuple(r"^%s: .*the kernel is not mapped yet" % re.escape(line) for line in (
        "ls-cpus", "ls-ps", "ls-bt 1", "ls-dmesg", "ls-percpu cpu_number", "ls-steps",
        "ls-chain 1", "p $ls_task(1)"))),
    ("boot", (r"^#0 +kernel_main", r"^#1 .*\bhead_high\b")),
    ("commands", (r"^CPU +TASK", r"^ +1 +\d+ \S+", r"^ +PID +NAME", r"^ +0 +idle/1 ",
                  r"^ +\d+ +ksoftirqd/0 ", r"^#0 +\S+", r"^\[ +\d+\.\d+\] cpu \d+: .*",
                  r"^ +0 +0$", r"^ +1 +1$", r'^\$1 = "init"', r"^\$2 = 1$")),
    ("interrupt", (r"^#0 .*handle_irq", r"^#\d+ .*signal handler called", r"^#\d+ ")),
    ("nmi", (r"^#0 .*handle_nmi", r"^#\d+ .*signal handler called", r"^#\d+ ")),
)
# Where the page shows the chain walk, and the scene that it shows.
PAGE, HEADING = "docs/preempt-rt.md", "## The chain walk, in gdb"
SCENE = "selftest=rt_mutex.the_walk_takes_its_steps_in_order"
# What a page quotes of a session: gdb's own lines have addresses.
QUOTED = re.compile(r"^(walk|step|deadlock) .*|^ +PID .*|^ +\d+ .*", re.MULTILINE)
ENDS = r"thread_start|kernel_main|secondary_main|head|ap_"


def check_section(text, name, patterns):
    match = re.search(r"^MARK %s\n(.*?)^MARK " % name, text, re.MULTILINE | re.DOTALL)
    expect(match, "the session does not get to the end of its part '%s'" % name)
    body, at = match.group(1), 0
    for pattern in patterns:
        found = re.compile(pattern, re.MULTILINE).search(body, at)
        expect(found, "part '%s': no line %s" % (name, pattern))
        at = found.end()
    if name in ("interrupt", "nmi"):
        frames = re.findall(r"^#\d+ .*", body, re.MULTILINE)
        # The very first frame has a caller at 0, which gdb may print.
        expect(any(re.search(ENDS, f) for f in frames[-2:]),
               "part '%s': the backtrace ends at %s" % (name, frames[-1]))


def shown_session():
    """The commands of the page's session, and the lines that it says they print."""
    with open(PAGE, encoding="utf-8") as page:
        section = page.read().split(HEADING + "\n")[1]
    lines = section.split("```")[1].split("\n")[1:]
    return ([line[6:] for line in lines if line.startswith("(gdb) ")],
            [line for line in lines if line and not line.startswith(("(gdb) ", "$ "))])


def without_pids(line):
    return re.sub(r" *\d+ +(puppet/)", r" \1", line)


def check_chain(ctx):
    commands, shown = shown_session()
    console = os.path.abspath(ctx.log_path[:-4])
    with open(console + ".gdb", "w", encoding="utf-8") as script:
        script.write("\n".join(commands) + "\n")
    status, text = ctx.command(
        ["scripts/gdb/session", "--arch", ctx.arch, "--cpus", "2", "--console", console,
         "--script", console + ".gdb", ctx.kernel(), SCENE], timeout=300)
    expect(status == 0, "gdb ends with status %d" % status)
    told = [match.group() for match in QUOTED.finditer(text)]
    for n, (a, b) in enumerate(zip(told, shown), 1):
        expect(without_pids(a) == without_pids(b),
               "line %d is '%s', %s shows '%s'" % (n, a, PAGE, b))
    expect(len(told) == len(shown) > 0, "%d lines, %s shows %d" % (len(told), PAGE, len(shown)))


def register(arches):
    for arch in arches:
        test("gdb.chain", arch=arch)(check_chain)

        @test("gdb.session", weight=2, arch=arch)
        def _(ctx):
            console = os.path.abspath(ctx.log_path[:-4])
            status, text = ctx.command(
                ["scripts/gdb/session", "--arch", ctx.arch, "--cpus", "2", "--console", console,
                 "--script", "tests/qemu/session.gdb", ctx.kernel()], timeout=300)
            for name, patterns in SECTIONS:
                check_section(text, name, patterns)
            expect(status == 0, "gdb ends with status %d" % status)
