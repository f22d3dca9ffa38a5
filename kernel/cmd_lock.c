/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shell commands about locks.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/cpumask.h>
#include <kernel/printk.h>
#include <kernel/shell.h>
#include <locking/lock_ops.h>
#include <locking/lockevent.h>

/* One line an event: the sum, then "cpu:count" of those that have any. */
static void print_event(enum lock_event event)
{
	unsigned long sum = lockevent_read(event);
	unsigned int cpu;

	con_printf("%-18s %10lu  %s\n", lockevent_names[event], sum, lockevent_texts[event]);
	if (!sum)
		return;
	con_printf("%18s ", "");
	for_each_online_cpu(cpu) {
		unsigned long count = lockevent_read_cpu(event, cpu);

		if (count)
			con_printf(" %u:%lu", cpu, count);
	}
	con_printf("\n");
}

static int cmd_lockevents(int argc, char **argv)
{
	bool all = argc == 2 && !strcmp(argv[1], "all");
	bool reset = argc == 2 && !strcmp(argv[1], "reset");

	if (argc > 2 || (argc == 2 && !all && !reset)) {
		con_printf("lockevents: all or reset, not %s\n", argv[1]);
		return -EINVAL;
	}
	if (reset) {
		lockevent_reset();
		return 0;
	}
	for (int i = 0; i < LOCKEVENT_NUM; i++)
		if (all || lockevent_read(i))
			print_event(i);
	return 0;
}
SHELL_COMMAND(lockevents, "lockevents [all|reset]",
	      "slow path branches, by CPU", cmd_lockevents);

static int cmd_locks(int argc, char **argv)
{
	static const char *const orders[] = { "fifo", "any", "steal" };

	for (int i = 0; all_lock_ops[i]; i++)
		con_printf("%-12s %3zu bytes  %-5s %s\n", all_lock_ops[i]->name,
			   all_lock_ops[i]->size, orders[all_lock_infos[i].order],
			   all_lock_infos[i].what);
	return 0;
}
SHELL_COMMAND(locks, "locks", "the spinlock algorithms", cmd_locks);
