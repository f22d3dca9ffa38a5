/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timer wheel, the mechanism. The contract is timer_wheel.h.
 *
 * A bucket of level n is used for slot s, s = jiffy / 8^n, and again for s + 64. A
 * timer of that level is less than 63 widths away, so the slot after it is at most
 * 64 after the one clk is in; and if it is just 64, clk is inside that slot, and
 * its bucket has been served. So no bucket ever holds timers of two slots.
 */
#include "timer_wheel.h"

void wheel_init(struct timer_wheel *w, unsigned long now)
{
	memset(w, 0, sizeof(*w));
	w->clk = now;
	w->next_expiry = now + MAX_JIFFY_OFFSET;
}

/* The bucket for @expires; in *@due the jiffy at which it is run. */
static unsigned int find_bucket(const struct timer_wheel *w, unsigned long expires,
				unsigned long *due)
{
	unsigned long delta = expires - w->clk, slot;
	unsigned int level = 0;

	if (time_before(expires, w->clk)) {
		*due = w->clk;
		return w->clk & LVL_MASK;
	}
	if (delta >= WHEEL_CUTOFF) {
		delta = WHEEL_MAX;
		expires = w->clk + delta;
	}
	while (level < LVL_DEPTH - 1 && delta >= LVL_START(level + 1))
		level++;

	/* The next slot, not the one @expires falls into: that has begun by then. */
	slot = (expires >> LVL_SHIFT(level)) + 1;
	*due = slot << LVL_SHIFT(level);
	return level * LVL_SIZE + (slot & LVL_MASK);
}

unsigned long wheel_add(struct timer_wheel *w, struct timer_list *timer)
{
	unsigned long due;
	unsigned int idx = find_bucket(w, timer->expires, &due);

	hlist_add_head(&timer->entry, &w->buckets[idx]);
	__set_bit(idx, w->pending);
	timer->flags = (timer->flags & ((1U << TIMER_ARRAYSHIFT) - 1)) | idx << TIMER_ARRAYSHIFT;
	return due;
}

/* The timer may be in a list that wheel_collect() took: the bucket is empty, or newly used. */
bool wheel_del(struct timer_wheel *w, struct timer_list *timer)
{
	unsigned int idx = timer->flags >> TIMER_ARRAYSHIFT;

	if (!timer_pending(timer))
		return false;
	hlist_del_init(&timer->entry);
	if (hlist_empty(&w->buckets[idx]))
		__clear_bit(idx, w->pending);
	return true;
}

unsigned long wheel_next_expiry(const struct timer_wheel *w)
{
	unsigned long next = w->clk + MAX_JIFFY_OFFSET;
	unsigned int level;

	for (level = 0; level < LVL_DEPTH; level++) {
		unsigned long width = 1UL << LVL_SHIFT(level);
		unsigned long slot = (w->clk + width - 1) >> LVL_SHIFT(level);
		unsigned int first = level * LVL_SIZE, from = first + (slot & LVL_MASK);
		unsigned int bit = find_next_bit(w->pending, first + LVL_SIZE, from);

		/* The slots after the last bucket are the first ones again. */
		if (bit >= first + LVL_SIZE)
			bit = find_next_bit(w->pending, from, first);
		if (bit >= first + LVL_SIZE || !__test_bit(bit, w->pending))
			continue;
		slot += (bit - from) & LVL_MASK;
		if (time_before(slot << LVL_SHIFT(level), next))
			next = slot << LVL_SHIFT(level);
	}
	return next;
}

void wheel_forward(struct timer_wheel *w, unsigned long now)
{
	if (time_after(w->next_expiry, now))
		w->clk = time_after(now, w->clk) ? now : w->clk;
	else if (time_after(w->next_expiry, w->clk))
		w->clk = w->next_expiry;
}

unsigned int wheel_collect(struct timer_wheel *w, struct hlist_head *due)
{
	unsigned long clk = w->clk;
	unsigned int level, n = 0;

	for (level = 0; level < LVL_DEPTH; level++) {
		unsigned int idx = level * LVL_SIZE + (clk & LVL_MASK);

		if (__test_bit(idx, w->pending)) {
			__clear_bit(idx, w->pending);
			hlist_move_list(&w->buckets[idx], &due[n++]);
		}
		if (clk & ((1U << LVL_CLK_SHIFT) - 1))
			break;
		clk >>= LVL_CLK_SHIFT;
	}
	w->clk++;
	return n;
}
