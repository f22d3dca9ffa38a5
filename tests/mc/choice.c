/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The explorer's choices, counted: three answers, under a read that a later write
 * takes back, so that a choice made twice or not made again shows.
 *
 *	T0: reads y, chooses v of 0..2, x = v	T1: reads x, y = 1; or ends, of no interest
 *
 * Either read may see its write, not both: three pairs, three answers each, 9.
 */
#include <locking/port.h>

static u32 x, y, saw[2];

static void thread(unsigned int t)
{
	if (t == 0) {
		saw[0] = READ_ONCE(y);
		WRITE_ONCE(x, 1 + mc_choose(3));
	} else {
		mc_assume(mc_choose(2) == 0);
		saw[1] = READ_ONCE(x);
		WRITE_ONCE(y, 1);
	}
}

static void final(void)
{
	mc_assert(mc_final(&y) == 1 && mc_final(&x) >= 1 && mc_final(&x) <= 3);
	mc_assert(saw[0] == 0 || saw[1] == 0);
}

struct mc_client mc_client = {
	.name = "choice", .nr_threads = 2, .thread = thread, .final = final,
};
