# SPDX-License-Identifier: GPL-2.0-only
"""What needs no boot: builds, checks, the tools' own tests, host tests."""

import json
import os
import re
import subprocess

import ktap
from harness import Skipped, expect, test

GOOD = """KTAP version 1
1..2
  KTAP version 1
  # Subtest: a
  1..2
[    1.0] the log says something
  ok 1 x
  ok 2 y # SKIP no reason
ok 1 a
  KTAP version 1
  1..1
  ok 1 x
ok 2 b
# Totals: pass:2 fail:0 skip:1 total:3
lockstep>
"""

# What is done to GOOD, and what must then be found wrong.
BAD = [
    ("  ok 1 x\n  ok 2 y", "  ok 2 y", "result 2 where 1 was due"),
    ("  ok 2 y # SKIP no reason\n", "", "plans 2 results and has 1"),
    ("ok 2 b\n", "", "is cut short"),
    ("  1..2\n", "", "has no plan"),
    ("  ok 2 y # SKIP no reason", "  ok 2 x", "x is reported twice"),
    ("ok 2 b", "ok 2 a", "a is reported twice"),
    ("  ok 1 x\n  ok 2 y", "  not ok 1 x\n  ok 2 y", "a is ok, but a case in it is not"),
    ("1..2\n", "1..3\n", "plans 3 results and has 2"),
    ("  ok 1 x\nok 2 b", "ok 2 b", "plans 1 results and has 0"),
    ("  ok 2 y # SKIP no reason", "  ok 2 y # TIMEOUT", "a is ok, but a case in it is not"),
]


def check_ktap_reader(_):
    good = ktap.parse(GOOD)
    expect(good.ok() and not good.errors, "a good report is refused: %s" % good.errors)
    names = [c[0] for c in good.cases]
    expect(names == ["a.x", "a.y", "b.x"], "names: %s" % names)
    expect(good.count("skip") == 1 and good.count("pass") == 2, good.summary())
    for old, new, error in BAD:
        report = ktap.parse(GOOD.replace(old, new, 1))
        expect(not report.ok() and any(error in e for e in report.errors),
               "not found: %s; found: %s" % (error, report.errors))
    failing = ktap.parse(GOOD.replace("  ok 1 x", "  not ok 1 x").replace("\nok", "\nnot ok"))
    expect(not failing.errors and not failing.ok() and "a.x" in failing.summary(), "a failure")
    expect(not ktap.parse("").ok(), "nothing at all")
    return "%d ways to be wrong" % (len(BAD) + 2)


