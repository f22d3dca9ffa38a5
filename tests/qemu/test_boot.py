# SPDX-License-Identifier: GPL-2.0-only
"""Boots: every number of CPUs, both loaders, every configuration, all selftests."""

import os
import re
import time

import ktap
from harness import PROMPT, Failed, expect, test


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
        return boot_selftests(ctx, 2, accel="icount", tests="context.nmis_*")


def menu_entries():
    """Titles of the GRUB menu, in order."""
    with open("boot/grub/grub.cfg") as f:
        return re.findall(r'^\s*menuentry\s+["\']([^"\']+)', f.read(), re.MULTILINE)


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
                expect(run.expect("Lockstep"), "no menu")
                time.sleep(0.3)		# GRUB drops keys that come before its menu is drawn
                run.send("\x0e" * number + "\n")
                expect(run.expect(PROMPT), "%s: no prompt" % title)
                run.send("poweroff\n")
                expect(run.wait().ok, run.outcome.sentence)
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
            share = min(idle_share(run, 5), idle_share(run, 5))
            # The promise is 5 %; on a loaded host only a gross excess is a failure.
            expect(share < 50, "an idle kernel takes %.1f %% of a host core" % share)
            return "%.1f %% of one host core (the aim is under 5)" % share


def register(arches):
    if "x86_64" in arches:
        register_iso()
    for arch in arches:
        register_counts(arch)
        register_kinds(arch)
        register_idle(arch)
