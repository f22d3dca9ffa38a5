/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the forms of a wound/wait mutex share: ww_mutex.c gives the rules, the form asks
 * them at the right moments.
 *
 *	moment				who asks		what
 *	a context has the mutex		the new owner		must it give way to a waiter,
 *								or a waiter to it?
 *	a waiter queues			the waiter		must the owner, or it itself?
 *	a waiter is about to sleep	the waiter		has it been told to?
 */
#ifndef LOCKING_WW_RULES_H
#define LOCKING_WW_RULES_H

#include <locking/wake_q.h>
#include <locking/ww_mutex.h>

static inline struct ww_mutex *ww_of(struct mutex *lock)
{
	return container_of(lock, struct ww_mutex, base);
}

/* The context of the owner, with its stamp. wait_lock held, or it is only looked at. */
static inline struct ww_acquire_ctx *ww_held_ctx(struct mutex *lock)
{
	/* ww/B: pairs with ww_set_ctx() */
	return smp_load_acquire(&ww_of(lock)->ctx);
}

/* Stamps wrap: only their distance counts. */
static inline bool ww_younger(const struct ww_acquire_ctx *a, const struct ww_acquire_ctx *b)
{
	int prio = READ_ONCE(a->prio), other = READ_ONCE(b->prio);

	if (IS_ENABLED(CONFIG_PREEMPT_RT) && prio != other)
		return prio > other;
	return (long)(READ_ONCE(a->stamp) - READ_ONCE(b->stamp)) > 0;
}

/* ---- ww_mutex.c ---- */

/*
 * Wait-die: @task, which waits with @its, shall wake and give up if it is younger than
 * @ctx and holds something. wait_lock held. Return: it is this class, no wound-wait.
 */
bool ww_make_die(struct task_struct *task, struct ww_acquire_ctx *its,
		 struct ww_acquire_ctx *ctx, struct wake_q_head *wake_q);
/*
 * Wound-wait: the owner, with @held, shall give up when it next has to wait if it is
 * younger than @ctx, which waits. wait_lock held. Return: wounded.
 */
bool ww_wound(struct mutex *lock, struct ww_acquire_ctx *ctx, struct ww_acquire_ctx *held,
	      struct wake_q_head *wake_q);
void ww_set_ctx(struct mutex *lock, struct ww_acquire_ctx *ctx);
/* @ctx has it, without wait_lock. */
void ww_acquired_fast(struct mutex *lock, struct ww_acquire_ctx *ctx);

/* ---- the form ---- */

/* Ordered behind what came before by the caller's barrier. */
bool ww_has_waiters(struct mutex *lock);
/* @ctx has it now: do waiters want it to give way, or have to? Takes wait_lock. */
void ww_look_at_waiters(struct mutex *lock, struct ww_acquire_ctx *ctx);
/* Return: 0 with the mutex and its context set; -EINTR; -EDEADLK. */
int ww_lock_slowpath(struct mutex *lock, struct ww_acquire_ctx *ctx, unsigned int state);

#endif
