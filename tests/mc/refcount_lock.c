/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * refcount_dec_and_lock() under the checker: all threads but the last have a reference of
 * an object in a table, and put it. The last one looks into the table, with its lock held,
 * and takes a reference if the object is there.
 *
 * What it shows: an object that is in the table has references; it is taken out once, by
 * one who sees all that the others did; the lock is free in the end.
 *
 * Built with -DN=threads [-DATOMIC=1: atomic_dec_and_lock(), 2: with interrupts off].
 */
#include <locking/dec_and_lock.h>
#include <locking/port.h>

#ifndef ATOMIC
#define ATOMIC 0
#endif

static refcount_t refs;
static spinlock_t lock;
static u32 there, taken_out, object[N];

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

static bool dec_and_lock(void)
{
	unsigned long flags __maybe_unused;

	if (ATOMIC == 1)
		return atomic_dec_and_lock(&refs.refs, &lock);
	if (ATOMIC == 2)
		return atomic_dec_and_lock_irqsave(&refs.refs, &lock, flags);
	return refcount_dec_and_lock(&refs, &lock);
}

static void put(unsigned int t)
{
	PLAIN_WRITE(object[t], 1);
	if (!dec_and_lock())
		return;
	for (unsigned int i = 0; i < N; i++)
		PLAIN_WRITE(object[i], 0);
	PLAIN_WRITE(there, 0);
	PLAIN_WRITE(taken_out, PLAIN_READ(taken_out) + 1);
	spin_unlock(&lock);
}

static void thread(unsigned int t)
{
	if (t == N - 1 && !find())
		return;
	put(t);
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
	.kind = kind, .areas = { { object, sizeof(object[0]) } },
};
