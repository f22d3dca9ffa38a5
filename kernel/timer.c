/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coarse timers: arming and deleting. One wheel a CPU (timer_wheel.h) and its lock
 * (timer_base.h); timer_run.c runs what is due.
 *
 *	softirq on CPU 0		CPU 1
 *	running = t, unlocks
 *	t->function(t)			timer_delete_sync(t):
 *	  .				  not queued, but running:
 *	  .				  tries again
 *	locks, running = NULL
 *					  returns
 *
 * A timer knows its base by the CPU number in its flags. mod_timer() brings it to
 * the CPU that calls, unless its function runs, so that the function never runs on
 * two CPUs at once. While it is between two bases its flags say TIMER_MIGRATING,
 * and whoever wants to lock its base waits.
 *
 * Ordering: the base's lock does it all, but for the flags, which are read before
 * it is known which lock to take, and looked at again under it.
 *
 * Linux: kernel/time/timer.c
 * Differs: one base a CPU (no deferrable timers); idle CPUs keep their timers.
 */
#include "timer_base.h"
#include <kernel/bug.h>
#include <kernel/ipi.h>
#include <kernel/timer.h>
#include <asm/cpu.h>

/* Base locked. Tell its CPU, if that sleeps for longer. */
static void enqueue(struct timer_base *base, struct timer_list *timer)
{
	unsigned long due;

	wheel_forward(&base->wheel, jiffies);
	due = wheel_add(&base->wheel, timer);
	if (!time_before(due, base->wheel.next_expiry))
		return;
	WRITE_ONCE(base->wheel.next_expiry, due);
	/* Its idle loop looks again after any interrupt. */
	if (base->is_idle && base->cpu != smp_processor_id())
		smp_send_reschedule(base->cpu);
}

/* Interrupts off, unless *@flags is to be restored by the caller. */
static struct timer_base *lock_timer_base(struct timer_list *timer, unsigned long *flags)
{
	for (;;) {
		u32 tf = READ_ONCE(timer->flags);

		if (!(tf & TIMER_MIGRATING)) {
			struct timer_base *base = &per_cpu(timer_bases, tf & TIMER_CPUMASK);

			raw_spin_lock_irqsave(&base->lock, *flags);
			if (timer->flags == tf)
				return base;
			raw_spin_unlock_irqrestore(&base->lock, *flags);
		}
		cpu_relax();
	}
}

/* From @base, locked, to @to; interrupts stay off. Return: where it is now, locked. */
static struct timer_base *migrate(struct timer_list *timer, struct timer_base *base,
				  struct timer_base *to)
{
	if (base == to || base->running == timer)
		return base;
	timer->flags |= TIMER_MIGRATING;
	raw_spin_unlock(&base->lock);
	raw_spin_lock(&to->lock);
	WRITE_ONCE(timer->flags, (timer->flags & ~(TIMER_CPUMASK | TIMER_MIGRATING)) | to->cpu);
	return to;
}

void timer_setup(struct timer_list *timer, void (*function)(struct timer_list *),
		 unsigned int flags)
{
	timer->entry.pprev = NULL;
	timer->entry.next = NULL;
	timer->expires = 0;
	timer->function = function;
	timer->flags = flags | raw_smp_processor_id();
}

static int modify(struct timer_list *timer, unsigned long expires, bool pending_only)
{
	struct timer_base *base;
	unsigned long flags;
	bool was;

	BUG_ON(!timer->function);
	base = lock_timer_base(timer, &flags);
	was = timer_pending(timer);
	if ((was && timer->expires == expires) || (!was && pending_only))
		goto out;

	wheel_del(&base->wheel, timer);
	if (!(timer->flags & TIMER_PINNED))
		base = migrate(timer, base, this_cpu_ptr(&timer_bases));
	timer->expires = expires;
	enqueue(base, timer);
out:
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	return modify(timer, expires, false);
}

int mod_timer_pending(struct timer_list *timer, unsigned long expires)
{
	return modify(timer, expires, true);
}

void add_timer(struct timer_list *timer)
{
	if (WARN_ONCE(timer_pending(timer), "add_timer(): %pS is armed already",
		      (void *)timer->function))
		return;
	modify(timer, timer->expires, false);
}

void add_timer_on(struct timer_list *timer, unsigned int cpu)
{
	struct timer_base *base;
	unsigned long flags;

	if (WARN_ONCE(timer_pending(timer), "add_timer_on(): %pS is armed already",
		      (void *)timer->function))
		return;
	base = lock_timer_base(timer, &flags);
	base = migrate(timer, base, &per_cpu(timer_bases, cpu));
	enqueue(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
}

int timer_delete(struct timer_list *timer)
{
	struct timer_base *base;
	unsigned long flags;
	bool was;

	base = lock_timer_base(timer, &flags);
	was = wheel_del(&base->wheel, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was;
}

int try_to_del_timer_sync(struct timer_list *timer)
{
	struct timer_base *base;
	unsigned long flags;
	int ret = -1;

	base = lock_timer_base(timer, &flags);
	if (base->running != timer)
		ret = wheel_del(&base->wheel, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}

/* Is the function below us on this stack? A preempted one is another task's. */
static bool timer_runs_here(struct timer_list *timer)
{
	bool here;

	preempt_disable();
	here = READ_ONCE(this_cpu_ptr(&timer_bases)->running) == timer;
	preempt_enable();
	return here && in_interrupt();
}

/* The function may be preempted by us, unless it runs with interrupts off: sleep until it is
 * over. */
static void wait_running(struct timer_list *timer)
{
	u32 tf = READ_ONCE(timer->flags);
	struct timer_base *base = &per_cpu(timer_bases, tf & TIMER_CPUMASK);

	if (!IS_ENABLED(CONFIG_PREEMPT_RT) || tf & (TIMER_IRQSAFE | TIMER_MIGRATING)) {
		cpu_relax();
		return;
	}
	expiry_wait(&base->gate);
}

int timer_delete_sync(struct timer_list *timer)
{
	int ret;

	WARN_ONCE(in_hardirq() && !(timer->flags & TIMER_IRQSAFE),
		  "timer_delete_sync(%pS) from an interrupt: may wait for what it interrupted",
		  (void *)timer->function);
	while ((ret = try_to_del_timer_sync(timer)) < 0) {
		if (WARN_ONCE(timer_runs_here(timer),
			      "timer_delete_sync() of %pS from within it would wait for itself",
			      (void *)timer->function) || timer_runs_here(timer))
			return timer_delete(timer);
		wait_running(timer);
	}
	return ret;
}
