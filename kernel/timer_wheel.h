/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timer wheel: where timers wait, by when they expire. Cheap to add to and to
 * delete from; it has no lock and no clock of its own (timer_base.h has).
 *
 * Nine levels of 64 buckets; a bucket of level n is 8^n jiffies wide. A timer goes
 * into the level its distance calls for, into the first bucket that begins after it
 * expires, and stays there: never early, late by at most the width of the bucket,
 * an eighth of the distance.
 *
 *	level	width		distance		at 250 Hz
 *	0	1 jiffy		0 .. 62			.. 252 ms
 *	1	8		63 .. 503		.. 2 s
 *	2	64		504 .. 4031		.. 16 s
 *	...
 *	8	16777216	.. 1056964607		.. 49 days; beyond: at the end
 *
 *	clk		next jiffy to look at
 *	next_expiry	no bucket falls due before it
 *	pending		buckets that are not empty
 *
 * At jiffy clk the bucket of level 0 falls due that clk points to, and if clk is a
 * multiple of 8 that of level 1, of 64 that of level 2, and so on:
 *
 *	clk	  ...  62 63 64 65 ... 71 72 ...
 *	level 0	        o  o  o  o      o  o
 *	level 1	              o            o
 *	level 2	              o
 *
 * Linux: kernel/time/timer.c
 */
#ifndef KERNEL_TIMER_WHEEL_H
#define KERNEL_TIMER_WHEEL_H

#include <base/bitmap.h>
#include <kernel/timer.h>

#define LVL_BITS	6
#define LVL_SIZE	(1U << LVL_BITS)
#define LVL_MASK	(LVL_SIZE - 1)
#define LVL_DEPTH	9
#define LVL_CLK_SHIFT	3
#define LVL_SHIFT(n)	((n) * LVL_CLK_SHIFT)
/* First distance that is level n's. */
#define LVL_START(n)	((unsigned long)(LVL_SIZE - 1) << LVL_SHIFT((n) - 1))
#define WHEEL_SIZE	(LVL_SIZE * LVL_DEPTH)
#define WHEEL_CUTOFF	LVL_START(LVL_DEPTH)
#define WHEEL_MAX	(WHEEL_CUTOFF - (1UL << LVL_SHIFT(LVL_DEPTH - 1)))

struct timer_wheel {
	unsigned long clk;
	unsigned long next_expiry;
	DECLARE_BITMAP(pending, WHEEL_SIZE);
	struct hlist_head buckets[WHEEL_SIZE];
};

void wheel_init(struct timer_wheel *w, unsigned long now);
/* timer->expires says when. Return: the jiffy at which its bucket falls due. */
unsigned long wheel_add(struct timer_wheel *w, struct timer_list *timer);
/* Return: false if it was not in. */
bool wheel_del(struct timer_wheel *w, struct timer_list *timer);
/* Bring clk up to @now as far as nothing falls due, so that distances are true. */
void wheel_forward(struct timer_wheel *w, unsigned long now);
/* Take out what falls due at clk, into @due[LVL_DEPTH], the near levels first; clk + 1.
 * Return: how many lists. */
unsigned int wheel_collect(struct timer_wheel *w, struct hlist_head *due);
/* When the next bucket falls due; far away if all are empty. */
unsigned long wheel_next_expiry(const struct timer_wheel *w);

static inline bool wheel_empty(const struct timer_wheel *w)
{
	return bitmap_empty(w->pending, WHEEL_SIZE);
}

#endif
