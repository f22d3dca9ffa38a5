/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lock in one bit under the checker, beside bits with other uses: N threads count
 * under it, the last also changes another bit of the word. OWN: the lock guards the
 * whole word, and unlocks with a store.
 *
 * Built with -DN=threads [-DOWN].
 */
#include <locking/bit_spinlock.h>

static unsigned long word;
static u32 counter;

static void thread(unsigned int t)
{
	bit_spin_lock(0, &word);
	PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
	if (IS_ENABLED(OWN)) {
		__bit_spin_unlock(0, &word);
	} else {
		bit_spin_unlock(0, &word);
		if (t == N - 1)
			set_bit(5, &word);
	}
}

static void final(void)
{
	mc_assert(mc_final(&counter) == N);
	mc_assert(mc_final(&word) == (IS_ENABLED(OWN) ? 0 : BIT_MASK(5)));
}

static unsigned int kind(unsigned int t)
{
	return !IS_ENABLED(OWN) && t == N - 1;
}

struct mc_client mc_client = {
	.name = "bit_spinlock", .nr_threads = N, .thread = thread, .final = final, .kind = kind,
};
