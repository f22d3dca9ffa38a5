/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Semaphore, in the kernel and on pthreads.
 */
#include <locking/semaphore.h>
#include <locking/testing.h>

#define ROUNDS	3000

static struct {
	struct semaphore sem;
	unsigned int count;		/* sem, with one to have */
	atomic_t inside, rounds;
	unsigned int max_inside;
} contest;

static void contest_init(unsigned int n)
{
	sema_init(&contest.sem, n);
	contest.count = 0;
	contest.max_inside = 0;
	atomic_set(&contest.inside, 0);
	atomic_set(&contest.rounds, 0);
}

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

SELFTEST(semaphore, an_interrupt_ends_the_wait)
{
	contest_init(0);
	kthread_interrupt(current);
	EXPECT_EQ(down_interruptible(&contest.sem), -EINTR);
	kthread_kill(current);
	EXPECT_EQ(down_killable(&contest.sem), -EINTR);
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
	EXPECT(list_empty(&contest.sem.wait_list));
	EXPECT_EQ(contest.sem.count, 0);
	kthread_flush_signals();
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
