# SPDX-License-Identifier: GPL-2.0-only
"""Threaded interrupts, in any configuration and in the real-time one; its locks, tortured."""

import re

from harness import PROMPT, expect, test

# With the number of seconds: what is only there, and what is made of something else.
LOCKS = {"spinlock": 2, "rwlock": 2, "seqlock": 2, "mutex": 1, "ww_mutex": 1, "ww_mutex_die": 1,
         "rwsem": 1, "rt_mutex": 1, "semaphore": 1, "percpu_rwsem": 1}


def types_at_the_shell(ctx, image, cmdline):
    """What is typed comes through the UART's interrupt, and its thread."""
    with ctx.boot(image, cmdline, 2, 60) as run:
        expect(run.expect(PROMPT), "no prompt")
        for _ in range(3):
            run.send("ps\n")
            expect(run.expect(r"irq/\d+-uart"), "no thread for the UART's interrupt")
        run.send("poweroff\n")
        expect(run.wait().ok, run.outcome.sentence)


def register(arches):
    for arch in arches:
        @test("rt.threadirqs", arch=arch)
        def _(ctx):
            types_at_the_shell(ctx, None, "threadirqs")

        @test("rt.shell", arch=arch)
        def _(ctx):
            types_at_the_shell(ctx, ctx.kernel("rt"), "")

        @test("rt.torture", weight=2, arch=arch)
        def _(ctx):
            """The locks that sleep there, in tasks and softirqs."""
            line = "; ".join("torture %s %d" % how for how in LOCKS.items())
            with ctx.boot(ctx.kernel("rt"), 'run="%s" exit=poweroff' % line, 4, 120) as run:
                outcome = run.wait()
                expect(outcome.ok, outcome.sentence)
                for lock in LOCKS:
                    expect(re.search(r"torture %s +ok: " % lock, run.console), lock + " is missing")

        @test("rt.latency", weight=2, arch=arch)
        def _(ctx):
            """The command works; what it measures here says more about the host."""
            with ctx.boot(ctx.kernel("rt"), 'run="latency 1 idle; latency 2" exit=poweroff', 2,
                          60) as run:
                outcome = run.wait()
                expect(outcome.ok, outcome.sentence)
                notes = re.findall(r"latency: mean.*", run.console)
                expect(len(notes) == 2, "no figures")
                return notes[1]
