# SPDX-License-Identifier: GPL-2.0-only
"""Tests by name, run two at a time, one line each; the last line counts them.

    @test("boot.direct.8", weight=2)
    def _(ctx):
        ...                     # returns a note, or raises Failed or Skipped

A test that fills the machine has weight 2 and runs alone. Each has a log of its
own, build/test/logs/NAME.log; the log of a failed test is named in its line."""

import fnmatch
import os
import re
import subprocess
import sys
import threading
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import qemu  # noqa: E402

SLOTS = 2
# What only a hang may reach is so much longer than what is usual here.
PATIENCE = 3
OUT = os.path.join("build", "test")
PROMPT = qemu.PROMPT


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


class Test:
    def __init__(self, name, fn, weight, arch):
        self.name, self.fn, self.weight, self.arch = name, fn, weight, arch


TESTS = []


def test(name, weight=1, arch=None):
    """With arch, the test is called arch.name and ctx builds and boots that one."""
    if arch:
        name = arch + "." + name

    def register(fn):
        if any(t.name == name for t in TESTS):
            raise ValueError("two tests are called " + name)
        TESTS.append(Test(name, fn, weight, arch or "x86_64"))
        return fn
    return register


def expect(condition, text):
    if not condition:
        raise Failed(text)


class Slots:
    """A counter that a thread takes its test's whole weight from at once, in turn."""

    def __init__(self, n):
        self.free = n
        self.cond = threading.Condition()

    def take(self, n):
        with self.cond:
            self.cond.wait_for(lambda: self.free >= n)
            self.free -= n

    def give(self, n):
        with self.cond:
            self.free += n
            self.cond.notify_all()


class Builds:
    """Each configuration is built once, when first asked for; warnings are errors."""

    def __init__(self):
        self.results = {}
        self.lock = threading.Lock()

    def get(self, arch, config, cc):
        with self.lock:
            key = (arch, config, cc)
            if key not in self.results:
                self.results[key] = self.make(*key)
            out, error = self.results[key]
        if error:
            raise Failed(error)
        return out

    @staticmethod
    def make(arch, config, cc):
        out = os.path.join(OUT, "%s-%s-%s" % (arch, config, cc))
        targets = ["all"] + (["iso"] if arch == "x86_64" and config == "defconfig" else [])
        os.makedirs(out, exist_ok=True)
        log = os.path.join(out, "build.log")
        argv = ["make", "-j%d" % (os.cpu_count() or 2), "ARCH=" + arch, "CONFIG=" + config,
                "CC=" + cc, "WERROR=1", "MENU_SECONDS=6", "O=" + out] + targets
        with open(log, "w") as f:
            if subprocess.call(argv, stdout=f, stderr=subprocess.STDOUT, env=clean_env()):
                return None, "%s_%s does not build with %s: see %s\n%s" % (
                    arch, config, cc, log, excerpt(log))
        return out, None


def clean_env():
    """The environment without what an outer make leaves in it."""
    return {k: v for k, v in os.environ.items()
            if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "ARGS", "T", "O")}


class Context:
    """What a test is given."""

    def __init__(self, name, arch, builds):
        self.arch, self.builds = arch, builds
        self.log_path = os.path.join(OUT, "logs", re.sub(r"[^\w.-]", "_", name) + ".log")
        self.log = open(self.log_path, "w")

    def build(self, config="defconfig", cc="gcc"):
        return self.builds.get(self.arch, config, cc)

    def kernel(self, config="defconfig", cc="gcc"):
        return os.path.join(self.build(config, cc), "lockstep.elf")

    def iso(self):
        return os.path.join(self.build(), "lockstep.iso")

    def boot(self, image=None, cmdline="", cpus=8, timeout=120, **kw):
        """A qemu.Run to be used in a with statement; the console goes to the log."""
        machine = qemu.Machine(image or self.kernel(), self.arch, cpus, cmdline=cmdline, **kw)
        self.log.write("# %d CPUs, %s: %s\n" % (cpus, machine.image, cmdline))
        return qemu.Run(machine, timeout * PATIENCE, echo=self.log)

    def command(self, argv, timeout=600, typed="", **kw):
        """Run a host program. Its status and its output, stderr included."""
        self.log.write("$ %s\n" % " ".join(argv))
        self.log.flush()
        timeout *= PATIENCE * qemu.host_scale(1)
        try:
            done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  input=typed, timeout=timeout, text=True,
                                  errors="replace", env=clean_env(), **kw)
        except subprocess.TimeoutExpired as e:
            raise Failed("%s: no end within %d seconds" % (argv[0], timeout)) from e
        self.log.write(done.stdout)
        return done.returncode, done.stdout


