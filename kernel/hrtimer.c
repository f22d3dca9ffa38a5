/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * High-resolution timers: starting, cancelling, asking. The trees are in hrtimer_base.c,
 * the functions are run by hrtimer_run.c; who writes what is in hrtimer_base.h.
 *
 *	CPU 0: t's function runs		CPU 1
 *						hrtimer_start(t): queued on CPU 0's tree,
 *						  as its function runs there
 *						hrtimer_cancel(t):
 *						  try: dequeued, but running: -1
 *						  waits: spins, or sleeps for CPU 0's gate
 *	ends
 *						  try: 0, or 1 if it was queued anew
 *
 * timer->base tells which lock is a timer's; NULL while it goes from one to
 * another. A timer whose function runs stays where it is, even if it is started
 * on another CPU: so its function never runs on two at once, and the base that
 * runs it programs its own hardware afterwards.
 *
 * Ordering: the base's lock does it all; timer->base is read before that lock is
 * taken, and looked at again under it.
 *
 * Linux: kernel/time/hrtimer.c
 * Differs: one clock; cancelling does not reprogram the hardware (an interrupt that
 *          finds nothing due costs less).
 */
#include "hrtimer_base.h"
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <asm/cpu.h>

static struct hrtimer_cpu_base *lock_base(struct hrtimer *timer, unsigned long *flags)
{
	for (;;) {
		struct hrtimer_cpu_base *base = READ_ONCE(timer->base);

		if (base) {
			raw_spin_lock_irqsave(&base->lock, *flags);
			if (timer->base == base)
				return base;
			raw_spin_unlock_irqrestore(&base->lock, *flags);
		}
		cpu_relax();
	}
}

/* From @base, locked, to this CPU's, unless its function runs there. Interrupts stay off. */
static struct hrtimer_cpu_base *bring_here(struct hrtimer *timer, struct hrtimer_cpu_base *base)
{
	struct hrtimer_cpu_base *here = this_cpu_ptr(&hrtimer_bases);

	if (base == here || base->running[timer->is_soft] == timer)
		return base;
	WRITE_ONCE(timer->base, NULL);
	raw_spin_unlock(&base->lock);
	raw_spin_lock(&here->lock);
	WRITE_ONCE(timer->base, here);
	return here;
}

void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		   int clock_id, enum hrtimer_mode mode)
{
	bool hard = mode & HRTIMER_MODE_HARD;

	WARN_ONCE(clock_id != CLOCK_MONOTONIC, "hrtimer: clock %d, there is only CLOCK_MONOTONIC",
		  clock_id);
	*timer = (struct hrtimer){
		.function = function,
		.base = raw_cpu_ptr(&hrtimer_bases),
		.is_hard = hard,
		.is_soft = mode & HRTIMER_MODE_SOFT || (IS_ENABLED(CONFIG_PREEMPT_RT) && !hard),
	};
}

void hrtimer_start(struct hrtimer *timer, ktime_t tim, enum hrtimer_mode mode)
{
	struct hrtimer_cpu_base *base;
	unsigned long flags;

	BUG_ON(!timer->function);
	WARN_ONCE(timer->is_hard != !!(mode & HRTIMER_MODE_HARD),
		  "hrtimer: %pS set up as %s, started as %s", (void *)timer->function,
		  timer->is_hard ? "HARD" : "not HARD", timer->is_hard ? "not HARD" : "HARD");
	base = lock_base(timer, &flags);
	hrtimer_dequeue(base, timer);
	base = bring_here(timer, base);
	if (mode & HRTIMER_MODE_REL) {
		ktime_t now = ktime_get();

		tim = tim < KTIME_MAX - now ? now + tim : KTIME_MAX;
	}
	timer->expires = tim;
	hrtimer_enqueue(base, timer);
	if (base == this_cpu_ptr(&hrtimer_bases))
		hrtimer_program(base, 0);
	raw_spin_unlock_irqrestore(&base->lock, flags);
}

void hrtimer_restart(struct hrtimer *timer)
{
	hrtimer_start(timer, timer->expires,
		      timer->is_hard ? HRTIMER_MODE_ABS_HARD : HRTIMER_MODE_ABS);
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	struct hrtimer_cpu_base *base;
	unsigned long flags;
	int ret = -1;

	base = lock_base(timer, &flags);
	if (base->running[timer->is_soft] != timer)
		ret = hrtimer_dequeue(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}

/* Is the function below us on this stack? A preempted one is another task's. */
static bool runs_here(struct hrtimer *timer)
{
	bool here;

	preempt_disable();
	here = READ_ONCE(this_cpu_ptr(&hrtimer_bases)->running[timer->is_soft]) == timer;
	preempt_enable();
	return here && in_interrupt();
}

/* The function may be preempted by us: sleep until it is over. */
static void wait_running(struct hrtimer *timer)
{
	struct hrtimer_cpu_base *base = READ_ONCE(timer->base);

	if (!IS_ENABLED(CONFIG_PREEMPT_RT) || !timer->is_soft || !base) {
		cpu_relax();
		return;
	}
	expiry_wait(&base->gate);
}

int hrtimer_cancel(struct hrtimer *timer)
{
	int ret;

	while ((ret = hrtimer_try_to_cancel(timer)) < 0) {
		if (runs_here(timer)) {
			WARN_ONCE(1, "hrtimer_cancel() of %pS from within it would wait for itself",
				  (void *)timer->function);
			return 0;
		}
		wait_running(timer);
	}
	return ret;
}

bool hrtimer_is_queued(struct hrtimer *timer)
{
	return READ_ONCE(timer->queued);
}

bool hrtimer_callback_running(struct hrtimer *timer)
{
	struct hrtimer_cpu_base *base;
	unsigned long flags;
	bool ret;

	base = lock_base(timer, &flags);
	ret = base->running[timer->is_soft] == timer;
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}

bool hrtimer_active(struct hrtimer *timer)
{
	struct hrtimer_cpu_base *base;
	unsigned long flags;
	bool ret;

	base = lock_base(timer, &flags);
	ret = timer->queued || base->running[timer->is_soft] == timer;
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	u64 steps;

	if (WARN_ONCE(timer->queued, "hrtimer_forward() of %pS, which is queued",
		      (void *)timer->function))
		return 0;
	if (now < timer->expires)
		return 0;
	steps = (u64)(now - timer->expires) / (u64)interval + 1;
	timer->expires += (ktime_t)steps * interval;
	return steps;
}

ktime_t hrtimer_get_remaining(struct hrtimer *timer)
{
	return READ_ONCE(timer->expires) - ktime_get();
}
