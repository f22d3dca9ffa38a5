/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * atomic_dec_and_mutex_lock() under the checker: each thread has a reference, uses the
 * object, and puts it; the last one has the mutex then, and takes the object down.
 *
 * What it shows: one takes it down, after all others have done with it.
 *
 * Built with -DN=threads.
 */
#include <locking/mutex.h>

static DEFINE_MUTEX(lock);
static atomic_t refs;
static u32 object[N], gone;

static void setup(void)
{
	refs = (atomic_t)ATOMIC_INIT(N);
}

static void thread(unsigned int t)
{
	mc_assert(!PLAIN_READ(gone));
	PLAIN_WRITE(object[t], 1);
	if (!atomic_dec_and_mutex_lock(&refs, &lock))
		return;
	PLAIN_WRITE(gone, 1);
	for (unsigned int i = 0; i < N; i++)
		PLAIN_WRITE(object[i], 0);
	mutex_unlock(&lock);
}

static void final(void)
{
	mc_assert(mc_final(&gone) == 1 && mc_final(&refs.counter) == 0);
	mc_assert(mc_final(&lock.owner.counter) == 0);
}

struct mc_client mc_client = {
	.name = "mutex-dec", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