def register_builds(arches):
    for arch in arches:
        for config in ("defconfig", "debug", "up", "rt"):
            for cc in ("gcc", "clang"):
                @test("build.%s.%s" % (config, cc), weight=2, arch=arch)
                def _(ctx, config=config, cc=cc):
                    size = os.path.getsize(os.path.join(ctx.build(config, cc), "lockstep.elf"))
                    return "%d KiB" % (size // 1024)

        @test("build.rebuilds_what_changed", weight=2, arch=arch)
        def _(ctx):
            out = ctx.build()
            source = "kernel/main.c"
            os.utime(source)
            status, text = ctx.command(["make", "ARCH=" + ctx.arch, "WERROR=1", "O=" + out, "all"])
            compiled = re.findall(r"^  CC +(\S+)", text, re.MULTILINE)
            expect(status == 0 and compiled == [source], "touched %s, compiled %s"
                   % (source, compiled))


def refuses(variable, accepted):
    def body(ctx):
        status, text = ctx.command(["make", "-n", variable, "all"])
        expect(status != 0, "make %s went on" % variable)
        expect(accepted in text, "make %s does not say: %s" % (variable, accepted))
    return body


def register_make():
    for variable, accepted in (("ARCH=vax", "accepted are: x86_64 arm64"),
                               ("CPUS=0", "accepted are: 1 to 255"),
                               ("CPUS=x", "accepted are: 1 to 255"),
                               ("ACCEL=fast", "accepted are: tcg tcg-single icount kvm hvf"),
                               ("CONFIG=none", "accepted are: debug defconfig rt rtdebug tas ticket up"),
                               ("CC=tcc", "accepted are: gcc, clang"),
                               ("WERROR=2", "accepted are: 0 1"),
                               ("V=3", "accepted are: 0 1"),
                               ("CPUS=", "accepted are: 1 to 255"),
                               ("CPU=4", "nothing reads CPU; did you mean CPUS?"),
                               ("quux=1", "nothing reads quux"),
                               ("N=9", "accepted are: 1 2 3 4 5 6 7 8"),
                               ("MODEL=vax", "accepted are: sc tso arm llsc"),
                               ("BOOT=tape", "accepted are: direct")):
        test("make.refuses." + variable)(refuses(variable, accepted))

    @test("make.bench_locks_has_the_locks_asked_for")
    def _(ctx):
        status, text = ctx.command(["make", "-n", "bench-locks", "LOCKS=mcs clh"])
        expect(status == 0 and "--locks mcs,clh" in text, "not handed on: " + text[-300:])

    @test("make.compile_commands_names_every_source")
    def _(ctx):
        status, text = ctx.command(["make", "compile_commands.json"])
        expect(status == 0, text.strip())
        with open("compile_commands.json") as f:
            files = [entry["file"] for entry in json.load(f)]
        expect("kernel/main.c" in files and len(files) > 200, "only %d files" % len(files))
        expect(len(files) == len(set(files)) and all(os.path.exists(f) for f in files),
               "some twice, or not there")

    @test("make.help_names_every_target")
    def _(ctx):
        status, text = ctx.command(["make", "help"])
        expect(status == 0, "make help fails")
        for word in ("run", "test", "gdb", "check", "iso", "clean", "bench", "ARCH", "CPUS",
                     "ACCEL", "CONFIG", "ARGS", "CC"):
            expect(re.search(r"\b%s\b" % word, text), "make help does not name %s" % word)

    @test("make.says_that_a_compiler_is_missing")
    def _(ctx):
        out = os.path.join(os.path.dirname(ctx.log_path), "no-compiler")
        status, text = ctx.command(["make", "CC=gcc-99", "CROSS_COMPILE=", "O=" + out, "objects"])
        expect(status != 0 and "there is no gcc-99 on this machine" in text, "it does not say so")
        expect("not found" not in text, "the shell said it first")

    @test("runqemu.refuses")
    def _(ctx):
        """Images and bounds that cannot be meant."""
        neither = os.path.join(os.path.dirname(ctx.log_path), "neither.iso")
        with open(neither, "wb") as f:
            f.write(bytes(0x9000))
        for argv, text in (([neither], "neither an ISO nor an ELF file"),
                           (["tests"], "Is a directory"),
                           (["/bin/sh", "--cpus", "0"], "accepted are: 1 to 255"),
                           ([neither, "--timeout", "-3"], "accepted are seconds, more than 0"),
                           ([neither, "--timeout", "0"], "accepted are seconds, more than 0")):
            status, said = ctx.command(["scripts/run-qemu"] + argv)
            expect(status == 2 and text in said, "run-qemu %s: no %r" % (" ".join(argv), text))

    @test("deps.nothing_is_missing_after_deps")
    def _(ctx):
        status, text = ctx.command(["scripts/deps", "run", "test", "gdb"])
        expect(status == 0, text.strip())

    @test("deps.says_the_one_command")
    def _(ctx):
        tools = bare_machine(ctx)
        for cc, pattern in (("gcc", r"apt-get install -y .*gcc.*python3.*qemu-system-x86"),
                            ("clang-99", r"apt-get install -y .*clang-99.*lld"),
                            ("x86_64-linux-gnu-gcc", r"install -y .*gcc-x86-64-linux-gnu"),
                            ("x86_64-elf-gcc", r"CC=x86_64-elf-gcc is not here, and I know no")):
            done = subprocess.run(["/bin/sh", "scripts/deps", "run"], check=False,
                                  env={"PATH": tools, "CC": cc}, text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
            ctx.log.write(done.stdout)
            expect(done.returncode == 1, "scripts/deps does not fail")
            expect(re.search(pattern, done.stdout), "CC=%s: scripts/deps does not print %s"
                   % (cc, pattern))


def bare_machine(ctx):
    """A PATH with a package manager and a shell, nobody to ask, and nothing else."""
    tools = os.path.join(os.path.abspath(os.path.dirname(ctx.log_path)), "bare-bin")
    os.makedirs(tools, exist_ok=True)
    for tool in ("id", "uname", "sort", "tr", "ls", "cat"):
        link = os.path.join(tools, tool)
        if not os.path.islink(link):
            os.symlink(subprocess.check_output(["which", tool], text=True).strip(), link)
    with open(os.path.join(tools, "apt-get"), "w") as f:
        f.write("#!/bin/sh\nexit 1\n")
    os.chmod(os.path.join(tools, "apt-get"), 0o755)
    return tools


# make targets of other parts of the tree, run when the Makefile has them.
OPTIONAL = (("host-test", "host.locking"), ("mc", "mc.locking"), ("mutants-quick", "mc.mutants"))


def register(arches):
    test("runner.ktap_reader_finds_what_is_wrong")(check_ktap_reader)
    register_builds(arches)
    register_make()

    @test("check")
    def _(ctx):
        status, text = ctx.command(["make", "check"])
        expect(status == 0, "make check fails: %s" % text.strip().split("\n")[-1])
        return text.strip().split("\n")[-1]

    for target, name in OPTIONAL:
        @test(name, weight=2)
        def _(ctx, target=target):
            if ctx.command(["make", "-n", target])[0]:
                raise Skipped("there is no make %s yet" % target)
            status, text = ctx.command(["make", target], timeout=1200)
            expect(status == 0, "make %s fails" % target)
            return text.strip().split("\n")[-1]
