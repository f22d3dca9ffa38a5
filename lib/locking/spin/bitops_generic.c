/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bit operations for a machine without atomic ones: a load and a store under a
 * spinlock. The contract is <locking/bitops.h>.
 *
 *	locks[]		which one guards a word: bits 8.. of its address, so that
 *			one cache line of words shares a lock
 *
 * All writers of a word must come this way: mixed with the atomic version, a
 * change made between the load and the store is lost. Interrupts are off while
 * the lock is held, since a handler may change a bit of the same word; an NMI
 * handler must not.
 *
 * Linux:   asm-generic/bitops/atomic.h till 5.19; arch/parisc/lib/bitops.c
 * Differs: test_and_* are fully ordered by a barrier on each side, lock + unlock
 *          alone being weaker.
 */
#include <locking/bitops.h>
#include <locking/spinlock.h>

#define BITOP_LOCKS	16

static raw_spinlock_t locks[BITOP_LOCKS] = {
	[0 ... BITOP_LOCKS - 1] = __RAW_SPIN_LOCK_UNLOCKED(bitop_lock)
};

static raw_spinlock_t *lock_of(const unsigned long *word)
{
	return &locks[((unsigned long)word / 256) % BITOP_LOCKS];
}

enum change { SET, CLEAR, CHANGE };

/* Return: the word before. */
static unsigned long change_word(unsigned long *word, unsigned long mask, enum change how)
{
	raw_spinlock_t *lock = lock_of(word);
	unsigned long old, flags;

	raw_spin_lock_irqsave(lock, flags);
	old = READ_ONCE(*word);
	WRITE_ONCE(*word, how == SET ? old | mask : how == CLEAR ? old & ~mask : old ^ mask);
	raw_spin_unlock_irqrestore(lock, flags);
	return old;
}

/* The barriers make it fully ordered: the lock's ACQUIRE and RELEASE only keep things in. */
static bool test_and_change_word(unsigned long nr, unsigned long *addr, enum change how)
{
	unsigned long old;

	/* bitops/A: pairs with test_and_change_word() */
	smp_mb();
	old = change_word(&addr[BIT_WORD(nr)], BIT_MASK(nr), how);
	/* bitops/A: pairs with test_and_change_word() */
	smp_mb();
	return old & BIT_MASK(nr);
}

void generic_set_bit(unsigned long nr, unsigned long *addr)
{
	change_word(&addr[BIT_WORD(nr)], BIT_MASK(nr), SET);
}

void generic_clear_bit(unsigned long nr, unsigned long *addr)
{
	change_word(&addr[BIT_WORD(nr)], BIT_MASK(nr), CLEAR);
}

void generic_change_bit(unsigned long nr, unsigned long *addr)
{
	change_word(&addr[BIT_WORD(nr)], BIT_MASK(nr), CHANGE);
}

bool generic_test_and_set_bit(unsigned long nr, unsigned long *addr)
{
	return test_and_change_word(nr, addr, SET);
}

bool generic_test_and_clear_bit(unsigned long nr, unsigned long *addr)
{
	return test_and_change_word(nr, addr, CLEAR);
}

bool generic_test_and_change_bit(unsigned long nr, unsigned long *addr)
{
	return test_and_change_word(nr, addr, CHANGE);
}

bool generic_test_and_set_bit_lock(unsigned long nr, unsigned long *addr)
{
	return test_and_change_word(nr, addr, SET);
}

void generic_clear_bit_unlock(unsigned long nr, unsigned long *addr)
{
	test_and_change_word(nr, addr, CLEAR);
}
