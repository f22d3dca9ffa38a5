# SPDX-License-Identifier: GPL-2.0-only
"""What the check-* scripts share: the tree's files, a C reader, a way to complain.

Every check is `scripts/check-NAME [--root DIR]`: it prints path:line: problem for each
problem, then one line that counts, and fails if there was any."""

import argparse
import os
import re
import subprocess
import sys

C_LIKE = (".c", ".h", ".S", ".def")


class Check:
    def __init__(self, doc):
        parser = argparse.ArgumentParser(description=doc)
        parser.add_argument("--root", default=os.path.dirname(
            os.path.dirname(os.path.abspath(__file__))), help="tree to check")
        self.name = os.path.basename(sys.argv[0])
        self.root = parser.parse_args().root
        self.problems = 0
        self.notes = []
        self.paths = self.list_files()

    def list_files(self):
        try:
            out = subprocess.run(["git", "-C", self.root, "ls-files", "-co", "--exclude-standard"],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                 check=True).stdout.split("\n")
        except (OSError, subprocess.CalledProcessError):
            out = []
            for folder, dirs, names in os.walk(self.root):
                dirs[:] = [d for d in dirs if d not in ("build", ".git")]
                out += [os.path.relpath(os.path.join(folder, n), self.root) for n in names]
        return sorted(p for p in set(out) if p and os.path.isfile(os.path.join(self.root, p)))

    def read(self, path):
        with open(os.path.join(self.root, path), errors="replace") as f:
            return f.read()

    def problem(self, path, line, text):
        self.problems += 1
        print("%s:%d: %s" % (path, line, text))

    def note(self, text):
        self.notes.append(text)

    def finish(self, looked_at):
        if not looked_at:
            print("%s: found nothing to look at" % self.name)
            sys.exit(1)
        for text in self.notes:
            print("%s: %s" % (self.name, text))
        print("%s: %s: %s" % (self.name, looked_at,
                              "%d problems" % self.problems if self.problems else "ok"))
        sys.exit(1 if self.problems else 0)


def blank_comments(text, keep_strings=True):
    """The text with comments (and, if asked, strings) as spaces; lines stay lines."""
    def spaces(match):
        token = match.group(0)
        if token[0] != "/" and keep_strings:
            return token
        return re.sub(r"[^\n]", " ", token)
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', spaces, text,
                  flags=re.DOTALL)


def comments(text):
    """(first line, last line, text without stars) of each comment."""
    for match in re.finditer(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', text, re.DOTALL):
        token = match.group(0)
        if token[0] != "/":
            continue
        first = text.count("\n", 0, match.start()) + 1
        body = re.sub(r"^\s*\*(?!/) ?", " ", token[2:].rstrip("/").rstrip("*"),
                      flags=re.MULTILINE)
        yield first, first + token.count("\n"), body


FUNCTION = re.compile(r"^(?!typedef|struct \w+ \{|union|enum|else|return|#)"
                      r"[A-Za-z_][^;={}\n]*?\b(\w+)\(")
MACRO = re.compile(r"^#\s*define\s+(\w+)")
LABEL = re.compile(r"^(?:SYM_\w+|ENTRY|FUNC\w*|GLOBAL)\((\w+)|^(\w+):")


def functions(path, text):
    """(name, first line, last line) of functions, of macros, and of labels in assembler."""
    lines = blank_comments(text, keep_strings=False).split("\n")
    if path.endswith(".S"):
        found = [(m.group(1) or m.group(2), n) for n, m in
                 ((n, LABEL.match(l)) for n, l in enumerate(lines, 1)) if m]
        ends = [n - 1 for _, n in found[1:]] + [len(lines)]
        return [(name, first, end) for (name, first), end in zip(found, ends)]
    result = []
    n = 0
    while n < len(lines):
        match = MACRO.match(lines[n])
        if match:
            first = n
            while n < len(lines) - 1 and lines[n].rstrip().endswith("\\"):
                n += 1
            result.append((match.group(1), first + 1, n + 1))
            n += 1
            continue
        match = FUNCTION.match(lines[n])
        if match:
            end = body_end(lines, n)
            if end:
                name = match.group(1)
                if name == "SELFTEST":
                    args = re.findall(r"\w+", lines[n])
                    name = ".".join(args[1:3])
                result.append((name, n + 1, end + 1))
                n = end + 1
                continue
        n += 1
    return result


def body_end(lines, n):
    """Where the function whose head is at n ends, or None for a prototype."""
    head = n
    while n < len(lines) and n < head + 12:
        if lines[n].startswith("{"):
            break
        if ";" in lines[n] or (n > head and not lines[n].strip()):
            return None
        n += 1
    else:
        return None
    while n < len(lines):
        if lines[n].startswith("}"):
            return n
        n += 1
    return None
