# SPDX-License-Identifier: GPL-2.0-only
"""arm64 on machines that are not the default one: CPUs with and without LSE, entry at EL2
and PSCI by SMC, GICv2 and a build without pseudo-NMI, which have no NMIs. And that both
ports have the same tests."""

import contextlib
import fnmatch
import os
import re
import subprocess
import tempfile

import harness
import ktap
from harness import ROOT, expect, test

# What depends on the atomics' form: both are tested with all of it.
ATOMICS = ",".join(s + ".*" for s in (
    "atomic", "bitops", "refcount", "lockref", "percpu", "percpu_counter", "spinlock", "spinlocks",
    "qspinlock", "osq", "qrwlock", "seqlock", "llist", "wfe"))
BOOT = "ipi.*,smp.*,context.*,irq.*,wfe.*,wx.*,mmu.*"

# name: CPUs, configuration (and compiler), arguments for QEMU, selftests, what the console
# must say
MACHINES = {
    "cpu.cortex-a53": (4, "defconfig", ["-cpu", "cortex-a53"], ATOMICS,
                       "cpu: Cortex-A53, entered at EL1, PSCI by HVC, atomics: LL/SC"),
    "cpu.cortex-a72": (4, "defconfig", ["-cpu", "cortex-a72"], ATOMICS,
                       "cpu: Cortex-A72, entered at EL1, PSCI by HVC, atomics: LL/SC"),
    "cpu.neoverse-n1": (4, "defconfig", ["-cpu", "neoverse-n1"], ATOMICS,
                        "cpu: Neoverse-N1, entered at EL1, PSCI by HVC, atomics: LSE"),
    "el2.smc": (4, "defconfig", ["-machine", "virtualization=on"], BOOT,
                "entered at EL2, PSCI by SMC"),
    "el2.smc.cortex-a72": (2, "defconfig", ["-machine", "virtualization=on", "-cpu", "cortex-a72"],
                           BOOT, "entered at EL2, PSCI by SMC, atomics: LL/SC"),
    "gicv2.8": (8, "defconfig", ["-machine", "gic-version=2"], "*",
                "interrupts: GICv2, masked by PSTATE.I"),
    "gicv2.el2": (2, "defconfig", ["-machine", "gic-version=2,virtualization=on"], BOOT,
                  "interrupts: GICv2, masked by PSTATE.I"),
    "daif.8": (8, "daif", [], "*", "interrupts: GICv3, masked by PSTATE.I"),
    "daif.clang.2": (2, "daif clang", [], "*", "interrupts: GICv3, masked by PSTATE.I"),
}

GICV2 = ["-machine", "gic-version=2"]
# name: CPUs, command line, what the console must say; the run must fail
FAILING = {
    "hardlockup": (2, 'run="panic hardlockup" watchdog_thresh=2',
                   ["hard lockup: CPU ", " took no timer interrupt for 2 s in task ",
                    "seen by CPU ", "did not stop for the interrupt: it has them off",
                    "End of kernel panic"]),
    "softlockup": (2, 'run="panic softlockup" watchdog_thresh=1 softlockup_panic',
                   ["did not schedule for 2 s in task", "spin_for_ever+0x",
                    "End of kernel panic"]),
    "hang-init": (2, "boot_hang=init boot_timeout=2 watchdog_thresh=1",
                  ["boot hangs: it has taken more than 2 s", "End of kernel panic"]),
    "panic": (4, 'run="panic idle"', ["Kernel panic: provoked while the others are idle",
                                      " was idle at ", "End of kernel panic"]),
    "nmi-command": (2, 'run="nmi all" exit=poweroff',
                    ["nmi: no NMIs with this interrupt controller: a GICv3 has them",
                     "boot: done, with failures"]),
}


def ppi(number):
    """An entry of a node's interrupts: private, its number, a level."""
    return b"".join(n.to_bytes(4, "big") for n in (1, number, 4))


