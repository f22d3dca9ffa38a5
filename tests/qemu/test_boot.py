# SPDX-License-Identifier: GPL-2.0-only
"""Boots: every number of CPUs, both loaders, every configuration, all selftests."""

import os
import re
import time

import ktap
from harness import PROMPT, Failed, Skipped, expect, qemu, test


def check_selftests(run, outcome, cpus):
    expect("CPUs: %d/%d online" % (cpus, cpus) in run.console,
           "not all %d CPUs are online; %s" % (cpus, outcome.sentence))
    report = ktap.parse(run.console)
    expect(report.ok(), "%s; %s" % (report.summary(), outcome.sentence))
    expect(outcome.ok, outcome.sentence)
    return report


def boot_selftests(ctx, cpus, image=None, extra="", timeout=240, tests="*", **kw):
    line = "selftest=%s exit=poweroff %s" % (tests, extra)
    with ctx.boot(image, line.strip(), cpus, timeout, **kw) as run:
        report = check_selftests(run, run.wait(), cpus)
        return "%d cases, %d skipped" % (len(report.cases), report.count("skip"))


def register_counts(arch):
    for cpus in (1, 2, 8, 64):
        @test("boot.direct.%d" % cpus, weight=2 if cpus > 2 else 1, arch=arch)
        def _(ctx, cpus=cpus):
            return boot_selftests(ctx, cpus, timeout=240 if cpus < 64 else 600)

    @test("boot.direct.255", weight=2, arch=arch)
    def _(ctx):
        with ctx.boot(None, 'run="cpus" exit=poweroff', 255, 300) as run:
            outcome = run.wait()
            expect("CPUs: 255/255 online" in run.console, "not all are online; " + outcome.sentence)
            expect(outcome.ok, outcome.sentence)
            return "%.1f s" % run.elapsed()


def register_kinds(arch):
    for mode in ("none", "voluntary", "full"):
        @test("boot.preempt.%s" % mode, weight=2, arch=arch)
        def _(ctx, mode=mode):
            return boot_selftests(ctx, 8, extra="preempt=" + mode)

    for config, cc, cpus in (("debug", "gcc", 8), ("debug", "clang", 2), ("up", "gcc", 1),
                             ("rt", "gcc", 8), ("rt", "gcc", 1), ("rtdebug", "gcc", 2),
                             ("defconfig", "clang", 8)):
        @test("boot.%s.%s.%d" % (config, cc, cpus), weight=2 if cpus > 2 else 1, arch=arch)
        def _(ctx, config=config, cc=cc, cpus=cpus):
            return boot_selftests(ctx, cpus, ctx.kernel(config, cc), timeout=400)

    @test("boot.tcg_single.4", arch=arch)
    def _(ctx):
        return boot_selftests(ctx, 4, timeout=400, accel="tcg-single")

    @test("boot.icount.2", arch=arch)
    def _(ctx):
        """Interrupts between any two instructions, not only between blocks of them."""
        return boot_selftests(ctx, 2, accel="icount", tests="context.nmis_*,nmi.*,trap.*")


def menu_entries():
    """Titles of the GRUB menu, in order."""
    with open("boot/grub/grub.cfg") as f:
        return re.findall(r'^\s*menuentry\s+["\']([^"\']+)', f.read(), re.MULTILINE)


def proves_shell_only(console):
    expect("KTAP version" not in console, "selftests ran")


def proves_one_cpu(console):
    expect("CPUs: 1/4 online" in console, "not one CPU of four")
    report = ktap.parse(console)
    expect(report.ok(), report.summary())


def proves_torture(console):
    lines = re.findall(r"^torture (\S+) +ok: task \d+.* (\d+) errors", console, re.MULTILINE)
    expect(len(lines) > 20, "only %d locks are tortured" % len(lines))
    expect(all(errors == "0" for _, errors in lines), "errors")


MENU_PROVES = {1: proves_shell_only, 2: proves_one_cpu, 3: proves_torture}


def register_iso():
    @test("boot.iso.8", weight=2, arch="x86_64")
    def _(ctx):
        """The main job: what make run does."""
        with ctx.boot(ctx.iso(), cpus=8, timeout=300) as run:
            if not run.expect(PROMPT):
                raise Failed("no prompt; " + run.wait().sentence)
            run.send("poweroff\n")
            report = check_selftests(run, run.wait(), 8)
            return "%d cases, %d skipped" % (len(report.cases), report.count("skip"))

    for number, title in enumerate(menu_entries() if os.path.exists("boot/grub/grub.cfg") else []):
        if number == 0:
            continue

        @test("boot.iso.menu.%d" % number, arch="x86_64")
        def _(ctx, number=number, title=title):
            with ctx.boot(ctx.iso(), cpus=4, timeout=300) as run:
                # GRUB drops keys that come before its menu is drawn; then it counts down.
                expect(run.expect("executed automatically in"), "no menu")
                for below in menu_entries()[1:number + 1]:
                    run.send("\x0e")		# Ctrl-N, which ends the countdown, too
                    expect(run.expect(r"\*" + re.escape(below)), "%s: not reached" % below)
                run.send("\n")
                expect(run.expect(PROMPT), "%s: no prompt" % title)
                run.send("poweroff\n")
                # A boot whose selftests or commands failed ends with a failure.
                expect(run.wait().ok, run.outcome.sentence)
                MENU_PROVES[number](run.console)
            return title


def idle_share(run, seconds):
    """QEMU's CPU time over some seconds of an idle guest, in % of one host core."""
    cpu, wall = run.cpu_seconds(), time.monotonic()
    end = wall + seconds
    while time.monotonic() < end:
        run.expect("a text that never comes", 1)
    return 100 * (run.cpu_seconds() - cpu) / (time.monotonic() - wall)


def register_idle(arch):
    @test("idle.8_cpus_leave_the_host_alone", weight=2, arch=arch)
    def _(ctx):
        with ctx.boot(cpus=8, timeout=120) as run:
            expect(run.expect(PROMPT), "no prompt")
            idle_share(run, 1)
            # CPU time, not wall time: a loaded host makes it no more. What else the
            # boot left to do may be in the first ones.
            share = min(idle_share(run, 5) for _ in range(4))
            expect(share < 5, "an idle kernel takes %.1f %% of a host core" % share)
            return "%.1f %% of one host core" % share


def register_cost(arch):
    @test("boot.to_the_prompt_in_a_cpu_second", weight=2, arch=arch)
    def _(ctx):
        """The promise of the edit loop, for 8 CPUs; a slow or a busy host gets the usual factor."""
        bound, seconds = qemu.host_scale(8), []
        for _ in range(3):
            with ctx.boot(cpus=8, timeout=120) as run:
                expect(run.expect(PROMPT), "no prompt")
                seconds.append(run.cpu_seconds())
        if None in seconds:
            raise Skipped("this host does not tell another process's CPU time")
        expect(min(seconds) < bound, "%.2f CPU seconds to the prompt, at best; at most %.2f"
               % (min(seconds), bound))
        return "%.2f CPU s" % min(seconds)


def register(arches):
    if "x86_64" in arches:
        register_iso()
    for arch in arches:
        register_counts(arch)
        register_kinds(arch)
        register_idle(arch)
        register_cost(arch)
