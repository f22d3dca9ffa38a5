# SPDX-License-Identifier: GPL-2.0-only
"""Start Lockstep in QEMU, talk to its console, and say how it ended.

Used by scripts/run-qemu, scripts/bench and tests/qemu. A Machine is a QEMU command
line; a Run is one boot of it, with a deadline, whose QEMU never outlives it.

How a run ends (Outcome):

    x86_64  isa-debug-exit: QEMU's status is (v << 1 | 1), the kernel writes 0x10
            for success, so 33 is success and every other odd status is a failure
    arm64   semihosting SYS_EXIT: the status is the kernel's own
    both    status 0 is a power-off or a reset asked for; a triple fault also
            resets, and QEMU's own log tells the two apart
"""

import atexit
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

ACCELS = {
    "tcg": "tcg,thread=multi",
    "tcg-single": "tcg,thread=single",
    "icount": "tcg,thread=single",
    "kvm": "kvm",
    "hvf": "hvf",
}
ARCHES = ("x86_64", "arm64")
ELF_MACHINES = {62: "x86_64", 183: "arm64"}
ISO_MAGIC, ISO_MAGIC_AT = b"CD001", 0x8001
MAX_CPUS = 255
PROMPT = r"^lockstep> "
X86_SUCCESS = 33


# QEMUs that run now: none is left behind when the program ends, however it ends.
LIVE = set()


@atexit.register
def kill_all():
    for process in list(LIVE):
        process.kill()


class Refused(Exception):
    """A bad argument, or a tool that is missing; the text is for the user."""


def image_arch(path):
    """(architecture, is it an ISO) of an image."""
    try:
        with open(path, "rb") as f:
            head = f.read(20)
            f.seek(ISO_MAGIC_AT)
            magic = f.read(len(ISO_MAGIC))
    except OSError as error:
        raise Refused("%s: %s" % (path, error.strerror)) from None
    if magic == ISO_MAGIC:
        return "x86_64", True
    arch = ELF_MACHINES.get(int.from_bytes(head[18:20], "little"))
    if head[:4] != b"\x7fELF" or not arch:
        raise Refused("%s: neither an ISO nor an ELF file for %s; accepted are lockstep.iso "
                      "and lockstep.elf, as make builds them" % (path, " or ".join(ARCHES)))
    return arch, False


def host_scale(cpus):
    """What a generous bound for a two-core host is multiplied by here."""
    cores = os.cpu_count() or 1
    scale = max(1.0, cpus / (16.0 * cores)) * max(1.0, 2.0 / cores)
    return scale * float(os.environ.get("TIMEOUT_SCALE", "1"))


class Machine:
    def __init__(self, image, arch=None, cpus=8, accel="tcg", cmdline="", memory=None,
                 gdb=None, extra=()):
        if not os.path.exists(image):
            raise Refused("%s: no such image; run make first" % image)
        image_is_for, self.is_iso = image_arch(image)
        self.arch = arch or image_is_for
        if self.arch not in ARCHES:
            raise Refused("arch %s: accepted are: %s" % (self.arch, " ".join(ARCHES)))
        if accel not in ACCELS:
            raise Refused("ACCEL=%s: accepted are: %s" % (accel, " ".join(ACCELS)))
        if not 1 <= cpus <= MAX_CPUS:
            raise Refused("CPUS=%s: accepted are: 1 to %d" % (cpus, MAX_CPUS))
        self.image = image
        self.cpus = cpus
        self.accel = accel
        self.cmdline = cmdline
        self.memory = memory or 256 + 4 * cpus
        self.gdb = gdb
        self.extra = list(extra)
        if self.is_iso and cmdline:
            raise Refused("an ISO takes its command line from the GRUB menu: "
                          "build it with make iso ARGS=\"...\"")

    def argv(self, serial, log):
        program = {"x86_64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}[self.arch]
        path = shutil.which(program)
        if not path:
            raise Refused("%s is not installed: run scripts/deps" % program)
        args = [path, "-nodefaults", "-display", "none", "-no-reboot",
                "-accel", ACCELS[self.accel], "-smp", str(self.cpus), "-m", str(self.memory)]
        if self.accel == "icount":
            args += ["-icount", "shift=3,sleep=off"]
        args += ["-d", "cpu_reset", "-D", log]
        if self.arch == "x86_64":
            args += ["-machine", "q35", "-cpu", self.cpu_model(),
                     "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"]
        else:
            args += ["-machine", "virt,gic-version=3", "-cpu", self.cpu_model(),
                     "-semihosting-config", "enable=on,target=native"]
        if self.is_iso:
            args += ["-cdrom", self.image, "-boot", "d"]
        else:
            args += ["-kernel", self.image]
            if self.cmdline:
                args += ["-append", self.cmdline]
        if self.gdb:
            args += ["-S", "-gdb", "unix:%s,server=on,wait=off" % self.gdb]
        return args + list(serial) + self.extra

    def cpu_model(self):
        return "host" if self.accel in ("kvm", "hvf") else "max"


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
            typed = 0
            for line in itertools.chain(source, [None]):
                if line is None and not typed:
                    return
                with self._news:
                    self._news.wait_for(lambda: len(prompts.findall(self.console)) > typed)
                self.send("poweroff\n" if line is None else line.rstrip("\n") + "\n")
                typed += 1

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
