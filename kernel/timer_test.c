/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of timers: when and where their functions run, and that deleting one waits for
 * it. That a timer is not early is checked; how late it may be is the host's affair.
 *
 * The wheel by itself: timer_wheel_test.c. The clock and the tick: time_test.c.
 */
#include <kernel/context.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/softirq.h>
#include <locking/atomic.h>
#include "test_util.h"
#include "timer_wheel.h"

struct alarm {
	struct timer_list timer;
	unsigned int runs;
	unsigned int cpu;
	unsigned long at;		/* jiffy of the last run */
	unsigned int turn;		/* which of all runs */
	atomic_t *turns;
	bool serving;
};

static void alarm_ran(struct timer_list *timer)
{
	struct alarm *a = from_timer(a, timer, timer);

	a->at = jiffies;
	a->cpu = raw_smp_processor_id();
	a->serving = in_serving_softirq();
	if (a->turns)
		a->turn = atomic_inc_return(a->turns);
	smp_store_release(&a->runs, a->runs + 1);
}

static unsigned int runs(struct alarm *a)
{
	return smp_load_acquire(&a->runs);
}

SELFTEST(timer, a_timer_runs_once_in_softirq_on_the_cpu_it_was_armed_on)
{
	struct alarm a = { .runs = 0 };
	unsigned long expires;
	unsigned int cpu;

	timer_setup_on_stack(&a.timer, alarm_ran, 0);
	for_each_online_cpu(cpu) {
		pin_to(cpu);
		WRITE_ONCE(a.runs, 0);
		expires = jiffies + 1;
		EXPECT_EQ(mod_timer(&a.timer, expires), 0);
		wait_until(runs(&a));
		EXPECT(!timer_pending(&a.timer));
		EXPECT(time_after_eq(a.at, expires));
		EXPECT_EQ(a.cpu, cpu);
		EXPECT(a.serving);
	}
	unpin();
	EXPECT_EQ(timer_delete_sync(&a.timer), 0);
	EXPECT_EQ(a.runs, 1);
}

/* Most of them idle, with their tick stopped. */
SELFTEST(timer, add_timer_on_reaches_every_cpu_idle_or_not)
{
	struct alarm *a = kzalloc(nr_cpu_ids * sizeof(*a), GFP_KERNEL);
	unsigned int cpu;

	if (!EXPECT(a))
		return;
	for_each_online_cpu(cpu) {
		timer_setup(&a[cpu].timer, alarm_ran, 0);
		a[cpu].timer.expires = jiffies + 2 + cpu % 7;
		add_timer_on(&a[cpu].timer, cpu);
	}
	for_each_online_cpu(cpu) {
		wait_until(runs(&a[cpu]));
		EXPECT_EQ(a[cpu].cpu, cpu);
		EXPECT(time_after_eq(a[cpu].at, a[cpu].timer.expires));
		timer_delete_sync(&a[cpu].timer);
	}
	kfree(a);
}

#define ORDERED	24

/* One that a wheel far behind takes is rounded up, as one that is far away. */
static bool is_exact(const struct timer_list *timer)
{
	return timer->flags >> TIMER_ARRAYSHIFT < LVL_SIZE;
}

/* Return: false if the host kept us from arming them all, exactly, within a few jiffies. */
static bool arm_shuffled(struct alarm *a, atomic_t *turns)
{
	unsigned long now;
	unsigned int i;
	bool quick;

	local_irq_disable();
	now = jiffies;
	for (i = 0; i < ORDERED; i++) {
		a[i] = (struct alarm){ .turns = turns };
		timer_setup(&a[i].timer, alarm_ran, 0);
		mod_timer(&a[i].timer, now + 4 + i * 7 % ORDERED);
	}
	quick = time_before(jiffies, now + 4);
	for (i = 0; i < ORDERED; i++)
		quick &= is_exact(&a[i].timer);
	local_irq_enable();
	return quick;
}

SELFTEST(timer, timers_of_a_cpu_run_in_the_order_of_expiry_and_not_early)
{
	struct alarm *a = kzalloc(ORDERED * sizeof(*a), GFP_KERNEL);
	unsigned int i, j, tries = 100;
	atomic_t turns;
	bool quick;

	if (!EXPECT(a))
		return;
	pin_to(raw_smp_processor_id());
	do {
		atomic_set(&turns, 0);
		quick = arm_shuffled(a, &turns);
		for (i = 0; i < ORDERED && !quick; i++)
			timer_delete_sync(&a[i].timer);
	} while (!quick && --tries);
	for (i = 0; i < ORDERED && quick; i++) {
		wait_until(runs(&a[i]));
		EXPECT(time_after_eq(a[i].at, a[i].timer.expires));
	}
	for (i = 0; i < ORDERED && quick; i++) {
		for (j = 0; j < ORDERED; j++) {
			if (time_before(a[i].timer.expires, a[j].timer.expires))
				EXPECT(a[i].turn < a[j].turn);
		}
		timer_delete_sync(&a[i].timer);
	}
	unpin();
	kfree(a);
	if (!quick)
		SELFTEST_SKIP("the host is too slow to arm them at one time");
}

