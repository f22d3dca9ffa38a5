/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Optimistic spin queue: who may spin on the owner of a sleeping lock, one at a
 * time and in order; and any waiter may give up in the middle of the queue.
 *
 *	lock->tail	CPU + 1 of the last in the queue, 0: empty	written by all
 *	node->prev	before us		written by us, and by it when it leaves
 *	node->next	behind us		written by it, by us when we leave
 *	node->locked	1: the lock is ours	written by our predecessor
 *	node->cpu	CPU + 1			written once
 *
 * One node per CPU: the holder does not sleep and is not preempted without
 * giving up, and no interrupt takes the lock.
 *
 * Linux: include/linux/osq_lock.h, kernel/locking/osq_lock.c
 */
#ifndef LOCKING_OSQ_LOCK_H
#define LOCKING_OSQ_LOCK_H

#include <locking/atomic.h>

struct optimistic_spin_queue {
	atomic_t tail;
};

#define OSQ_UNLOCKED_VAL	0
#define OSQ_LOCK_UNLOCKED	{ ATOMIC_INIT(OSQ_UNLOCKED_VAL) }

static inline void osq_lock_init(struct optimistic_spin_queue *lock)
{
	atomic_set(&lock->tail, OSQ_UNLOCKED_VAL);
}

/**
 * osq_lock() - queue and spin until it is our turn, or until we should not
 * @lock: not held by this CPU
 * Context: Task, preemption off.
 * Ordering: ACQUIRE on success.
 * Return: true with the lock; false if a reschedule is wanted, or the CPU in front
 *	   does not run: not queued any more.
 */
bool osq_lock(struct optimistic_spin_queue *lock);

/* Ordering: RELEASE. */
void osq_unlock(struct optimistic_spin_queue *lock);

static inline bool osq_is_locked(struct optimistic_spin_queue *lock)
{
	return atomic_read(&lock->tail) != OSQ_UNLOCKED_VAL;
}

#endif
