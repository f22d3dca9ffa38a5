/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the timer wheel, turned by hand: no clock, no CPU.
 */
#include <kernel/mm.h>
#include <kernel/selftest.h>
#include "timer_wheel.h"

#define WHEEL_TIMERS	64

static u64 next_random(u64 *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

/* Late by less than the width of a bucket of its level, which is an eighth of the distance. */
static void check_due(struct selftest *t, unsigned long armed, unsigned long expires,
		      unsigned long at)
{
	unsigned long late_by = at - expires, distance = expires - armed;

	if (time_before(at, expires) || late_by > distance / 7 + 1)
		selftest_fail(t, __FILE__, __LINE__,
			      "armed at %lu for %lu, ran at %lu", armed, expires, at);
}

/* Go from due bucket to due bucket until all have run. Return: how many did. */
static unsigned int turn_wheel(struct selftest *t, struct timer_wheel *w,
			       const unsigned long *armed, struct timer_list *timers)
{
	struct hlist_head due[LVL_DEPTH];
	unsigned int ran = 0, n;

	while (!wheel_empty(w)) {
		w->next_expiry = wheel_next_expiry(w);
		wheel_forward(w, w->next_expiry);
		EXPECT_EQ(w->clk, w->next_expiry);
		for (n = wheel_collect(w, due); n; n--) {
			while (!hlist_empty(&due[n - 1])) {
				struct timer_list *timer;

				timer = hlist_entry(due[n - 1].first, struct timer_list, entry);
				check_due(t, armed[timer - timers], timer->expires, w->clk - 1);
				hlist_del_init(&timer->entry);
				ran++;
			}
		}
	}
	return ran;
}

SELFTEST(timer, the_wheel_is_never_early_and_late_by_an_eighth_at_most)
{
	struct timer_list *timers = kzalloc(WHEEL_TIMERS * sizeof(*timers), GFP_KERNEL);
	struct timer_wheel *w = kzalloc(sizeof(*w), GFP_KERNEL);
	unsigned long armed[WHEEL_TIMERS];
	unsigned int round, i;
	u64 random = 1;

	if (!EXPECT(timers && w))
		goto out;
	for (round = 0; round < 200; round++) {
		/* Where clk wraps as well. */
		unsigned long start = next_random(&random);

		if (round % 4 == 0)
			start = -(start % 9000);
		wheel_init(w, start);
		for (i = 0; i < WHEEL_TIMERS; i++) {
			/* Every order of magnitude, the levels' borders among them. */
			unsigned long delta = next_random(&random) >> (next_random(&random) % 31);

			armed[i] = w->clk;
			timers[i].expires = w->clk + min(delta, WHEEL_MAX);
			wheel_add(w, &timers[i]);
			if (i % 4 == 3)
				wheel_del(w, &timers[i]);
		}
		if (!EXPECT_EQ(turn_wheel(t, w, armed, timers), WHEEL_TIMERS * 3 / 4))
			break;
	}
out:
	kfree(w);
	kfree(timers);
}
