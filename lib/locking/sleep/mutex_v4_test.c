/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counter form of the mutex: the same promises, but for the hand-off.
 */
#include <locking/mutex_v4.h>

static inline void mutex_v4_init(struct mutex_v4 *m)
{
	*m = (struct mutex_v4)MUTEX_V4_INIT(*m);
}

static inline struct task_struct *mutex_v4_get_owner(struct mutex_v4 *m)
{
	return READ_ONCE(m->owner);
}

static inline bool mutex_v4_at_rest(struct mutex_v4 *m)
{
	return atomic_read(&m->count) == 1 && list_empty(&m->wait_list) && !m->owner;
}

#define FORM		mutex_v4
#define LOCK_ANYHOW	mutex_v4_lock
#include "mutex_forms_scene.h"

/* ---- what the count says: 0 while nobody waits, below 0 while somebody does ---- */

static bool somebody_waits(struct mutex_v4 *m)
{
	bool waits;

	preempt_disable();
	raw_spin_lock(&m->wait_lock);
	waits = !list_empty(&m->wait_list);
	raw_spin_unlock(&m->wait_lock);
	preempt_enable();
	return waits;
}

static void hold_and_wait(unsigned int cpu, void *arg)
{
	struct selftest *t = arg;
	struct mutex_v4 *m = &contest.mutex;

	if (cpu == 0) {
		mutex_v4_lock(m);
		EXPECT_EQ(atomic_read(&m->count), 0);
		complete(&held);
		sleep_until(somebody_waits(m));
		EXPECT(atomic_read(&m->count) < 0);
		mutex_v4_unlock(m);
	} else {
		wait_for_completion(&held);
		mutex_v4_lock(m);
		EXPECT_EQ(atomic_read(&m->count), 0);
		EXPECT(m->owner == current);
		mutex_v4_unlock(m);
	}
}

SELFTEST(mutex_v4, the_count_says_whether_somebody_waits, .min_cpus = 2, .timeout_ms = 60000)
{
	contest_init();
	init_completion(&held);
	test_on_cpus(2, hold_and_wait, t);
	EXPECT(mutex_v4_at_rest(&contest.mutex));
}
