# SPDX-License-Identifier: GPL-2.0-only
"""Start Lockstep in QEMU, talk to its console, and say how it ended.

Used by scripts/run-qemu, scripts/bench and tests/qemu. A Machine is a QEMU command
line (qemu_machine.py); a Run is one boot of it, with a deadline, whose QEMU never
outlives it.

How a run ends (Outcome):

    x86_64  isa-debug-exit: QEMU's status is (v << 1 | 1), the kernel writes 0x10
            for success, so 33 is success and every other odd status is a failure
    arm64   semihosting SYS_EXIT: the status is the kernel's own
    both    status 0 is a power-off or a reset asked for; a triple fault also
            resets, and QEMU's own log tells the two apart
"""

import atexit
import fcntl
import itertools
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from qemu_machine import (ACCELS, ARCHES, MAX_CPUS, Machine, Refused,  # noqa: F401
                          host_scale, image_arch)

PROMPT = r"^lockstep> "
X86_SUCCESS = 33
PIPE_BYTES = 1 << 20


# QEMUs that run now: none is left behind when the program ends, however it ends.
LIVE = set()


@atexit.register
def kill_all():
    for process in list(LIVE):
        process.kill()


class Outcome:
    """How a run ended: ok, and a sentence that says why."""

    def __init__(self, ok, sentence, code):
        self.ok = ok
        self.sentence = sentence
        self.code = code

    @staticmethod
    def from_status(arch, status, log):
        if status < 0:
            name = signal.Signals(-status).name
            return Outcome(False, "QEMU was killed by %s" % name, 1)
        if status == 0:
            if "Triple fault" in log:
                return Outcome(False, "the CPU was reset by a triple fault", 1)
            return Outcome(True, "the machine was powered off or reset, as asked", 0)
        if arch == "x86_64":
            if status == X86_SUCCESS:
                return Outcome(True, "the kernel ended with success", 0)
            if status & 1 and status != 1:
                return Outcome(False, "the kernel ended with failure (QEMU status %d)" % status, 1)
        if status == 1:
            return Outcome(False, "QEMU refused to start, or the kernel failed (status 1)", 1)
        return Outcome(False, "the kernel ended with failure (QEMU status %d)" % status, 1)


def widen(pipe):
    """Linux: a reader that the host lets wait keeps no serial line waiting, which gives up."""
    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except (AttributeError, OSError):
        pass


class Run:
    """One boot. Use as a context manager: QEMU is gone when the block ends."""

    def __init__(self, machine, timeout=120.0, echo=None, scale=True):
        self.machine = machine
        self.timeout = timeout * (host_scale(machine.cpus) if scale else 1)
        self.echo = echo
        self.console = ""
        self.outcome = None
        self.process = None
        self._seen = 0
        self._dir = None
        self._news = threading.Condition()

    def __enter__(self):
        self._dir = tempfile.mkdtemp(prefix="lockstep-")
        self._log = os.path.join(self._dir, "qemu.log")
        argv = self.machine.argv(["-serial", "stdio", "-monitor", "none"], self._log)
        self.start = time.monotonic()
        self.deadline = self.start + self.timeout
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, start_new_session=True)
        LIVE.add(self.process)
        os.set_blocking(self.process.stdout.fileno(), False)
        widen(self.process.stdout)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.process.stdout, selectors.EVENT_READ)
        return self

    def __exit__(self, *_):
        self.kill()
        self._selector.close()
        self.process.stdout.close()
        shutil.rmtree(self._dir, ignore_errors=True)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        try:
            self.process.stdin.close()
        except OSError:
            pass
        self.process.wait()
        LIVE.discard(self.process)

    def elapsed(self):
        return time.monotonic() - self.start

    def cpu_seconds(self):
        """Host CPU time of QEMU so far (Linux; None elsewhere)."""
        try:
            with open("/proc/%d/stat" % self.process.pid) as f:
                fields = f.read().rsplit(")", 1)[1].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def send(self, text):
        """Type text."""
        try:
            self.process.stdin.write(text.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def type_lines(self, source):
        """Type the lines of a file object as they come, each at a prompt of its own, and
        poweroff after the last. Of no lines nothing is typed."""
        def typist():
            at = 0
            for line in itertools.chain(source, [None]):
                if line is None and not at:
                    return
                with self._news:
                    at = self._news.wait_for(lambda: prompts.search(self.console, at)).end()
                self.send("poweroff\n" if line is None else line.rstrip("\n") + "\n")

        prompts = re.compile(PROMPT, re.MULTILINE)
        threading.Thread(target=typist, daemon=True).start()

    def _read(self, seconds):
        """Wait for output. False at its end."""
        if not self._selector.select(max(0.0, seconds)):
            return True
        try:
            data = os.read(self.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return True
        if not data:
            return False
        text = data.decode("utf-8", "replace").replace("\r", "")
        with self._news:
            self.console += text
            self._news.notify_all()
        if self.echo:
            self.echo.write(text)
            self.echo.flush()
        return True

    def expect(self, pattern, timeout=None):
        """Wait for a regular expression after what was matched last. The match, or None
        when the deadline or the end of the run comes first."""
        limit = self.deadline
        if timeout is not None:
            limit = min(limit, time.monotonic() + timeout * host_scale(self.machine.cpus))
        regex = re.compile(pattern, re.MULTILINE)
        alive = True
        while True:
            match = regex.search(self.console, self._seen)
            if match:
                self._seen = match.end()
                return match
            left = limit - time.monotonic()
            if not alive or left <= 0:
                return None
            alive = self._read(left)

    def wait(self):
        """Read to the end of the run; kill it at the deadline. The Outcome."""
        while True:
            left = self.deadline - time.monotonic()
            if left <= 0:
                self.kill()
                self.outcome = Outcome(False, "no end within %.0f seconds: killed"
                                       % self.timeout, 124)
                return self.outcome
            if not self._read(left):
                break
        status = self.process.wait()
        self.outcome = Outcome.from_status(self.machine.arch, status, self._qemu_log())
        return self.outcome

    def _qemu_log(self):
        try:
            with open(self._log, errors="replace") as f:
                return f.read()
        except OSError:
            return ""


def run_interactive(machine):
    """Give the terminal to QEMU. The Outcome."""
    with tempfile.TemporaryDirectory(prefix="lockstep-") as directory:
        log = os.path.join(directory, "qemu.log")
        argv = machine.argv(["-serial", "mon:stdio"], log)
        handler = signal.signal(signal.SIGINT, lambda *_: None)
        process = subprocess.Popen(argv)
        try:
            status = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            signal.signal(signal.SIGINT, handler)
            subprocess.call(["stty", "sane"], stderr=subprocess.DEVNULL)
        text = ""
        if os.path.exists(log):
            with open(log, errors="replace") as f:
                text = f.read()
    return Outcome.from_status(machine.arch, status, text)


def die(message):
    sys.exit("%s: %s" % (os.path.basename(sys.argv[0]), message))
