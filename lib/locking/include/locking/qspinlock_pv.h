/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paravirtual queued spinlock: qspinlock for CPUs that do not run all the time.
 * A waiter that has spun in vain halts, and is kicked; a CPU that runs may steal
 * the lock from a queue whose head does not.
 *
 *	word	as qspinlock's, but:
 *	locked	0, 1, or _Q_SLOW_VAL: held, and the queue's head is halted, or will be;
 *		it is in the hash table, and the unlock must kick it
 *	pending	1: the head spins; nobody steals
 *
 *	a queued CPU's state
 *
 *	           spun in vain             its turn as head comes
 *	running ----------------> halted ---------------------------> hashed
 *	   ^                        |  (the new holder puts it into      |
 *	   +------------------------+   the table for it)                |
 *	          woke up                                                |
 *	   +---------------------------------------------------------- --+
 *	          kicked by the unlock
 *
 * Linux:   kernel/locking/qspinlock_paravirt.h
 * Differs: an algorithm of its own, not a second compilation of the native one.
 */
#ifndef LOCKING_QSPINLOCK_PV_H
#define LOCKING_QSPINLOCK_PV_H

#include <locking/qspinlock.h>

#define _Q_SLOW_VAL	3U

void pv_queued_spin_lock_slowpath(struct qspinlock *lock);
/* @locked: the byte that was not _Q_LOCKED_VAL. */
void pv_queued_spin_unlock_slowpath(struct qspinlock *lock, u32 locked);

/**
 * pv_queued_spin_lock() - acquire; a running CPU may pass a halted one
 * @lock: not held by this CPU
 * Context: Any; preemption off, and interrupts too if a handler takes @lock.
 * Ordering: ACQUIRE.
 */
static __always_inline void pv_queued_spin_lock(struct qspinlock *lock)
{
	int val = 0;

	/* pvqspinlock/A: pairs with pv_unlock_byte(), pv_queued_spin_unlock_slowpath() */
	if (likely(atomic_try_cmpxchg_acquire(&lock->val, &val, _Q_LOCKED_VAL)))
		return;
	pv_queued_spin_lock_slowpath(lock);
}

static __always_inline bool pv_queued_spin_trylock(struct qspinlock *lock)
{
	int val = atomic_read(&lock->val);

	if (unlikely(val))
		return false;
	/* pvqspinlock/A: pairs with pv_unlock_byte(), pv_queued_spin_unlock_slowpath() */
	return likely(atomic_try_cmpxchg_acquire(&lock->val, &val, _Q_LOCKED_VAL));
}

/* Change the locked byte from @old to 0. Return: what it was. */
static __always_inline u32 pv_unlock_byte(struct qspinlock *lock, u8 old)
{
#ifdef PORT_WHOLE_WORD
	int val = atomic_read(&lock->val);

	do {
		if (((u32)val & _Q_LOCKED_MASK) != old)
			break;
		/*
		 * pvqspinlock/A: pairs with pv_queued_spin_lock(), pv_queued_spin_trylock(),
		 * take_free()
		 */
	} while (!atomic_try_cmpxchg_release(&lock->val, &val, val & ~(int)_Q_LOCKED_MASK));
	return (u32)val & _Q_LOCKED_MASK;
#else
	u8 was = old;

	/* pvqspinlock/A: pairs with pv_queued_spin_lock(), pv_queued_spin_trylock(), take_free() */
	(void)try_cmpxchg_release(&lock->locked, &was, 0);
	return was;
#endif
}

/* Ordering: RELEASE. */
static __always_inline void pv_queued_spin_unlock(struct qspinlock *lock)
{
	u32 locked = pv_unlock_byte(lock, _Q_LOCKED_VAL);

	if (likely(locked == _Q_LOCKED_VAL))
		return;
	pv_queued_spin_unlock_slowpath(lock, locked);
}

#define pv_queued_spin_is_locked(lock)		queued_spin_is_locked(lock)
#define pv_queued_spin_is_contended(lock)	queued_spin_is_contended(lock)

#endif
