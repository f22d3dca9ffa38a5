# SPDX-License-Identifier: GPL-2.0-only
# What tests/qemu/test_gdb.py has gdb do; it looks for the marks.
echo MARK unmapped\n
python
for line in ("ls-cpus", "ls-ps", "ls-bt 1", "ls-dmesg", "ls-percpu cpu_number", "ls-steps",
             "ls-chain 1", "p $ls_task(1)"):
    try:
        gdb.execute(line)
        print("%s: went on" % line)
    except gdb.error as error:
        print("%s: %s" % (line, error))
end
echo MARK boot\n
hbreak kernel_main
continue
bt
delete
# Until a task that sleeps, an idle CPU and some log are there.
hbreak shell_start
continue
delete
echo MARK commands\n
ls-cpus
ls-ps
python
asleep = (t for t in all_tasks() if int(t["pid"]) and not int(t["on_cpu"]))
gdb.execute("ls-bt %d" % int(next(asleep)["pid"]))
end
ls-dmesg 5
ls-percpu cpu_number
ls-percpu runqueues.nr_running 1
p $ls_task(2)->comm
p $ls_percpu("runqueues", 1).cpu
echo MARK interrupt\n
thread 1
hbreak handle_irq
continue
bt
delete
echo MARK nmi\n
hbreak handle_nmi
continue
bt
delete
echo MARK end\n