# name: what to replace in the device tree, by what of the same length; what the panic must say
TREES = {
    "no-timer": (b"arm,armv8-timer", b"arm,armv0-timer", "no arm,armv8-timer in the device tree"),
    "no-number": (ppi(11), ppi(27), "does not say which private interrupts the timer has"),
}


def skips_say_why(report, config, extra):
    """Each skip has a reason, and NMIs are one exactly where there are none."""
    reasons = [why for _, status, why in report.cases if status == "skip"]
    expect(all(reasons), "a case is skipped without a reason")
    no_nmis = config.startswith("daif") or any("gic-version=2" in arg for arg in extra)
    expect(any(why.startswith("no NMIs ") for why in reasons) == no_nmis,
           "skipped: %s" % sorted(set(reasons)))


def arch_only():
    """{architecture: patterns}, from the section of docs/ports.md that lists them."""
    with open(os.path.join(ROOT, "docs/ports.md")) as f:
        section = f.read().split("\n## Tests of one port only\n")[1].split("\n## ")[0]
    return {arch: re.findall(r"^- %s: `([^`]+)`" % arch, section, re.MULTILINE)
            for arch in harness.qemu.ARCHES}


def all_cases(ctx, arch):
    """All cases of that kernel, as it lists them: suite.case, contexts, CPUs."""
    ctx.arch = arch
    with ctx.boot(None, 'run="selftest -l" exit=poweroff', 1, 60) as run:
        outcome = run.wait()
        lines = re.findall(r"^\w+\.\w+(?: \w+)*(?: \(\d+ CPUs\))?$", run.console, re.MULTILINE)
        expect(outcome.ok and lines, "no list of cases; " + outcome.sentence)
        return set(lines)


def same_tests(ctx):
    cases = {arch: all_cases(ctx, arch) for arch in harness.qemu.ARCHES}
    allowed = arch_only()
    for arch, other in (("x86_64", "arm64"), ("arm64", "x86_64")):
        only = cases[arch] - cases[other]
        listed = {n for n in only if any(fnmatch.fnmatch(n.split()[0], p) for p in allowed[arch])}
        expect(only == listed, "only %s has %s, and docs/ports.md does not list it"
               % (arch, " ".join(sorted(only - listed))))
        unused = [p for p in allowed[arch] if not fnmatch.filter({n.split()[0] for n in only}, p)]
        expect(not unused, "docs/ports.md lists %s for %s, and there is none" % (unused, arch))
    return "%d cases on both, %d on x86_64 only, %d on arm64 only" % (
        len(cases["x86_64"] & cases["arm64"]), len(cases["x86_64"] - cases["arm64"]),
        len(cases["arm64"] - cases["x86_64"]))


def code_of(path):
    with open(os.path.join(ROOT, path)) as f:
        return re.sub(r"/\*.*?\*/", "", f.read(), flags=re.DOTALL)


# The headers that are the contract's inline half, and those of which only a part is.
INLINE = ("irqflags percpu context barrier atomic io pgtable qspinlock", "cpu thread")


def inline_contract():
    """What <asm/...> gives to generic code: what both ports define, and in the first headers
    also what one of them defines and does not keep for itself by a name with __."""
    names = set()
    for own, headers in enumerate(INLINE):
        for header in headers.split():
            found, declared = {}, {}
            for arch in harness.qemu.ARCHES:
                code = code_of("arch/%s/include/asm/%s.h" % (arch, header))
                found[arch] = set(re.findall(r"^#define (_*[a-z]\w*)\b", code, re.MULTILINE))
                found[arch] |= set(re.findall(
                    r"^\t?static (?:__always_inline|inline) [^(\n]*?\b([a-z_]\w*(?:##\w+)?)\(",
                    code, re.MULTILINE))
                declared[arch] = found[arch] | set(re.findall(r"\b([a-z_]\w*)\([^()]*\);", code))
            one, two = harness.qemu.ARCHES
            names |= found[one] & declared[two] | found[two] & declared[one]
            if not own:
                names |= {n for n in found[one] | found[two] if not n.startswith("__")}
    return {re.sub(r"##\w+", "*", name) for name in names}


