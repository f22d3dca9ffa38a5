/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of high-resolution timers.
 */
#include <base/errno.h>
#include <kernel/context.h>
#include <kernel/hrtimer.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <locking/atomic.h>
#include "test_util.h"

struct alarm {
	struct hrtimer timer;
	unsigned int runs;
	unsigned int repeat;		/* runs until it stops */
	unsigned int early;
	unsigned int cpu;
	enum context context;
	unsigned int turn;
	atomic_t *turns;
};

#define PERIOD	(200 * NSEC_PER_USEC)

static enum hrtimer_restart alarm_ran(struct hrtimer *timer)
{
	struct alarm *a = container_of(timer, struct alarm, timer);
	bool again = a->runs + 1 < a->repeat;

	if (ktime_get() < hrtimer_get_expires(timer))
		a->early++;
	a->cpu = raw_smp_processor_id();
	a->context = current_context();
	if (a->turns)
		a->turn = atomic_inc_return(a->turns);
	if (again)
		hrtimer_forward_now(timer, PERIOD);
	smp_store_release(&a->runs, a->runs + 1);
	return again ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static unsigned int runs(struct alarm *a)
{
	return smp_load_acquire(&a->runs);
}

static void setup(struct alarm *a, enum hrtimer_mode mode)
{
	*a = (struct alarm){ .runs = 0 };
	hrtimer_setup(&a->timer, alarm_ran, CLOCK_MONOTONIC, mode);
}

static void runs_where_and_when(struct selftest *t, enum hrtimer_mode mode, enum context context)
{
	unsigned int cpu;
	struct alarm a;

	for_each_online_cpu(cpu) {
		pin_to(cpu);
		setup(&a, mode);
		hrtimer_start(&a.timer, 100 * NSEC_PER_USEC, mode);
		wait_until(runs(&a));
		EXPECT_EQ(hrtimer_cancel(&a.timer), 0);
		EXPECT_EQ(a.runs, 1);
		EXPECT_EQ(a.early, 0);
		EXPECT_EQ(a.cpu, cpu);
		EXPECT_EQ(a.context, context);
		EXPECT(!hrtimer_active(&a.timer));
	}
	unpin();
}

SELFTEST(hrtimer, a_hard_timer_runs_in_the_interrupt_of_its_cpu)
{
	runs_where_and_when(t, HRTIMER_MODE_REL_HARD, CTX_HARDIRQ);
}

SELFTEST(hrtimer, one_that_says_nothing_runs_in_the_interrupt_unless_the_kernel_is_real_time)
{
	runs_where_and_when(t, HRTIMER_MODE_REL,
			    IS_ENABLED(CONFIG_PREEMPT_RT) ? CTX_SOFTIRQ : CTX_HARDIRQ);
}

SELFTEST(hrtimer, a_soft_timer_runs_in_softirq_on_its_cpu)
{
	runs_where_and_when(t, HRTIMER_MODE_REL_SOFT, CTX_SOFTIRQ);
}

SELFTEST(hrtimer, a_timer_restarts_until_its_function_says_no)
{
	static const enum hrtimer_mode modes[] = { HRTIMER_MODE_REL, HRTIMER_MODE_REL_SOFT };
	struct alarm a;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		setup(&a, modes[i]);
		a.repeat = 10;
		hrtimer_start(&a.timer, PERIOD, modes[i]);
		wait_until(runs(&a) == 10);
		hrtimer_cancel(&a.timer);
		EXPECT_EQ(a.runs, 10);
		EXPECT_EQ(a.early, 0);
	}
}

SELFTEST(hrtimer, a_time_that_has_passed_is_now)
{
	static const ktime_t times[] = { 0, 1, -5 };
	struct alarm a;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		setup(&a, HRTIMER_MODE_ABS);
		hrtimer_start(&a.timer, times[i], HRTIMER_MODE_ABS);
		wait_until(runs(&a));
		hrtimer_cancel(&a.timer);
		EXPECT_EQ(a.runs, 1);
	}
}

#define ORDERED	20

SELFTEST(hrtimer, timers_run_in_the_order_of_expiry)
{
	struct alarm *a = kzalloc(ORDERED * sizeof(*a), GFP_KERNEL);
	unsigned int i, j;
	atomic_t turns;
	ktime_t base;

	if (!EXPECT(a))
		return;
	atomic_set(&turns, 0);
	local_irq_disable();
	base = ktime_get() + 2 * NSEC_PER_MSEC;
	for (i = 0; i < ORDERED; i++) {
		setup(&a[i], HRTIMER_MODE_ABS);
		a[i].turns = &turns;
		hrtimer_start(&a[i].timer, base + i * 7 % ORDERED, HRTIMER_MODE_ABS);
	}
	local_irq_enable();
	for (i = 0; i < ORDERED; i++) {
		wait_until(runs(&a[i]));
		hrtimer_cancel(&a[i].timer);
		EXPECT_EQ(a[i].early, 0);
	}
	for (i = 0; i < ORDERED; i++) {
		for (j = 0; j < ORDERED; j++) {
			if (a[i].timer.expires < a[j].timer.expires)
				EXPECT(a[i].turn < a[j].turn);
		}
	}
	kfree(a);
}

