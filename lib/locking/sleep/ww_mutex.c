/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wound/wait mutexes: contexts, who gives way to whom, what callers do wrong. The contract
 * is <locking/ww_mutex.h>; how it waits, and where it looks, is the mutex's form's:
 * ww_mutex_queue.c, and with CONFIG_PREEMPT_RT lib/locking/rt/ww_mutex_rt.c.
 *
 *	O, older, stamp 1		Y, younger, stamp 2		wound-wait
 *	lock(A)				lock(B)
 *	lock(B): Y has it
 *	  queue; B.ctx is Y: wounded
 *	  wakes Y			lock(A): O has it
 *	  sleeps			  about to sleep, wounded: -EDEADLK
 *					unlock(B): hands on
 *	has A and B			lock_slow(A)
 *
 * Ordering, ww/A, between an owner that came by the fast path and a new waiter:
 *	owner: ctx = ours, smp_mb(), waiters?	waiter: says it waits, smp_mb(), ctx?
 * One of them sees the other; both may, which does no harm. ww/B: a context is
 * published with its stamp, because the fast path has no lock in common with a reader.
 *
 * A context that is looked at cannot be gone: its owner clears lock->ctx, frees the
 * owner word, and then, since somebody waits, waits for the wait_lock that we hold. If we
 * were the last waiter, and left, it does not: ww/C, who leaves releases with the word
 * that says so. What the owner writes after its unlock is behind that by the branch on
 * the word; nothing more is needed, since ages and wounds are marked accesses.
 *
 * Linux:   kernel/locking/ww_mutex.h
 * Differs: who holds another one sleeps at once; Linux spins when the owner has no context.
 *	    With CONFIG_PREEMPT_RT the more urgent context is the older one, as there, but
 *	    by the urgency that its task has of its own when it begins: so the order of two
 *	    does not turn round while each waits for the other.
 */
#include <base/errno.h>
#include <locking/held.h>
#include <locking/lockevent.h>
#include <locking/ww_rules.h>

/* ---- misuse ---------------------------------------------------------------------------- */

#ifdef CONFIG_DEBUG_LOCKS
#define WW_REPORT(cond, class, what)					\
	do {								\
		if (unlikely(cond))					\
			port_report("ww_mutex of class %s: %s by %s",	\
				    (class) ? (class)->name : "?", what, \
				    port_task_name(current));		\
	} while (0)

static void check_lock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx, bool slow)
{
	struct ww_class *class = lock->class;

	WW_REPORT(!ctx->task, class, "lock with a context that is not initialised");
	WW_REPORT(ctx->task && ctx->task != current, class, "lock with another task's context");
	WW_REPORT(ctx->class && ctx->class != class, class, "lock with a context of another class");
	WW_REPORT(ctx->done, class, "lock after ww_acquire_done()");
	WW_REPORT(slow && ctx->acquired, class, "slow lock without unlocking the others first");
	WW_REPORT(slow && !ctx->contending, class, "slow lock without -EDEADLK before");
	WW_REPORT(ctx->contending && ctx->contending != lock, class,
		  "lock of another mutex than the one that was refused");
}

static void check_refused(struct ww_mutex *lock, struct ww_acquire_ctx *ctx, int ret)
{
	if (ret == -EDEADLK)
		ctx->contending = lock;
}

static void check_acquired(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	WW_REPORT(READ_ONCE(lock->ctx), lock->class,
		  "acquired with a context in it: unlocked by mutex_unlock()");
	/* An interrupted slow lock may be tried again: it was refused until now. */
	ctx->contending = NULL;
}
#else
#define WW_REPORT(cond, class, what)	do { } while (0)
static void check_lock(struct ww_mutex *lock __maybe_unused,
		       struct ww_acquire_ctx *ctx __maybe_unused, bool slow __maybe_unused) { }
static void check_refused(struct ww_mutex *lock __maybe_unused,
			  struct ww_acquire_ctx *ctx __maybe_unused, int ret __maybe_unused) { }
static void check_acquired(struct ww_mutex *lock __maybe_unused,
			   struct ww_acquire_ctx *ctx __maybe_unused) { }
#endif

/* ---- who must give way. All with wait_lock held ------------------------------------------- */

bool ww_make_die(struct task_struct *task, struct ww_acquire_ctx *its,
		 struct ww_acquire_ctx *ctx, struct wake_q_head *wake_q)
{
	if (!ctx->is_wait_die)
		return false;
	if (its->acquired > 0 && ww_younger(its, ctx)) {
		lockevent_inc(ww_die);
		wake_q_add(wake_q, task);
	}
	return true;
}

bool ww_wound(struct mutex *lock, struct ww_acquire_ctx *ctx, struct ww_acquire_ctx *held,
	      struct wake_q_head *wake_q)
{
	struct task_struct *owner = mutex_get_owner(lock);

	if (!held || !owner || ctx->acquired == 0 || !ww_younger(held, ctx))
		return false;
	lockevent_inc(ww_wound);
	WRITE_ONCE(held->wounded, 1);
	/* It may be asleep already, for another one. */
	if (owner != current)
		wake_q_add(wake_q, owner);
	return true;
}