SELFTEST(timer, a_far_timer_is_not_early)
{
	struct alarm a = { .runs = 0 };

	timer_setup_on_stack(&a.timer, alarm_ran, 0);
	/* Beyond the first level of the wheel. */
	mod_timer(&a.timer, jiffies + 70);
	wait_until(runs(&a));
	EXPECT(time_after_eq(a.at, a.timer.expires));
	timer_delete_sync(&a.timer);
}

SELFTEST(timer, arming_says_whether_it_was_armed_and_moves_it)
{
	unsigned long far = jiffies + 1000 * HZ;
	struct alarm a = { .runs = 0 };

	timer_setup_on_stack(&a.timer, alarm_ran, 0);
	EXPECT_EQ(timer_delete(&a.timer), 0);
	EXPECT_EQ(mod_timer_pending(&a.timer, far), 0);
	EXPECT(!timer_pending(&a.timer));
	EXPECT_EQ(mod_timer(&a.timer, far), 0);
	EXPECT(timer_pending(&a.timer));
	EXPECT_EQ(mod_timer(&a.timer, far), 1);
	EXPECT_EQ(mod_timer(&a.timer, far + HZ), 1);
	EXPECT_EQ(mod_timer_pending(&a.timer, far + 9 * HZ), 1);
	EXPECT_EQ(timer_delete(&a.timer), 1);
	EXPECT(!timer_pending(&a.timer));

	EXPECT_EQ(mod_timer(&a.timer, far), 0);
	EXPECT_EQ(mod_timer(&a.timer, jiffies), 1);
	wait_until(runs(&a));
	EXPECT_EQ(timer_delete_sync(&a.timer), 0);
	EXPECT_EQ(a.runs, 1);
}

/* ---- deleting ------------------------------------------------------------ */

struct slow_alarm {
	struct timer_list timer;
	bool entered, go_on, left;
};

static void slow_ran(struct timer_list *timer)
{
	struct slow_alarm *s = from_timer(s, timer, timer);

	WRITE_ONCE(s->entered, true);
	spin_until(READ_ONCE(s->go_on));
	udelay(500);
	WRITE_ONCE(s->left, true);
}

SELFTEST(timer, timer_delete_sync_waits_for_the_function_on_another_cpu, .min_cpus = 2)
{
	struct slow_alarm s = { .entered = false };
	unsigned int here = cpumask_first(cpu_online_mask);

	pin_to(here);
	timer_setup_on_stack(&s.timer, slow_ran, 0);
	s.timer.expires = jiffies;
	add_timer_on(&s.timer, other_cpu(here));
	wait_until(READ_ONCE(s.entered));
	EXPECT_EQ(try_to_del_timer_sync(&s.timer), -1);
	EXPECT_EQ(timer_delete(&s.timer), 0);
	WRITE_ONCE(s.go_on, true);
	EXPECT_EQ(timer_delete_sync(&s.timer), 0);
	EXPECT(READ_ONCE(s.left));
	unpin();
}

struct repeating {
	struct timer_list timer;
	unsigned int runs;
	atomic_t inside, twice;
};

static void repeat(struct timer_list *timer)
{
	struct repeating *r = from_timer(r, timer, timer);

	if (atomic_inc_return(&r->inside) != 1)
		atomic_inc(&r->twice);
	WRITE_ONCE(r->runs, r->runs + 1);
	mod_timer(timer, jiffies);
	atomic_dec(&r->inside);
}

static void rearm_often(unsigned int cpu, void *arg)
{
	struct repeating *r = arg;
	unsigned int i;

	for (i = 0; i < 100; i++) {
		mod_timer(&r->timer, jiffies + i % 3);
		cond_resched();
	}
}

SELFTEST(timer, armed_by_all_cpus_it_runs_on_one_at_a_time)
{
	struct repeating r = { .runs = 0 };

	timer_setup_on_stack(&r.timer, repeat, 0);
	on_all_cpus(rearm_often, &r);
	wait_until(READ_ONCE(r.runs) > 10);
	/* It arms itself, so one delete may come before that. */
	while (timer_delete_sync(&r.timer) || timer_pending(&r.timer))
		;
	EXPECT_EQ(atomic_read(&r.twice), 0);
	EXPECT(!timer_pending(&r.timer));
}
