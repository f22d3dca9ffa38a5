/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * High-resolution timers: per CPU two trees sorted by expiry, one hardware timer. What
 * each field is: hrtimer_base.h.
 *
 *	HARD	t1 t4 t5		the hardware is set for the first of the two,
 *	SOFT	t2 t3			or of HARD alone while the softirq is to look at SOFT
 *
 * Linux: kernel/time/hrtimer.c, lib/timerqueue.c
 * Differs: a CPU programs its own hardware only.
 */
#include "hrtimer_base.h"
#include <kernel/arch.h>
#include <kernel/tick.h>
#include <kernel/timer_list.h>

DEFINE_PER_CPU_ALIGNED(struct hrtimer_cpu_base, hrtimer_bases);

static bool earlier(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct hrtimer, node)->expires <
	       rb_entry(b, const struct hrtimer, node)->expires;
}

struct hrtimer *hrtimer_first(struct hrtimer_cpu_base *base, int tree)
{
	return rb_entry_safe(rb_first_cached(&base->tree[tree]), struct hrtimer, node);
}

ktime_t hrtimer_first_event(struct hrtimer_cpu_base *base)
{
	struct hrtimer *hard = hrtimer_first(base, HARD), *soft = hrtimer_first(base, SOFT);
	ktime_t next = hard ? hard->expires : KTIME_MAX;

	if (soft && !base->soft_raised)
		next = min(next, soft->expires);
	return next;
}

void hrtimer_program(struct hrtimer_cpu_base *base, ktime_t delay)
{
	ktime_t next = hrtimer_first_event(base), now;

	if (base->in_irq || next == base->programmed)
		return;
	base->programmed = next;
	if (next == KTIME_MAX) {
		arch_timer_stop();
		return;
	}
	now = ktime_get();
	arch_timer_set(max(next > now ? next - now : 0, delay));
}

void hrtimer_enqueue(struct hrtimer_cpu_base *base, struct hrtimer *timer)
{
	rb_add_cached(&timer->node, &base->tree[timer->is_soft], earlier);
	timer->queued = true;
}

bool hrtimer_dequeue(struct hrtimer_cpu_base *base, struct hrtimer *timer)
{
	if (!timer->queued)
		return false;
	rb_erase_cached(&timer->node, &base->tree[timer->is_soft]);
	timer->queued = false;
	return true;
}

ktime_t hrtimer_next_event(void)
{
	struct hrtimer_cpu_base *base = this_cpu_ptr(&hrtimer_bases);
	ktime_t next;

	raw_spin_lock(&base->lock);
	next = hrtimer_first_event(base);
	raw_spin_unlock(&base->lock);
	return next;
}

unsigned int hrtimer_list(unsigned int cpu, struct timer_info *out, unsigned int max)
{
	struct hrtimer_cpu_base *base = &per_cpu(hrtimer_bases, cpu);
	unsigned int n = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&base->lock, flags);
	for (int i = 0; i < NR_TREES; i++) {
		struct rb_node *node = rb_first_cached(&base->tree[i]);

		for (; node; node = rb_next(node)) {
			struct hrtimer *timer = rb_entry(node, struct hrtimer, node);

			if (n++ < max)
				*out++ = (struct timer_info){ (u64)timer->expires,
							      timer->function };
		}
	}
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return n;
}

void hrtimers_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct hrtimer_cpu_base *base = &per_cpu(hrtimer_bases, cpu);

		raw_spin_lock_init(&base->lock);
		expiry_init(&base->gate);
		base->cpu = cpu;
		base->programmed = KTIME_MAX;
	}
	hrtimer_run_init();
}