void ww_set_ctx(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	check_acquired(ww_of(lock), ctx);
	ctx->acquired++;
	/* ww/B: pairs with ww_held_ctx() */
	smp_store_release(&ww_of(lock)->ctx, ctx);
}

void ww_acquired_fast(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	ww_set_ctx(lock, ctx);
	/* ww/A: pairs with ww_add_waiter(), ww_rt_check_kill() */
	smp_mb();
	if (unlikely(ww_has_waiters(lock)))
		ww_look_at_waiters(lock, ctx);
}

/* ---- the API -------------------------------------------------------------------------------- */

static int lock_with(struct ww_mutex *lock, struct ww_acquire_ctx *ctx, unsigned int state,
		     bool slow, unsigned long ip)
{
	int ret = 0;

	if (ctx) {
		check_lock(lock, ctx, slow);
		if (READ_ONCE(lock->ctx) == ctx)
			return -EALREADY;
		/* Who holds nothing is in nobody's way. */
		if (ctx->acquired == 0)
			WRITE_ONCE(ctx->wounded, 0);
	}
	debug_mutex_lock(&lock->base);
	__mutex_might_sleep(&lock->base);
	mutex_acquire(&lock->base, 0, 0, ip);
	if (unlikely(!__mutex_trylock_fast(&lock->base)))
		ret = ctx ? ww_lock_slowpath(&lock->base, ctx, state) :
			    __mutex_lock_slowpath(&lock->base, state, false);
	else if (ctx)
		ww_acquired_fast(&lock->base, ctx);
	if (ret) {
		mutex_release(&lock->base, ip);
		if (ctx)
			check_refused(lock, ctx, ret);
		return ret;
	}
	debug_mutex_locked(&lock->base, ip);
	return 0;
}

int ww_mutex_lock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	return lock_with(lock, ctx, TASK_UNINTERRUPTIBLE, false, _RET_IP_);
}

int ww_mutex_lock_interruptible(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	return lock_with(lock, ctx, TASK_INTERRUPTIBLE, false, _RET_IP_);
}

void ww_mutex_lock_slow(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	lock_with(lock, ctx, TASK_UNINTERRUPTIBLE, true, _RET_IP_);
}

int ww_mutex_lock_slow_interruptible(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	return lock_with(lock, ctx, TASK_INTERRUPTIBLE, true, _RET_IP_);
}

int ww_mutex_trylock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	if (ctx)
		check_lock(lock, ctx, false);
	if (!mutex_trylock(&lock->base))
		return 0;
	if (ctx) {
		if (ctx->acquired == 0)
			WRITE_ONCE(ctx->wounded, 0);
		ww_acquired_fast(&lock->base, ctx);
	}
	return 1;
}

void ww_mutex_unlock(struct ww_mutex *lock)
{
	struct ww_acquire_ctx *ctx = READ_ONCE(lock->ctx);

	if (ctx) {
		WW_REPORT(!ctx->acquired, lock->class, "unlock with a context that holds nothing");
		ctx->acquired--;
		WRITE_ONCE(lock->ctx, NULL);
	}
	/* ww/C: pairs with mutex_remove_waiter(), fixup_rt_mutex_waiters() */
	mutex_unlock(&lock->base);
}

void ww_mutex_init(struct ww_mutex *lock, struct ww_class *class)
{
	__mutex_init(&lock->base, class->name);
	lock->ctx = NULL;
#ifdef CONFIG_DEBUG_LOCKS
	lock->class = class;
#endif
}

void ww_mutex_destroy(struct ww_mutex *lock)
{
	mutex_destroy(&lock->base);
}

void ww_acquire_init(struct ww_acquire_ctx *ctx, struct ww_class *class)
{
	/* Others may change it, under locks that we do not hold: one value, old or new. */
	int prio = READ_ONCE(current->normal_prio);

	ctx->task = current;
	WRITE_ONCE(ctx->prio, rt_prio(prio) ? prio : DEFAULT_PRIO);
	WRITE_ONCE(ctx->stamp, (unsigned long)atomic_long_inc_return_relaxed(&class->stamp));
	ctx->acquired = 0;
	WRITE_ONCE(ctx->wounded, 0);
	ctx->is_wait_die = class->is_wait_die;
#ifdef CONFIG_DEBUG_LOCKS
	ctx->done = false;
	ctx->class = class;
	ctx->contending = NULL;
	held_ww_add(ctx, class, class->name);
#endif
}

void ww_acquire_done(struct ww_acquire_ctx *ctx __maybe_unused)
{
	WW_REPORT(ctx->done, ctx->class, "second ww_acquire_done()");
#ifdef CONFIG_DEBUG_LOCKS
	ctx->done = true;
#endif
}

void ww_acquire_fini(struct ww_acquire_ctx *ctx)
{
	WW_REPORT(!ctx->task, ctx->class, "ww_acquire_fini() of a context that is not initialised");
	WW_REPORT(ctx->acquired, ctx->class, "ww_acquire_fini() before all is unlocked");
	ctx->task = NULL;
#ifdef CONFIG_DEBUG_LOCKS
	held_ww_remove(ctx);
#endif
}
