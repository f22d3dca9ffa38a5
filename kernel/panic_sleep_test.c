/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sleeping, and waking, where one must not, and for ever: kinds of `panic KIND`, panic_test.c.
 */
#include <kernel/context.h>
#include <kernel/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/sched.h>
#include <locking/spinlock.h>
#include "panic_test.h"
#include "test_util.h"

void break_atomic(void)
{
	preempt_disable();
	schedule();
}

void break_mightsleep(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	might_sleep();
}

static void sleep_here(void *unused)
{
	schedule_timeout_uninterruptible(1);
}

void break_sleepirq(void)
{
	run_in_context(CTX_HARDIRQ, raw_smp_processor_id(), sleep_here, NULL);
}

void break_sleepoff(void)
{
	local_irq_disable();
	schedule();
}

static void wake_here(void *p)
{
	wake_up_process(p);
}

void break_nmiwake(void)
{
	run_in_context(CTX_NMI, raw_smp_processor_id(), wake_here, current);
}

static int end_atomic(void *unused)
{
	preempt_disable();
	return 0;
}

void break_endatomic(void)
{
	kthread_run(end_atomic, NULL, "ends-atomic");
	leave_it_to_others();
}

static int sleep_for_ever(void *unused)
{
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule();
	}
	return 0;
}

void break_hungtask(void)
{
	kthread_run(sleep_for_ever, NULL, "never-woken");
	leave_it_to_others();
}

void break_hungbusy(void)
{
	if (has_another_cpu())
		hang_behind_a_busy_one();
}
