/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mutex's owner word: of the form without CONFIG_PREEMPT_RT, whose rt_mutex hands
 * nothing over.
 */
#include <locking/mutex.h>
#include <locking/testing.h>

/* The owner word as unlock leaves it for a sleeper that has not come yet. */
SELFTEST(mutex, only_the_new_owner_picks_it_up)
{
	DEFINE_MUTEX(mutex);
	long other = (long)current + 8 * sizeof(long);
	long word = other | MUTEX_FLAG_WAITERS | MUTEX_FLAG_PICKUP;

	atomic_long_set(&mutex.owner, word);
	EXPECT(!mutex_trylock(&mutex));
	EXPECT_EQ(atomic_long_read(&mutex.owner), word);
	atomic_long_set(&mutex.owner, (long)current | MUTEX_FLAG_PICKUP);
	EXPECT(mutex_trylock(&mutex));
	EXPECT_EQ(atomic_long_read(&mutex.owner), (long)current);
	EXPECT(!mutex_trylock(&mutex));
	mutex_unlock(&mutex);
}
