/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutex and semaphore, in the kernel and on pthreads.
 */
#include <locking/completion.h>
#include <locking/semaphore.h>
#include <locking/testing.h>
#include "mutex_scene.h"

#define ROUNDS	3000

struct contest {
	struct mutex mutex;
	struct semaphore sem;
	unsigned int count;		/* mutex, or sem with one to have */
	atomic_t inside, rounds;
	unsigned int max_inside;
};

static struct contest contest;

static void contest_init(unsigned int n)
{
	mutex_init(&contest.mutex);
	sema_init(&contest.sem, n);
	contest.count = 0;
	contest.max_inside = 0;
	atomic_set(&contest.inside, 0);
	atomic_set(&contest.rounds, 0);
}

/* Now and then the owner sleeps: then others must not spin. */
static void count_under_mutex(unsigned int cpu, void *arg)
{
	for (unsigned int i = 0; i < ROUNDS && !test_budget_over(); i++) {
		mutex_lock(&contest.mutex);
		contest.count++;
		if ((i + cpu) % 512 == 511)
			nap();
		mutex_unlock(&contest.mutex);
		atomic_inc(&contest.rounds);
	}
}

SELFTEST(mutex, lets_one_in, .timeout_ms = 60000)
{
	contest_init(1);
	test_on_cpus(test_cpus(8), count_under_mutex, NULL);
	EXPECT_EQ(contest.count, atomic_read(&contest.rounds));
	EXPECT(!mutex_is_locked(&contest.mutex));
	EXPECT(mutex_at_rest(&contest.mutex));
}

/* Every way in, with interrupts that come at any time. */
static void every_way_in(unsigned int cpu, void *arg)
{
	struct mutex *m = &contest.mutex;

	for (unsigned int i = 0; i < ROUNDS && !test_budget_over(); i++) {
		unsigned int way = (i * 7 + cpu) % 5;

		if (way == 0)
			mutex_lock(m);
		else if (way == 1 && !mutex_trylock(m))
			continue;
		else if (way == 2 && mutex_lock_interruptible(m))
			continue;
		else if (way == 3 && mutex_lock_killable(m))
			continue;
		else if (way == 4)
			mutex_lock_io(m);
		contest.count++;
		mutex_unlock(m);
		atomic_inc(&contest.rounds);
		if (i % 16 == 0)
			kthread_interrupt(current);
		if (i % 16 == 8)
			kthread_flush_signals();
	}
	kthread_flush_signals();
}

SELFTEST(mutex, every_way_in_excludes_the_others, .timeout_ms = 60000)
{
	contest_init(1);
	test_on_cpus(test_cpus(6), every_way_in, NULL);
	EXPECT_EQ(contest.count, atomic_read(&contest.rounds));
	EXPECT(mutex_at_rest(&contest.mutex));
}

SELFTEST(mutex, trylock_fails_when_held_even_by_oneself)
{
	contest_init(1);
	EXPECT(mutex_trylock(&contest.mutex));
	EXPECT(mutex_is_locked(&contest.mutex));
	EXPECT(mutex_get_owner(&contest.mutex) == current);
	EXPECT(!mutex_trylock(&contest.mutex));
	mutex_unlock(&contest.mutex);
	EXPECT(!mutex_is_locked(&contest.mutex));
}

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
	contest_init(1);
	test_on_cpus(2, keep_or_take, t);
	EXPECT_EQ(atomic_read(&contest.rounds), TAKES);
	EXPECT(mutex_at_rest(&contest.mutex));
}

/* ---- interrupted while waiting ---- */

static struct task_struct *sleeper;
static struct completion held, done;

