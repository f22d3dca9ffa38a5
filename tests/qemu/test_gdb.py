# SPDX-License-Identifier: GPL-2.0-only
"""make gdb: the debugger's commands, and backtraces through interrupt and NMI frames."""

import os
import re

from harness import expect, test

# Sections of session.gdb, and what must be found in each, in this order.
SECTIONS = (
    ("unmapped", tuple(r"^%s: .*the kernel is not mapped yet" % re.escape(line) for line in (
        "ls-cpus", "ls-ps", "ls-bt 1", "ls-dmesg", "ls-percpu cpu_number", "p $ls_task(1)"))),
    ("boot", (r"^#0 +kernel_main", r"^#1 .*\bhead_high\b")),
    ("commands", (r"^CPU +TASK", r"^ +1 +\d+ \S+", r"^ +PID +NAME", r"^ +0 +idle/1 ",
                  r"^ +\d+ +ksoftirqd/0 ", r"^#0 +\S+", r"^\[ +\d+\.\d+\] cpu \d+: .*",
                  r"^ +0 +0$", r"^ +1 +1$", r'^\$1 = "init"', r"^\$2 = 1$")),
    ("interrupt", (r"^#0 .*handle_irq", r"^#\d+ .*signal handler called", r"^#\d+ ")),
    ("nmi", (r"^#0 .*handle_nmi", r"^#\d+ .*signal handler called", r"^#\d+ ")),
)
ENDS = r"thread_start|kernel_main|secondary_main|head|ap_"


def check_section(text, name, patterns):
    match = re.search(r"^MARK %s\n(.*?)^MARK " % name, text, re.MULTILINE | re.DOTALL)
    expect(match, "the session does not get to the end of its part '%s'" % name)
    body, at = match.group(1), 0
    for pattern in patterns:
        found = re.compile(pattern, re.MULTILINE).search(body, at)
        expect(found, "part '%s': no line %s" % (name, pattern))
        at = found.end()
    if name in ("interrupt", "nmi"):
        frames = re.findall(r"^#\d+ .*", body, re.MULTILINE)
        # The very first frame has a caller at 0, which gdb may print.
        expect(any(re.search(ENDS, f) for f in frames[-2:]),
               "part '%s': the backtrace ends at %s" % (name, frames[-1]))


def register(arches):
    for arch in arches:
        @test("gdb.session", weight=2, arch=arch)
        def _(ctx):
            console = os.path.abspath(ctx.log_path[:-4])
            status, text = ctx.command(
                ["scripts/gdb/session", "--arch", ctx.arch, "--cpus", "2", "--console", console,
                 "--script", "tests/qemu/session.gdb", ctx.kernel()], timeout=300)
            for name, patterns in SECTIONS:
                check_section(text, name, patterns)
            expect(status == 0, "gdb ends with status %d" % status)
