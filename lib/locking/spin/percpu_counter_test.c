/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU counters: the sum is exact, the read is near.
 */
#include <locking/percpu_counter.h>
#include <locking/testing.h>

DEFINE_PERCPU_COUNTER(counter);

static void count_up_and_down(unsigned int index __maybe_unused, void *arg __maybe_unused)
{
	for (int i = 0; i < 1000; i++) {
		percpu_counter_add(&counter, 3);
		percpu_counter_dec(&counter);
		if (i % 100 == 0)
			percpu_counter_sync(&counter);
	}
}

SELFTEST(percpu_counter, the_sum_is_exact_and_the_read_is_near)
{
	unsigned int n = test_cpus(NR_CPUS);
	s64 want = 7 + 2000LL * n;

	percpu_counter_set(&counter, 7);
	test_on_cpus(n, count_up_and_down, NULL);
	EXPECT_EQ(percpu_counter_sum(&counter), want);
	EXPECT(percpu_counter_read(&counter) >= want - PERCPU_COUNTER_BATCH * (s64)n);
	EXPECT(percpu_counter_read(&counter) <= want + PERCPU_COUNTER_BATCH * (s64)n);
	EXPECT_EQ(percpu_counter_compare(&counter, want), 0);
	EXPECT_EQ(percpu_counter_compare(&counter, want - 1), 1);
	EXPECT_EQ(percpu_counter_compare(&counter, want + 1), -1);
	EXPECT_EQ(percpu_counter_compare(&counter, 1LL << 40), -1);
}

SELFTEST(percpu_counter, what_looks_negative_is_zero_to_who_asks_so)
{
	static struct percpu_counter fbc;

	EXPECT(!percpu_counter_initialized(&fbc));
	percpu_counter_init(&fbc, 1, &counter_counters);
	EXPECT(percpu_counter_initialized(&fbc));
	percpu_counter_set(&fbc, 1);
	percpu_counter_sub(&fbc, 100);
	EXPECT_EQ(percpu_counter_sum(&fbc), -99);
	EXPECT_EQ(percpu_counter_read(&fbc), -99);
	EXPECT_EQ(percpu_counter_sum_positive(&fbc), 0);
	EXPECT_EQ(percpu_counter_read_positive(&fbc), 0);
	percpu_counter_add(&fbc, 200);
	EXPECT_EQ(percpu_counter_sum_positive(&fbc), 101);
	EXPECT_EQ(percpu_counter_read_positive(&fbc), 101);
	percpu_counter_destroy(&fbc);
	EXPECT(!percpu_counter_initialized(&fbc));
}
