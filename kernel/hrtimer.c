/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * High-resolution timers: per CPU two trees sorted by expiry, one hardware timer.
 *
 *	lock		protects all of struct hrtimer_cpu_base
 *	tree		HARD: run in the timer interrupt; SOFT: in HRTIMER_SOFTIRQ
 *	running		timer whose function runs now, one for each tree
 *	programmed	what the hardware timer was last set for; KTIME_MAX: stopped
 *	in_irq		the interrupt is at work and will program the hardware at its end
 *	soft_raised	the softirq will look at SOFT: its first does not count for the hardware
 *	expiry_lock	CONFIG_PREEMPT_RT: held while functions of SOFT run; who waits for
 *			one to end waits for it, and lends it his priority
 *	waiters		of those: to be let in between two functions
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
 * timer->base tells which lock is a timer's; NULL while it goes from one to
 * another. A timer whose function runs stays where it is, even if it is started
 * on another CPU: so its function never runs on two at once, and the base that
 * runs it programs its own hardware afterwards.
 *
 * Ordering: the base's lock does it all; timer->base is read before that lock is
 * taken, and looked at again under it.
 * Limits: functions that take longer than their period get the time that is left
 * to the rest of the CPU after HANG_ROUNDS rounds: see hang_delay().
 *
 * Linux: kernel/time/hrtimer.c
 * Differs: one clock; no remote programming; cancelling does not reprogram the
 *          hardware (an interrupt that finds nothing due costs less).
 */
#include <kernel/bug.h>
#include <kernel/hrtimer.h>
#include <kernel/init.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/softirq.h>
#include <kernel/tick.h>
#include <kernel/timer_list.h>
#include <locking/spinlock.h>
#include <asm/cpu.h>

#define HANG_ROUNDS	3
#define HANG_MAX_NS	(100 * NSEC_PER_MSEC)

enum { HARD, SOFT, NR_TREES };

struct hrtimer_cpu_base {
	raw_spinlock_t lock;
	unsigned int cpu;
	bool in_irq;
	bool soft_raised;
	ktime_t programmed;
	struct rb_root_cached tree[NR_TREES];
	struct hrtimer *running[NR_TREES];
	spinlock_t expiry_lock;
	atomic_t waiters;
};

static DEFINE_PER_CPU_ALIGNED(struct hrtimer_cpu_base, hrtimer_bases);

/* ---- trees and hardware --------------------------------------------------------------- */

static bool earlier(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct hrtimer, node)->expires <
	       rb_entry(b, const struct hrtimer, node)->expires;
}

static struct hrtimer *first_timer(struct hrtimer_cpu_base *base, int tree)
{
	return rb_entry_safe(rb_first_cached(&base->tree[tree]), struct hrtimer, node);
}

static ktime_t next_event(struct hrtimer_cpu_base *base)
{
	struct hrtimer *hard = first_timer(base, HARD), *soft = first_timer(base, SOFT);
	ktime_t next = hard ? hard->expires : KTIME_MAX;

	if (soft && !base->soft_raised)
		next = min(next, soft->expires);
	return next;
}

/* This CPU's base, locked. Not before @delay from now. */
static void program(struct hrtimer_cpu_base *base, ktime_t delay)
{
	ktime_t next = next_event(base), now;

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

static void enqueue(struct hrtimer_cpu_base *base, struct hrtimer *timer)
{
	rb_add_cached(&timer->node, &base->tree[timer->is_soft], earlier);
	timer->queued = true;
}

static bool dequeue(struct hrtimer_cpu_base *base, struct hrtimer *timer)
{
	if (!timer->queued)
		return false;
	rb_erase_cached(&timer->node, &base->tree[timer->is_soft]);
	timer->queued = false;
	return true;
}

/* ---- starting and cancelling ------------------------------------------------------------ */

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
	dequeue(base, timer);
	base = bring_here(timer, base);
	if (mode & HRTIMER_MODE_REL) {
		ktime_t now = ktime_get();

		tim = tim < KTIME_MAX - now ? now + tim : KTIME_MAX;
	}
	timer->expires = tim;
	enqueue(base, timer);
	if (base == this_cpu_ptr(&hrtimer_bases))
		program(base, 0);
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
		ret = dequeue(base, timer);
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
	atomic_inc(&base->waiters);
	spin_lock_bh(&base->expiry_lock);
	atomic_dec(&base->waiters);
	spin_unlock_bh(&base->expiry_lock);
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

ktime_t hrtimer_next_event(void)
{
	struct hrtimer_cpu_base *base = this_cpu_ptr(&hrtimer_bases);
	ktime_t next;

	raw_spin_lock(&base->lock);
	next = next_event(base);
	raw_spin_unlock(&base->lock);
	return next;
}

/* ---- expiry ------------------------------------------------------------------------------- */

static void call_function(struct hrtimer_cpu_base *base, struct hrtimer *timer, int tree,
			  unsigned long *flags)
{
	enum hrtimer_restart (*fn)(struct hrtimer *) = timer->function;
	enum hrtimer_restart restart;

	WRITE_ONCE(base->running[tree], timer);
	dequeue(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, *flags);

	restart = fn(timer);

	raw_spin_lock_irqsave(&base->lock, *flags);
	/* It may have been started meanwhile, or be gone if its function freed it. */
	if (restart == HRTIMER_RESTART && !timer->queued)
		enqueue(base, timer);
	WRITE_ONCE(base->running[tree], NULL);
}

/* Let those in who wait for the function that has just ended. */
static void admit_waiters(struct hrtimer_cpu_base *base, unsigned long *flags)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT) || !atomic_read(&base->waiters))
		return;
	raw_spin_unlock_irqrestore(&base->lock, *flags);
	spin_unlock(&base->expiry_lock);
	spin_lock(&base->expiry_lock);
	raw_spin_lock_irqsave(&base->lock, *flags);
}

static void run_due(struct hrtimer_cpu_base *base, int tree, ktime_t now, unsigned long *flags)
{
	struct hrtimer *timer;

	while ((timer = first_timer(base, tree)) && timer->expires <= now) {
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
		soft = first_timer(base, SOFT);
		if (soft && soft->expires <= now && !base->soft_raised) {
			base->soft_raised = true;
			raise_timer_softirq(HRTIMER_SOFTIRQ);
		}
		run_due(base, HARD, now, &flags);
		now = ktime_get();
		if (next_event(base) > now)
			break;
		if (!--rounds) {
			delay = hang_delay(start);
			break;
		}
	}
	base->in_irq = false;
	program(base, delay);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return IRQ_HANDLED;
}

static void run_soft_timers(void)
{
	struct hrtimer_cpu_base *base = this_cpu_ptr(&hrtimer_bases);
	unsigned long flags;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		spin_lock(&base->expiry_lock);
	raw_spin_lock_irqsave(&base->lock, flags);
	run_due(base, SOFT, ktime_get(), &flags);
	base->soft_raised = false;
	program(base, 0);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		spin_unlock(&base->expiry_lock);
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
	int err;

	for_each_possible_cpu(cpu) {
		struct hrtimer_cpu_base *base = &per_cpu(hrtimer_bases, cpu);

		raw_spin_lock_init(&base->lock);
		spin_lock_init(&base->expiry_lock);
		base->cpu = cpu;
		base->programmed = KTIME_MAX;
	}
	open_softirq(HRTIMER_SOFTIRQ, run_soft_timers);
	err = request_irq(IRQ_TIMER, timer_interrupt, IRQF_TIMER | IRQF_PERCPU, "timer", NULL);
	BUG_ON(err);
}
