# SPDX-License-Identifier: GPL-2.0-only
"""Which QEMU, with which arguments, for an image: the Machine that qemu.py boots.

    image      an ELF for one of ARCHES (-kernel), or an ISO (x86_64, GRUB)
    accel      tcg and icount run anywhere; kvm and hvf on a host of the same kind
    x86_64     q35, isa-debug-exit            arm64      virt with GICv3, semihosting

Users import qemu, which has all of these names."""

import os
import shutil

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
