/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A per-CPU counter under the checker: all threads but the last add 1 and 2 to it,
 * with a batch of 2, so that the second is handed in; the last one sums.
 *
 * What it shows: nothing handed in is lost; a sum counts nothing twice.
 *
 * Built with -DN=threads.
 */
#include <locking/percpu_counter.h>

static DEFINE_PERCPU_COUNTER(counter);

static void thread(unsigned int t)
{
	s64 sum;

	if (t < N - 1) {
		percpu_counter_add_batch(&counter, 1, 2);
		percpu_counter_add_batch(&counter, 2, 2);
		return;
	}
	sum = percpu_counter_sum(&counter);
	mc_assert(sum >= 0 && sum <= 3 * (N - 1));
	mc_assert(percpu_counter_read(&counter) % 3 == 0);
}

static void final(void)
{
	mc_assert(mc_final(&counter.count) == 3 * (N - 1));
}

static unsigned int kind(unsigned int t)
{
	return t == N - 1;
}

struct mc_client mc_client = {
	.name = "percpu_counter", .nr_threads = N, .thread = thread, .final = final, .kind = kind,
};
