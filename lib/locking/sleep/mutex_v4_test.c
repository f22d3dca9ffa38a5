/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counter form of the mutex: the same promises, but for the hand-off.
 */
#include <locking/completion.h>
#include <locking/mutex_v4.h>
#include <locking/testing.h>

#define ROUNDS	2000

struct contest {
	struct mutex_v4 mutex;
	unsigned int count;		/* mutex */
	atomic_t rounds;
};

static struct contest contest;

static void contest_init(void)
{
	contest.mutex = (struct mutex_v4)MUTEX_V4_INIT(contest.mutex);
	contest.count = 0;
	atomic_set(&contest.rounds, 0);
}

/* Free: the count says so, and nothing else is left behind. */
static void expect_free(struct selftest *t, struct mutex_v4 *m)
{
	EXPECT(!mutex_v4_is_locked(m));
	EXPECT_EQ(atomic_read(&m->count), 1);
	EXPECT(list_empty(&m->wait_list));
	EXPECT(!m->owner);
}

/* Now and then the owner sleeps: then others must not spin. */
static void count_under_mutex(unsigned int cpu, void *arg)
{
	for (unsigned int i = 0; i < ROUNDS && !test_budget_over(); i++) {
		mutex_v4_lock(&contest.mutex);
		contest.count++;
		if ((i + cpu) % 512 == 511)
			nap();
		mutex_v4_unlock(&contest.mutex);
		atomic_inc(&contest.rounds);
	}
}

SELFTEST(mutex_v4, lets_one_in, .timeout_ms = 60000)
{
	contest_init();
	test_on_cpus(test_cpus(8), count_under_mutex, NULL);
	EXPECT_EQ(contest.count, atomic_read(&contest.rounds));
	expect_free(t, &contest.mutex);
}

/* Every way in, with interrupts that come at any time. */
static void every_way_in(unsigned int cpu, void *arg)
{
	struct mutex_v4 *m = &contest.mutex;

	for (unsigned int i = 0; i < ROUNDS && !test_budget_over(); i++) {
		unsigned int way = (i * 7 + cpu) % 4;

		if (way == 0)
			mutex_v4_lock(m);
		else if (way == 1 && !mutex_v4_trylock(m))
			continue;
		else if (way == 2 && mutex_v4_lock_interruptible(m))
			continue;
		else if (way == 3 && mutex_v4_lock_killable(m))
			continue;
		contest.count++;
		mutex_v4_unlock(m);
		atomic_inc(&contest.rounds);
		if (i % 16 == 0)
			kthread_interrupt(current);
		if (i % 16 == 8)
			kthread_flush_signals();
	}
	kthread_flush_signals();
}

SELFTEST(mutex_v4, every_way_in_excludes_the_others, .timeout_ms = 60000)
{
	contest_init();
	test_on_cpus(test_cpus(6), every_way_in, NULL);
	EXPECT_EQ(contest.count, atomic_read(&contest.rounds));
	expect_free(t, &contest.mutex);
}

SELFTEST(mutex_v4, trylock_fails_when_held_even_by_oneself)
{
	struct mutex_v4 m = MUTEX_V4_INIT(m);

	EXPECT(mutex_v4_trylock(&m));
	EXPECT(mutex_v4_is_locked(&m));
	EXPECT(m.owner == current);
	EXPECT(!mutex_v4_trylock(&m));
	EXPECT_EQ(atomic_read(&m.count), 0);
	mutex_v4_unlock(&m);
	expect_free(t, &m);
}

/* ---- what the count says: 0 while nobody waits, below 0 while somebody does ---- */

static struct task_struct *sleeper;
static struct completion held, done;

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
	expect_free(t, &contest.mutex);
}

/* ---- interrupted while waiting ---- */

static void interrupt_the_waiter(unsigned int cpu, void *arg)
{
	struct selftest *t = arg;

	if (cpu == 0) {
		mutex_v4_lock(&contest.mutex);
		complete(&held);
		smp_cond_load_acquire(&sleeper, VAL != NULL);
		kthread_interrupt(sleeper);
		kthread_kill(sleeper);
		wait_for_completion(&done);
		mutex_v4_unlock(&contest.mutex);
	} else {
		wait_for_completion(&held);
		smp_store_release(&sleeper, current);
		EXPECT_EQ(mutex_v4_lock_interruptible(&contest.mutex), -EINTR);
		EXPECT_EQ(mutex_v4_lock_killable(&contest.mutex), -EINTR);
		EXPECT_EQ(get_current_state(), TASK_RUNNING);
		EXPECT(list_empty(&contest.mutex.wait_list));
		kthread_flush_signals();
		complete(&done);
	}
}

SELFTEST(mutex_v4, an_interrupt_ends_the_wait, .min_cpus = 2, .timeout_ms = 60000)
{
	contest_init();
	sleeper = NULL;
	init_completion(&held);
	init_completion(&done);
	test_on_cpus(2, interrupt_the_waiter, t);
	expect_free(t, &contest.mutex);
}
