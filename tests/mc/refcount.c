/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reference count under the checker: all threads but the last have a reference,
 * use the object, and put it; who puts the last one frees. The last thread has none:
 * it takes one if the object still lives.
 *
 * What it shows: freed once, by one who sees all that the others did; never used
 * after that.
 *
 * Built with -DN=threads.
 */
#include <locking/port.h>
#include <locking/refcount.h>

static refcount_t refs;
static u32 object[N], freed;

static void put(void)
{
	if (!refcount_dec_and_test(&refs))
		return;
	mc_assert(!PLAIN_READ(freed));
	PLAIN_WRITE(freed, 1);
	for (unsigned int t = 0; t < N; t++)
		PLAIN_WRITE(object[t], 0);
}

static void thread(unsigned int t)
{
	if (t == N - 1 && !refcount_inc_not_zero(&refs))
		return;
	mc_assert(!PLAIN_READ(freed));
	PLAIN_WRITE(object[t], 1);
	put();
}

static void setup(void)
{
	refs = (refcount_t)REFCOUNT_INIT(N - 1);
}

static void final(void)
{
	mc_assert(mc_final(&freed) == 1 && mc_final(&refs.refs.counter) == 0);
}

static unsigned int kind(unsigned int t)
{
	return t == N - 1;
}

struct mc_client mc_client = {
	.name = "refcount", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
	.kind = kind, .areas = { { object, sizeof(object[0]) } },
};
