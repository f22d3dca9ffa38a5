/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An urgent task waits for what it has preempted: for softirqs to be on again, and for the
 * end of a timer's function. Whoever was preempted must get on, and at once.
 *
 * All on one CPU: what is woken runs when the section may be preempted, or at its end.
 * What may be preempted at all is rt_test.c's.
 */
#include "sched.h"
#include "sched_test.h"
#include <kernel/hrtimer.h>
#include <kernel/softirq.h>
#include <locking/atomic.h>
#include "test_util.h"

/* ---- inversion ------------------------------------------------------------------------- */

/*
 * low (fair) has softirqs off, high (FIFO 60) wants them off, mid (FIFO 55) only wants
 * the CPU. Softirqs are off by a lock, which lends low high's priority:
 *
 *	low			high			mid
 *	local_bh_disable()
 *	wakes high
 *				local_bh_disable(): waits
 *	wakes mid					waits: low is at 60
 *	local_bh_enable()
 *				local_bh_enable()
 *							runs
 */
struct trio {
	struct task_struct *high, *mid;
	atomic_t turn;
	int high_turn, mid_turn, low_turn;
	int low_prio;
};

static int want_softirqs_off(void *arg)
{
	struct trio *trio = arg;

	local_bh_disable();
	trio->high_turn = atomic_inc_return(&trio->turn);
	local_bh_enable();
	return 0;
}

static int want_the_cpu(void *arg)
{
	struct trio *trio = arg;

	trio->mid_turn = atomic_inc_return(&trio->turn);
	return 0;
}

SELFTEST(rt, who_has_softirqs_off_is_lent_the_priority_of_who_wants_them_off)
{
	unsigned int cpu = raw_smp_processor_id();
	struct trio trio = { .turn = ATOMIC_INIT(0) };

	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		SELFTEST_SKIP("only a real-time kernel preempts who has softirqs off");
	pin_to(cpu);
	trio.high = test_thread_on(want_softirqs_off, &trio, cpu, "high");
	trio.mid = test_thread_on(want_the_cpu, &trio, cpu, "mid");
	if (EXPECT(trio.high && trio.mid)) {
		test_set_fifo(trio.high, SCHED_FIFO, 60);
		test_set_fifo(trio.mid, SCHED_FIFO, 55);
		local_bh_disable();
		wake_up_process(trio.high);
		trio.low_prio = task_prio(current);
		wake_up_process(trio.mid);
		trio.low_turn = atomic_inc_return(&trio.turn);
		local_bh_enable();
		EXPECT_EQ(trio.low_prio, MAX_RT_PRIO - 1 - 60);
		EXPECT_EQ(trio.low_turn, 1);
		EXPECT_EQ(trio.high_turn, 2);
		EXPECT_EQ(trio.mid_turn, 3);
		EXPECT_EQ(task_prio(current), DEFAULT_PRIO);
	}
	if (trio.high)
		kthread_stop_put(trio.high);
	if (trio.mid)
		kthread_stop_put(trio.mid);
	unpin();
}

/* ---- waiting for a function that was preempted --------------------------------------------- */

struct slow_timer {
	struct timer_list timer;
	struct hrtimer hrtimer;
	struct task_struct *waiter;
	bool waited;			/* the waiter: it is over */
	bool waited_inside, ended;
};

static int wait_for_timer(void *arg)
{
	struct slow_timer *s = arg;

	timer_delete_sync(&s->timer);
	hrtimer_cancel(&s->hrtimer);
	WRITE_ONCE(s->waited, true);
	return 0;
}

/* The waiter preempts us, finds us running, and must let us go on. */
static void be_waited_for(struct slow_timer *s)
{
	wake_up_process(s->waiter);
	s->waited_inside = READ_ONCE(s->waited);
	smp_store_release(&s->ended, true);
}

static void slow_timer_ran(struct timer_list *timer)
{
	be_waited_for(container_of(timer, struct slow_timer, timer));
}

static enum hrtimer_restart slow_hrtimer_ran(struct hrtimer *timer)
{
	be_waited_for(container_of(timer, struct slow_timer, hrtimer));
	return HRTIMER_NORESTART;
}

static void wait_for_preempted(struct selftest *t, bool fine)
{
	unsigned int cpu = raw_smp_processor_id();
	struct slow_timer s = { .waited = false };

	s.waiter = test_thread_on(wait_for_timer, &s, cpu, "waiter");
	if (!EXPECT(s.waiter))
		return;
	test_set_fifo(s.waiter, SCHED_FIFO, 60);
	timer_setup(&s.timer, slow_timer_ran, TIMER_PINNED);
	hrtimer_setup(&s.hrtimer, slow_hrtimer_ran, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	if (fine)
		hrtimer_start(&s.hrtimer, 100 * NSEC_PER_USEC, HRTIMER_MODE_REL_SOFT);
	else
		mod_timer(&s.timer, jiffies + 1);
	wait_until(smp_load_acquire(&s.ended) && READ_ONCE(s.waited));
	EXPECT(!s.waited_inside);
	kthread_stop_put(s.waiter);
}

SELFTEST(rt, an_urgent_task_can_wait_for_a_timer_that_it_preempted)
{
	pin_to(raw_smp_processor_id());
	wait_for_preempted(t, false);
	wait_for_preempted(t, true);
	unpin();
}
