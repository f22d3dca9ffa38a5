/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic bit operations on an array of unsigned long, bit nr being bit nr % 64
 * of word nr / 64.
 *
 *	set_bit clear_bit change_bit			no value, relaxed
 *	test_and_{set,clear,change}_bit			the old bit, fully ordered
 *	test_bit test_bit_acquire			a load
 *	test_and_set_bit_lock, clear_bit_unlock		ACQUIRE, RELEASE: a lock bit
 *
 * Two versions with the same names after a prefix: arch_*, on the world's
 * atomics, and generic_*, a plain load and store under one of a few spinlocks
 * that the word's address picks (lib/locking/spin/bitops_generic.c), for a
 * machine without atomics. The names without a prefix are the arch_ ones; with
 * CONFIG_GENERIC_BITOPS they are the others. Tests run both and compare.
 *
 * Linux: include/asm-generic/bitops/{atomic,lock}.h
 */
#ifndef LOCKING_BITOPS_H
#define LOCKING_BITOPS_H

#include <base/bits.h>
#include <locking/atomic.h>

static __always_inline bool test_bit(unsigned long nr, const unsigned long *addr)
{
	return READ_ONCE(addr[BIT_WORD(nr)]) >> (nr % BITS_PER_LONG) & 1;
}

static __always_inline bool test_bit_acquire(unsigned long nr, const unsigned long *addr)
{
	return smp_load_acquire(&addr[BIT_WORD(nr)]) >> (nr % BITS_PER_LONG) & 1;
}

static __always_inline void arch_set_bit(unsigned long nr, unsigned long *addr)
{
	(void)port_fetch_or(relaxed, &addr[BIT_WORD(nr)], BIT_MASK(nr));
}

static __always_inline void arch_clear_bit(unsigned long nr, unsigned long *addr)
{
	(void)port_fetch_andnot(relaxed, &addr[BIT_WORD(nr)], BIT_MASK(nr));
}

static __always_inline void arch_change_bit(unsigned long nr, unsigned long *addr)
{
	(void)port_fetch_xor(relaxed, &addr[BIT_WORD(nr)], BIT_MASK(nr));
}

static __always_inline bool arch_test_and_set_bit(unsigned long nr, unsigned long *addr)
{
	return port_test_and_set_bit(full, &addr[BIT_WORD(nr)], nr % BITS_PER_LONG);
}

static __always_inline bool arch_test_and_clear_bit(unsigned long nr, unsigned long *addr)
{
	return port_fetch_andnot(full, &addr[BIT_WORD(nr)], BIT_MASK(nr)) & BIT_MASK(nr);
}

static __always_inline bool arch_test_and_change_bit(unsigned long nr, unsigned long *addr)
{
	return port_fetch_xor(full, &addr[BIT_WORD(nr)], BIT_MASK(nr)) & BIT_MASK(nr);
}

static __always_inline bool arch_test_and_set_bit_lock(unsigned long nr, unsigned long *addr)
{
	return port_test_and_set_bit(acquire, &addr[BIT_WORD(nr)], nr % BITS_PER_LONG);
}

static __always_inline void arch_clear_bit_unlock(unsigned long nr, unsigned long *addr)
{
	(void)port_fetch_andnot(release, &addr[BIT_WORD(nr)], BIT_MASK(nr));
}

void generic_set_bit(unsigned long nr, unsigned long *addr);
void generic_clear_bit(unsigned long nr, unsigned long *addr);
void generic_change_bit(unsigned long nr, unsigned long *addr);
bool generic_test_and_set_bit(unsigned long nr, unsigned long *addr);
bool generic_test_and_clear_bit(unsigned long nr, unsigned long *addr);
bool generic_test_and_change_bit(unsigned long nr, unsigned long *addr);
bool generic_test_and_set_bit_lock(unsigned long nr, unsigned long *addr);
void generic_clear_bit_unlock(unsigned long nr, unsigned long *addr);

#ifdef CONFIG_GENERIC_BITOPS
#define BITOP(name)	generic_##name
#else
#define BITOP(name)	arch_##name
#endif
#define set_bit(nr, addr)		BITOP(set_bit)(nr, addr)
#define clear_bit(nr, addr)		BITOP(clear_bit)(nr, addr)
#define change_bit(nr, addr)		BITOP(change_bit)(nr, addr)
#define test_and_set_bit(nr, addr)	BITOP(test_and_set_bit)(nr, addr)
#define test_and_clear_bit(nr, addr)	BITOP(test_and_clear_bit)(nr, addr)
#define test_and_change_bit(nr, addr)	BITOP(test_and_change_bit)(nr, addr)
#define test_and_set_bit_lock(nr, addr)	BITOP(test_and_set_bit_lock)(nr, addr)
#define clear_bit_unlock(nr, addr)	BITOP(clear_bit_unlock)(nr, addr)

/* RELEASE without an atomic instruction: the holder is the only writer of the whole word. */
static __always_inline void __clear_bit_unlock(unsigned long nr, unsigned long *addr)
{
	unsigned long *word = &addr[BIT_WORD(nr)];

	smp_store_release(word, READ_ONCE(*word) & ~BIT_MASK(nr));
}

#endif
