/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hung tasks: those that have slept uninterruptibly for too long.
 *
 *	hungtaskd		every quarter of the timeout
 *	task->hung_switches	its switches, as seen last	hungtaskd
 *	task->hung_reported	this sleep has been reported	hungtaskd
 *
 * A task in TASK_UNINTERRUPTIBLE says that what it waits for will come soon,
 * whatever happens. Waits that may be long say so: TASK_IDLE, TASK_INTERRUPTIBLE,
 * TASK_KILLABLE are not looked at.
 *
 * It is hung when its number of switches has not moved between two looks, which is
 * how a sleep is told from the next, and it left its CPU longer ago than the timeout.
 *
 * Linux:   kernel/hung_task.c
 * Differs: tells the whole chain of who waits for whom, and deadlocks: lock_chain.c.
 */
#include <locking/atomic.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/lock_chain.h>
#include <kernel/param.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <kernel/watchdog.h>

static int hung_task_timeout = 120;
static bool hung_task_panic;
BOOT_PARAM_INT(hung_task_timeout, hung_task_timeout, 0, 36000,
	       "seconds of uninterruptible sleep after which a task is reported; 0: never");
BOOT_PARAM_BOOL(hung_task_panic, hung_task_panic, "a hung task is a panic");

bool task_is_hung(struct task_struct *p, u64 now, u64 timeout_ns)
{
	/* Who only has set the state may have left its CPU last long ago. */
	bool sleeps = task_is_asleep(p) && task_state(p) == TASK_UNINTERRUPTIBLE;
	u64 switches = READ_ONCE(p->nvcsw) + READ_ONCE(p->nivcsw);

	if (!sleeps || switches != p->hung_switches) {
		p->hung_switches = switches;
		p->hung_reported = false;
		return false;
	}
	/* It may have gone to sleep anew since @now. */
	if (p->hung_reported ||
	    (s64)(now - READ_ONCE(p->last_switched_out)) < (s64)timeout_ns)
		return false;
	p->hung_reported = true;
	return true;
}

static void report_hung(struct task_struct *p)
{
	static struct lock_chain chain;		/* hungtaskd's */

	__warn(__FILE__, __LINE__,
	       "task %d %s has been in uninterruptible sleep for more than %d s", p->pid, p->comm,
	       hung_task_timeout);
	show_task(p);
	lock_chain_get(&chain, p);
	lock_chain_report(&chain);
	lock_chain_put(&chain);
	if (hung_task_panic)
		panic("hung task: %d %s, for more than %d s", p->pid, p->comm, hung_task_timeout);
}

static void look_at_all(void)
{
	u64 timeout_ns = hung_task_timeout * (u64)NSEC_PER_SEC;
	u64 now = arch_clock_ns();	/* one for all: who has slept longest is found first */
	struct task_struct *p;

	for (p = get_next_task(0); p; p = next_task_put(p))
		if (task_is_hung(p, now, timeout_ns))
			report_hung(p);
}

static int hungtaskd(void *unused)
{
	while (!kthread_should_stop()) {
		schedule_timeout_idle(hung_task_timeout * HZ / 4);
		look_at_all();
	}
	return 0;
}

void hung_task_init(void)
{
	if (!hung_task_timeout)
		return;
	if (IS_ERR(kthread_run(hungtaskd, NULL, "hungtaskd")))
		panic("hung task: no memory for hungtaskd");
}
