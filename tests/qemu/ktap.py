# SPDX-License-Identifier: GPL-2.0-only
"""Read KTAP, version 1, out of a console log, and believe nothing.

A block is a version line, a plan, and result lines numbered from 1, all at one
indentation; a deeper block belongs to the result line that follows it. Other lines
(the kernel log, diagnostics) may stand between. What must hold: each block has one
plan and exactly as many results, in order; names do not repeat in their block; a
block's result says what its cases say; every block is closed by its result line."""

import re

VERSION = re.compile(r"^( *)KTAP version 1$")
PLAN = re.compile(r"^( *)1\.\.(\d+)(?: # SKIP ?(.*))?$")
RESULT = re.compile(r"^( *)(ok|not ok) (\d+)(?: -)?(?: ([^#]*?))?"
                    r"(?: # (SKIP|XFAIL|TIMEOUT|ERROR)(?: (.*))?)?$")


class Block:
    def __init__(self, indent, line):
        self.indent = indent
        self.line = line
        self.plan = None
        self.names = []
        self.cases = []
        self.failed = False


class Report:
    """cases: (name, "pass" | "fail" | "skip", reason), in order; errors: what is wrong
    with the report itself."""

    def __init__(self):
        self.cases = []
        self.errors = []

    def count(self, status):
        return sum(1 for case in self.cases if case[1] == status)

    def failed_names(self):
        return [name for name, status, _ in self.cases if status == "fail"]

    def ok(self):
        return not self.errors and self.count("pass") > 0 and not self.count("fail")

    def summary(self):
        text = "%d passed, %d failed, %d skipped" % tuple(map(self.count, ("pass", "fail", "skip")))
        if self.errors:
            text += "; " + "; ".join(self.errors[:3])
        elif self.count("fail"):
            text += "; failed: " + " ".join(self.failed_names()[:5])
        elif not self.cases:
            text += "; no test ran"
        return text


class Parser:
    def __init__(self):
        self.report = Report()
        self.stack = []

    def error(self, number, text):
        self.report.errors.append("line %d: %s" % (number, text))

    def version(self, number, indent):
        if self.stack and indent <= self.stack[-1].indent:
            self.error(number, "a report begins inside another")
            self.stack = [b for b in self.stack if b.indent < indent]
        self.stack.append(Block(indent, number))

    def plan(self, number, indent, tests):
        if not self.stack or self.stack[-1].indent != indent:
            self.error(number, "a plan outside a report")
        elif self.stack[-1].plan is not None:
            self.error(number, "a second plan")
        else:
            self.stack[-1].plan = tests

    def close(self, number, block):
        if block.plan is None:
            self.error(number, "the report of line %d has no plan" % block.line)
        elif block.plan != len(block.names):
            self.error(number, "the report of line %d plans %d results and has %d"
                       % (block.line, block.plan, len(block.names)))

    def result(self, number, indent, good, index, name, directive, reason):
        closed = None
        while self.stack and self.stack[-1].indent > indent:
            closed = self.stack.pop()
            self.close(number, closed)
        if not self.stack or self.stack[-1].indent != indent:
            self.error(number, "a result outside a report")
            return
        block = self.stack[-1]
        name = (name or "").strip()
        if block.plan is None:
            self.error(number, "a result before the plan")
        if index != len(block.names) + 1:
            self.error(number, "result %d where %d was due" % (index, len(block.names) + 1))
        if not name:
            self.error(number, "a result without a name")
        if name in block.names:
            self.error(number, "%s is reported twice" % name)
        block.names.append(name)
        if closed is not None:
            if good and closed.failed:
                self.error(number, "%s is ok, but a case in it is not" % name)
            block.failed |= not good
            block.cases += [(name + "." + case, *rest) for case, *rest in closed.cases]
            return
        status = "fail" if not good or directive in ("TIMEOUT", "ERROR") else \
            "skip" if directive in ("SKIP",) else "pass"
        block.failed |= status == "fail"
        block.cases.append((name, status, reason or ""))

    def finish(self, number):
        """The top block ends with the text or with a line that is not KTAP."""
        if len(self.stack) > 1:
            self.error(number, "the report of line %d is cut short" % self.stack[-1].line)
        elif self.stack:
            self.close(number, self.stack[0])
        for block in self.stack:
            self.report.cases += block.cases
        self.stack = []


def parse(text):
    parser = Parser()
    number = 0
    for number, line in enumerate(text.replace("\r", "").split("\n"), 1):
        match = VERSION.match(line)
        if match:
            parser.version(number, len(match.group(1)))
            continue
        match = PLAN.match(line)
        if match:
            parser.plan(number, len(match.group(1)), int(match.group(2)))
            continue
        match = RESULT.match(line)
        if match:
            parser.result(number, len(match.group(1)), match.group(2) == "ok",
                          int(match.group(3)), *match.group(4, 5, 6))
            continue
        block = parser.stack[0] if len(parser.stack) == 1 else None
        if block and block.plan is not None and len(block.names) >= block.plan:
            parser.finish(number)
    parser.finish(number)
    return parser.report
