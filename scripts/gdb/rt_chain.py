# SPDX-License-Identifier: GPL-2.0-only
"""gdb's commands for rt_mutex: who waits for whom, and the chain walk step by step.

    ls-chain [PID]      who waits for what, held by whom, ... from a task on
    ls-steps [N]...     stop at these steps of lib/locking/sleep/rt_mutex_chain.c, or at all
    ls-steps trace      tell of each step, do not stop
    ls-steps off

Each step is a function, rt_chain_N_...; its words are those of the table that the source
begins with. Sourced after lockstep.py."""

import re

import gdb

from __main__ import Command, comm, find_task, symbol, where

HAS_WAITERS = 1         # of an owner word
TABLE_ROW = re.compile(r"^ \*\t([ \d]\d) ([^\t\n]+)", re.MULTILINE)


def owner_of(lock):
    """The task that holds an rt_mutex_base; or None."""
    word = int(lock["owner"]) & ~HAS_WAITERS
    return gdb.Value(word).cast(lock["owner"].type) if word else None


def lock_of(task):
    """The rt_mutex_base that a task waits for; or None."""
    waiter = task["pi_blocked_on"]
    return waiter["lock"] if int(waiter) else None


def task_words(task):
    return "%d %s (%d)" % (int(task["pid"]), comm(task), int(task["prio"]))


def held_words(lock):
    owner = owner_of(lock)
    return "held by " + task_words(owner) if owner is not None else "which nobody holds"


class Chain(Command):
    """ls-chain [PID]

Who waits for whom, by rt_mutexes, and what they are made of: a line for each task from
this one on, with its priority as it is and its own; above its own, it is lent. Without
PID: from the task that began the walk that this CPU is in, or that was last told of."""

    def run(self, argv):
        if len(argv) > 1 or (argv and not argv[0].isdigit()):
            self.usage()
        task = find_task(int(argv[0])) if argv else self.walker()
        print("%5s  %-16s %4s  %4s  %s" % ("PID", "NAME", "PRIO", "OWN", "WAITS FOR"))
        seen = []
        while task is not None and int(task) not in seen:
            seen.append(int(task))
            lock = lock_of(task)
            print("%5d  %-16s %4d  %4d  %s" % (int(task["pid"]), comm(task), int(task["prio"]),
                                               int(task["normal_prio"]), self.what(task, lock)))
            task = owner_of(lock) if lock is not None else None
        if task is not None:
            print("deadlock: back at %s" % task_words(task))

    @staticmethod
    def what(task, lock):
        if lock is not None:
            return "%s, %s" % (where(int(lock)), held_words(lock))
        kind = task["blocked_on"]["kind"]
        return kind["name"].string() if int(kind) else "nothing"

    @staticmethod
    def walker():
        walk = current_walk()
        if walk is not None:
            return walk["top_task"]
        if Step.began is None:
            raise gdb.GdbError("not in a chain walk: ls-chain PID, or ls-steps and continue")
        return find_task(Step.began)


# ---- the walk -----------------------------------------------------------------------

def steps():
    """number -> (function, words), from the symbols and the source's table."""
    walk = gdb.lookup_global_symbol("rt_mutex_adjust_prio_chain")
    if walk is None:
        raise gdb.GdbError("this kernel has no rt_mutex_adjust_prio_chain()")
    names = {}
    for function in walk.symtab.static_block():
        match = re.match(r"rt_chain_(\d+)_(\w+)$", function.name)
        if match:
            names[int(match.group(1))] = (function.name, match.group(2).replace("_", " "))
    try:
        with open(walk.symtab.fullname(), encoding="utf-8") as source:
            words = {int(n): text for n, text in TABLE_ROW.findall(source.read())}
    except OSError:
        words = {}
    return {n: (name, words.get(n, short)) for n, (name, short) in names.items()}


def current_walk():
    """The struct rt_chain of the walk that the selected CPU is in; or None."""
    frame = gdb.newest_frame()
    while frame is not None and frame.is_valid():
        if frame.name() == "rt_mutex_adjust_prio_chain":
            return frame.read_var("c")
        frame = frame.older()
    return None


def describe(walk):
    """Where the walk is: its task, the lock, whose that is."""
    task, lock = walk["task"], walk["lock"]
    if not int(lock):
        return task_words(task)
    if not int(task):
        return "%s, %s" % (where(int(lock)), held_words(lock))
    owner = owner_of(lock)
    if owner is not None and int(owner) == int(task):
        return "%s, owner of %s" % (task_words(task), where(int(lock)))
    return "%s waits for %s, %s" % (task_words(task), where(int(lock)), held_words(lock))


class Step(gdb.Breakpoint):
    """One of the thirteen functions."""

    began = None                # PID of who began the walk that was last told of

    def __init__(self, number, function, words, stops):
        super().__init__(function, internal=True)
        self.step, self.words, self.stops = number, words, stops
        self.silent = True

    def stop(self):
        walk = current_walk()
        Step.began = int(walk["top_task"]["pid"])
        if self.step == 1 and not int(walk["waiter"]):
            print("walk for %s" % task_words(walk["top_task"]))
        print("step %2d  %-35s %s" % (self.step, self.words, describe(walk)))
        return self.stops


class Steps(Command):
    """ls-steps [trace] [N]... | ls-steps off

Stop at steps N of each walk along a chain of rt_mutexes, or at all thirteen, before they
are done, and tell: number, what it does, the task and lock it is at, priorities in
brackets. With trace, tell and go on. A CPU that runs with CONFIG=rt walks for nearly
every lock; there choose a step."""

    active = []

    def run(self, argv):
        every = steps()
        off = argv == ["off"]
        trace = argv[:1] == ["trace"]
        chosen = argv[1:] if trace else argv
        if not off and any(not n.isdigit() or int(n) not in every for n in chosen):
            self.usage()
        symbol("max_lock_depth").fetch_lazy()	# fails where breakpoints would
        for step in self.active:
            step.delete()
        self.active.clear()
        for n in [] if off else sorted(map(int, chosen)) or sorted(every):
            self.active.append(Step(n, *every[n], stops=not trace))


Chain("ls-chain")
Steps("ls-steps")
