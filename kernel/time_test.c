/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of time: jiffies and the clock, delays and sleeps, the tick. That nothing is
 * early is checked; how late it may be is the host's affair.
 */
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include "test_util.h"

SELFTEST(timer, jiffies_go_with_the_clock_on_every_cpu)
{
	unsigned long before = jiffies, now;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		pin_to(cpu);
		now = jiffies;
		EXPECT(time_after_eq(now, before));
		before = now;
	}
	unpin();
	ndelay(3 * TICK_NSEC);
	EXPECT(time_after_eq(jiffies, before + 3));
}

SELFTEST(timer, the_clock_does_not_go_back)
{
	u64 last = local_clock(), now;
	unsigned int i;

	for (i = 0; i < 2000; i++) {
		if (i % 100 == 0)
			pin_to(other_cpu(raw_smp_processor_id()));
		now = local_clock();
		if (!EXPECT(now >= last))
			break;
		last = now;
	}
	unpin();
}

SELFTEST(timer, delays_and_sleeps_are_not_short)
{
	ktime_t before = ktime_get();

	ndelay(5000);
	EXPECT(ktime_get() - before >= 5000);
	before = ktime_get();
	udelay(100);
	EXPECT(ktime_get() - before >= 100 * NSEC_PER_USEC);
	before = ktime_get();
	mdelay(2);
	EXPECT(ktime_get() - before >= 2 * NSEC_PER_MSEC);
	before = ktime_get();
	usleep_range(300, 400);
	EXPECT(ktime_get() - before >= 300 * NSEC_PER_USEC);
	before = ktime_get();
	msleep(9);
	EXPECT(ktime_get() - before >= 9 * NSEC_PER_MSEC);
}

/* ---- sleeping ------------------------------------------------------------ */

SELFTEST(timer, schedule_timeout_returns_0_when_time_is_up)
{
	unsigned long before = jiffies;

	EXPECT_EQ(schedule_timeout_uninterruptible(3), 0);
	EXPECT(time_after_eq(jiffies, before + 3));
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
	EXPECT_EQ(schedule_timeout_interruptible(0), 0);
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
}

struct sleeper {
	long timeout, left;
	bool sleeps, ended;
};

static int sleep_long(void *data)
{
	struct sleeper *s = data;

	set_current_state(TASK_UNINTERRUPTIBLE);
	WRITE_ONCE(s->sleeps, true);
	s->left = schedule_timeout(s->timeout);
	smp_store_release(&s->ended, true);
	return 0;
}

SELFTEST(timer, schedule_timeout_says_what_is_left_when_woken)
{
	static const long timeouts[] = { 1000 * HZ, MAX_SCHEDULE_TIMEOUT };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		struct sleeper s = { .timeout = timeouts[i] };
		struct task_struct *p = kthread_create(sleep_long, &s, "sleeper");

		get_task_struct(p);
		wake_up_process(p);
		wake_early(p, &s.sleeps, &s.ended);
		EXPECT(s.left > 0 && s.left <= timeouts[i]);
		if (timeouts[i] == MAX_SCHEDULE_TIMEOUT)
			EXPECT_EQ(s.left, MAX_SCHEDULE_TIMEOUT);
		put_task_struct(p);
	}
}

/* ---- the tick ------------------------------------------------------------ */

SELFTEST(timer, a_busy_cpu_ticks_and_an_idle_one_does_not, .min_cpus = 2)
{
	unsigned int here = cpumask_first(cpu_online_mask), cpu;
	struct busy_task busy;
	u64 ticks;

	pin_to(here);
	for_each_online_cpu(cpu) {
		if (cpu == here)
			continue;
		start_busy(&busy, cpu, false);
		ticks = tick_count_cpu(cpu);
		wait_until(tick_count_cpu(cpu) - ticks >= 2);
		EXPECT(!tick_nohz_tick_stopped_cpu(cpu));
		stop_busy(&busy);
		wait_until(tick_nohz_tick_stopped_cpu(cpu));
	}
	unpin();
}
