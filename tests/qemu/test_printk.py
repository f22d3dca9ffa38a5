# SPDX-License-Identifier: GPL-2.0-only
"""What CPUs print at once comes out of the serial line whole, once and in order."""

import re

from harness import expect, test

# kernel/printk_test.c prints these at debug level: shown with loglevel=8.
LINE = re.compile(r"^\[ *\d+\.\d{6}\] printk test (\d+) (\d) (\d+) the quick brown fox jumps over "
                  r"the lazy dog, and what is long enough takes a second slot of the log$")
# On so many CPUs at most, what it prints fills half of the log.
MOST = 16
CASE = "printk.keeps_lines_whole_from_four_contexts_on_all_cpus"


def lines_are_whole(ctx, cpus):
    counts = {}
    with ctx.boot(None, "selftest=%s exit=poweroff loglevel=8" % CASE, cpus, 300) as run:
        outcome = run.wait()
        expect(outcome.ok, outcome.sentence)
        for line in run.console.splitlines():
            if "quick brown" not in line and "printk test" not in line:
                continue
            match = LINE.match(line)
            expect(match, "not whole: " + line)
            cpu, context, number = map(int, match.groups())
            expect(number == counts.get((cpu, context), 0), "lost or out of order: " + line)
            counts[cpu, context] = number + 1
        expect(" log record(s) " not in run.console, "records were lost")
    # Before and after the nested context, and NMI twice in the innermost.
    expect(len(counts) == 4 * min(cpus, MOST), "%d CPUs and contexts printed" % len(counts))
    return "%d lines" % sum(counts.values())


def register(arches):
    for arch in arches:
        for cpus in (1, 8, 64):
            @test("printk.lines_are_whole.%d" % cpus, weight=2 if cpus > 2 else 1, arch=arch)
            def _(ctx, cpus=cpus):
                return lines_are_whole(ctx, cpus)
