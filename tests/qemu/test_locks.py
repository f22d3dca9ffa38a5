# SPDX-License-Identifier: GPL-2.0-only
"""Locks: torture, short; the long runs are make torture and make mutants."""

import os
import re
import shutil
import subprocess
import tempfile

import ktap
from harness import ROOT, expect, test

NEW_LOCK = """/* SPDX-License-Identifier: GPL-2.0-only */
#include <locking/lock_ops.h>
#include <locking/port.h>

struct newcomer_spinlock { atomic_t val; };

static void newcomer_spin_lock(struct newcomer_spinlock *l)
{
	while (atomic_xchg_acquire(&l->val, 1))
		cpu_relax();
}

static bool newcomer_spin_trylock(struct newcomer_spinlock *l)
{
	return !atomic_xchg_acquire(&l->val, 1);
}

static void newcomer_spin_unlock(struct newcomer_spinlock *l)
{
	atomic_set_release(&l->val, 0);
}

static bool newcomer_spin_is_locked(struct newcomer_spinlock *l)
{
	return atomic_read(&l->val);
}

LOCK_OPS(newcomer, struct newcomer_spinlock);
"""


def newcomer(source, runs):
    """One file and one line more, in a copy of the tree: the host test, up to so many times.
    Return: what it says when it fails; None if it never does."""
    with tempfile.TemporaryDirectory(prefix="newlock.") as tree:
        for folder in ("lib", "include"):
            shutil.copytree(os.path.join(ROOT, folder), os.path.join(tree, folder))
        with open(os.path.join(tree, "lib/locking/spin/newcomer.c"), "w") as f:
            f.write(source)
        with open(os.path.join(tree, "lib/locking/locks.def"), "a") as f:
            f.write('SPINLOCK(newcomer, ANY, "added by a test")\n')
        os.makedirs(os.path.join(tree, "layers"))
        os.symlink(os.path.join(tree, "include/base"), os.path.join(tree, "layers/base"))
        sources = [os.path.join(at, name) for folder in ("spin", "rw", "sleep", "debug",
                                                                "port/pthread")
                   for at, _, names in os.walk(os.path.join(tree, "lib/locking", folder))
                   for name in names if name.endswith(".c")]
        base = os.path.join(tree, "lib/base")
        sources += [os.path.join(base, name) for name in os.listdir(base)
                    if name.endswith(".c") and name != "string.c"]
        subprocess.run(["gcc", "-std=gnu11", "-O1", "-w", "-DPORT_PTHREAD", "-DCONFIG_SMP=1",
                        "-pthread", "-Ilib/locking/include", "-Ilayers", "-o", "test"] + sources,
                       cwd=tree, check=True, timeout=1800)
        for _ in range(runs):
            try:
                run = subprocess.run(["./test", "-c", "4", "spinlocks.*"], cwd=tree, text=True,
                                     capture_output=True, timeout=300)
            except subprocess.TimeoutExpired:
                return "no end"
            if run.returncode:
                return run.stdout + run.stderr
    return None


def torture(ctx, what, cpus, timeout, **kw):
    with ctx.boot(None, 'run="torture %s" exit=poweroff' % what, cpus, timeout, **kw) as run:
        return run, run.wait()


def register_long(arches):
    """A core each and minutes long: one after the other, the longest first, then what fills up."""
    for arch in reversed(arches):
        @test("locks.torture.million", arch=arch)
        def _(ctx):
            """A million acquisitions a CPU of every type; one host thread hands over at once.
            Two CPUs; make torture COUNT=1000000 has eight (docs/measurements.md)."""
            run, outcome = torture(ctx, "all 900 1000000", 2, 2400, accel="tcg-single")
            lines = re.findall(r"^torture (\S+) +ok: .* a CPU's task 1000000 to 1000000, (\d+) ms",
                               run.console, re.MULTILINE)
            expect(outcome.ok, outcome.sentence)
            names = [name for name, _ in lines]
            expect({"tas", "qspinlock", "rwlock", "osq", "rt_mutex"} <= set(names),
                   "types missing: %s" % names)
            return "%d types, %d s" % (len(lines), sum(int(ms) for _, ms in lines) / 1000)

    for arch in arches:
        @test("locks.torture.million.8", arch=arch)
        def _(ctx):
            """And of the one that most are made of, on eight."""
            run, outcome = torture(ctx, "qspinlock 900 1000000", 8, 1000, accel="tcg-single")
            expect(outcome.ok, outcome.sentence)
            return re.search(r"torture qspinlock.*task (\d+ to \d+, \d+ ms)", run.console)[1]

    for arch in arches:
        @test("locks.pv.choice", arch=arch)
        def _(ctx):
            """What is asked for on the command line is what is chosen."""
            for asked, sentence in (("", "test-and-set when contended"),
                                    ("virt_spin_lock=off", "waiters queue"),
                                    ("pvspin=on", "waiters halt"),
                                    ("pvspin=on nopvspin", "the second one holds")):
                with ctx.boot(None, asked + " exit=poweroff selftest=pv_choice.*", 2, 60) as run:
                    outcome = run.wait()
                    expect("spinlocks: " + sentence in run.console or
                           sentence in run.console, "%s: no '%s'" % (asked, sentence))
                    expect(outcome.ok, asked + ": " + outcome.sentence)


