# SPDX-License-Identifier: GPL-2.0-only
"""What scripts/bench and scripts/bench-locks share: where it was measured, tables, the
page that keeps them."""

import datetime
import os
import platform
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs", "measurements.md")


def load():
    """The load average of the last minute: other work that the figures suffered from."""
    return os.getloadavg()[0]


def host(arch):
    model = "?"
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as f:
            names = [line.split(":")[1].strip() for line in f if line.startswith("model name")]
        model = names[0] if names else platform.machine()
    program = {"x86_64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}[arch]
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True,
                             check=True).stdout.split("\n")[0].replace("QEMU emulator version",
                                                                       "QEMU")
    return "%s, %d host CPUs (%s), %s, %s; load average %.1f at the end" % (
        arch, os.cpu_count(), model, version, datetime.date.today().isoformat(), load())


def numbers(text, what, low, high):
    """A comma-separated list of numbers, or the end of the program."""
    result = []
    for word in text.split(","):
        if not word.isdigit() or not low <= int(word) <= high:
            die("%s %s: accepted are: numbers from %d to %d, with commas between"
                % (what, word or "(nothing)", low, high))
        result.append(int(word))
    return result


def die(message):
    sys.exit("%s: %s" % (os.path.basename(sys.argv[0]), message))


def table(header, rows):
    """A table in Markdown that can be read as it is. Columns of numbers are set to the
    right, with units and what is in brackets."""
    cells = [header] + [[str(c) for c in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    number = re.compile(r"([\d.]+( [a-z]+)?( \([\d.]+\))?|-?)$")
    right = [all(number.match(row[i]) for row in cells[1:]) for i in range(len(header))]

    def line(row):
        return "| " + " | ".join(c.rjust(w) if r else c.ljust(w)
                                 for c, w, r in zip(row, widths, right)) + " |"
    rule = "|" + "|".join("-" * (w + 1) + (":" if r else "-")
                          for w, r in zip(widths, right)) + "|"
    return "\n".join([line(header), rule] + [line(row) for row in cells[1:]])


def put_on_page(name, text):
    """Replace what is between the marks of @name in docs/measurements.md."""
    begin, end = "<!-- %s -->" % name, "<!-- end of %s -->" % name
    with open(PAGE) as f:
        page = f.read()
    if begin not in page or end not in page:
        die("%s: no marks %s and %s" % (PAGE, begin, end))
    page = page[:page.index(begin)] + begin + "\n" + text.strip("\n") + "\n" + \
        page[page.index(end):]
    with open(PAGE, "w") as f:
        f.write(page)


def keep(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)


def plot(script, path, png=False):
    """Run gnuplot. Return: was it there?"""
    if not shutil.which("gnuplot"):
        print("gnuplot is not installed (scripts/deps bench): no %s" % path)
        return False
    setup = ("set terminal %s size 760,460 noenhanced font 'sans,12' background '#ffffff'\n"
             "set output '%s'\n" % ("pngcairo" if png else "svg dynamic", path))
    subprocess.run(["gnuplot"], input=setup + script, text=True, check=True)
    return True
