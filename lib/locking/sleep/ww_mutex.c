/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wound/wait mutexes, the mechanism: steps inside the mutex's slow path. The contract
 * is <locking/ww_mutex.h>, the slow path mutex.c's.
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
 * The queue is ordered by age among those with a context; others stay where they
 * arrived. So a context only ever waits behind older ones, or behind a younger owner
 * that knows (wound-wait), or in front of younger ones that gave up (wait-die).
 *
 * Ordering, ww/A, between an owner that came by the fast path and a new waiter:
 *	owner: ctx = ours, smp_mb(), WAITERS?	waiter: WAITERS set, smp_mb(), ctx?
 * One of them sees the other; both may, which does no harm. ww/B: a context is
 * published with its stamp, because the fast path has no lock in common with a reader.
 *
 * A context that is looked at cannot be gone: its owner clears lock->ctx, frees the
 * owner word, and then, WAITERS being set, waits for the wait_lock that we hold. If we
 * were the last waiter, and left, it does not; then only the branch between our look
 * and our leaving orders the two, so stamps are read and written as marked accesses.
 *
 * Linux:   kernel/locking/ww_mutex.h
 * Differs: who holds another one sleeps at once; Linux spins when the owner has no context.
 */
#include "mutex_internal.h"
#include <base/errno.h>
#include <locking/held.h>
#include <locking/ww_mutex.h>

static struct ww_mutex *ww_of(struct mutex *lock)
{
	return container_of(lock, struct ww_mutex, base);
}

/* The context of the owner, with its stamp. wait_lock held, or it is only looked at. */
static struct ww_acquire_ctx *held_ctx(struct mutex *lock)
{
	/* ww/B: pairs with set_ctx() */
	return smp_load_acquire(&ww_of(lock)->ctx);
}

/* Stamps wrap: only their distance counts. */
static bool younger(const struct ww_acquire_ctx *a, const struct ww_acquire_ctx *b)
{
	return (long)(READ_ONCE(a->stamp) - READ_ONCE(b->stamp)) > 0;
}

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
	ctx->contending = NULL;
}

static void check_refused(struct ww_mutex *lock, struct ww_acquire_ctx *ctx, int ret)
{
	if (ret == -EDEADLK)
		ctx->contending = lock;
}

static void check_acquired(struct ww_mutex *lock)
{
	WW_REPORT(READ_ONCE(lock->ctx), lock->class,
		  "acquired with a context in it: unlocked by mutex_unlock()");
}
#else
#define WW_REPORT(cond, class, what)	do { } while (0)
static void check_lock(struct ww_mutex *lock __maybe_unused,
		       struct ww_acquire_ctx *ctx __maybe_unused, bool slow __maybe_unused) { }
static void check_refused(struct ww_mutex *lock __maybe_unused,
			  struct ww_acquire_ctx *ctx __maybe_unused, int ret __maybe_unused) { }
static void check_acquired(struct ww_mutex *lock __maybe_unused) { }
#endif

/* ---- who must give way. All with wait_lock held ------------------------------------------- */

/* Wait-die: @waiter, younger and holding something, shall wake and give up. */
static bool make_die(struct mutex_waiter *waiter, struct ww_acquire_ctx *ctx,
		     struct wake_q_head *wake_q)
{
	if (!ctx->is_wait_die)
		return false;
	if (waiter->ww_ctx->acquired > 0 && younger(waiter->ww_ctx, ctx)) {
		lockevent_inc(ww_die);
		wake_q_add(wake_q, waiter->task);
	}
	return true;
}

/* Wound-wait: the owner, younger than @ctx, shall give up when it next has to wait. */
static bool wound(struct mutex *lock, struct ww_acquire_ctx *ctx, struct ww_acquire_ctx *held,
		  struct wake_q_head *wake_q)
{
	struct task_struct *owner = __mutex_owner(lock);

	if (!held || !owner || ctx->acquired == 0 || !younger(held, ctx))
		return false;
	lockevent_inc(ww_wound);
	WRITE_ONCE(held->wounded, 1);
	/* It may be asleep already, for another one. */
	if (owner != current)
		wake_q_add(wake_q, owner);
	return true;
}

/* @ctx owns it now: the first of the waiters with a context decides. */
static void check_waiters(struct mutex *lock, struct ww_acquire_ctx *ctx,
			  struct wake_q_head *wake_q)
{
	struct mutex_waiter *cur;

	list_for_each_entry(cur, &lock->wait_list, list) {
		if (!cur->ww_ctx)
			continue;
		if (make_die(cur, ctx, wake_q) || wound(lock, cur->ww_ctx, ctx, wake_q))
			break;
	}
}

