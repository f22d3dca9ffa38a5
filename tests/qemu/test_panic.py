# SPDX-License-Identifier: GPL-2.0-only
"""Boots that must fail: each line of the tables is one."""

import os

from harness import expect, test

FOLDER = os.path.dirname(os.path.abspath(__file__))
TABLES = ("panics.table", "misuse.table", "locks.table", "contexts.table")


def read_table(table):
    """(name, CPUs, command line, texts, configuration) of each line."""
    with open(os.path.join(FOLDER, table)) as f:
        for number, line in enumerate(f, 1):
            if not line.strip() or line.startswith("#"):
                continue
            fields = [field.strip() for field in line.split("\t") if field.strip()]
            if not 4 <= len(fields) <= 5:
                raise ValueError("%s:%d: four or five fields, separated by tabs" % (table, number))
            name, cpus, cmdline, texts = fields[:4]
            config = fields[4] if len(fields) == 5 else "defconfig"
            yield name, int(cpus), cmdline, [t.strip() for t in texts.split("|")], config


def must_panic(ctx, cpus, cmdline, texts, config):
    with ctx.boot(ctx.kernel(config), cpus=cpus, cmdline=cmdline, timeout=120) as run:
        outcome = run.wait()
        expect(outcome.code != 124, "hangs: " + outcome.sentence)
        expect(not outcome.ok, "a failure was expected, but " + outcome.sentence)
        missing = [t for t in texts if t not in run.console]
        expect(not missing, "not on the console: " + ", ".join(missing))


def register(arches):
    for arch in arches:
        for name, *how in [line for table in TABLES for line in read_table(table)]:
            @test("panic." + name, arch=arch)
            def _(ctx, how=how):
                must_panic(ctx, *how)
