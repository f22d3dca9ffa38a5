/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A spinlock in one bit of a word that has other uses: a pointer's low bit, a
 * flag beside others. No order, no owner (CONFIG=debug sees an unlock of a free one, no
 * more), and dearer than a spinlock; its one merit is that it takes no space.
 *
 *	bit	1: held		written by all who want it; the other bits by their users,
 *				with atomic operations
 *
 * Waiters look before they write, with preemption on in between.
 *
 * Linux: include/linux/bit_spinlock.h
 */
#ifndef LOCKING_BIT_SPINLOCK_H
#define LOCKING_BIT_SPINLOCK_H

#include <locking/bitops.h>
#include <locking/lockdep.h>
#include <locking/port.h>

/**
 * bit_spin_lock() - acquire bit @bitnum of @addr
 * Context: Any but NMI; interrupts off if a handler takes it.
 * Ordering: ACQUIRE.
 */
static inline void bit_spin_lock(unsigned long bitnum, unsigned long *addr)
{
	preempt_disable();
#ifdef CONFIG_SMP
	/* bit_spin/A: pairs with bit_spin_unlock(), __bit_spin_unlock() */
	while (unlikely(test_and_set_bit_lock(bitnum, addr))) {
		preempt_enable();
		do {
			cpu_relax();
		} while (test_bit(bitnum, addr));
		preempt_disable();
	}
#endif
}

/* Ordering: ACQUIRE on success. Return: true if acquired. */
static inline bool bit_spin_trylock(unsigned long bitnum, unsigned long *addr)
{
	preempt_disable();
#ifdef CONFIG_SMP
	/* bit_spin/A: pairs with bit_spin_unlock(), __bit_spin_unlock() */
	if (unlikely(test_and_set_bit_lock(bitnum, addr))) {
		preempt_enable();
		return false;
	}
#endif
	return true;
}

static inline void __bit_spin_check(unsigned long bitnum, const unsigned long *addr)
{
	if (IS_ENABLED(CONFIG_DEBUG_LOCKS) && unlikely(!test_bit(bitnum, addr)))
		port_report("bit spinlock: unlock of a free one, bit %lu of %p", bitnum,
			    (const void *)addr);
}

/* Ordering: RELEASE. */
static inline void bit_spin_unlock(unsigned long bitnum, unsigned long *addr)
{
#ifdef CONFIG_SMP
	__bit_spin_check(bitnum, addr);
	/* bit_spin/A: pairs with bit_spin_lock(), bit_spin_trylock() */
	clear_bit_unlock(bitnum, addr);
#endif
	preempt_enable();
}

/* The same when the lock guards all bits of the word: no atomic instruction. */
static inline void __bit_spin_unlock(unsigned long bitnum, unsigned long *addr)
{
#ifdef CONFIG_SMP
	__bit_spin_check(bitnum, addr);
	/* bit_spin/A: pairs with bit_spin_lock(), bit_spin_trylock() */
	__clear_bit_unlock(bitnum, addr);
#endif
	preempt_enable();
}

/* UP: held is preemption off. */
static inline bool bit_spin_is_locked(unsigned long bitnum, unsigned long *addr)
{
#ifdef CONFIG_SMP
	return test_bit(bitnum, addr);
#else
	return true;
#endif
}

#endif
