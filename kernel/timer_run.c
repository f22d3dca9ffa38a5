/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coarse timers that are due: their functions run. And what idle wants to know.
 *
 *	tick on CPU 0			softirq on CPU 0
 *	jiffies >= next_expiry:
 *	raise TIMER_SOFTIRQ
 *					takes the due buckets' lists
 *					running = t, unlocks
 *					t->function(t)
 *					locks, running = NULL
 *					  ... the next one
 *
 *	idle loop on CPU 0		timer.c on CPU 1
 *	is_idle, next_expiry		arms for CPU 0, before next_expiry:
 *					  sends it an IPI
 *
 * Linux: run_timer_softirq(), get_next_timer_interrupt(), kernel/time/timer.c
 */
#include "timer_base.h"
#include <kernel/bug.h>
#include <kernel/hrtimer.h>
#include <kernel/init.h>
#include <kernel/tick.h>
#include <kernel/timer_list.h>

DEFINE_PER_CPU_ALIGNED(struct timer_base, timer_bases);

/* ---- expiry --------------------------------------------------------------------------- */

static void call_function(struct timer_list *timer, void (*fn)(struct timer_list *))
{
	u32 before = context_count(), after;

	fn(timer);
	after = context_count();
	if (unlikely(before != after)) {
		WARN(1, "timer: %pS entered with preempt_count %#x, left with %#x", (void *)fn,
		     before, after);
		context_count_set(before);
	}
}

/* Let those in who wait for the function that has just ended. */
static void admit_waiters(struct timer_base *base)
{
	if (!expiry_has_waiters(&base->gate))
		return;
	raw_spin_unlock_irq(&base->lock);
	expiry_admit(&base->gate);
	raw_spin_lock_irq(&base->lock);
}

static void expire_list(struct timer_base *base, struct hlist_head *list)
{
	while (!hlist_empty(list)) {
		struct timer_list *timer = hlist_entry(list->first, struct timer_list, entry);
		void (*fn)(struct timer_list *) = timer->function;

		WRITE_ONCE(base->running, timer);
		hlist_del_init(&timer->entry);
		if (timer->flags & TIMER_IRQSAFE) {
			raw_spin_unlock(&base->lock);
			call_function(timer, fn);
			raw_spin_lock(&base->lock);
		} else {
			raw_spin_unlock_irq(&base->lock);
			call_function(timer, fn);
			raw_spin_lock_irq(&base->lock);
		}
		WRITE_ONCE(base->running, NULL);
		admit_waiters(base);
	}
}

/* Run what falls due at the wheel's clk. */
static void expire_clk(struct timer_base *base)
{
	struct hlist_head due[LVL_DEPTH];
	unsigned int n = wheel_collect(&base->wheel, due);

	WRITE_ONCE(base->wheel.next_expiry, wheel_next_expiry(&base->wheel));
	/* The far ones first: they have waited longest. */
	while (n)
		expire_list(base, &due[--n]);
}

static void run_timers(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);

	expiry_begin(&base->gate);
	raw_spin_lock_irq(&base->lock);
	while (time_after_eq(jiffies, base->wheel.next_expiry)) {
		wheel_forward(&base->wheel, jiffies);
		expire_clk(base);
	}
	raw_spin_unlock_irq(&base->lock);
	expiry_end(&base->gate);
}

void run_local_timers(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);

	if (time_after_eq(jiffies, READ_ONCE(base->wheel.next_expiry)))
		raise_timer_softirq(TIMER_SOFTIRQ);
}

/* ---- idle ------------------------------------------------------------------------------ */

ktime_t timer_base_enter_idle(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);
	unsigned long next;

	raw_spin_lock(&base->lock);
	base->is_idle = true;
	next = wheel_next_expiry(&base->wheel);
	WRITE_ONCE(base->wheel.next_expiry, next);
	if (wheel_empty(&base->wheel))
		next = 0;
	raw_spin_unlock(&base->lock);
	return next ? (ktime_t)(next * TICK_NSEC) : KTIME_MAX;
}

void timer_base_exit_idle(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);

	raw_spin_lock(&base->lock);
	base->is_idle = false;
	raw_spin_unlock(&base->lock);
}

unsigned int timer_wheel_list(unsigned int cpu, struct timer_info *out, unsigned int max)
{
	struct timer_base *base = &per_cpu(timer_bases, cpu);
	struct timer_list *timer;
	unsigned int n = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&base->lock, flags);
	for (unsigned int i = 0; i < WHEEL_SIZE; i++) {
		hlist_for_each_entry(timer, &base->wheel.buckets[i], entry) {
			if (n++ < max)
				*out++ = (struct timer_info){ timer->expires * TICK_NSEC,
							      timer->function };
		}
	}
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return n;
}

void timers_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct timer_base *base = &per_cpu(timer_bases, cpu);

		raw_spin_lock_init(&base->lock);
		expiry_init(&base->gate);
		base->cpu = cpu;
		wheel_init(&base->wheel, jiffies);
	}
	open_softirq(TIMER_SOFTIRQ, run_timers);
	hrtimers_init();
}
