/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps command: each step of rt_mutex's chain walks goes to the log. What a step is:
 * lib/locking/sleep/rt_mutex_chain.c.
 *
 * Limits: a walk holds raw locks with interrupts off, and is as slow as the console then.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <locking/rt_mutex_waiter.h>

static void tell_step(unsigned int step, const char *name, struct task_struct *task,
		      struct rt_mutex_base *lock)
{
	char whom[64] = "", what[64] = "";

	if (task)
		scnprintf(whom, sizeof(whom), " task %d %s (%d)", task->pid, task->comm,
			  task_prio(task));
	if (lock)
		scnprintf(what, sizeof(what), " lock %pS", lock);
	pr_info("step %2u %-24s%s%s", step, name, whom, what);
}

static int cmd_steps(int argc, char **argv)
{
	bool on = argc == 2 && !strcmp(argv[1], "on");
	bool off = argc == 2 && !strcmp(argv[1], "off");

	if (!on && !off) {
		con_printf("steps: on or off%s%s\n", argc > 1 ? ", not " : "",
			   argc > 1 ? argv[1] : "");
		return -EINVAL;
	}
	WRITE_ONCE(rt_chain_tracer, on ? tell_step : NULL);
	return 0;
}
SHELL_COMMAND(steps, "steps on|off", "rt_mutex's walks, logged", cmd_steps,
	      .details = "Each step of each walk: its number, its function, the task and its\n"
			 "priority, and the lock. To see one: steps on; selftest\n"
			 "rt_mutex.the_walk_takes_its_steps_in_order; steps off\n");
