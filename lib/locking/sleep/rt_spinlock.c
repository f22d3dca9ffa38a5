/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_spinlock, the mechanism. The contract is <locking/rt_spinlock.h>; what waits and
 * lends is rt_mutex's.
 *
 * The order of an unlock: migration on again first, while the lock is still held.
 * What may move then is a task that holds the lock and leaves it at once; the other
 * way round it could be preempted by the waiter it has woken, pinned for no reason.
 *
 * Linux: kernel/locking/spinlock_rt.c
 */
#include <locking/lockdep.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/rt_spinlock.h>
#include "rtlock.h"

static struct task_struct *rt_spinlock_blocked_owner(const void *lock)
{
	return rt_mutex_owner(&((struct rt_spinlock *)lock)->lock);
}

const struct lock_kind rt_spinlock_kind = {
	.name = "spinlock", .owner = rt_spinlock_blocked_owner,
};

static noinline void rtlock_slowlock(struct rt_mutex_base *lock)
{
	struct blocked_on outer;
	int ret;

	port_push_blocked_on(&outer, &rt_spinlock_kind, lock);
	raw_spin_lock_irq(&lock->wait_lock);
	ret = rt_mutex_slowlock_locked(lock, TASK_RTLOCK_WAIT, NULL, RT_MUTEX_MIN_CHAINWALK, NULL);
	raw_spin_unlock_irq(&lock->wait_lock);
	port_pop_blocked_on(&outer);
	if (unlikely(ret))
		rt_mutex_report_deadlock(lock);
}

static __always_inline void acquire(struct rt_spinlock *lock)
{
	port_might_sleep_for_lock(lock);
	spin_acquire(lock, 0, 0, _RET_IP_);
	if (!rt_mutex_try_fast(&lock->lock))
		rtlock_slowlock(&lock->lock);
	rtlock_taken(lock, "spinlock", _RET_IP_);
}

static __always_inline bool try_acquire(struct rt_spinlock *lock)
{
	rt_mutex_check_trylock(lock);
	if (!rt_mutex_try_fast(&lock->lock) && !rt_mutex_trylock_slow(&lock->lock))
		return false;
	spin_acquire(lock, 0, 1, _RET_IP_);
	rtlock_taken(lock, "spinlock", _RET_IP_);
	return true;
}

static __always_inline void release(struct rt_spinlock *lock)
{
	spin_release(lock, _RET_IP_);
	rtlock_left(lock);
	if (!rt_mutex_unlock_fast(&lock->lock))
		rt_mutex_unlock_slow(&lock->lock);
}

void rt_spin_lock(struct rt_spinlock *lock)
{
	acquire(lock);
}

void rt_spin_lock_bh(struct rt_spinlock *lock)
{
	port_bh_disable();
	acquire(lock);
}

bool rt_spin_trylock(struct rt_spinlock *lock)
{
	return try_acquire(lock);
}

bool rt_spin_trylock_bh(struct rt_spinlock *lock)
{
	port_bh_disable();
	if (try_acquire(lock))
		return true;
	port_bh_enable();
	return false;
}

void rt_spin_unlock(struct rt_spinlock *lock)
{
	release(lock);
}

void rt_spin_unlock_bh(struct rt_spinlock *lock)
{
	release(lock);
	port_bh_enable();
}
