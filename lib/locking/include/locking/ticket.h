/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticket spinlock: draw a number, wait until it is called.
 *
 *	next	the number the next arrival draws	written by arrivals
 *	owner	the number being served			written by the holder
 *
 *	next == owner		free (all-zero is free)
 *	next - owner == 1 + n	held, n CPUs wait, served in order of arrival
 *
 * Linux:   ticket_spin_*(), include/asm-generic/ticket_spinlock.h
 * Differs: two words, not two halves of one: no access is of mixed size, so
 *          a model checker can follow it. No smp_mb() after the wait: RCpc.
 */
#ifndef LOCKING_TICKET_H
#define LOCKING_TICKET_H

#include <locking/atomic.h>

struct ticket_spinlock {
	atomic_t next;
	u32 owner;
};

#define TICKET_SPINLOCK_INIT	{ ATOMIC_INIT(0), 0 }

/* Wait for @ticket, which was drawn and is not being served yet. */
void ticket_spin_lock_slowpath(struct ticket_spinlock *lock, u32 ticket);

/**
 * ticket_spin_lock() - acquire, behind every CPU that arrived earlier
 * @lock: not held by this CPU
 * Context: Any; preemption off, and interrupts too if a handler takes @lock.
 * Ordering: ACQUIRE.
 */
static __always_inline void ticket_spin_lock(struct ticket_spinlock *lock)
{
	u32 ticket = atomic_fetch_add_relaxed(1, &lock->next);

	/* ticket/A: pairs with ticket_spin_unlock() */
	if (likely(smp_load_acquire(&lock->owner) == ticket))
		return;
	ticket_spin_lock_slowpath(lock, ticket);
}

/**
 * ticket_spin_trylock() - acquire if it is free and nobody waits
 * @lock: any
 * Context: Any.
 * Ordering: ACQUIRE on success.
 * Return: true if acquired.
 */
static __always_inline bool ticket_spin_trylock(struct ticket_spinlock *lock)
{
	/* ticket/A: pairs with ticket_spin_unlock() */
	u32 owner = smp_load_acquire(&lock->owner);
	int next = owner;

	/*
	 * A number drawn is a promise to wait, so draw only the one that is
	 * already being served. Success proves that owner has not moved since
	 * the load: it never decreases, and it never passes next.
	 */
	return atomic_try_cmpxchg_relaxed(&lock->next, &next, owner + 1);
}

/**
 * ticket_spin_unlock() - call the next number
 * @lock: held by this CPU
 * Context: That of the acquisition.
 * Ordering: RELEASE.
 */
static __always_inline void ticket_spin_unlock(struct ticket_spinlock *lock)
{
	/*
	 * Only the holder writes owner: it need not be atomic.
	 * ticket/A: pairs with ticket_spin_lock(), ticket_spin_trylock(),
	 * ticket_spin_lock_slowpath()
	 */
	smp_add_release(&lock->owner, 1);
}

static __always_inline bool ticket_spin_is_locked(struct ticket_spinlock *lock)
{
	return READ_ONCE(lock->owner) != (u32)atomic_read(&lock->next);
}

static __always_inline bool ticket_spin_is_contended(struct ticket_spinlock *lock)
{
	return (u32)atomic_read(&lock->next) - READ_ONCE(lock->owner) > 1;
}

#endif
