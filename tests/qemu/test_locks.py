# SPDX-License-Identifier: GPL-2.0-only
"""Locks: torture, short; the long runs are make torture and make mutants."""

import re

from harness import expect, test


def torture(ctx, what, cpus, timeout, **kw):
    with ctx.boot(None, 'run="torture %s" exit=poweroff' % what, cpus, timeout, **kw) as run:
        return run, run.wait()


def register(arches):
    for arch in arches:
        @test("locks.torture.8", weight=2, arch=arch)
        def _(ctx):
            """Every type, every context, no error."""
            run, outcome = torture(ctx, "all 1", 8, 240)
            lines = re.findall(r"^torture (\S+) +ok: .*", run.console, re.MULTILINE)
            expect(outcome.ok, outcome.sentence)
            expect("qspinlock" in lines and "rwlock" in lines, "types missing: %s" % lines)
            return "%d types" % len(lines)

        @test("locks.torture.million", weight=1, arch=arch)
        def _(ctx):
            """A million acquisitions a CPU; one host thread hands over at once."""
            run, outcome = torture(ctx, "qspinlock 300 1000000", 8, 400, accel="tcg-single")
            expect(outcome.ok, outcome.sentence)
            return re.search(r"torture qspinlock.*task (\d+ to \d+)", run.console)[1]

        @test("locks.torture.busted", weight=2, arch=arch)
        def _(ctx):
            """A lock that is none is caught within a second."""
            run, outcome = torture(ctx, "busted 1", 8, 60)
            expect("torture busted       FAILED" in run.console, "not caught; " + outcome.sentence)
            expect(not outcome.ok, "the failure is not in the status")
