# SPDX-License-Identifier: GPL-2.0-only
"""Lockstep's commands for gdb. `make gdb` loads this file; `help ls-ps` and so on explain.

    ls-cpus             what each CPU does: task, context, where
    ls-ps               all tasks
    ls-bt PID           backtrace of a task that does not run
    ls-dmesg            the kernel's log, also when the console shows none of it
    ls-percpu VAR       a per-CPU variable on every CPU; or on one: ls-percpu VAR CPU
    ls-chain, ls-steps  who waits for whom, and the chain walk of rt_mutex: rt_chain.py
    $ls_task(PID)       a task, for expressions: p $ls_task(3)->comm
    $ls_percpu("V", N)  CPU N's copy of V:      p $ls_percpu("runqueues", 1).nr_running

Everything is read from memory with the debug information, so it works wherever the
machine was stopped, after a panic too."""

import functools

import gdb

U64 = (1 << 64) - 1
COUNTS = (("preempt", 0, 0xff), ("softirq", 8, 0xff), ("hardirq", 16, 0xf), ("nmi", 20, 0xf))
STATES = ((0x80, "X"), (0x40, "P"), (0x400, "I"), (0x2, "D"), (0x1, "S"), (0x1000, "D"))
POLICIES = {0: "normal", 1: "fifo", 2: "rr", 5: "idle"}


def symbol(name):
    """The value of a global or static variable."""
    found = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    if found is None:
        raise gdb.GdbError("%s: no such variable in this kernel" % name)
    return found.value()


