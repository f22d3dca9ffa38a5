/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * High-resolution timers that are due: their functions run.
 *
 *	timer interrupt			HRTIMER_SOFTIRQ			another CPU
 *	due in HARD: running = t,
 *	  unlocks, t->function(t)					hrtimer_cancel(t):
 *	  locks; RESTART: queues again					  not queued, but
 *	due in SOFT: raises						  running: again
 *	programs what is next
 *					the same for SOFT
 *					programs what is next
 *
 * Limits: functions that take longer than their period get the time that is left
 * to the rest of the CPU after HANG_ROUNDS rounds: see hang_delay().
 *
 * Linux: hrtimer_interrupt(), hrtimer_run_softirq(), kernel/time/hrtimer.c
 */
#include "hrtimer_base.h"
#include <kernel/bug.h>
#include <kernel/irq.h>

#define HANG_ROUNDS	3
#define HANG_MAX_NS	(100 * NSEC_PER_MSEC)

static void call_function(struct hrtimer_cpu_base *base, struct hrtimer *timer, int tree,
			  unsigned long *flags)
{
	enum hrtimer_restart (*fn)(struct hrtimer *) = timer->function;
	enum hrtimer_restart restart;

	WRITE_ONCE(base->running[tree], timer);
	hrtimer_dequeue(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, *flags);

	restart = fn(timer);

	raw_spin_lock_irqsave(&base->lock, *flags);
	/* It may have been started meanwhile, or be gone if its function freed it. */
	if (restart == HRTIMER_RESTART && !timer->queued)
		hrtimer_enqueue(base, timer);
	WRITE_ONCE(base->running[tree], NULL);
}

/* Let those in who wait for the function that has just ended. */
static void admit_waiters(struct hrtimer_cpu_base *base, unsigned long *flags)
{
	if (!expiry_has_waiters(&base->gate))
		return;
	raw_spin_unlock_irqrestore(&base->lock, *flags);
	expiry_admit(&base->gate);
	raw_spin_lock_irqsave(&base->lock, *flags);
}

static void run_due(struct hrtimer_cpu_base *base, int tree, ktime_t now, unsigned long *flags)
{
	struct hrtimer *timer;

	while ((timer = hrtimer_first(base, tree)) && timer->expires <= now) {
		call_function(base, timer, tree, flags);
		if (tree == SOFT)
			admit_waiters(base, flags);
	}
}

/* Functions kept us busy since @start and more is due: leave the CPU as long to the rest. */
static ktime_t hang_delay(ktime_t start)
{
	return min(ktime_get() - start, (ktime_t)HANG_MAX_NS);
}

static irqreturn_t timer_interrupt(int irq, void *dev_id)
{
	struct hrtimer_cpu_base *base = this_cpu_ptr(&hrtimer_bases);
	unsigned int rounds = HANG_ROUNDS;
	ktime_t start = ktime_get(), now = start, delay = 0;
	struct hrtimer *soft;
	unsigned long flags;

	raw_spin_lock_irqsave(&base->lock, flags);
	base->in_irq = true;
	base->programmed = -1;		/* it has fired: anything must be set anew */
	for (;;) {
		soft = hrtimer_first(base, SOFT);
		if (soft && soft->expires <= now && !base->soft_raised) {
			base->soft_raised = true;
			raise_timer_softirq(HRTIMER_SOFTIRQ);
		}
		run_due(base, HARD, now, &flags);
		now = ktime_get();
		if (hrtimer_first_event(base) > now)
			break;
		if (!--rounds) {
			delay = hang_delay(start);
			break;
		}
	}
	base->in_irq = false;
	hrtimer_program(base, delay);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return IRQ_HANDLED;
}

static void run_soft_timers(void)
{
	struct hrtimer_cpu_base *base = this_cpu_ptr(&hrtimer_bases);
	unsigned long flags;

	expiry_begin(&base->gate);
	raw_spin_lock_irqsave(&base->lock, flags);
	run_due(base, SOFT, ktime_get(), &flags);
	base->soft_raised = false;
	hrtimer_program(base, 0);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	expiry_end(&base->gate);
}

void hrtimer_run_init(void)
{
	int err;

	open_softirq(HRTIMER_SOFTIRQ, run_soft_timers);
	err = request_irq(IRQ_TIMER, timer_interrupt, IRQF_TIMER | IRQF_PERCPU, "timer", NULL);
	BUG_ON(err);
}
