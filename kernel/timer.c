/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coarse timers: one wheel a CPU (timer_wheel.h), its lock, and who runs now.
 *
 *	lock		protects all of struct timer_base
 *	wheel		the timers that are armed
 *	running		timer whose function runs now
 *	is_idle		the CPU's tick is stopped: it must be told of an earlier timer
 *	expiry_lock	CONFIG_PREEMPT_RT: held while functions run, unless TIMER_IRQSAFE; who
 *			waits for one to end waits for it, and lends it his priority
 *	waiters		of those: to be let in between two functions
 *
 *	tick on CPU 0			softirq on CPU 0		CPU 1
 *	jiffies >= next_expiry:
 *	raise TIMER_SOFTIRQ
 *					takes the due buckets' lists
 *					running = t, unlocks
 *					t->function(t)			timer_delete_sync(t):
 *					  .				  not queued, but running:
 *					  .				  tries again
 *					locks, running = NULL
 *									  returns
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
#include <kernel/bug.h>
#include <kernel/hrtimer.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/softirq.h>
#include <kernel/tick.h>
#include <kernel/timer.h>
#include <kernel/timer_list.h>
#include <locking/spinlock.h>
#include <asm/cpu.h>
#include "timer_wheel.h"

struct timer_base {
	raw_spinlock_t lock;
	unsigned int cpu;
	bool is_idle;
	struct timer_list *running;
	spinlock_t expiry_lock;
	atomic_t waiters;
	struct timer_wheel wheel;
};

static DEFINE_PER_CPU_ALIGNED(struct timer_base, timer_bases);

/* ---- arming and deleting ------------------------------------------------------------- */

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
	atomic_inc(&base->waiters);
	spin_lock_bh(&base->expiry_lock);
	atomic_dec(&base->waiters);
	spin_unlock_bh(&base->expiry_lock);
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
	if (!IS_ENABLED(CONFIG_PREEMPT_RT) || !atomic_read(&base->waiters))
		return;
	raw_spin_unlock_irq(&base->lock);
	spin_unlock(&base->expiry_lock);
	spin_lock(&base->expiry_lock);
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

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		spin_lock(&base->expiry_lock);
	raw_spin_lock_irq(&base->lock);
	while (time_after_eq(jiffies, base->wheel.next_expiry)) {
		wheel_forward(&base->wheel, jiffies);
		expire_clk(base);
	}
	raw_spin_unlock_irq(&base->lock);
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		spin_unlock(&base->expiry_lock);
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
		spin_lock_init(&base->expiry_lock);
		base->cpu = cpu;
		wheel_init(&base->wheel, jiffies);
	}
	open_softirq(TIMER_SOFTIRQ, run_timers);
	hrtimers_init();
}
