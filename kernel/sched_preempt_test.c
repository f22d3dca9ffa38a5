/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a task is preempted, in each mode; and that tasks leave nothing behind.
 */
#include "sched.h"
#include "sched_test.h"
#include <kernel/bug.h>
#include <kernel/ipi.h>
#include <kernel/mem_stats.h>
#include <kernel/mm.h>

/* ---- preemption ------------------------------------------------------------------------- */

static bool in_place, urgent_ran, woken_by_irq;
static unsigned int seen_before, seen_after;

static int run_urgent(void *unused)
{
	WRITE_ONCE(urgent_ran, true);
	return 0;
}

static void wake_urgent(void *p)
{
	wake_up_process(p);
	WRITE_ONCE(woken_by_irq, true);
}

/* Spin where nothing but preemption lets another task run; report what happened. */
static int be_preempted(void *how)
{
	bool atomic = how;
	u64 end;

	if (atomic)
		preempt_disable();
	WRITE_ONCE(in_place, true);
	while (!READ_ONCE(woken_by_irq))
		cpu_relax();
	end = local_clock() + 20 * NSEC_PER_MSEC;
	while (!READ_ONCE(urgent_ran) && local_clock() < end)
		cpu_relax();
	seen_before = READ_ONCE(urgent_ran);
	if (atomic)
		preempt_enable();
	else
		cond_resched();
	seen_after = READ_ONCE(urgent_ran);
	return 0;
}

/* An interrupt on CPU 1 wakes a FIFO task there while a fair one spins. */
static void preempt_from_irq(struct selftest *t, bool atomic, int mode)
{
	int saved = preempt_mode;
	struct task_struct *victim = test_thread_on(be_preempted, atomic ? t : NULL, 1, "victim");
	struct task_struct *urgent = test_thread_on(run_urgent, NULL, 1, "urgent");

	if (!EXPECT(victim && urgent))
		return;
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	test_set_fifo(urgent, SCHED_FIFO, 30);
	in_place = urgent_ran = woken_by_irq = false;
	WRITE_ONCE(preempt_mode, mode);
	wake_up_process(victim);
	EXPECT_SOON(READ_ONCE(in_place));
	smp_call_function_single(1, wake_urgent, urgent, true);
	EXPECT_EQ(kthread_stop_put(victim), 0);
	EXPECT_SOON(READ_ONCE(urgent_ran));
	kthread_stop_put(urgent);
	WRITE_ONCE(preempt_mode, saved);
	test_set_normal();
}

SELFTEST(sched, full_preemption_by_an_interrupts_wakeup, .min_cpus = 2)
{
	preempt_from_irq(t, false, PREEMPT_MODE_FULL);
	EXPECT_EQ(seen_before, 1);
}

SELFTEST(sched, preempt_disable_holds_until_preempt_enable, .min_cpus = 2)
{
	preempt_from_irq(t, true, PREEMPT_MODE_FULL);
	EXPECT_EQ(seen_before, 0);
	EXPECT_EQ(seen_after, 1);
}

SELFTEST(sched, no_preemption_before_cond_resched_in_mode_none, .min_cpus = 2)
{
	preempt_from_irq(t, false, PREEMPT_MODE_NONE);
	EXPECT_EQ(seen_before, 0);
	EXPECT_EQ(seen_after, 1);
}

/* ---- leaks --------------------------------------------------------------------------------- */

static int do_nothing(void *unused)
{
	return 0;
}

static unsigned int stacks_used(void)
{
	struct mem_stats stats;

	mem_stats(&stats);
	return stats.stacks_used;
}

SELFTEST(sched, tasks_that_end_are_freed_with_their_stacks, .timeout_ms = 60000)
{
	unsigned int tasks = nr_tasks(), stacks = stacks_used();

	for (int i = 0; i < 100; i++) {
		struct task_struct *p = kthread_run(do_nothing, NULL, "ephemeral");

		if (!EXPECT(!IS_ERR(p)))
			break;
		if (i % 16 == 15)
			EXPECT_SOON(nr_tasks() <= tasks);
	}
	EXPECT_SOON(nr_tasks() <= tasks && stacks_used() <= stacks);
}
