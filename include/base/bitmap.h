/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of small numbers: arrays of words, bit n of the set in word n / 64.
 * Not atomic. The bits past the size are don't-care on input and may be
 * anything on output of fill and complement-like functions.
 *
 * Linux: include/linux/bitmap.h
 */
#ifndef BASE_BITMAP_H
#define BASE_BITMAP_H

#include <base/bits.h>
#include <base/string.h>

#define DECLARE_BITMAP(name, bits)	unsigned long name[BITS_TO_LONGS(bits)]
#define BITMAP_LAST_WORD_MASK(bits)	(~0UL >> (-(unsigned long)(bits) & (BITS_PER_LONG - 1)))

static inline void bitmap_zero(unsigned long *dst, unsigned int bits)
{
	memset(dst, 0, BITS_TO_LONGS(bits) * sizeof(long));
}

/* Exactly the first @bits bits; the rest of the last word is cleared. */
static inline void bitmap_fill(unsigned long *dst, unsigned int bits)
{
	unsigned int words = BITS_TO_LONGS(bits);

	memset(dst, 0xff, words * sizeof(long));
	dst[words - 1] &= BITMAP_LAST_WORD_MASK(bits);
}

static inline void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int bits)
{
	memcpy(dst, src, BITS_TO_LONGS(bits) * sizeof(long));
}

static inline void bitmap_or(unsigned long *dst, const unsigned long *a,
			     const unsigned long *b, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		dst[i] = a[i] | b[i];
}

static inline void bitmap_xor(unsigned long *dst, const unsigned long *a,
			      const unsigned long *b, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		dst[i] = a[i] ^ b[i];
}

/* The word of @map that holds bit 64 * @i, without bits past the size. */
static inline unsigned long __bitmap_word(unsigned long word, unsigned int i, unsigned int bits)
{
	return i == BIT_WORD(bits - 1) ? word & BITMAP_LAST_WORD_MASK(bits) : word;
}

/* Return: whether the result has a member. */
static inline bool bitmap_and(unsigned long *dst, const unsigned long *a,
			      const unsigned long *b, unsigned int bits)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++) {
		dst[i] = a[i] & b[i];
		any |= __bitmap_word(dst[i], i, bits);
	}
	return any != 0;
}

static inline bool bitmap_andnot(unsigned long *dst, const unsigned long *a,
				 const unsigned long *b, unsigned int bits)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++) {
		dst[i] = a[i] & ~b[i];
		any |= __bitmap_word(dst[i], i, bits);
	}
	return any != 0;
}

static inline bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++) {
		if (__bitmap_word(a[i] ^ b[i], i, bits))
			return false;
	}
	return true;
}

static inline bool bitmap_intersects(const unsigned long *a, const unsigned long *b,
				     unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++) {
		if (__bitmap_word(a[i] & b[i], i, bits))
			return true;
	}
	return false;
}

/* Is each member of @a in @b? */
static inline bool bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++) {
		if (__bitmap_word(a[i] & ~b[i], i, bits))
			return false;
	}
	return true;
}

static inline bool bitmap_empty(const unsigned long *map, unsigned int bits)
{
	return find_next_bit(map, bits, 0) == bits;
}

static inline bool bitmap_full(const unsigned long *map, unsigned int bits)
{
	return find_next_zero_bit(map, bits, 0) == bits;
}

static inline unsigned int bitmap_weight(const unsigned long *map, unsigned int bits)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		n += hweight_long(__bitmap_word(map[i], i, bits));
	return n;
}

/* @len bits from @start on. */
void bitmap_set(unsigned long *map, unsigned int start, unsigned int len);
void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len);

/**
 * bitmap_find_next_zero_area() - find @len clear bits in a row
 * @start: first bit to look at
 * @align_mask: the area starts at a multiple of @align_mask + 1
 * Context: Any; the caller excludes writers.
 * Return: where it starts; more than @size - @len if there is none.
 */
unsigned long bitmap_find_next_zero_area(const unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int len,
					 unsigned long align_mask);

#endif
