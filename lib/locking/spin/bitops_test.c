/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bit operations: the two versions do the same, and neither loses a bit.
 */
#include <locking/bitops.h>
#include <locking/testing.h>

struct version {
	const char *name;
	void (*set)(unsigned long nr, unsigned long *addr);
	void (*clear)(unsigned long nr, unsigned long *addr);
	void (*change)(unsigned long nr, unsigned long *addr);
	bool (*test_and_set)(unsigned long nr, unsigned long *addr);
	bool (*test_and_clear)(unsigned long nr, unsigned long *addr);
	bool (*test_and_change)(unsigned long nr, unsigned long *addr);
	bool (*set_lock)(unsigned long nr, unsigned long *addr);
	void (*unlock)(unsigned long nr, unsigned long *addr);
};

#define VERSION(prefix) {						\
	.name = #prefix,						\
	.set = prefix##_set_bit, .clear = prefix##_clear_bit,		\
	.change = prefix##_change_bit,					\
	.test_and_set = prefix##_test_and_set_bit,			\
	.test_and_clear = prefix##_test_and_clear_bit,			\
	.test_and_change = prefix##_test_and_change_bit,		\
	.set_lock = prefix##_test_and_set_bit_lock,			\
	.unlock = prefix##_clear_bit_unlock,				\
}
static const struct version versions[] = { VERSION(arch), VERSION(generic) };

#define WORDS	3

static u32 random(u32 *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* One operation, chosen by @r. Return: what it returned. */
static bool operate(const struct version *v, u32 r, unsigned long nr, unsigned long *map)
{
	switch (r % 8) {
	case 0:
		v->set(nr, map);
		return false;
	case 1:
		v->clear(nr, map);
		return false;
	case 2:
		v->change(nr, map);
		return false;
	case 3:
		return v->test_and_set(nr, map);
	case 4:
		return v->test_and_clear(nr, map);
	case 5:
		return v->test_and_change(nr, map);
	case 6:
		return v->set_lock(nr, map);
	default:
		v->unlock(nr, map);
		return false;
	}
}

SELFTEST(bitops, both_versions_do_the_same)
{
	unsigned long maps[ARRAY_SIZE(versions)][WORDS] = { };
	u32 seed = 1;

	for (int i = 0; i < 5000; i++) {
		u32 r = random(&seed);
		unsigned long nr = random(&seed) % (WORDS * BITS_PER_LONG);
		bool first = operate(&versions[0], r, nr, maps[0]);

		EXPECT_EQ(operate(&versions[1], r, nr, maps[1]), first);
		EXPECT_EQ(test_bit(nr, maps[1]), test_bit_acquire(nr, maps[0]));
		for (int w = 0; w < WORDS; w++)
			EXPECT_EQ(maps[1][w], maps[0][w]);
	}
}

struct shared_map {
	const struct version *v;
	unsigned long map[WORDS];
	atomic_t won;
};

/* Each CPU has bits of its own in words that all write, and one bit that all want. */
static void own_bits(unsigned int index, void *arg)
{
	struct shared_map *s = arg;
	unsigned long mine = 1 + index % (WORDS * BITS_PER_LONG - 1);

	if (!s->v->test_and_set(0, s->map))
		atomic_inc(&s->won);
	for (int i = 0; i < 501; i++)
		s->v->change(mine, s->map);
}

SELFTEST(bitops, a_word_of_many_writers_loses_no_bit)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct shared_map s = { .v = &versions[i] };
		unsigned int n = test_cpus(WORDS * BITS_PER_LONG - 1);

		test_on_cpus(n, own_bits, &s);
		EXPECT_EQ(atomic_read(&s.won), 1);
		for (unsigned int k = 0; k <= n; k++)
			if (!test_bit(k, s.map))
				selftest_fail(t, __FILE__, __LINE__, "%s: bit %u is lost",
					      s.v->name, k);
	}
}
