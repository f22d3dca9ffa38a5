/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timer wheel: coarse timers, cheap to arm and to delete.
 *
 * Each CPU has one. Nine levels of 64 buckets; a bucket of level n is 8^n
 * jiffies wide. A timer goes into the level its distance calls for, into the
 * first bucket that begins after it expires, and stays there: never early, late
 * by at most the width of the bucket, an eighth of the distance.
 *
 *	level	width		distance		at 250 Hz
 *	0	1 jiffy		1 .. 62			.. 252 ms
 *	1	8		63 .. 503		.. 2 s
 *	2	64		504 .. 4031		.. 16 s
 *	...
 *	8	16777216	.. 1056964607		.. 49 days; beyond: at the end
 *
 *	lock		protects all of struct timer_base
 *	clk		next jiffy to look at
 *	next_expiry	no bucket falls due before it
 *	running		timer whose function runs now
 *	is_idle		the CPU's tick is stopped: it must be told of an earlier timer
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
#include <base/bitmap.h>
#include <kernel/timer_list.h>
#include <locking/spinlock.h>
#include <asm/cpu.h>

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

struct timer_base {
	raw_spinlock_t lock;
	unsigned int cpu;
	bool is_idle;
	struct timer_list *running;
	unsigned long clk;
	unsigned long next_expiry;
	DECLARE_BITMAP(pending, WHEEL_SIZE);
	struct hlist_head buckets[WHEEL_SIZE];
};

static DEFINE_PER_CPU_ALIGNED(struct timer_base, timer_bases);

/* ---- the wheel -------------------------------------------------------------------- */

/* The bucket for @expires; in *@due the jiffy at which it is run. */
static unsigned int find_bucket(struct timer_base *base, unsigned long expires,
				unsigned long *due)
{
	unsigned long delta = expires - base->clk, slot;
	unsigned int level = 0;

	if (time_before(expires, base->clk)) {
		*due = base->clk;
		return base->clk & LVL_MASK;
	}
	if (delta >= WHEEL_CUTOFF)
		expires = base->clk + WHEEL_MAX;
	while (level < LVL_DEPTH - 1 && delta >= LVL_START(level + 1))
		level++;

	/* The next bucket, not the one @expires falls into: that has begun by then. */
	slot = (expires >> LVL_SHIFT(level)) + 1;
	*due = slot << LVL_SHIFT(level);
	return level * LVL_SIZE + (slot & LVL_MASK);
}

static void enqueue(struct timer_base *base, struct timer_list *timer)
{
	unsigned long due;
	unsigned int idx = find_bucket(base, timer->expires, &due);

	hlist_add_head(&timer->entry, &base->buckets[idx]);
	__set_bit(idx, base->pending);
	timer->flags = (timer->flags & ((1U << TIMER_ARRAYSHIFT) - 1)) | idx << TIMER_ARRAYSHIFT;

	if (time_before(due, base->next_expiry)) {
		WRITE_ONCE(base->next_expiry, due);
		/* Its idle loop looks again after any interrupt. */
		if (base->is_idle && base->cpu != smp_processor_id())
			smp_send_reschedule(base->cpu);
	}
}

static bool detach(struct timer_base *base, struct timer_list *timer)
{
	unsigned int idx = timer->flags >> TIMER_ARRAYSHIFT;

	if (!timer_pending(timer))
		return false;
	hlist_del_init(&timer->entry);
	if (hlist_empty(&base->buckets[idx]))
		__clear_bit(idx, base->pending);
	return true;
}

/* When the next non-empty bucket falls due; far away if all are empty. */
static unsigned long find_next_expiry(struct timer_base *base)
{
	unsigned long next = base->clk + MAX_JIFFY_OFFSET;
	unsigned int level;

	for (level = 0; level < LVL_DEPTH; level++) {
		unsigned long width = 1UL << LVL_SHIFT(level);
		unsigned long clk = (base->clk + width - 1) >> LVL_SHIFT(level);
		unsigned int start = level * LVL_SIZE, from = clk & LVL_MASK;
		unsigned int bit = find_next_bit(base->pending, start + LVL_SIZE, start + from);

		if (bit >= start + LVL_SIZE)
			bit = find_next_bit(base->pending, start + from, start);
		if (!__test_bit(bit, base->pending) || bit >= start + LVL_SIZE)
			continue;
		clk += (bit - start - from) & LVL_MASK;
		if (time_before(clk << LVL_SHIFT(level), next))
			next = clk << LVL_SHIFT(level);
	}
	return next;
}