SELFTEST(hrtimer, cancelling_says_whether_it_was_armed)
{
	struct alarm a;

	setup(&a, HRTIMER_MODE_REL);
	EXPECT_EQ(hrtimer_try_to_cancel(&a.timer), 0);
	hrtimer_start(&a.timer, 1000 * NSEC_PER_SEC, HRTIMER_MODE_REL);
	EXPECT(hrtimer_active(&a.timer));
	EXPECT(hrtimer_get_remaining(&a.timer) > 0);
	EXPECT_EQ(hrtimer_try_to_cancel(&a.timer), 1);
	EXPECT(!hrtimer_active(&a.timer));
	EXPECT_EQ(hrtimer_cancel(&a.timer), 0);
	/* Far beyond what the hardware, and the clock, can count. */
	hrtimer_start(&a.timer, KTIME_MAX, HRTIMER_MODE_REL);
	EXPECT_EQ(hrtimer_cancel(&a.timer), 1);
	EXPECT_EQ(a.runs, 0);
}

struct slow_alarm {
	struct hrtimer timer;
	bool entered, go_on, left;
	unsigned int runs;
};

static enum hrtimer_restart slow_ran(struct hrtimer *timer)
{
	struct slow_alarm *s = container_of(timer, struct slow_alarm, timer);

	WRITE_ONCE(s->entered, true);
	spin_until(READ_ONCE(s->go_on));
	udelay(200);
	WRITE_ONCE(s->left, true);
	s->runs++;
	return HRTIMER_NORESTART;
}

static int start_slow_thread(void *data)
{
	struct slow_alarm *s = data;

	hrtimer_start(&s->timer, 0, HRTIMER_MODE_REL);
	return 0;
}

SELFTEST(hrtimer, hrtimer_cancel_waits_for_the_function_on_another_cpu, .min_cpus = 2)
{
	struct slow_alarm s = { .entered = false };
	unsigned int here = cpumask_first(cpu_online_mask);

	pin_to(here);
	hrtimer_setup(&s.timer, slow_ran, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	EXPECT(!IS_ERR(kthread_run_on_cpu(start_slow_thread, &s, other_cpu(here), "slow/%u")));
	wait_until(READ_ONCE(s.entered));
	EXPECT(hrtimer_callback_running(&s.timer));
	EXPECT_EQ(hrtimer_try_to_cancel(&s.timer), -1);
	WRITE_ONCE(s.go_on, true);
	EXPECT_EQ(hrtimer_cancel(&s.timer), 0);
	EXPECT(READ_ONCE(s.left));
	EXPECT_EQ(s.runs, 1);
	unpin();
}

SELFTEST(hrtimer, started_elsewhere_while_it_runs_it_stays_on_its_cpu, .min_cpus = 2)
{
	struct slow_alarm s = { .entered = false };
	unsigned int here = cpumask_first(cpu_online_mask);

	pin_to(here);
	hrtimer_setup(&s.timer, slow_ran, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	EXPECT(!IS_ERR(kthread_run_on_cpu(start_slow_thread, &s, other_cpu(here), "slow/%u")));
	wait_until(READ_ONCE(s.entered));
	hrtimer_start(&s.timer, 0, HRTIMER_MODE_REL);
	EXPECT(hrtimer_is_queued(&s.timer));
	WRITE_ONCE(s.go_on, true);
	wait_until(READ_ONCE(s.runs) == 2);
	hrtimer_cancel(&s.timer);
	unpin();
}

/* ---- sleeping ------------------------------------------------------------------------------ */

SELFTEST(hrtimer, schedule_hrtimeout_returns_0_when_time_is_up)
{
	ktime_t expires = ktime_get() + 300 * NSEC_PER_USEC;

	set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT_EQ(schedule_hrtimeout(&expires, HRTIMER_MODE_ABS), 0);
	EXPECT(ktime_get() >= expires);
	EXPECT_EQ(get_current_state(), TASK_RUNNING);

	expires = 0;
	set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT_EQ(schedule_hrtimeout(&expires, HRTIMER_MODE_REL), 0);
}

struct sleeper {
	bool sleeps, ended;
	int ret;
};

static int sleep_long(void *data)
{
	ktime_t expires = 1000 * NSEC_PER_SEC;
	struct sleeper *s = data;

	set_current_state(TASK_UNINTERRUPTIBLE);
	WRITE_ONCE(s->sleeps, true);
	s->ret = schedule_hrtimeout(&expires, HRTIMER_MODE_REL);
	smp_store_release(&s->ended, true);
	return 0;
}

SELFTEST(hrtimer, schedule_hrtimeout_says_eintr_when_woken)
{
	struct sleeper s = { .ret = 0 };
	struct task_struct *p = kthread_create(sleep_long, &s, "sleeper");

	get_task_struct(p);
	wake_up_process(p);
	wake_early(p, &s.sleeps, &s.ended);
	EXPECT_EQ(s.ret, -EINTR);
	put_task_struct(p);
}