def register(arches):
    @test("locks.one_file_one_line")
    def _(ctx):
        """A new spinlock is one file and one line; and if it is wrong, that is found."""
        fails = newcomer(NEW_LOCK, 1)
        expect(not fails, fails)
        expect(newcomer(NEW_LOCK.replace("while (", "if ("), 20), "a lock that does not wait passes")

    register_long(arches)
    for arch in arches:
        @test("locks.choice", weight=2, arch=arch)
        def _(ctx):
            """The kernel on another spinlock than the queued one: Kconfig's choice."""
            if ctx.arch != "x86_64":
                return "on x86_64 only"
            with ctx.boot(ctx.kernel("ticket"), "selftest=spinlock*.*,qrwlock.*,seqlock.*,bitops.*,"
                          'lockref.*,sched*.* run="torture spinlock 1; torture rwlock 1" '
                          "exit=poweroff", 8, 240) as run:
                outcome = run.wait()
                report = ktap.parse(run.console)
                expect(report.ok(), "%s; %s" % (report.summary(), outcome.sentence))
                expect(outcome.ok, outcome.sentence)
                return "%d cases" % len(report.cases)

        @test("locks.torture.8", weight=2, arch=arch)
        def _(ctx):
            """Every type, every context, no error."""
            run, outcome = torture(ctx, "all 1", 8, 240)
            lines = re.findall(r"^torture (\S+) +ok: .*", run.console, re.MULTILINE)
            expect(outcome.ok, outcome.sentence)
            missing = {"qspinlock", "rwsem", "mutex", "mutex_v4", "semaphore", "rt_mutex",
                       "ww_mutex", "ww_mutex_die"} - set(lines)
            expect(not missing, "types missing: %s" % missing)
            return "%d types" % len(lines)

        @test("locks.pv.8", weight=2, arch=arch)
        def _(ctx):
            """The same spinlocks when waiters halt and are kicked, and every unlock is a call."""
            with ctx.boot(None, 'pvspin=on selftest=pv*.*,qspinlock.*,spinlock*.* '
                          'run="torture spinlock 1; torture rwlock 1; lockevents" exit=poweroff',
                          8, 120) as run:
                outcome = run.wait()
                patched = re.search(r"kicked by NMI; (\d+) unlocks patched", run.console)
                expect(patched and int(patched[1]), "not paravirtual; " + outcome.sentence)
                report = ktap.parse(run.console)
                expect(report.ok(), "%s; %s" % (report.summary(), outcome.sentence))
                expect(outcome.ok, outcome.sentence)
                kicks = re.search(r"^pv_kick_unlock +(\d+)", run.console, re.MULTILINE)
                expect(kicks, "nobody was kicked")
                return "%d cases, %s kicks" % (len(report.cases), kicks[1])

        # A lock that is none, a semaphore whose writers do not exclude, a mutex that lets
        # in who has waited once. The first error ends the run: within a second, but where the
        # host hardly runs us.
        for lock in ("busted", "busted_rwsem", "busted_mutex"):
            @test("locks.torture." + lock, weight=2, arch=arch)
            def _(ctx, lock=lock):
                run, outcome = torture(ctx, lock + " 30", 8, 60)
                expect("torture %-12s FAILED" % lock in run.console,
                       "not caught; " + outcome.sentence)
                expect(not outcome.ok, "the failure is not in the status")

        @test("locks.torture.busted_wakeup", weight=2, arch=arch)
        def _(ctx):
            """An unlock that does not look for sleepers: who sleeps for what is reported."""
            with ctx.boot(None, 'run="torture busted_wakeup 2" hung_task_timeout=4 '
                          'hung_task_panic exit=poweroff', 8, 60) as run:
                outcome = run.wait()
            expect(not outcome.ok, "the failure is not in the status")
            for text in (r"torture/\d has been in uninterruptible sleep",
                         r"torture/\d waits for mutex_v4 0x\w+, which nobody holds",
                         r"busted_wakeup_acquire\+0x", "Kernel panic: hung task:"):
                expect(re.search(text, run.console), "no '%s'; %s" % (text, outcome.sentence))
