# SPDX-License-Identifier: GPL-2.0-only
"""make gdb: the debugger's commands, and backtraces through interrupt frames."""


def register(arches):
    pass
