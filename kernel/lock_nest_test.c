/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sleeps, inside a spinlock_t or rwlock_t, on request: a real-time kernel, where
 * preemption is on there, must report each; tests/qemu/locks.table runs them.
 *
 *	mutex-, ww-, rwsem-	free: these are reported even so
 *	semaphore-in-spinlock	not free: without CONFIG=rtdebug its sleep is what is reported
 *	sleep-in-spinlock	no lock, and no might_sleep() before
 *	mutex-in-rest		two spinlocks and a rwlock, let go but one, in no order
 */
#include <kernel/sched.h>
#include <locking/mutex.h>
#include <locking/rwlock.h>
#include <locking/rwsem.h>
#include <locking/semaphore.h>
#include <locking/spinlock.h>
#include <locking/ww_mutex.h>
#include "lock_misuse_test.h"

static DEFINE_SPINLOCK(outer_spinlock);
static DEFINE_SPINLOCK(inner_spinlock);
static DEFINE_RWLOCK(outer_rwlock);
static DEFINE_MUTEX(mutex_victim);
static DECLARE_RWSEM(rwsem_victim);
static DEFINE_SEMAPHORE(semaphore_victim, 0);
static DEFINE_WW_CLASS(ww_class);
static struct ww_mutex ww_victim;

static void mutex_in_spinlock(void)
{
	spin_lock(&outer_spinlock);
	mutex_lock(&mutex_victim);
}

static void mutex_in_rwlock(void)
{
	read_lock(&outer_rwlock);
	mutex_lock(&mutex_victim);
}

static void mutex_in_rest(void)
{
	spin_lock(&outer_spinlock);
	write_lock(&outer_rwlock);
	spin_lock(&inner_spinlock);
	write_unlock(&outer_rwlock);
	spin_unlock(&outer_spinlock);
	mutex_lock(&mutex_victim);
}

static void ww_in_spinlock(void)
{
	ww_mutex_init(&ww_victim, &ww_class);
	spin_lock(&outer_spinlock);
	if (!ww_mutex_lock(&ww_victim, NULL))
		ww_mutex_unlock(&ww_victim);
}

static void rwsem_in_spinlock(void)
{
	spin_lock(&outer_spinlock);
	down_read(&rwsem_victim);
}

static void semaphore_in_spinlock(void)
{
	spin_lock(&outer_spinlock);
	down(&semaphore_victim);
}

static void sleep_in_spinlock(void)
{
	spin_lock(&outer_spinlock);
	schedule_timeout_uninterruptible(1);
}

const struct misuse misuses_nest[] = {
	{ "mutex-in-spinlock", mutex_in_spinlock },
	{ "mutex-in-rwlock", mutex_in_rwlock },
	{ "mutex-in-rest", mutex_in_rest },
	{ "ww-in-spinlock", ww_in_spinlock },
	{ "rwsem-in-spinlock", rwsem_in_spinlock },
	{ "semaphore-in-spinlock", semaphore_in_spinlock },
	{ "sleep-in-spinlock", sleep_in_spinlock },
	{ }
};
