# SPDX-License-Identifier: GPL-2.0-only
"""Boots that must fail: each line of panics.table is one."""

import os

from harness import expect, test

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "panics.table")


def read_table():
    """(name, CPUs, command line, texts, configuration) of each line."""
    with open(TABLE) as f:
        for number, line in enumerate(f, 1):
            if not line.strip() or line.startswith("#"):
                continue
            fields = [field.strip() for field in line.split("\t") if field.strip()]
            if not 4 <= len(fields) <= 5:
                raise ValueError("%s:%d: four or five fields, separated by tabs" % (TABLE, number))
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
        for name, *how in read_table():
            @test("panic." + name, arch=arch)
            def _(ctx, how=how):
                must_panic(ctx, *how)
