/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticket spinlock in one word, as 32-bit ARM has it (and, in Linux 4.0, arm64): both numbers
 * are halves of the word, so that one read-modify-write draws a number and sees
 * which one is being served.
 *
 *	31            16 15             0
 *	+---------------+---------------+
 *	|     next      |     owner     |
 *	+---------------+---------------+
 *	next	drawn by arrivals: += 1 << 16
 *	owner	called by the holder: a store of this half alone
 *
 *	next == owner		free (all-zero is free)
 *
 * The half store races with arrivals' RMW on the whole word. That is sound on a
 * cache-coherent machine, but outside what the models of memory accesses of
 * different size promise; -DPORT_WHOLE_WORD makes it an RMW of the word.
 *
 * Linux: arch/arm/include/asm/spinlock.h (v4.0)
 */
#ifndef LOCKING_TICKET_V4_H
#define LOCKING_TICKET_V4_H

#include <locking/atomic.h>

#define TICKET_V4_SHIFT	16

struct ticket_v4_spinlock {
	union {
		atomic_t slock;
		u16 owner;		/* the low half: little-endian only */
	};
};

void ticket_v4_spin_lock_slowpath(struct ticket_v4_spinlock *lock, u16 ticket);

static __always_inline u16 ticket_v4_next(u32 val)
{
	return val >> TICKET_V4_SHIFT;
}

/**
 * ticket_v4_spin_lock() - acquire, behind every CPU that arrived earlier
 * @lock: not held by this CPU
 * Context: Any; preemption off, and interrupts too if a handler takes @lock.
 * Ordering: ACQUIRE.
 */
static __always_inline void ticket_v4_spin_lock(struct ticket_v4_spinlock *lock)
{
	/* ticket_v4/A: pairs with ticket_v4_spin_unlock() */
	u32 val = atomic_fetch_add_acquire(1 << TICKET_V4_SHIFT, &lock->slock);

	if (likely(ticket_v4_next(val) == (u16)val))
		return;
	ticket_v4_spin_lock_slowpath(lock, ticket_v4_next(val));
}

/* Ordering: ACQUIRE on success. Return: true if acquired. */
static __always_inline bool ticket_v4_spin_trylock(struct ticket_v4_spinlock *lock)
{
	int val = atomic_read(&lock->slock);

	if (ticket_v4_next(val) != (u16)val)
		return false;
	/* ticket_v4/A: pairs with ticket_v4_spin_unlock() */
	return atomic_try_cmpxchg_acquire(&lock->slock, &val,
					  (int)((u32)val + (1U << TICKET_V4_SHIFT)));
}

/* Ordering: RELEASE. */
static __always_inline void ticket_v4_spin_unlock(struct ticket_v4_spinlock *lock)
{
#ifdef PORT_WHOLE_WORD
	int val = atomic_read(&lock->slock);

	/*
	 * ticket_v4/A: pairs with ticket_v4_spin_lock(), ticket_v4_spin_trylock(),
	 * ticket_v4_spin_lock_slowpath()
	 */
	while (!atomic_try_cmpxchg_release(&lock->slock, &val,
					   (val & ~0xffff) | (u16)(val + 1)))
		;
#else
	/*
	 * ticket_v4/A: pairs with ticket_v4_spin_lock(), ticket_v4_spin_trylock(),
	 * ticket_v4_spin_lock_slowpath()
	 */
	smp_store_release(&lock->owner, (u16)(READ_ONCE(lock->owner) + 1));
#endif
}

static __always_inline bool ticket_v4_spin_is_locked(struct ticket_v4_spinlock *lock)
{
	u32 val = atomic_read(&lock->slock);

	return ticket_v4_next(val) != (u16)val;
}

#endif