static void set_ctx(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	check_acquired(ww_of(lock));
	ctx->acquired++;
	/* ww/B: pairs with held_ctx() */
	smp_store_release(&ww_of(lock)->ctx, ctx);
}

static void ww_acquired(struct mutex *lock, struct ww_acquire_ctx *ctx, bool stolen,
			struct wake_q_head *wake_q)
{
	set_ctx(lock, ctx);
	if (stolen)
		check_waiters(lock, ctx, wake_q);
}

static void ww_acquired_fast(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	DEFINE_WAKE_Q(wake_q);

	set_ctx(lock, ctx);
	/* ww/A: pairs with ww_add_waiter() */
	smp_mb();
	if (likely(!(atomic_long_read(&lock->owner) & MUTEX_FLAG_WAITERS)))
		return;
	raw_spin_lock(&lock->wait_lock);
	check_waiters(lock, ctx, &wake_q);
	raw_spin_unlock(&lock->wait_lock);
	wake_up_q(&wake_q);
}

static int ww_add_waiter(struct mutex *lock, struct mutex_waiter *waiter,
			 struct wake_q_head *wake_q)
{
	struct ww_acquire_ctx *ctx = waiter->ww_ctx;
	struct list_head *pos = &lock->wait_list;
	struct mutex_waiter *cur;

	list_for_each_entry_reverse(cur, &lock->wait_list, list) {
		if (!cur->ww_ctx)
			continue;
		if (younger(ctx, cur->ww_ctx)) {
			/* Behind an older one it would have to die as soon as that has it. */
			if (ctx->is_wait_die && ctx->acquired > 0)
				return -EDEADLK;
			break;
		}
		pos = &cur->list;
		make_die(cur, ctx, wake_q);
	}
	mutex_add_waiter(lock, waiter, pos);
	if (!ctx->is_wait_die) {
		/* ww/A: pairs with ww_acquired_fast() */
		smp_mb();
		wound(lock, ctx, held_ctx(lock), wake_q);
	}
	/* Before we sleep ourselves. */
	wake_up_q(wake_q);
	wake_q_init(wake_q);
	return 0;
}

static int ww_check_kill(struct mutex *lock, struct mutex_waiter *waiter)
{
	struct ww_acquire_ctx *ctx = waiter->ww_ctx, *held = held_ctx(lock);
	struct mutex_waiter *cur;

	if (ctx->acquired == 0)
		return 0;
	if (!ctx->is_wait_die)
		return READ_ONCE(ctx->wounded) ? -EDEADLK : 0;
	if (held && younger(ctx, held))
		return -EDEADLK;
	/* Whoever is in front of us with a context is older. */
	list_for_each_entry(cur, &lock->wait_list, list) {
		if (cur == waiter)
			break;
		if (cur->ww_ctx)
			return -EDEADLK;
	}
	return 0;
}

/*
 * Not past others that wait. And who holds something does not queue to spin: there it
 * could neither be wounded nor killed, and of two that spin, each behind a third that
 * spins for what the other holds, neither would ever give way.
 */
static bool ww_may_spin(struct mutex *lock, struct ww_acquire_ctx *ctx,
			struct mutex_waiter *waiter)
{
	if (waiter || ctx->acquired > 0)
		return false;
	return !(atomic_long_read(&lock->owner) & MUTEX_FLAG_WAITERS);
}

/* ---- the API -------------------------------------------------------------------------------- */

static int lock_with(struct ww_mutex *lock, struct ww_acquire_ctx *ctx, unsigned int state,
		     bool slow, unsigned long ip)
{
	const struct mutex_ww ww = {
		.ctx = ctx, .acquired_fast = ww_acquired_fast, .acquired = ww_acquired,
		.add_waiter = ww_add_waiter, .check_kill = ww_check_kill,
		.may_spin = ww_may_spin,
	};
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
	if (unlikely(!__mutex_trylock_fast(&lock->base)))
		ret = mutex_lock_common(&lock->base, state, false, ctx ? &ww : NULL);
	else if (ctx)
		ww_acquired_fast(&lock->base, ctx);
	if (ret) {
		if (ctx)
			check_refused(lock, ctx, ret);
		return ret;
	}
	mutex_acquire(&lock->base, 0, 0, _RET_IP_);
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
	ctx->task = current;
	WRITE_ONCE(ctx->stamp, (unsigned long)atomic_long_inc_return_relaxed(&class->stamp));
	ctx->acquired = 0;
	ctx->wounded = 0;
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
