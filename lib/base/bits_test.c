/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bits and bit arrays, against one bit at a time.
 */
#include <base/bitmap.h>
#include <base/prandom.h>
#include <locking/testing.h>

#define BITS	200

static unsigned long naive_next(const unsigned long *map, bool bit, unsigned long start)
{
	while (start < BITS && __test_bit(start, map) != bit)
		start++;
	return start < BITS ? start : BITS;
}

/* Sparse, dense or even, by @how. */
static void random_map(struct rnd_state *rnd, unsigned long *map, int how)
{
	for (unsigned int i = 0; i < BITS; i++) {
		unsigned int r = prandom_u32_below(rnd, 16);

		if (how % 3 == 0 ? r == 0 : how % 3 == 1 ? r != 0 : r & 1)
			__set_bit(i, map);
		else
			__clear_bit(i, map);
	}
	map[BITS / 64] |= ~0UL << (BITS % 64);	/* past the end: must not count */
}

SELFTEST(bits, searches_agree_with_one_bit_at_a_time)
{
	struct rnd_state rnd = { 4 };
	DECLARE_BITMAP(a, BITS);
	DECLARE_BITMAP(b, BITS);
	DECLARE_BITMAP(c, BITS);

	for (int round = 0; round < 60; round++) {
		unsigned long last = BITS;
		unsigned int weight = 0;

		random_map(&rnd, a, round);
		random_map(&rnd, b, round / 3);
		for (unsigned long i = 0; i < BITS; i++) {
			weight += __test_bit(i, a);
			if (__test_bit(i, a))
				last = i;
			EXPECT_EQ(find_next_bit(a, BITS, i), naive_next(a, true, i));
			EXPECT_EQ(find_next_zero_bit(a, BITS, i), naive_next(a, false, i));
			bitmap_and(c, a, b, BITS);
			EXPECT_EQ(find_next_and_bit(a, b, BITS, i), naive_next(c, true, i));
			bitmap_andnot(c, a, b, BITS);
			EXPECT_EQ(find_next_andnot_bit(a, b, BITS, i), naive_next(c, true, i));
		}
		EXPECT_EQ(find_next_bit(a, BITS, BITS), BITS);
		EXPECT_EQ(find_last_bit(a, BITS), last);
		EXPECT_EQ(bitmap_weight(a, BITS), weight);
		if (t->failures)
			return;
	}
}

SELFTEST(bits, sets_obey_their_algebra)
{
	struct rnd_state rnd = { 5 };
	DECLARE_BITMAP(a, BITS);
	DECLARE_BITMAP(b, BITS);
	DECLARE_BITMAP(both, BITS);
	DECLARE_BITMAP(either, BITS);
	DECLARE_BITMAP(rest, BITS);

	for (int round = 0; round < 30; round++) {
		random_map(&rnd, a, round);
		random_map(&rnd, b, round / 3);
		EXPECT_EQ(bitmap_and(both, a, b, BITS), bitmap_intersects(a, b, BITS));
		bitmap_or(either, a, b, BITS);
		bitmap_andnot(rest, a, b, BITS);
		EXPECT(bitmap_subset(both, a, BITS) && bitmap_subset(a, either, BITS));
		EXPECT(!bitmap_intersects(rest, b, BITS));
		EXPECT_EQ(bitmap_weight(both, BITS) + bitmap_weight(either, BITS),
			  bitmap_weight(a, BITS) + bitmap_weight(b, BITS));
		bitmap_or(rest, rest, both, BITS);
		EXPECT(bitmap_equal(rest, a, BITS));
		bitmap_xor(rest, a, a, BITS);
		EXPECT(bitmap_empty(rest, BITS));
	}
	bitmap_fill(a, BITS);
	EXPECT(bitmap_full(a, BITS));
	EXPECT_EQ(bitmap_weight(a, BITS), BITS);
}

SELFTEST(bits, ranges_set_and_clear_exactly_themselves)
{
	DECLARE_BITMAP(map, BITS);

	for (unsigned int start = 0; start < BITS; start += 7) {
		for (unsigned int len = 0; start + len <= BITS; len += 13) {
			bitmap_zero(map, BITS);
			bitmap_set(map, start, len);
			EXPECT_EQ(bitmap_weight(map, BITS), len);
			EXPECT(!len || (find_first_bit(map, BITS) == start &&
					find_last_bit(map, BITS) == start + len - 1));
			bitmap_fill(map, BITS);
			bitmap_clear(map, start, len);
			EXPECT_EQ(bitmap_weight(map, BITS), BITS - len);
			EXPECT(!len || find_first_zero_bit(map, BITS) == start);
		}
	}
	bitmap_fill(map, BITS);
	bitmap_clear(map, 30, 3);
	bitmap_clear(map, 65, 9);
	EXPECT_EQ(bitmap_find_next_zero_area(map, BITS, 0, 3, 0), 30);
	EXPECT_EQ(bitmap_find_next_zero_area(map, BITS, 0, 4, 0), 65);
	EXPECT_EQ(bitmap_find_next_zero_area(map, BITS, 0, 2, 7), 72);
	EXPECT(bitmap_find_next_zero_area(map, BITS, 0, 10, 0) > BITS - 10);
}

SELFTEST(bits, logarithms_and_powers)
{
	for (unsigned int i = 0; i < 63; i++) {
		u64 n = 1ULL << i;

		EXPECT_EQ(ilog2(n), i);
		EXPECT_EQ(ilog2(2 * n - 1), i);
		EXPECT_EQ(order_base_2(n), i);
		EXPECT(is_power_of_2(n) && (i < 2 || !is_power_of_2(n - 1)));
		EXPECT_EQ(roundup_pow_of_two(n), n);
		EXPECT_EQ(rounddown_pow_of_two(2 * n - 1), n);
		EXPECT_EQ(__ffs(n), i);
		EXPECT_EQ(__fls(n), i);
		EXPECT_EQ(ffz(n - 1), i);
		EXPECT_EQ(fls64(n), i + 1);
		EXPECT_EQ(hweight64(n - 1), i);
	}
	EXPECT_EQ(ffs(0), 0);
	EXPECT_EQ(ffs(12), 3);
	EXPECT_EQ(fls(0), 0);
	EXPECT_EQ(fls(0x80000000U), 32);
	EXPECT_EQ(roundup_pow_of_two(5), 8);
	EXPECT_EQ(GENMASK(7, 4), 0xf0);
	EXPECT_EQ(GENMASK(63, 0), ~0UL);
	EXPECT_EQ(rol32(0x80000001U, 4), 0x18);
}
