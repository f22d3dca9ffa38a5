/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test-and-set spinlock: the first that sets the bit has the lock.
 *
 *	val	0 free, 1 held		written by all who want it, and the holder
 *
 * As small and as cheap as a lock can be while nobody waits. With waiters, every
 * try is a write to the line that the holder needs for its unlock, and whoever
 * is nearest to the line wins again: nothing bounds the wait of the others
 * (spinlocks_test.c shows it).
 *
 * Linux:   what every spinlock was until 2.6.24; now virt_spin_lock()
 */
#ifndef LOCKING_TAS_H
#define LOCKING_TAS_H

#include <locking/atomic.h>

struct tas_spinlock {
	atomic_t val;
};

#define TAS_SPINLOCK_INIT	{ ATOMIC_INIT(0) }

void tas_spin_lock_slowpath(struct tas_spinlock *lock);

/**
 * tas_spin_trylock() - acquire if it is free
 * @lock: any
 * Context: Any.
 * Ordering: ACQUIRE on success.
 * Return: true if acquired.
 */
static __always_inline bool tas_spin_trylock(struct tas_spinlock *lock)
{
	/* tas/A: pairs with tas_spin_unlock() */
	return !port_test_and_set_bit(acquire, &lock->val.counter, 0);
}

/**
 * tas_spin_lock() - acquire, in no order at all
 * @lock: not held by this CPU
 * Context: Any; preemption off, and interrupts too if a handler takes @lock.
 * Ordering: ACQUIRE.
 */
static __always_inline void tas_spin_lock(struct tas_spinlock *lock)
{
	if (likely(tas_spin_trylock(lock)))
		return;
	tas_spin_lock_slowpath(lock);
}

/**
 * tas_spin_unlock() - release
 * @lock: held by this CPU
 * Context: That of the acquisition.
 * Ordering: RELEASE.
 */
static __always_inline void tas_spin_unlock(struct tas_spinlock *lock)
{
	/* tas/A: pairs with tas_spin_trylock(), tas_spin_lock_slowpath() */
	atomic_set_release(&lock->val, 0);
}

static __always_inline bool tas_spin_is_locked(struct tas_spinlock *lock)
{
	return atomic_read(&lock->val) != 0;
}

/* The word does not tell. */
static __always_inline bool tas_spin_is_contended(struct tas_spinlock *lock __maybe_unused)
{
	return false;
}

#endif
