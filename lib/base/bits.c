/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Searches in bit arrays, a word at a time. Each word is read once, through a
 * volatile: the array may change under the search.
 *
 * Linux: lib/find_bit.c, lib/bitmap.c
 */
#include <base/bitmap.h>

/* What is searched: a, or what a and b combine to. */
enum combine { FIRST, AND, ANDNOT, NOT };

static __always_inline unsigned long load(const unsigned long *a, const unsigned long *b,
					  unsigned long word, enum combine how)
{
	unsigned long v = ((const volatile unsigned long *)a)[word];

	switch (how) {
	case AND:
		return v & ((const volatile unsigned long *)b)[word];
	case ANDNOT:
		return v & ~((const volatile unsigned long *)b)[word];
	case NOT:
		return ~v;
	default:
		return v;
	}
}

static __always_inline unsigned long find(const unsigned long *a, const unsigned long *b,
					  unsigned long size, unsigned long start,
					  enum combine how)
{
	unsigned long word, v;

	if (start >= size)
		return size;
	word = BIT_WORD(start);
	v = load(a, b, word, how) & (~0UL << (start % BITS_PER_LONG));
	while (!v) {
		if (++word * BITS_PER_LONG >= size)
			return size;
		v = load(a, b, word, how);
	}
	return min(word * BITS_PER_LONG + __ffs(v), size);
}

unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long start)
{
	return find(addr, NULL, size, start, FIRST);
}

unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long start)
{
	return find(addr, NULL, size, start, NOT);
}

unsigned long find_next_and_bit(const unsigned long *a, const unsigned long *b,
				unsigned long size, unsigned long start)
{
	return find(a, b, size, start, AND);
}

unsigned long find_next_andnot_bit(const unsigned long *a, const unsigned long *b,
				   unsigned long size, unsigned long start)
{
	return find(a, b, size, start, ANDNOT);
}

unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	for (unsigned long word = BITS_TO_LONGS(size); word-- > 0;) {
		unsigned long v = load(addr, NULL, word, FIRST);

		if (word == BIT_WORD(size - 1))
			v &= BITMAP_LAST_WORD_MASK(size);
		if (v)
			return word * BITS_PER_LONG + __fls(v);
	}
	return size;
}

void bitmap_set(unsigned long *map, unsigned int start, unsigned int len)
{
	for (unsigned int bit = start; bit < start + len;) {
		unsigned int n = min(start + len - bit, BITS_PER_LONG - bit % BITS_PER_LONG);

		map[BIT_WORD(bit)] |= (~0UL >> (BITS_PER_LONG - n)) << (bit % BITS_PER_LONG);
		bit += n;
	}
}

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len)
{
	for (unsigned int bit = start; bit < start + len;) {
		unsigned int n = min(start + len - bit, BITS_PER_LONG - bit % BITS_PER_LONG);

		map[BIT_WORD(bit)] &= ~((~0UL >> (BITS_PER_LONG - n)) << (bit % BITS_PER_LONG));
		bit += n;
	}
}

unsigned long bitmap_find_next_zero_area(const unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int len,
					 unsigned long align_mask)
{
	for (;;) {
		unsigned long taken;

		start = find_next_zero_bit(map, size, start);
		start = (start + align_mask) & ~align_mask;
		if (start + len > size)
			return size + 1;
		taken = find_next_bit(map, start + len, start);
		if (taken >= start + len)
			return start;
		start = taken + 1;
	}
}
