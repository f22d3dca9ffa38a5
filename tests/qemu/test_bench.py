# SPDX-License-Identifier: GPL-2.0-only
"""The measuring tools: their counts repeat, agree and tell locks apart. No times here."""

import csv
import os
import re
import subprocess
import threading

from harness import OUT, Skipped, expect, test

MODEL_TEST = "build/plugins/mesi-model-test"
PLUGINS = threading.Lock()	# one make at a time writes them


def make_plugins(ctx):
    with PLUGINS:
        expect(ctx.command(["make", "plugins"])[0] == 0, "make plugins fails")


def bench_locks(ctx, name, *args):
    """Run scripts/bench-locks on this architecture's image. Return: its folder."""
    out = os.path.join(OUT, "bench-%s-%s" % (name, ctx.arch))
    make_plugins(ctx)
    status, text = ctx.command(["scripts/bench-locks", ctx.kernel(), "--out", out, *args])
    expect(status == 0, text.strip().split("\n")[-1])
    if "no plugins" in text:
        raise Skipped("this QEMU has no plugins: " + text.split("\n")[0])
    return out


def rows(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def check_pairs(ctx):
    out = bench_locks(ctx, "pairs", "--parts", "pairs")
    pairs = rows(os.path.join(out, "pairs-%s.csv" % ctx.arch))
    for row in pairs:
        # By the guest's clock and by the plugin: two ways to count the same.
        expect(abs(float(row["clock_insns"]) - float(row["insns"])) <= 0.1, "%s: %s" %
               (row["name"], row))
    by = {(r["kind"], r["name"]): r for r in pairs}
    for name, atomics in (("atomic_inc", 1), ("tas", 1), ("ticket", 1), ("spin", 1), ("read", 2),
                          ("seq_read", 0)):
        found = float(by["api", name]["atomics"])
        expect(found == atomics, "%s: %g atomics, not %d" % (name, found, atomics))
    return "%d pairs, two runs equal" % len(pairs)


def check_misses(ctx):
    locks = ("tas", "ttas", "ticket", "mcs", "qspinlock")
    out = bench_locks(ctx, "turns", "--parts", "turns", "--cpus", "4,16",
                      "--locks", ",".join(locks))
    by = {(r["lock"], int(r["cpus"]), int(r["loops"])): int(r["misses"]) / int(r["acquired"])
          for r in rows(os.path.join(out, "turns-%s.csv" % ctx.arch))}
    for lock in ("ttas", "ticket"):
        growth = by[lock, 16, 50] / by[lock, 4, 50]
        expect(growth > 2.5, "%s: misses are not O(n): times %.1f" % (lock, growth))
    growth = by["mcs", 16, 50] / by["mcs", 4, 50]
    expect(growth < 1.3, "mcs: misses are not O(1): times %.1f" % growth)
    expect(by["tas", 16, 50] > 300, "tas: a waiter's try is no miss: %.1f" % by["tas", 16, 50])
    expect(by["qspinlock", 16, 50] < by["ticket", 16, 50], "qspinlock misses more than ticket")
    return ", ".join("%s %.0f" % (lock, by[lock, 16, 50]) for lock in locks)


REFUSED = (
    (["scripts/bench-locks", "none.elf"], "none.elf: no such image"),
    (["scripts/bench-locks", "Makefile", "--cpus", "0"], "accepted are: numbers from 1 to 255"),
    (["scripts/bench-locks", "Makefile", "--cpus", "1,x"], "accepted are: numbers from 1 to 255"),
    (["scripts/bench-locks", "Makefile", "--parts", "all"], "accepted are: pairs turns timed"),
    (["scripts/bench-locks", "Makefile"], "Makefile: neither an ISO nor an ELF file"),
    (["scripts/bench", "build/none"], "no such image"),
    (["scripts/bench", "build/none", "--cpus", "-3"], "accepted are: numbers from 1 to 255"),
    (["scripts/bench", "build/none", "--runs", "0"], "accepted are: numbers from 1 to 100"),
    (["scripts/bench", "build/none", "--rows", "fast"], "accepted are: direct iso tests rebuild"),
)


def register(arches):
    @test("bench.model_of_caches")
    def _(ctx):
        """Known accesses have known misses; known instructions are atomic."""
        make_plugins(ctx)
        status, text = ctx.command([MODEL_TEST])
        expect(status == 0, text)

    @test("bench.host_builds_and_runs")
    def _(ctx):
        """make host-bench, one short run: a line each for ours and for the others' locks."""
        if subprocess.run(["gcc", "-E", "-include", "ck_spinlock.h", "-x", "c", os.devnull],
                          capture_output=True, check=False).returncode:
            raise Skipped("no Concurrency Kit here")
        status, text = ctx.command(["make", "build/host/host-bench"])
        expect(status == 0, "it does not build")
        status, text = ctx.command(["build/host/host-bench", "-t", "10", "-r", "1", "-n", "2",
                                    "tas", "qspinlock", "pthread_spin", "ck_fas"])
        found = re.findall(r"^(\w+) +(?:ours|libc|ck) +\d", text, re.MULTILINE)
        expect(status == 0 and found == ["tas", "qspinlock", "pthread_spin", "ck_fas"], text)

    @test("bench.refuses")
    def _(ctx):
        for argv, answer in REFUSED:
            status, text = ctx.command(argv)
            expect(status != 0 and answer in text, "%s: %s" % (" ".join(argv), text.strip()))
        return "%d answers" % len(REFUSED)

    for arch in arches:
        test("bench.counts_repeat", arch=arch)(check_pairs)
        test("bench.misses_tell_locks_apart", arch=arch)(check_misses)
