/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Barriers in pairs: a heavy one interrupts every other thread, which executes a full
 * barrier; a light one costs nothing, and keeps the compiler in order only.
 *
 * So while T's heavy barrier lasts each other thread U executes a full barrier, and
 * that falls before or after any light barrier of U:
 *
 *	after	what U did before the light one is seen by T after the heavy one
 *	before	what T did before the heavy one is seen by U after the light one
 *
 * No more is promised, as the compiler may move what is between two light barriers.
 * Which of the two it is, is what the light barrier reads from a word of T and U:
 *
 *	U, light				T, heavy
 *	  all before it				smp_mb
 *	  |					store word[T][U], for each U	MC_SYNC_BEFORE
 *	load word[T][U]	MC_SYNC_BEFORE		smp_mb
 *	load word[T][U]	MC_SYNC_AFTER
 *	  |
 *	  all after it
 *
 * Old: from-read, it comes after. New: reads-from, it comes before. Neither the loads
 * are ordered with each other, nor the stores: one full barrier orders what is around
 * it in one thread, the light ones of two threads have nothing to do with each other.
 * Executions in which the first load is old and the second new (the interrupt comes
 * between them, and orders more) are left out.
 *
 * Source: the pairs of sys_membarrier(); Dice, Huang, Yang, Asymmetric Dekker
 * synchronization, 2001.
 */
#include "explore.h"

static uint32_t word[MC_MAX_THREADS][MC_MAX_THREADS];

/* How often a thread was here: replayed like all that is no event. */
static uint32_t count[MC_MAX_THREADS];

void sync_reset(void)
{
	memset(count, 0, sizeof(count));
}

void mc_heavy_barrier(void)
{
	void *site = __builtin_return_address(0);
	unsigned int me = fiber_current;

	mc_fence(MC_MB);
	count[me]++;
	for (unsigned int t = 0; t < graph.nr_threads && opt.model != MODEL_SC; t++)
		if (t != me)
			access_store(&word[me][t], 4, count[me], MC_SYNC_BEFORE, site);
	mc_fence(MC_MB);
}

void mc_light_barrier(void)
{
	void *site = __builtin_return_address(0);
	unsigned int me = fiber_current;

	plain_flush();
	for (unsigned int t = 0; t < graph.nr_threads && opt.model != MODEL_SC; t++) {
		uint64_t before, after;

		if (t == me)
			continue;
		before = access_load(&word[t][me], 4, MC_SYNC_BEFORE, site);
		after = access_load(&word[t][me], 4, MC_SYNC_AFTER, site);
		mc_assume(before == after);
	}
}
