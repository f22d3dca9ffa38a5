/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Priority inversion, with inheritance and without: L holds, H waits, M runs; all on
 * one CPU.
 *
 *	L, FIFO 10		M, FIFO 20		H, FIFO 30
 *	has the lock
 *							wants it: sleeps
 *				wants the CPU
 *	without inheritance:	runs its M_TICKS
 *	with it, L is at 30:
 *	releases the lock
 *							has it
 *				runs: no turn before H's
 *
 * Lampson and Redell saw it in Mesa, 1980; the Mars Pathfinder in 1997.
 */
#include "sched_test.h"
#include <kernel/wait.h>
#include <locking/rt_mutex_waiter.h>

#define M_TICKS		5	/* how long M runs, if nobody stops it */

static struct inversion {
	bool inherits;
	struct rt_mutex lock;
	struct wait_queue_head queue;	/* of the lock without inheritance */
	bool held;
	struct task_struct *low, *middle, *high;
	unsigned int cpu;
	bool low_has, high_tries;
	/* results */
	u64 middle_turns;
	bool middle_done, high_has;
	u64 turns_before_high;		/* M's, when H got the lock */
	bool middle_was_done;
	u64 waited_ns;
} inv;

static void inv_lock(void)
{
	if (inv.inherits)
		rt_mutex_lock(&inv.lock);
	else
		wait_event(inv.queue, !xchg(&inv.held, true));
}

static void inv_unlock(void)
{
	if (inv.inherits) {
		rt_mutex_unlock(&inv.lock);
		return;
	}
	smp_store_release(&inv.held, false);
	wake_up(&inv.queue);
}

static int low_holds(void *unused)
{
	inv_lock();
	WRITE_ONCE(inv.low_has, true);
	/* As urgent as H once it is queued, we may run before H is off the CPU. */
	while (!READ_ONCE(inv.high_tries) ||
	       !(inv.inherits ? waits_for_rt_mutex(inv.high) : is_asleep(inv.high))) {
		cpu_relax();
		cond_resched();		/* for preempt=none */
	}
	inv_unlock();
	return 0;
}

static int middle_runs(void *unused)
{
	u64 end = tick_count_cpu(inv.cpu) + M_TICKS;

	while (!READ_ONCE(inv.high_has) && tick_count_cpu(inv.cpu) < end) {
		WRITE_ONCE(inv.middle_turns, inv.middle_turns + 1);
		cpu_relax();
		cond_resched();
	}
	WRITE_ONCE(inv.middle_done, true);
	return 0;
}

static int high_waits(void *unused)
{
	u64 begin = ktime_get_ns();

	WRITE_ONCE(inv.high_tries, true);
	inv_lock();
	inv.turns_before_high = READ_ONCE(inv.middle_turns);
	inv.middle_was_done = READ_ONCE(inv.middle_done);
	inv.waited_ns = ktime_get_ns() - begin;
	WRITE_ONCE(inv.high_has, true);
	inv_unlock();
	return 0;
}

/* We are the most urgent of all on that CPU: what we wake runs when we sleep. */
static void invert(struct selftest *t, bool inherits)
{
	unsigned int cpu = num_online_cpus() - 1;

	inv = (struct inversion){ .inherits = inherits, .cpu = cpu };
	rt_mutex_init(&inv.lock);
	init_waitqueue_head(&inv.queue);
	inv.low = test_thread_on(low_holds, NULL, cpu, "low");
	inv.middle = test_thread_on(middle_runs, NULL, cpu, "middle");
	inv.high = test_thread_on(high_waits, NULL, cpu, "high");
	if (!EXPECT(inv.low && inv.middle && inv.high))
		return;
	test_set_fifo(inv.low, SCHED_FIFO, 10);
	test_set_fifo(inv.middle, SCHED_FIFO, 20);
	test_set_fifo(inv.high, SCHED_FIFO, 30);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
	test_set_fifo(current, SCHED_FIFO, 90);

	wake_up_process(inv.low);
	EXPECT_SOON(READ_ONCE(inv.low_has));
	wake_up_process(inv.high);
	wake_up_process(inv.middle);
	EXPECT_SOON(READ_ONCE(inv.high_has) && READ_ONCE(inv.middle_done));
	test_set_normal();
	kthread_stop_put(inv.low);
	kthread_stop_put(inv.middle);
	kthread_stop_put(inv.high);
	selftest_note(t, "%s inheritance: waited %llu us, M ran %llu turns meanwhile",
		      inherits ? "with" : "without", inv.waited_ns / 1000,
		      inv.turns_before_high);
}

SELFTEST(rt_mutex, without_inheritance_a_third_task_delays_the_urgent_one, .timeout_ms = 30000)
{
	invert(t, false);
	EXPECT(inv.middle_was_done);
	EXPECT(inv.turns_before_high > 0);
}

SELFTEST(rt_mutex, with_inheritance_it_does_not_run_at_all, .timeout_ms = 30000)
{
	invert(t, true);
	EXPECT(!inv.middle_was_done);
	EXPECT_EQ(inv.turns_before_high, 0);
}