def container_of(pointer, type_name, member):
    kind = gdb.lookup_type(type_name)
    offset = [f.bitpos // 8 for f in kind.fields() if f.name == member][0]
    return (pointer.cast(gdb.lookup_type("char").pointer()) - offset).cast(kind.pointer())


def online_cpus():
    bits = symbol("__cpu_online_mask")["bits"]
    width = bits.type.target().sizeof * 8
    low, high = bits.type.range()
    for word in range(low, high + 1):
        value = int(bits[word])
        for bit in range(width):
            if value >> bit & 1:
                yield word * width + bit


def per_cpu(name, cpu):
    """CPU's copy of a per-CPU variable."""
    value = symbol(name)
    offset = int(symbol("__per_cpu_offset")[cpu])
    address = (int(value.address) + offset) & U64
    return gdb.Value(address).cast(value.type.pointer()).dereference()


def all_tasks():
    """Idle tasks by CPU, then the others by age. Survives a list that is broken."""
    for cpu in online_cpus():
        idle = per_cpu("runqueues", cpu)["idle"]
        if int(idle):
            yield idle
    head = symbol("tasks").address
    node, seen = head["next"], 0
    while int(node) and int(node) != int(head) and seen < 100000:
        yield container_of(node, "struct task_struct", "tasks")
        node, seen = node["next"], seen + 1


def find_task(pid):
    for task in all_tasks():
        if int(task["pid"]) == pid:
            return task
    raise gdb.GdbError("no task %d; ls-ps lists all" % pid)


def comm(task):
    return task["comm"].string(errors="replace")


def state_of(task):
    if int(task["on_cpu"]):
        return "R*"
    state = int(task["__state"])
    for bit, letter in STATES:
        if state & bit:
            return letter
    return "R" if int(task["on_rq"]) or not state else "?"


def count_words(count):
    words = ["%s %d" % (name, count >> shift & mask) for name, shift, mask in COUNTS
             if count >> shift & mask]
    return ", ".join(words) or "preemptible"


def where(address):
    """function+offset of a code address."""
    block = gdb.execute("info symbol %#x" % address, to_string=True).strip()
    return block.split(" in section")[0].replace(" + ", "+") if "No symbol" not in block \
        else "%#x" % address


def cpu_threads():
    """CPU number -> gdb thread. QEMU numbers vCPUs as the kernel does: by hardware id."""
    threads = sorted(gdb.selected_inferior().threads(), key=lambda t: t.num)
    return dict(enumerate(threads))


def each_cpu_pc():
    """CPU number -> program counter; the selected thread stays what it was."""
    selected, result = gdb.selected_thread(), {}
    frame = gdb.selected_frame() if selected else None
    for cpu, thread in cpu_threads().items():
        thread.switch()
        result[cpu] = int(gdb.parse_and_eval("$pc")) & U64
    if selected:
        selected.switch()
        if frame and frame.is_valid():
            frame.select()
    return result


def readable(function):
    """Reports memory that is not there yet in a sentence."""
    @functools.wraps(function)
    def body(*args):
        try:
            return function(*args)
        except gdb.MemoryError:
            raise gdb.GdbError("the kernel is not mapped yet, or not in the CPU of this thread: "
                               "hbreak kernel_main, then continue") from None
    return body


class Command(gdb.Command):
    """One of our commands: its doc string is the help text."""

    def __init__(self, name):
        super().__init__(name, gdb.COMMAND_DATA)

    @readable
    def invoke(self, argument, from_tty):
        self.run(gdb.string_to_argv(argument))

    def usage(self):
        raise gdb.GdbError("usage: " + self.__doc__.strip().split("\n")[0])


class Cpus(Command):
    """ls-cpus

What each online CPU does: task, preempt_count, program counter. gdb's thread is
the CPU number plus one."""

    def run(self, argv):
        if argv:
            self.usage()
        pcs = each_cpu_pc()
        print("CPU  %-24s %-28s %s" % ("TASK", "COUNT", "AT"))
        for cpu in online_cpus():
            task = per_cpu("runqueues", cpu)["curr"]
            name = "%d %s" % (int(task["pid"]), comm(task)) if int(task) else "none yet"
            print("%3d  %-24s %-28s %s" % (cpu, name, self.count(cpu, task),
                                           where(pcs[cpu]) if cpu in pcs else "?"))

    @staticmethod
    def count(cpu, task):
        try:
            return count_words(int(per_cpu("__preempt_count", cpu)) & 0x7fffffff)
        except gdb.GdbError:
            return count_words(int(task["thread"]["preempt"]["count"]) & 0x7fffffff)


class Ps(Command):
    """ls-ps

All tasks: state (R* is on a CPU now), CPU, policy, priority (0 is the most
urgent), what each waits for."""

    def run(self, argv):
        if argv:
            self.usage()
        print("%5s  %-20s %-2s %4s  %-7s %4s  %s" % ("PID", "NAME", "S", "CPU", "POLICY", "PRIO",
                                                    "WAITS FOR"))
        for task in all_tasks():
            kind = task["blocked_on"]["kind"]
            print("%5d  %-20s %-2s %4d  %-7s %4d  %s" % (
                int(task["pid"]), comm(task), state_of(task), int(task["cpu"]),
                POLICIES.get(int(task["policy"]), "?"), int(task["prio"]),
                kind["name"].string() if int(kind) else ""))


class Bt(Command):
    """ls-bt PID

Backtrace of a task that does not run, from its saved stack pointer, by frame
pointers. For one that runs, switch to its CPU's thread and use bt."""

    def run(self, argv):
        if len(argv) != 1 or not argv[0].isdigit():
            self.usage()
        task = find_task(int(argv[0]))
        if int(task["on_cpu"]):
            raise gdb.GdbError("it runs on CPU %d: thread %d, then bt"
                               % (int(task["cpu"]), int(task["cpu"]) + 1))
        for number, address in enumerate(self.walk(task)):
            print("#%-2d %s" % (number, where(address)))

    @staticmethod
    def walk(task):
        """Code addresses, innermost first."""
        word = gdb.lookup_type("unsigned long").pointer()
        frame_type = gdb.lookup_type("struct switch_frame").pointer()
        frame = task["thread"]["sp"].cast(frame_type)
        # x86_64's names, arm64's names.
        names = [f.name for f in frame_type.target().fields()]
        ip, fp = ("ip", "bp") if "ip" in names else ("lr", "fp")
        yield int(frame[ip]) & U64
        fp = int(frame[fp]) & U64
        for _ in range(64):
            if not fp or fp & 1:
                return
            try:
                values = gdb.Value(fp).cast(word)
                fp, ip = int(values[0]) & U64, int(values[1]) & U64
            except gdb.MemoryError:
                return
            if not ip:
                return
            yield ip - 1


class Dmesg(Command):
    """ls-dmesg [COUNT]

The records of the kernel's log that are complete; the last COUNT of them."""

    def run(self, argv):
        if len(argv) > 1 or (argv and not argv[0].isdigit()):
            self.usage()
        lines = list(self.records())
        for line in lines[-int(argv[0]):] if argv else lines:
            print(line)

    @staticmethod
    def records():
        ring = symbol("the_log")
        bits, head, slots = int(ring["bits"]), int(ring["head"]), ring["slots"]
        number = max(0, head - (1 << bits))
        while number < head:
            slot = slots[number & ((1 << bits) - 1)]
            if int(slot["state"]) != 2 * (number >> bits) + 2 or int(slot["part"]):
                number += 1
                continue
            parts, length = max(1, int(slot["parts"])), int(slot["len"])
            text = b""
            for part in range(parts):
                piece = slots[(number + part) & ((1 << bits) - 1)]["text"]
                text += bytes(gdb.selected_inferior().read_memory(
                    int(piece.address), piece.type.sizeof))
            stamp = int(slot["ts_ns"])
            yield "[%5d.%06d] cpu %d: %s" % (stamp // 10**9, stamp % 10**9 // 1000,
                                             int(slot["cpu"]),
                                             text[:length].decode(errors="replace").rstrip("\n"))
            number += parts


class PerCpu(Command):
    """ls-percpu VAR [CPU]

A per-CPU variable, on every online CPU or on one. VAR may go on into the
variable: runqueues.nr_running."""

    def run(self, argv):
        if not 1 <= len(argv) <= 2 or (len(argv) == 2 and not argv[1].isdigit()):
            self.usage()
        name, _, rest = argv[0].partition(".")
        cpus = [int(argv[1])] if len(argv) == 2 else list(online_cpus())
        for cpu in cpus:
            if cpu not in list(online_cpus()):
                raise gdb.GdbError("CPU %d is not online" % cpu)
            value = per_cpu(name, cpu)
            for member in rest.split(".") if rest else ():
                value = value[member]
            print("%3d  %s" % (cpu, value))


class TaskFunction(gdb.Function):
    """$ls_task(PID): the task's struct task_struct *."""

    @readable
    def invoke(self, pid):
        return find_task(int(pid))


class PerCpuFunction(gdb.Function):
    """$ls_percpu("VAR", CPU): CPU's copy of VAR."""

    @readable
    def invoke(self, name, cpu):
        return per_cpu(name.string(), int(cpu))


Cpus("ls-cpus")
Ps("ls-ps")
Bt("ls-bt")
Dmesg("ls-dmesg")
PerCpu("ls-percpu")
TaskFunction("ls_task")
PerCpuFunction("ls_percpu")
