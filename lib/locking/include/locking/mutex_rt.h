/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct mutex with CONFIG_PREEMPT_RT: an rt_mutex_base. What <locking/mutex.h> makes the
 * API of, in the form that lends its waiters' urgency to its owner.
 *
 *				other configurations	CONFIG_PREEMPT_RT
 *	order			of arrival		by urgency, then arrival
 *	owner			as urgent as it is	as its most urgent waiter
 *	passed by		whoever is running,	a more urgent task
 *				until hand-off
 *	spins for it		one, and the first	the first, while the owner runs
 *	waits for itself	hangs			is reported; with CONFIG_DEBUG_LOCKS
 *							any circle
 *	atomic context		reported when it has	reported at once, inside a
 *				to wait			spinlock_t too
 *
 * Linux:   include/linux/mutex.h, kernel/locking/rtmutex_api.c
 */
#ifndef LOCKING_MUTEX_RT_H
#define LOCKING_MUTEX_RT_H

#include <locking/rt_mutex.h>

struct mutex {
	struct rt_mutex_base rtmutex;
#ifdef CONFIG_DEBUG_LOCKS
	const void *magic;		/* itself, since it was initialised */
	const char *name;
	unsigned long ip;		/* where it was taken: the owner */
#endif
};

#define __MUTEX_FORM_INIT(lock)	.rtmutex = __RT_MUTEX_BASE_INITIALIZER((lock).rtmutex),

static __always_inline bool __mutex_trylock_fast(struct mutex *lock)
{
	return rt_mutex_try_fast(&lock->rtmutex);
}

static __always_inline bool __mutex_unlock_fast(struct mutex *lock)
{
	return rt_mutex_unlock_fast(&lock->rtmutex);
}

/* A caller that must not sleep need not be unlucky to be noticed. */
static __always_inline void __mutex_might_sleep(struct mutex *lock)
{
	port_might_sleep_for_mutex(lock);
}

static __always_inline bool mutex_is_locked(struct mutex *lock)
{
	return rt_mutex_base_is_locked(&lock->rtmutex);
}

static __always_inline struct task_struct *mutex_get_owner(struct mutex *lock)
{
	return rt_mutex_owner(&lock->rtmutex);
}

#endif
