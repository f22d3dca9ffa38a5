/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seqcount_mutex_t and seqcount_ww_mutex_t: what <locking/seqcount.h> asks of the mutexes.
 * That page is included by what a mutex is made of, so it cannot see one.
 *
 *	assert	a debug build's, as a write section begins
 *	lock, unlock	with CONFIG_PREEMPT_RT, of a reader that meets a writer: only to wait
 *			for it. A wound/wait mutex is taken alone, without a context, which
 *			never has to back off.
 *
 * Linux: SEQCOUNT_LOCKNAME(mutex, ...), SEQCOUNT_LOCKNAME(ww_mutex, ...), include/linux/seqlock.h
 */
#include <locking/mutex.h>
#include <locking/port.h>
#include <locking/seqcount.h>
#include <locking/ww_mutex.h>

void seqcount_assert_mutex(struct mutex *lock)
{
	if (!mutex_is_locked(lock))
		port_report("mutex %p is not locked", (void *)lock);
}

void seqcount_lock_mutex(struct mutex *lock)
{
	mutex_lock(lock);
}

void seqcount_unlock_mutex(struct mutex *lock)
{
	mutex_unlock(lock);
}

void seqcount_assert_ww_mutex(struct ww_mutex *lock)
{
	if (!ww_mutex_is_locked(lock))
		port_report("ww_mutex %p is not locked", (void *)lock);
}

void seqcount_lock_ww_mutex(struct ww_mutex *lock)
{
	int ret = ww_mutex_lock(lock, NULL);

	BUG_ON(ret);
}

void seqcount_unlock_ww_mutex(struct ww_mutex *lock)
{
	ww_mutex_unlock(lock);
}
