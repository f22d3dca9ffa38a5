/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each form of the mutex promises, as tests. Before it is included:
 *
 *	FORM		mutex, mutex_v4: the suite, the struct, and how its calls begin
 *	LOCK_ANYHOW	one more call that takes it, however long that takes
 *
 * Beside its calls a form has FORM_init(), FORM_get_owner(), and FORM_at_rest(): nobody
 * holds it, sleeps for it, or has left anything behind.
 */
#ifndef MUTEX_FORMS_SCENE_H
#define MUTEX_FORMS_SCENE_H

#include <locking/completion.h>
#include <locking/testing.h>

#define ROUNDS		3000
#define M(call)		CONCATENATE(FORM, _##call)
/* FORM is replaced before SELFTEST() makes a string of it. */
#define PROMISE(form, ...)	SELFTEST(form, __VA_ARGS__)

static struct {
	struct FORM mutex;
	unsigned int count;		/* mutex */
	atomic_t rounds;
} contest;

static void contest_init(void)
{
	M(init)(&contest.mutex);
	contest.count = 0;
	atomic_set(&contest.rounds, 0);
}

/* Now and then the owner sleeps: then others must not spin. */
static void count_under_mutex(unsigned int cpu, void *arg)
{
	for (unsigned int i = 0; i < ROUNDS && !test_budget_over(); i++) {
		M(lock)(&contest.mutex);
		contest.count++;
		if ((i + cpu) % 512 == 511)
			nap();
		M(unlock)(&contest.mutex);
		atomic_inc(&contest.rounds);
	}
}

PROMISE(FORM, lets_one_in, .timeout_ms = 60000)
{
	contest_init();
	test_on_cpus(test_cpus(8), count_under_mutex, NULL);
	EXPECT_EQ(contest.count, atomic_read(&contest.rounds));
	EXPECT(!M(is_locked)(&contest.mutex));
	EXPECT(M(at_rest)(&contest.mutex));
}

/* Every way in, with interrupts that come at any time. */
static void every_way_in(unsigned int cpu, void *arg)
{
	struct FORM *m = &contest.mutex;

	for (unsigned int i = 0; i < ROUNDS && !test_budget_over(); i++) {
		unsigned int way = (i * 7 + cpu) % 5;

		if (way == 0)
			M(lock)(m);
		else if (way == 1 && !M(trylock)(m))
			continue;
		else if (way == 2 && M(lock_interruptible)(m))
			continue;
		else if (way == 3 && M(lock_killable)(m))
			continue;
		else if (way == 4)
			LOCK_ANYHOW(m);
		contest.count++;
		M(unlock)(m);
		atomic_inc(&contest.rounds);
		if (i % 16 == 0)
			kthread_interrupt(current);
		if (i % 16 == 8)
			kthread_flush_signals();
	}
	kthread_flush_signals();
}

PROMISE(FORM, every_way_in_excludes_the_others, .timeout_ms = 60000)
{
	contest_init();
	test_on_cpus(test_cpus(6), every_way_in, NULL);
	EXPECT_EQ(contest.count, atomic_read(&contest.rounds));
	EXPECT(M(at_rest)(&contest.mutex));
}

PROMISE(FORM, trylock_fails_when_held_even_by_oneself)
{
	struct FORM *m = &contest.mutex;

	contest_init();
	EXPECT(M(trylock)(m));
	EXPECT(M(is_locked)(m));
	EXPECT(M(get_owner)(m) == current);
	EXPECT(!M(trylock)(m));
	EXPECT(M(get_owner)(m) == current);
	M(unlock)(m);
	EXPECT(!M(is_locked)(m));
	EXPECT(M(at_rest)(m));
}

/* ---- interrupted while waiting ---- */

static struct task_struct *sleeper;
static struct completion held, done;

static void interrupt_the_waiter(unsigned int cpu, void *arg)
{
	struct selftest *t = arg;

	if (cpu == 0) {
		M(lock)(&contest.mutex);
		complete(&held);
		/* sleeper/A: pairs with interrupt_the_waiter() */
		smp_cond_load_acquire(&sleeper, VAL != NULL);
		kthread_interrupt(sleeper);
		kthread_kill(sleeper);
		wait_for_completion(&done);
		M(unlock)(&contest.mutex);
	} else {
		wait_for_completion(&held);
		/* sleeper/A: pairs with interrupt_the_waiter() */
		smp_store_release(&sleeper, current);
		EXPECT_EQ(M(lock_interruptible)(&contest.mutex), -EINTR);
		EXPECT_EQ(M(lock_killable)(&contest.mutex), -EINTR);
		EXPECT_EQ(get_current_state(), TASK_RUNNING);
		kthread_flush_signals();
		complete(&done);
	}
}

PROMISE(FORM, an_interrupt_ends_the_wait, .min_cpus = 2, .timeout_ms = 60000)
{
	contest_init();
	sleeper = NULL;
	init_completion(&held);
	init_completion(&done);
	test_on_cpus(2, interrupt_the_waiter, t);
	EXPECT(M(at_rest)(&contest.mutex));
}

#endif
