/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bits of one word, and of an array of words (the double-underscore functions:
 * not atomic, the caller excludes other writers).
 *
 * Linux: include/linux/{bits,bitops,log2,find}.h
 */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <base/compiler.h>
#include <base/types.h>

#define BITS_PER_BYTE		8
#define BITS_PER_LONG		64
#define BITS_PER_TYPE(type)	(sizeof(type) * BITS_PER_BYTE)
#define BITS_TO_LONGS(n)	DIV_ROUND_UP(n, BITS_PER_LONG)

#define BIT(nr)			(1UL << (nr))
#define BIT_ULL(nr)		(1ULL << (nr))
#define BIT_MASK(nr)		(1UL << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr)		((nr) / BITS_PER_LONG)
/* Bits @h down to @l, both included. */
#define GENMASK(h, l)		((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l)	((~0ULL << (l)) & (~0ULL >> (63 - (h))))

static_assert(sizeof(long) * 8 == BITS_PER_LONG, "both ports are LP64");

/* Lowest and highest set bit, counted from 0; undefined for 0. */
static __always_inline unsigned long __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}

static __always_inline unsigned long __fls(unsigned long word)
{
	return BITS_PER_LONG - 1 - __builtin_clzl(word);
}

/* Lowest clear bit, counted from 0; undefined for ~0. */
static __always_inline unsigned long ffz(unsigned long word)
{
	return __ffs(~word);
}

/* The same, counted from 1, 0 if there is none. A C library has its own ffs(). */
#if __STDC_HOSTED__
#include <string.h>
#else
static __always_inline int ffs(int x)
{
	return __builtin_ffs(x);
}
#endif

static __always_inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static __always_inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static __always_inline int fls_long(unsigned long x)
{
	return fls64(x);
}

/* floor(log2(n)); a constant for a constant. Undefined for 0. */
#define ilog2(n)		(63 - __builtin_clzll((u64)(n)))
/* Smallest order with (1 << order) >= n, n > 0. */
#define order_base_2(n)		fls64((u64)(n) - 1)

static __always_inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

static __always_inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return 1UL << fls64(n - 1);
}

static __always_inline unsigned long rounddown_pow_of_two(unsigned long n)
{
	return 1UL << (fls64(n) - 1);
}

/* Number of set bits. No library call: the compilers emit one for their builtin. */
static inline unsigned int hweight64(u64 w)
{
	w -= (w >> 1) & 0x5555555555555555ULL;
	w = (w & 0x3333333333333333ULL) + ((w >> 2) & 0x3333333333333333ULL);
	w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
	return (w * 0x0101010101010101ULL) >> 56;
}

static inline unsigned int hweight32(u32 w)
{
	return hweight64(w);
}

static inline unsigned int hweight_long(unsigned long w)
{
	return hweight64(w);
}

static inline u32 rol32(u32 word, unsigned int shift)
{
	return (word << (shift & 31)) | (word >> (-shift & 31));
}

static inline u64 rol64(u64 word, unsigned int shift)
{
	return (word << (shift & 63)) | (word >> (-shift & 63));
}

static __always_inline void __set_bit(unsigned long nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static __always_inline void __clear_bit(unsigned long nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static __always_inline void __change_bit(unsigned long nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

static __always_inline bool __test_bit(unsigned long nr, const unsigned long *addr)
{
	return (addr[BIT_WORD(nr)] >> (nr % BITS_PER_LONG)) & 1;
}

static __always_inline bool __test_and_set_bit(unsigned long nr, unsigned long *addr)
{
	bool old = __test_bit(nr, addr);

	__set_bit(nr, addr);
	return old;
}

static __always_inline bool __test_and_clear_bit(unsigned long nr, unsigned long *addr)
{
	bool old = __test_bit(nr, addr);

	__clear_bit(nr, addr);
	return old;
}

/**
 * find_next_bit() - first set bit of @addr at or after @start
 * @size: bits in @addr
 * Context: Any.
 * Ordering: none; each word is read once.
 * Return: its number, or @size if there is none.
 */
unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long start);
unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long start);
unsigned long find_next_and_bit(const unsigned long *a, const unsigned long *b,
				unsigned long size, unsigned long start);
unsigned long find_next_andnot_bit(const unsigned long *a, const unsigned long *b,
				   unsigned long size, unsigned long start);
/* Last set bit, or @size. */
unsigned long find_last_bit(const unsigned long *addr, unsigned long size);

#define find_first_bit(addr, size)		find_next_bit(addr, size, 0)
#define find_first_zero_bit(addr, size)		find_next_zero_bit(addr, size, 0)
#define find_first_and_bit(a, b, size)		find_next_and_bit(a, b, size, 0)

#define for_each_set_bit(bit, addr, size)				\
	for ((bit) = find_next_bit(addr, size, 0); (bit) < (size);	\
	     (bit) = find_next_bit(addr, size, (bit) + 1))
#define for_each_clear_bit(bit, addr, size)				\
	for ((bit) = find_next_zero_bit(addr, size, 0); (bit) < (size);	\
	     (bit) = find_next_zero_bit(addr, size, (bit) + 1))

#endif