static void interrupt_the_waiter(unsigned int cpu, void *arg)
{
	struct selftest *t = arg;

	if (cpu == 0) {
		mutex_lock(&contest.mutex);
		complete(&held);
		smp_cond_load_acquire(&sleeper, VAL != NULL);
		kthread_interrupt(sleeper);
		kthread_kill(sleeper);
		wait_for_completion(&done);
		mutex_unlock(&contest.mutex);
	} else {
		wait_for_completion(&held);
		smp_store_release(&sleeper, current);
		EXPECT_EQ(mutex_lock_interruptible(&contest.mutex), -EINTR);
		EXPECT_EQ(mutex_lock_killable(&contest.mutex), -EINTR);
		EXPECT_EQ(down_interruptible(&contest.sem), -EINTR);
		EXPECT_EQ(down_killable(&contest.sem), -EINTR);
		EXPECT_EQ(get_current_state(), TASK_RUNNING);
		kthread_flush_signals();
		complete(&done);
	}
}

SELFTEST(mutex, an_interrupt_ends_the_wait, .min_cpus = 2, .timeout_ms = 60000)
{
	contest_init(0);
	sleeper = NULL;
	init_completion(&held);
	init_completion(&done);
	test_on_cpus(2, interrupt_the_waiter, t);
	EXPECT(mutex_at_rest(&contest.mutex));
	EXPECT(list_empty(&contest.sem.wait_list));
}

SELFTEST(mutex, the_last_reference_takes_it)
{
	atomic_t refs = ATOMIC_INIT(2);

	contest_init(1);
	EXPECT(!atomic_dec_and_mutex_lock(&refs, &contest.mutex));
	EXPECT(!mutex_is_locked(&contest.mutex));
	EXPECT(atomic_dec_and_mutex_lock(&refs, &contest.mutex));
	EXPECT_EQ(atomic_read(&refs), 0);
	mutex_unlock(&contest.mutex);
}

SELFTEST(mutex, guards_unlock_on_every_way_out)
{
	contest_init(1);
	scoped_guard(mutex, &contest.mutex) {
		EXPECT(mutex_is_locked(&contest.mutex));
		break;
	}
	EXPECT(!mutex_is_locked(&contest.mutex));
}

/* ---- semaphore ---- */

static void count_under_semaphore(unsigned int cpu, void *arg)
{
	unsigned int limit = *(unsigned int *)arg;

	for (unsigned int i = 0; i < ROUNDS && !test_budget_over(); i++) {
		int now;

		if (cpu == 1 && down_timeout(&contest.sem, 1))
			continue;
		else if (cpu != 1)
			down(&contest.sem);
		now = atomic_inc_return(&contest.inside);
		if (limit == 1)
			contest.count++;
		if (now > (int)limit)
			WRITE_ONCE(contest.max_inside, now);
		atomic_dec(&contest.inside);
		atomic_inc(&contest.rounds);
		up(&contest.sem);
	}
}

SELFTEST(semaphore, lets_so_many_in, .timeout_ms = 60000)
{
	for (unsigned int limit = 1; limit <= 2; limit++) {
		contest_init(limit);
		test_on_cpus(test_cpus(5), count_under_semaphore, &limit);
		EXPECT_EQ(contest.max_inside, 0);
		EXPECT_EQ(contest.sem.count, limit);
		EXPECT(limit != 1 || contest.count == (unsigned int)atomic_read(&contest.rounds));
	}
}

SELFTEST(semaphore, timeouts_and_trylock_return_what_linux_returns)
{
	contest_init(1);
	EXPECT_EQ(down_trylock(&contest.sem), 0);
	EXPECT_EQ(down_trylock(&contest.sem), 1);
	EXPECT_EQ(down_timeout(&contest.sem, 0), -ETIME);
	EXPECT_EQ(down_timeout(&contest.sem, 1), -ETIME);
	up(&contest.sem);
	EXPECT_EQ(down_timeout(&contest.sem, 1), 0);
	up(&contest.sem);
	EXPECT_EQ(contest.sem.count, 1);
}

static void up_here(void *arg)
{
	up(arg);
}

SELFTEST(semaphore, up_comes_from_any_context_but_nmi)
{
	contest_init(0);
	for (enum context ctx = CTX_TASK; ctx < CTX_NMI; ctx++) {
		if (!EXPECT(test_in_context(ctx, up_here, &contest.sem)))
			continue;
		EXPECT_EQ(down_interruptible(&contest.sem), 0);
	}
	EXPECT_EQ(contest.sem.count, 0);
}
