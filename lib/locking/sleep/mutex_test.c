/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutex, in the kernel and on pthreads, in either form of it.
 */
#include "mutex_scene.h"

#define FORM		mutex
#define LOCK_ANYHOW	mutex_lock_io
#include "mutex_forms_scene.h"

/* ---- hand-off: a sleeper cannot be passed for ever ---- */

#define TAKES	20

static void keep_or_take(unsigned int cpu, void *arg)
{
	struct selftest *t = arg;
	struct mutex *m = &contest.mutex;

	if (cpu == 0) {
		while (atomic_read(&contest.rounds) < TAKES) {
			mutex_lock(m);
			mutex_unlock(m);
		}
		return;
	}
	for (unsigned int i = 0; cpu == 1 && i < TAKES; i++) {
		mutex_lock(m);
		EXPECT(!mutex_trylock(m));
		EXPECT(mutex_get_owner(m) == current);
		atomic_inc(&contest.rounds);
		nap();
		mutex_unlock(m);
	}
}

SELFTEST(mutex, who_sleeps_is_handed_it, .min_cpus = 2, .timeout_ms = 60000)
{
	contest_init();
	test_on_cpus(2, keep_or_take, t);
	EXPECT_EQ(atomic_read(&contest.rounds), TAKES);
	EXPECT(mutex_at_rest(&contest.mutex));
}

SELFTEST(mutex, the_last_reference_takes_it)
{
	atomic_t refs = ATOMIC_INIT(2);

	contest_init();
	EXPECT(!atomic_dec_and_mutex_lock(&refs, &contest.mutex));
	EXPECT(!mutex_is_locked(&contest.mutex));
	EXPECT(atomic_dec_and_mutex_lock(&refs, &contest.mutex));
	EXPECT_EQ(atomic_read(&refs), 0);
	mutex_unlock(&contest.mutex);
}

SELFTEST(mutex, guards_unlock_on_every_way_out)
{
	contest_init();
	scoped_guard(mutex, &contest.mutex) {
		EXPECT(mutex_is_locked(&contest.mutex));
		break;
	}
	EXPECT(!mutex_is_locked(&contest.mutex));
}
