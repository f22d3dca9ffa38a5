/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The watchdogs' judgement, on a clock that the test moves. That the NMI really
 * comes is for the boots of tests/qemu/panics.table to show.
 */
#include <base/string.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <kernel/watchdog.h>

#define PERIOD	1000

/* Feed @n samples, each a period after the last. Return: verdicts that were not fine. */
static unsigned int feed(struct watchdog_state *s, struct watchdog_view *v, unsigned int n,
			 enum watchdog_verdict *last)
{
	unsigned int bad = 0;

	while (n--) {
		enum watchdog_verdict verdict;

		v->now += PERIOD;
		verdict = watchdog_judge(s, v, PERIOD);
		if (verdict != WATCHDOG_FINE) {
			*last = verdict;
			bad++;
		}
	}
	return bad;
}

SELFTEST(watchdog, interrupts_off_is_a_hard_lockup)
{
	struct watchdog_state s = { .last = 1, .irqs = 1 };
	struct watchdog_view v = { .now = 1, .irqs = 1 };
	enum watchdog_verdict verdict = WATCHDOG_FINE;

	EXPECT_EQ(feed(&s, &v, WATCHDOG_SAMPLES - 1, &verdict), 0);
	EXPECT_EQ(feed(&s, &v, 1, &verdict), 1);
	EXPECT_EQ(verdict, WATCHDOG_HARD_LOCKUP);
}

SELFTEST(watchdog, one_interrupt_is_a_sign_of_life)
{
	struct watchdog_state s = { .last = 1, .irqs = 1 };
	struct watchdog_view v = { .now = 1, .irqs = 1 };
	enum watchdog_verdict verdict = WATCHDOG_FINE;
	int i;

	for (i = 0; i < 10; i++) {
		EXPECT_EQ(feed(&s, &v, WATCHDOG_SAMPLES - 1, &verdict), 0);
		v.irqs++;
		v.passes++;
		EXPECT_EQ(feed(&s, &v, 1, &verdict), 0);
	}
}

SELFTEST(watchdog, no_pass_of_the_scheduler_is_one_soft_lockup)
{
	struct watchdog_state s = { .last = 1 };
	struct watchdog_view v = { .now = 1, .irqs_on = true };
	enum watchdog_verdict verdict = WATCHDOG_FINE;

	EXPECT_EQ(feed(&s, &v, 2 * WATCHDOG_SAMPLES - 1, &verdict), 0);
	EXPECT_EQ(feed(&s, &v, 1, &verdict), 1);
	EXPECT_EQ(verdict, WATCHDOG_SOFT_LOCKUP);
	EXPECT_EQ(feed(&s, &v, 100, &verdict), 0);
	v.passes++;
	EXPECT_EQ(feed(&s, &v, 2 * WATCHDOG_SAMPLES + 1, &verdict), 1);
}

SELFTEST(watchdog, idle_cpus_do_not_lock_up)
{
	struct watchdog_state s = { .last = 1 };
	struct watchdog_view v = { .now = 1, .irqs_on = true, .idle = true };
	enum watchdog_verdict verdict = WATCHDOG_FINE;

	EXPECT_EQ(feed(&s, &v, 1000, &verdict), 0);
}

SELFTEST(watchdog, time_that_the_machine_did_not_run_does_not_count)
{
	struct watchdog_state s = { .last = 1 };
	struct watchdog_view v = { .now = 1 };
	enum watchdog_verdict verdict = WATCHDOG_FINE;
	int i;

	for (i = 0; i < 10; i++) {
		EXPECT_EQ(feed(&s, &v, WATCHDOG_SAMPLES - 1, &verdict), 0);
		v.now += 1000000 * PERIOD;
	}
}

/* ---- the CPU before it, where there are no NMIs ---- */

/* Look @n times, a period apart, at a CPU that has taken @samples. Return: verdicts not fine. */
static unsigned int look(struct watchdog_buddy *b, unsigned int samples, unsigned int n)
{
	unsigned int bad = 0;

	while (n--)
		bad += watchdog_judge_buddy(b, samples, b->last + PERIOD, PERIOD) != WATCHDOG_FINE;
	return bad;
}

SELFTEST(watchdog, a_cpu_whose_timer_does_not_come_is_seen_by_the_one_before)
{
	struct watchdog_buddy b = { .last = 1, .samples = 1 };

	EXPECT_EQ(look(&b, 1, WATCHDOG_SAMPLES - 1), 0);
	EXPECT_EQ(look(&b, 1, 1), 1);
}

SELFTEST(watchdog, a_cpu_whose_timer_comes_now_and_then_is_not_blamed)
{
	struct watchdog_buddy b = { .last = 1, .samples = 1 };

	for (unsigned int i = 1; i < 10; i++)
		EXPECT_EQ(look(&b, i, i == 1 ? WATCHDOG_SAMPLES - 1 : WATCHDOG_SAMPLES), 0);
}

SELFTEST(watchdog, a_cpu_that_did_not_run_itself_does_not_blame_others)
{
	struct watchdog_buddy b = { .last = 1, .samples = 1 };

	for (unsigned int i = 0; i < 10; i++) {
		EXPECT_EQ(look(&b, 1, WATCHDOG_SAMPLES - 1), 0);
		EXPECT_EQ(watchdog_judge_buddy(&b, 1, b.last + 1000000 * PERIOD, PERIOD),
			  WATCHDOG_FINE);
	}
}

/* ---- tasks ---- */

SELFTEST(watchdog, a_task_is_hung_in_one_sleep_that_is_too_long)
{
	static struct task_struct p;

	p = (struct task_struct){ .__state = TASK_UNINTERRUPTIBLE, .nvcsw = 5,
				  .last_switched_out = 100 };
	EXPECT(!task_is_hung(&p, 5000, 1000));	/* the first look */
	EXPECT(!task_is_hung(&p, 1099, 1000));	/* not long enough */
	EXPECT(task_is_hung(&p, 1100, 1000));
	EXPECT(!task_is_hung(&p, 1200, 1000));	/* reported */
	p.nvcsw++;
	p.last_switched_out = 1200;
	EXPECT(!task_is_hung(&p, 5000, 1000));	/* another sleep, first look */
	EXPECT(task_is_hung(&p, 5001, 1000));
}

SELFTEST(watchdog, sleeps_that_may_be_long_are_not_hung)
{
	static const unsigned int states[] = {
		TASK_RUNNING, TASK_INTERRUPTIBLE, TASK_KILLABLE, TASK_IDLE,
	};
	static struct task_struct p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		p = (struct task_struct){ .__state = states[i] };
		EXPECT(!task_is_hung(&p, 5000, 1000));
		EXPECT(!task_is_hung(&p, 500000, 1000));
	}
}