/* Nothing is due before next_expiry: let clk not fall behind, so that distances are true. */
static void forward_clk(struct timer_base *base)
{
	unsigned long now = jiffies;

	if (time_after(base->next_expiry, now))
		base->clk = time_after(now, base->clk) ? now : base->clk;
	else if (time_after(base->next_expiry, base->clk))
		base->clk = base->next_expiry;
}

/* ---- arming and deleting ------------------------------------------------------------- */

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

	detach(base, timer);
	if (!(timer->flags & TIMER_PINNED))
		base = migrate(timer, base, this_cpu_ptr(&timer_bases));
	forward_clk(base);
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
	forward_clk(base);
	enqueue(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
}

int timer_delete(struct timer_list *timer)
{
	struct timer_base *base;
	unsigned long flags;
	bool was;

	base = lock_timer_base(timer, &flags);
	was = detach(base, timer);
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
		ret = detach(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}

/* Is the function below us on this stack? No task runs here while it does. */
static bool timer_runs_here(struct timer_list *timer)
{
	bool here;

	preempt_disable();
	here = READ_ONCE(this_cpu_ptr(&timer_bases)->running) == timer;
	preempt_enable();
	return here;
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
		cpu_relax();
	}
	return ret;
}

/* ---- expiry --------------------------------------------------------------------------- */

static void call_function(struct timer_list *timer, void (*fn)(struct timer_list *))
{
	u32 before = preempt_count(), after;

	fn(timer);
	after = preempt_count();
	if (unlikely(before != after)) {
		WARN(1, "timer: %pS entered with preempt_count %#x, left with %#x", (void *)fn,
		     before, after);
		preempt_count_set(before);
	}
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
	}
}

/* Run the buckets that fall due at clk: one of level 0, and of each level that turns with it. */
static void expire_clk(struct timer_base *base)
{
	struct hlist_head due[LVL_DEPTH];
	unsigned long clk = base->clk;
	unsigned int level, n = 0;

	for (level = 0; level < LVL_DEPTH; level++) {
		unsigned int idx = level * LVL_SIZE + (clk & LVL_MASK);

		if (__test_bit(idx, base->pending)) {
			__clear_bit(idx, base->pending);
			hlist_move_list(&base->buckets[idx], &due[n++]);
		}
		if (clk & ((1U << LVL_CLK_SHIFT) - 1))
			break;
		clk >>= LVL_CLK_SHIFT;
	}
	base->clk++;
	WRITE_ONCE(base->next_expiry, find_next_expiry(base));
	/* The far ones first: they have waited longest. */
	while (n)
		expire_list(base, &due[--n]);
}

static void run_timers(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);

	raw_spin_lock_irq(&base->lock);
	while (time_after_eq(jiffies, base->next_expiry)) {
		forward_clk(base);
		expire_clk(base);
	}
	raw_spin_unlock_irq(&base->lock);
}

void run_local_timers(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);

	if (time_after_eq(jiffies, READ_ONCE(base->next_expiry)))
		raise_softirq_irqoff(TIMER_SOFTIRQ);
}

/* ---- idle ------------------------------------------------------------------------------ */

ktime_t timer_base_enter_idle(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);
	unsigned long next;

	raw_spin_lock(&base->lock);
	base->is_idle = true;
	next = find_next_expiry(base);
	WRITE_ONCE(base->next_expiry, next);
	if (bitmap_empty(base->pending, WHEEL_SIZE))
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
		hlist_for_each_entry(timer, &base->buckets[i], entry) {
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
		base->cpu = cpu;
		base->clk = jiffies;
		base->next_expiry = base->clk + MAX_JIFFY_OFFSET;
	}
	open_softirq(TIMER_SOFTIRQ, run_timers);
	hrtimers_init();
}
