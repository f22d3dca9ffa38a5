/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timers command: what is queued on each CPU.
 */
#include <base/errno.h>
#include <kernel/cpumask.h>
#include <kernel/human.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/shell.h>
#include <kernel/tick.h>
#include <kernel/timer.h>
#include <kernel/timer_list.h>

#define MAX_TIMERS	64	/* of a kind on a CPU; the rest is only counted */

static void sort_by_expiry(struct timer_info *list, unsigned int nr)
{
	for (unsigned int i = 1; i < nr; i++) {
		struct timer_info t = list[i];
		unsigned int j = i;

		for (; j && list[j - 1].expires_ns > t.expires_ns; j--)
			list[j] = list[j - 1];
		list[j] = t;
	}
}

static void print_timers(unsigned int cpu, const char *kind, struct timer_info *list,
			 unsigned int nr, u64 now)
{
	struct human h;

	if (nr > MAX_TIMERS) {
		shell_printf("%3u  %-5s  %u more are queued\n", cpu, kind, nr - MAX_TIMERS);
		nr = MAX_TIMERS;
	}
	sort_by_expiry(list, nr);
	for (unsigned int i = 0; i < nr && !shell_interrupted(); i++) {
		bool late = list[i].expires_ns < now;
		u64 distance = late ? now - list[i].expires_ns : list[i].expires_ns - now;

		shell_printf("%3u  %-5s  %s%10s  %ps\n", cpu, kind, late ? "-" : " ",
			     human_ns(&h, distance), list[i].function);
	}
}

static int cmd_timers(int argc, char **argv)
{
	struct timer_info *list;
	unsigned int cpu, nr;
	int only = -1;

	if (shell_too_many(argc, argv, 1) ||
	    (argc == 2 && !shell_parse_cpu(argv[1], true, &only)))
		return -EINVAL;
	list = kmalloc_array(MAX_TIMERS, sizeof(*list), GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	shell_printf("CPU  KIND    EXPIRES IN  FUNCTION\n");
	for_each_online_cpu(cpu) {
		if (only >= 0 && cpu != (unsigned int)only)
			continue;
		nr = hrtimer_list(cpu, list, MAX_TIMERS);
		print_timers(cpu, "high", list, nr, ktime_get_ns());
		nr = timer_wheel_list(cpu, list, MAX_TIMERS);
		print_timers(cpu, "wheel", list, nr, ktime_get_ns());
	}
	kfree(list);
	return 0;
}
SHELL_COMMAND(timers, "timers [CPU|all]", "queued timers, by CPU", cmd_timers,
	      .complete = shell_complete_cpu_or_all,
	      .details = "high: sorted, to the nanosecond; wheel: coarse, in jiffies. An idle CPU\n"
			 "has no tick queued. A leading '-' is a timer that is overdue.\n");
