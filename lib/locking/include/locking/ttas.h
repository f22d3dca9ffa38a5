/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test-and-test-and-set spinlock with back-off: look before you write, and if
 * you lost, stay away for a while.
 *
 *	val	0 free, 1 held		written by all who want it, and the holder
 *
 * While the lock is held the waiters read their own cached copies. At the unlock
 * all see it free at once; one wins, the others wait 1, 2, 4 ... MAX pauses, so
 * that the next unlock finds fewer of them. Still in no order.
 *
 * Linux: none; the back-off is Anderson's (IEEE TPDS 1990)
 */
#ifndef LOCKING_TTAS_H
#define LOCKING_TTAS_H

#include <locking/atomic.h>

struct ttas_spinlock {
	atomic_t val;
};

void ttas_spin_lock_slowpath(struct ttas_spinlock *lock);

/**
 * ttas_spin_trylock() - acquire if it is free
 * Ordering: ACQUIRE on success.
 * Return: true if acquired.
 */
static __always_inline bool ttas_spin_trylock(struct ttas_spinlock *lock)
{
	/* ttas/A: pairs with ttas_spin_unlock() */
	return !atomic_read(&lock->val) && !atomic_xchg_acquire(&lock->val, 1);
}

/**
 * ttas_spin_lock() - acquire
 * @lock: not held by this CPU
 * Context: Any; preemption off, and interrupts too if a handler takes @lock.
 * Ordering: ACQUIRE.
 */
static __always_inline void ttas_spin_lock(struct ttas_spinlock *lock)
{
	if (likely(ttas_spin_trylock(lock)))
		return;
	ttas_spin_lock_slowpath(lock);
}

/* Ordering: RELEASE. */
static __always_inline void ttas_spin_unlock(struct ttas_spinlock *lock)
{
	/* ttas/A: pairs with ttas_spin_trylock(), ttas_spin_lock_slowpath() */
	atomic_set_release(&lock->val, 0);
}

static __always_inline bool ttas_spin_is_locked(struct ttas_spinlock *lock)
{
	return atomic_read(&lock->val) != 0;
}

#endif
