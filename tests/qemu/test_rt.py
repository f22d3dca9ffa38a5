# SPDX-License-Identifier: GPL-2.0-only
"""Threaded interrupts, in any configuration and in the real-time one."""

from harness import PROMPT, expect, test


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