def compared(heading):
    """The names in the first column of that section's table in docs/ports.md."""
    with open(os.path.join(ROOT, "docs/ports.md")) as f:
        section = f.read().split("\n## %s\n" % heading)[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([\w*]+)(?:\(\))?`", cell)}


def contract_is_compared(_):
    """Of functions, and of what is inline."""
    code = code_of("include/kernel/arch.h")
    outer = set(re.findall(r"\b(arch_\w+)(?:\(|\[\]|\s*;)", code))
    inner = inline_contract()
    for heading, contract in (("Function by function", outer), ("Inline, name by name", inner)):
        table = compared(heading)
        expect(contract == table, "docs/ports.md, %s: lacks %s, and has %s, which no header has"
               % (heading, sorted(contract - table), sorted(table - contract)))
    return "%d functions, %d inline" % (len(outer), len(inner))


@contextlib.contextmanager
def edited_tree(before, after):
    """A file with QEMU's device tree for this machine, in which @after replaces @before."""
    with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
        path = os.path.join(folder, "tree.dtb")
        subprocess.run(["qemu-system-aarch64", "-nodefaults", "-display", "none", "-cpu", "max",
                        "-smp", "2", "-machine", "virt,gic-version=3,dumpdtb=" + path], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        with open(path, "rb") as f:
            tree = f.read()
        expect(tree.count(before) == 1 and len(before) == len(after),
               "QEMU's device tree has %d of %s" % (tree.count(before), before))
        # Without the room that QEMU leaves at the end, with which it would not fit below the image.
        end = sum(int.from_bytes(tree[at:at + 4], "big") for at in (12, 32))
        with open(path, "wb") as f:
            f.write(tree[:4] + end.to_bytes(4, "big") + tree[8:end].replace(before, after))
        yield path


def register(arches):
    test("ports.table_is_complete")(contract_is_compared)
    if "arm64" not in arches:
        return
    if "x86_64" in arches:
        test("ports.have_the_same_tests")(same_tests)
    for name, how in MACHINES.items():
        @test("machine." + name, weight=2 if how[0] > 4 else 1, arch="arm64")
        def _(ctx, how=how):
            cpus, config, extra, tests, text = how
            line = "selftest=%s exit=poweroff" % tests
            with ctx.boot(ctx.kernel(*config.split()), line, cpus, 300, extra=extra) as run:
                outcome = run.wait()
                report = ktap.parse(run.console)
                expect(text in run.console, "the console does not say: %s" % text)
                expect("CPUs: %d/%d online" % (cpus, cpus) in run.console, "CPUs are missing")
                expect(report.ok() and outcome.ok,
                       "%s; %s" % (report.summary(), outcome.sentence))
                skips_say_why(report, config, extra)
                return "%d cases, %d skipped" % (len(report.cases), report.count("skip"))

    for name, how in TREES.items():
        @test("machine.tree." + name, arch="arm64")
        def _(ctx, how=how):
            before, after, text = how
            with edited_tree(before, after) as tree, \
                    ctx.boot(None, "exit=poweroff", 2, 120, extra=["-dtb", tree]) as run:
                outcome = run.wait()
                expect(text in run.console, "not on the console: %s; %s" % (text, outcome.sentence))
                expect(not outcome.ok, "a failure was expected, but " + outcome.sentence)

    for name, how in FAILING.items():
        @test("machine.gicv2." + name, arch="arm64")
        def _(ctx, how=how):
            cpus, line, texts = how
            with ctx.boot(None, line, cpus, 120, extra=GICV2) as run:
                outcome = run.wait()
                missing = [t for t in texts if t not in run.console]
                expect(not missing, "not on the console: " + ", ".join(missing))
                expect(not outcome.ok and outcome.code != 124,
                       "a failure was expected, but " + outcome.sentence)
