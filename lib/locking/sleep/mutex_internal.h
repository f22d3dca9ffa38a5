/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What mutex.c and ww_mutex_queue.c share: the owner word, the waiter, the way through the
 * slow path. The fields and states are <locking/mutex.h>'s.
 */
#ifndef LOCKING_MUTEX_INTERNAL_H
#define LOCKING_MUTEX_INTERNAL_H

#include <locking/lockevent.h>
#include <locking/mutex.h>
#include <locking/wake_q.h>

struct ww_acquire_ctx;

/* On the sleeper's stack; wait_lock. */
struct mutex_waiter {
	struct list_head list;
	struct task_struct *task;
	struct ww_acquire_ctx *ww_ctx;
};

/* Steps of a wound/wait mutex inside the common slow path: ww_mutex_queue.c. */
struct mutex_ww {
	struct ww_acquire_ctx *ctx;
	/* The mutex is ours, without wait_lock: note our context, wake whom it concerns. */
	void (*acquired_fast)(struct mutex *lock, struct ww_acquire_ctx *ctx);
	/* The same under wait_lock; @stolen: passed sleepers. */
	void (*acquired)(struct mutex *lock, struct ww_acquire_ctx *ctx, bool stolen,
			 struct wake_q_head *wake_q);
	/* Join the queue at our place. Return: 0 or -EDEADLK. */
	int (*add_waiter)(struct mutex *lock, struct mutex_waiter *waiter,
			  struct wake_q_head *wake_q);
	/* Must we give up, now that we are about to sleep? Return: 0 or -EDEADLK. */
	int (*check_kill)(struct mutex *lock, struct mutex_waiter *waiter);
	/* May we go on spinning? */
	bool (*may_spin)(struct mutex *lock, struct ww_acquire_ctx *ctx,
			 struct mutex_waiter *waiter);
};

static inline struct task_struct *__owner_task(long owner)
{
	return (struct task_struct *)(owner & ~(long)MUTEX_FLAGS);
}

static inline struct task_struct *__mutex_owner(struct mutex *lock)
{
	return __owner_task(atomic_long_read(&lock->owner));
}

static inline bool waiter_is_first(struct mutex *lock, struct mutex_waiter *waiter)
{
	return list_first_entry(&lock->wait_list, struct mutex_waiter, list) == waiter;
}

/* @waiter goes in front of @pos; the first of the queue makes unlock look. wait_lock held. */
static inline void mutex_add_waiter(struct mutex *lock, struct mutex_waiter *waiter,
				    struct list_head *pos)
{
	list_add_tail(&waiter->list, pos);
	if (waiter_is_first(lock, waiter))
		atomic_long_or(MUTEX_FLAG_WAITERS, &lock->owner);
}

/* wait_lock held. */
static inline void mutex_remove_waiter(struct mutex *lock, struct mutex_waiter *waiter)
{
	list_del(&waiter->list);
	/* ww/C: pairs with ww_mutex_unlock() */
	if (list_empty(&lock->wait_list))
		(void)atomic_long_fetch_andnot_release(MUTEX_FLAGS, &lock->owner);
}

/* Return: 0 with the mutex, -EINTR, or what @ww's steps said. */
int mutex_lock_common(struct mutex *lock, unsigned int state, bool io, const struct mutex_ww *ww);

#endif
