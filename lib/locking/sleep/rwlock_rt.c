/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_rwlock, what rwlock_t is with CONFIG_PREEMPT_RT. The contract is <locking/rwbase_rt.h>.
 *
 * Linux: kernel/locking/spinlock_rt.c
 */
#include <locking/lockdep.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/rwbase_rt.h>
#include "rtlock.h"

void rt_read_lock(struct rt_rwlock *lock)
{
	port_might_sleep_for_lock(lock);
	rwlock_acquire_read(lock, 0, 0, _RET_IP_);
	(void)rwbase_read_lock(&lock->rwbase, TASK_RTLOCK_WAIT);
	rtlock_taken(lock, "rwlock", _RET_IP_);
}

bool rt_read_trylock(struct rt_rwlock *lock)
{
	rt_mutex_check_trylock(lock);
	if (!rwbase_read_trylock(&lock->rwbase))
		return false;
	rwlock_acquire_read(lock, 0, 1, _RET_IP_);
	rtlock_taken(lock, "rwlock", _RET_IP_);
	return true;
}

void rt_read_unlock(struct rt_rwlock *lock)
{
	rwlock_release(lock, _RET_IP_);
	rtlock_left(lock);
	rwbase_read_unlock(&lock->rwbase, TASK_RTLOCK_WAIT);
}

void rt_write_lock(struct rt_rwlock *lock)
{
	port_might_sleep_for_lock(lock);
	rwlock_acquire(lock, 0, 0, _RET_IP_);
	(void)rwbase_write_lock(&lock->rwbase, TASK_RTLOCK_WAIT);
	rtlock_taken(lock, "rwlock", _RET_IP_);
}

bool rt_write_trylock(struct rt_rwlock *lock)
{
	rt_mutex_check_trylock(lock);
	if (!rwbase_write_trylock(&lock->rwbase))
		return false;
	rwlock_acquire(lock, 0, 1, _RET_IP_);
	rtlock_taken(lock, "rwlock", _RET_IP_);
	return true;
}

void rt_write_unlock(struct rt_rwlock *lock)
{
	rwlock_release(lock, _RET_IP_);
	rtlock_left(lock);
	rwbase_write_unlock(&lock->rwbase);
}
