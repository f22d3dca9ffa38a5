/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct rt_mutex_base: what every lock with priority inheritance is made of.
 *
 *	wait_lock	raw: waiters, and every change of owner but the fast paths'
 *	waiters		struct rt_mutex_waiter by urgency, then by arrival
 *	owner		a task, and bit 0, RT_MUTEX_HAS_WAITERS
 *
 *	owner	bit 0
 *	0	0	free: taken by cmpxchg 0 -> task
 *	task	0	held; released by cmpxchg task -> 0
 *	task	1	held; somebody waits, or looks: the fast paths fail
 *	0	1	in transition: released, the top waiter is on its way; or a taker
 *			looks. Under wait_lock only, and as long as there are waiters
 *
 * Bit 0 is what turns the owner's next unlock into the slow one, which takes
 * wait_lock; so it is set, under wait_lock, before anything is decided from the
 * owner that is read.
 *
 *	rt_mutex		<locking/rt_mutex.h>
 *	rt_spinlock		<locking/rt_spinlock.h>: spinlock_t with CONFIG_PREEMPT_RT
 *	rwbase_rt		<locking/rwbase_rt.h>: rwlock_t and rw_semaphore
 *
 * Linux: include/linux/rtmutex.h, kernel/locking/rtmutex_common.h
 */
#ifndef LOCKING_RT_MUTEX_BASE_H
#define LOCKING_RT_MUTEX_BASE_H

#include <base/rbtree.h>
#include <locking/spinlock_types_raw.h>

struct task_struct;

struct rt_mutex_base {
	raw_spinlock_t wait_lock;
	struct rb_root_cached waiters;	/* wait_lock */
	struct task_struct *owner;
};

#define __RT_MUTEX_BASE_INITIALIZER(name) {				\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED((name).wait_lock),	\
	.waiters = { { NULL }, NULL },					\
	.owner = NULL,							\
}

#define RT_MUTEX_HAS_WAITERS	1UL

/* Free and without waiters. */
static inline void rt_mutex_base_init(struct rt_mutex_base *lock)
{
	*lock = (struct rt_mutex_base)__RT_MUTEX_BASE_INITIALIZER(*lock);
}

/* Held, or about to be? A hint. */
static inline bool rt_mutex_base_is_locked(struct rt_mutex_base *lock)
{
	return READ_ONCE(lock->owner) != NULL;
}

/* The owner without bit 0. Stable under wait_lock, or for the owner itself; else a hint. */
static inline struct task_struct *rt_mutex_owner(struct rt_mutex_base *lock)
{
	unsigned long owner = (unsigned long)READ_ONCE(lock->owner);

	return (struct task_struct *)(owner & ~RT_MUTEX_HAS_WAITERS);
}

#endif