TELLING = re.compile(r"WARNING: |not ok|^(?!.*\binit: ).*panic|BUG|[Ee]rror|Traceback")


def excerpt(path, telling=6, last=12):
    """Of a log that may be gone with its machine: what tells most, and the end."""
    with open(path, errors="replace") as f:
        lines = f.read().splitlines()
    end = max(0, len(lines) - last)
    first = [i for i, line in enumerate(lines[:end]) if TELLING.search(line)][:telling]
    # A report goes on after the line by which it is known; before "not ok" stands why.
    shown = sorted({j for i in first for j in range(max(0, i - 3), min(i + 8, end))})[:48]
    return "\n".join("    | " + lines[i][:160] for i in shown + list(range(end, len(lines))))


class Runner:
    def __init__(self, tests):
        self.tests = tests
        self.builds = Builds()
        self.slots = Slots(SLOTS)
        self.turn = threading.Lock()
        self.print_lock = threading.Lock()
        self.counts = {"ok": 0, "FAIL": 0, "skip": 0}
        self.queue = list(tests)

    def run_one(self, t):
        ctx = Context(t.name, t.arch, self.builds)
        start = time.monotonic()
        try:
            word, note = "ok", t.fn(ctx) or ""
        except Skipped as e:
            word, note = "skip", str(e)
        except Failed as e:
            word, note = "FAIL", "%s; log: %s" % (e, ctx.log_path)
        except qemu.Refused as e:
            word, note = "FAIL", str(e)
        except Exception:
            ctx.log.write(traceback.format_exc())
            word, note = "FAIL", "the test itself broke; log: %s" % ctx.log_path
        ctx.log.close()
        with self.print_lock:
            self.counts[word] += 1
            print("%-4s  %-36s %6.1f s  %s" % (word, t.name, time.monotonic() - start, note),
                  flush=True)
            if word == "FAIL":
                print(excerpt(ctx.log_path), flush=True)

    def worker(self):
        while True:
            # In turn: a heavy test is not overtaken for ever by light ones.
            with self.turn:
                if not self.queue:
                    return
                t = self.queue.pop(0)
                self.slots.take(t.weight)
            try:
                self.run_one(t)
            finally:
                self.slots.give(t.weight)

    def run(self):
        os.makedirs(os.path.join(OUT, "logs"), exist_ok=True)
        workers = [threading.Thread(target=self.worker, daemon=True) for _ in range(SLOTS)]
        for w in workers:
            w.start()
        for w in workers:
            while w.is_alive():
                w.join(0.2)
        total = sum(self.counts.values())
        if total != len(self.tests):
            print("the runner lost %d tests" % (len(self.tests) - total))
            self.counts["FAIL"] += len(self.tests) - total
        if not self.counts["ok"] and not self.counts["FAIL"]:
            print("no test ran")
            self.counts["FAIL"] += 1
        print("%d passed, %d failed, %d skipped"
              % (self.counts["ok"], self.counts["FAIL"], self.counts["skip"]), flush=True)
        return 1 if self.counts["FAIL"] else 0


def select(globs):
    return [t for t in TESTS if any(fnmatch.fnmatch(t.name, g) for g in globs)]
