/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seqcount_mutex_t: what <locking/seqcount.h> asks of a mutex. That page is included by
 * what the mutex is made of, so it cannot see one.
 *
 * Linux: SEQCOUNT_LOCKNAME(mutex, ...), include/linux/seqlock.h
 */
#include <locking/mutex.h>
#include <locking/port.h>
#include <locking/seqcount.h>

void seqcount_assert_mutex(struct mutex *lock)
{
	if (!mutex_is_locked(lock))
		port_report("mutex %p is not locked", (void *)lock);
}

/* Only to wait for the holder, with CONFIG_PREEMPT_RT. */
void seqcount_lock_mutex(struct mutex *lock)
{
	mutex_lock(lock);
}

void seqcount_unlock_mutex(struct mutex *lock)
{
	mutex_unlock(lock);
}
