/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rwbase_rt: readers and one writer on top of an rt_mutex; what rwlock_t and
 * rw_semaphore are with CONFIG_PREEMPT_RT.
 *
 *	rtmutex		held by the writer from beginning to end
 *	readers		by readers, atomically; bit 31 by the writer, holding rtmutex
 *
 *	readers				rtmutex
 *	READER_BIAS + n			-	n readers; more come in by a cmpxchg
 *	READER_BIAS + n			W	a writer is about to close the door
 *	n, not 0			W	W waits for n readers, new ones come in
 *						slowly, by wait_lock
 *	WRITER_BIAS			W	W writes; readers wait for rtmutex, and lend
 *						W their priority
 *	WRITER_BIAS > READER_BIAS + 1	W - 	downgrade: W goes on as a reader
 *
 * A writer that waits for readers cannot lend them its priority: they are not known.
 * And readers come in as long as it waits, so it may starve: which is why a writer
 * is no place for what is urgent.
 *
 * @state of the calls: TASK_RTLOCK_WAIT for a spinning lock's form, what a sleep of the
 * caller's would be set to for a semaphore's.
 *
 * Linux:   include/linux/rwbase_rt.h, kernel/locking/rwbase_rt.c
 * Differs: compiled once, for both kinds of sleep.
 */
#ifndef LOCKING_RWBASE_RT_H
#define LOCKING_RWBASE_RT_H

#include <locking/rt_spinlock_types.h>

/* What a task is blocked on that sleeps for it as a semaphore: rtmutex; its readers. */
extern const struct lock_kind rwbase_kind, rwbase_readers_kind;

/**
 * rwbase_read_lock() - share
 * Context: Task.
 * Ordering: ACQUIRE if it returns 0.
 * Return: 0; -EINTR.
 */
int rwbase_read_lock(struct rwbase_rt *rwb, unsigned int state);
bool rwbase_read_trylock(struct rwbase_rt *rwb);
/* Any task; @state: how the writer waits. Ordering: RELEASE. */
void rwbase_read_unlock(struct rwbase_rt *rwb, unsigned int state);

/* Exclude all others. Ordering, return: as rwbase_read_lock(). */
int rwbase_write_lock(struct rwbase_rt *rwb, unsigned int state);
bool rwbase_write_trylock(struct rwbase_rt *rwb);
void rwbase_write_unlock(struct rwbase_rt *rwb);
/* From writer to reader, with no writer in between. */
void rwbase_write_downgrade(struct rwbase_rt *rwb);

static inline bool rwbase_is_locked(const struct rwbase_rt *rwb)
{
	return atomic_read(&rwb->readers) != RWBASE_READER_BIAS;
}

static inline bool rwbase_is_write_locked(const struct rwbase_rt *rwb)
{
	return atomic_read(&rwb->readers) == RWBASE_WRITER_BIAS;
}

static inline bool rwbase_is_contended(const struct rwbase_rt *rwb)
{
	return atomic_read(&rwb->readers) > 0;
}

/*
 * rt_rwlock: rwlock_t with CONFIG_PREEMPT_RT. As an rt_spinlock: holders stay on their
 * CPU. Context: as rt_spin_lock(), rt_spin_trylock(). Ordering: ACQUIRE, RELEASE.
 */
void rt_read_lock(struct rt_rwlock *lock);
bool rt_read_trylock(struct rt_rwlock *lock);
void rt_read_unlock(struct rt_rwlock *lock);
void rt_write_lock(struct rt_rwlock *lock);
bool rt_write_trylock(struct rt_rwlock *lock);
void rt_write_unlock(struct rt_rwlock *lock);

#endif
