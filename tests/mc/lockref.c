/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lockref under the checker, in the form without cmpxchg (a word that is a lock
 * and a half of another word has two sizes). Thread 0 has the one reference, and
 * puts it: it finds the lock held for it, and kills the object. The others take a
 * reference if it is not dead, use it, put it, and kill it if theirs was the last.
 *
 * What it shows: killed once, not used after that.
 *
 * Built with -DN=threads.
 */
#include <locking/lockref.h>

static struct lockref ref;
static u32 object;

static void put(void)
{
	if (lockref_put_or_lock(&ref))
		return;
	mc_assert(!__lockref_is_dead(&ref));
	lockref_mark_dead(&ref);
	spin_unlock(&ref.lock);
	PLAIN_WRITE(object, PLAIN_READ(object) + 1);
}

static void thread(unsigned int t)
{
	if (t > 0 && !lockref_get_not_dead(&ref))
		return;
	mc_assert(PLAIN_READ(object) == 0);
	put();
}

static void setup(void)
{
	ref = (struct lockref){ .lock = __SPIN_LOCK_UNLOCKED(ref.lock), .count = 1 };
}

static void final(void)
{
	mc_assert(mc_final(&object) == 1);
}

static unsigned int kind(unsigned int t)
{
	return t > 0;
}

struct mc_client mc_client = {
	.name = "lockref", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
	.kind = kind,
};
