/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * refcount_dec_and_lock() under the checker: all threads but the last have a reference of
 * an object in a table, and put it. The last one looks into the table, with its lock held,
 * and takes a reference if the object is there.
 *
 * What it shows: an object that is in the table has references; it is taken out once, and
 * not used after that; the lock is free in the end.
 *
 * Built with -DN=threads.
 */
#include <locking/dec_and_lock.h>
#include <locking/port.h>

static refcount_t refs;
static spinlock_t lock;
static u32 there, taken_out;

static bool find(void)
{
	bool found;

	spin_lock(&lock);
	found = PLAIN_READ(there);
	if (found)
		mc_assert(atomic_fetch_add_relaxed(1, &refs.refs) > 0);
	spin_unlock(&lock);
	return found;
}

static void put(void)
{
	if (!refcount_dec_and_lock(&refs, &lock))
		return;
	PLAIN_WRITE(there, 0);
	PLAIN_WRITE(taken_out, PLAIN_READ(taken_out) + 1);
	spin_unlock(&lock);
}

static void thread(unsigned int t)
{
	if (t == N - 1 && !find())
		return;
	put();
}

static void setup(void)
{
	refs = (refcount_t)REFCOUNT_INIT(N - 1);
	spin_lock_init(&lock);
	there = 1;
	taken_out = 0;
}

static void final(void)
{
	mc_assert(mc_final(&taken_out) == 1 && mc_final(&refs.refs.counter) == 0);
	mc_assert(mc_final(&lock.rlock.raw_lock.val.counter) == 0);
}

static unsigned int kind(unsigned int t)
{
	return t == N - 1;
}

struct mc_client mc_client = {
	.name = "dec_and_lock", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
	.kind = kind,
};
