/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wound/wait mutexes, the waiting: steps inside the slow path of mutex.c. The rules are
 * ww_mutex.c's.
 *
 * The queue is ordered by age among those with a context; others stay where they
 * arrived. So a context only ever waits behind older ones, or behind a younger owner
 * that knows (wound-wait), or in front of younger ones that gave up (wait-die).
 *
 * Linux:   kernel/locking/ww_mutex.h
 */
#include "mutex_internal.h"
#include <base/errno.h>
#include <locking/ww_rules.h>

bool ww_has_waiters(struct mutex *lock)
{
	return atomic_long_read(&lock->owner) & MUTEX_FLAG_WAITERS;
}

/* The first of the waiters with a context decides. wait_lock held. */
static void check_waiters(struct mutex *lock, struct ww_acquire_ctx *ctx,
			  struct wake_q_head *wake_q)
{
	struct mutex_waiter *cur;

	list_for_each_entry(cur, &lock->wait_list, list) {
		if (!cur->ww_ctx)
			continue;
		if (ww_make_die(cur->task, cur->ww_ctx, ctx, wake_q) ||
		    ww_wound(lock, cur->ww_ctx, ctx, wake_q))
			break;
	}
}

void ww_look_at_waiters(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	DEFINE_WAKE_Q(wake_q);

	raw_spin_lock(&lock->wait_lock);
	check_waiters(lock, ctx, &wake_q);
	raw_spin_unlock(&lock->wait_lock);
	wake_up_q(&wake_q);
}

static void ww_acquired(struct mutex *lock, struct ww_acquire_ctx *ctx, bool stolen,
			struct wake_q_head *wake_q)
{
	ww_set_ctx(lock, ctx);
	if (stolen)
		check_waiters(lock, ctx, wake_q);
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
		if (ww_younger(ctx, cur->ww_ctx)) {
			/* Behind an older one it would have to die as soon as that has it. */
			if (ctx->is_wait_die && ctx->acquired > 0)
				return -EDEADLK;
			break;
		}
		pos = &cur->list;
		ww_make_die(cur->task, cur->ww_ctx, ctx, wake_q);
	}
	mutex_add_waiter(lock, waiter, pos);
	if (!ctx->is_wait_die) {
		/* ww/A: pairs with ww_acquired_fast() */
		smp_mb();
		ww_wound(lock, ctx, ww_held_ctx(lock), wake_q);
	}
	/* Before we sleep ourselves. */
	wake_up_q(wake_q);
	wake_q_init(wake_q);
	return 0;
}

static int ww_check_kill(struct mutex *lock, struct mutex_waiter *waiter)
{
	struct ww_acquire_ctx *ctx = waiter->ww_ctx, *held = ww_held_ctx(lock);
	struct mutex_waiter *cur;

	if (ctx->acquired == 0)
		return 0;
	if (!ctx->is_wait_die)
		return READ_ONCE(ctx->wounded) ? -EDEADLK : 0;
	if (held && ww_younger(ctx, held))
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

int ww_lock_slowpath(struct mutex *lock, struct ww_acquire_ctx *ctx, unsigned int state)
{
	const struct mutex_ww ww = {
		.ctx = ctx, .acquired_fast = ww_acquired_fast, .acquired = ww_acquired,
		.add_waiter = ww_add_waiter, .check_kill = ww_check_kill,
		.may_spin = ww_may_spin,
	};

	return mutex_lock_common(lock, state, false, &ww);
}
