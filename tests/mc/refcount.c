/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reference count under the checker: all threads but the last have a reference,
 * use the object, and put it; who puts the last one frees. The last thread has none:
 * it takes one if the object still lives.
 *
 * What it shows: freed once, by one who sees all that the others did; never used
 * after that.
 *
 *	NOT_ONE		all have one; the last is put by refcount_dec_and_test(), others not
 *	IF_ONE		0 puts one of two, 1 the other if it finds itself alone, 2 looks on
 *
 * Built with -DN=threads, perhaps -DNOT_ONE or -DIF_ONE.
 */
#include <locking/port.h>
#include <locking/refcount.h>

static refcount_t refs;
static u32 object[N], freed;

static void put(void)
{
	if (IS_ENABLED(NOT_ONE) && refcount_dec_not_one(&refs))
		return;
	if (!refcount_dec_and_test(&refs))
		return;
	mc_assert(!PLAIN_READ(freed));
	PLAIN_WRITE(freed, 1);
	for (unsigned int t = 0; t < N; t++)
		PLAIN_WRITE(object[t], 0);
}

/* Each puts what it has used; who finds it put uses it. */
static void put_in_turn(unsigned int t)
{
	int left = t ? atomic_read_acquire(&refs.refs) : 2;

	if (left != 2 - (int)t)
		return;
	if (t > 0)
		PLAIN_WRITE(object[t - 1], 0);
	PLAIN_WRITE(object[t], 1);
	if (t == 0)
		refcount_dec(&refs);
	else if (t == 1)
		mc_assert(refcount_dec_if_one(&refs));
}

static void thread(unsigned int t)
{
	if (IS_ENABLED(IF_ONE)) {
		put_in_turn(t);
		return;
	}
	if (!IS_ENABLED(NOT_ONE) && t == N - 1 && !refcount_inc_not_zero(&refs))
		return;
	mc_assert(!PLAIN_READ(freed));
	PLAIN_WRITE(object[t], 1);
	put();
}

static void setup(void)
{
	refs = (refcount_t)REFCOUNT_INIT(IS_ENABLED(NOT_ONE) ? N : N - 1);
}

static void final(void)
{
	if (!IS_ENABLED(IF_ONE))
		mc_assert(mc_final(&freed) == 1 && mc_final(&refs.refs.counter) == 0);
}

static unsigned int kind(unsigned int t)
{
	return IS_ENABLED(IF_ONE) ? t : !IS_ENABLED(NOT_ONE) && t == N - 1;
}

struct mc_client mc_client = {
	.name = "refcount", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
	.kind = kind, .areas = { { object, sizeof(object[0]) } },
};
