/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The semaphore under the checker.
 *
 *	SCENE=0		all threads count under one that is free, thread 0 ROUNDS times
 *	SCENE=1		it is taken: thread 0 waits for it, the last one gives it back.
 *			TIMEOUT: the wait may end first; INTR: thread 1 interrupts it
 *
 * What it shows: mutual exclusion, what was written before up() is seen, no wake-up is
 * lost, and whoever leaves the line leaves the semaphore to others: it is given to one,
 * or counted, never both or neither.
 *
 * Built with -DN=threads -DSCENE=n, perhaps -DROUNDS=n, -DTIMEOUT or -DINTR.
 */
#include <base/errno.h>
#include <locking/semaphore.h>

#ifndef ROUNDS
#define ROUNDS 1
#endif

static DEFINE_SEMAPHORE(sem, SCENE == 0);
static u32 counter, outcome;

enum { TAKEN = 1, GAVE_UP };

static int wait_for_it(void)
{
	if (IS_ENABLED(TIMEOUT))
		return down_timeout(&sem, 10);
	if (IS_ENABLED(INTR))
		return down_interruptible(&sem);
	down(&sem);
	return 0;
}

static void one_waits(unsigned int t)
{
	if (t == 0) {
		int ret = wait_for_it();

		mc_assert(!ret || ret == (IS_ENABLED(TIMEOUT) ? -ETIME : -EINTR));
		if (!ret)
			mc_assert(PLAIN_READ(counter) == 1);
		WRITE_ONCE(outcome, ret ? GAVE_UP : TAKEN);
	} else if (t == N - 1) {
		PLAIN_WRITE(counter, 1);
		up(&sem);
	} else {
		kthread_interrupt(&port_tasks[0]);
	}
}

static void thread(unsigned int t)
{
	if (SCENE == 1) {
		one_waits(t);
		return;
	}
	for (unsigned int i = 0; i < (t == 0 ? ROUNDS : 1); i++) {
		down(&sem);
		PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
		up(&sem);
	}
}

static void final(void)
{
	u64 left = mc_final(&sem.count);

	mc_assert(mc_final(&port_tasks[0].__state) == TASK_RUNNING);
	if (SCENE == 1)
		mc_assert(left == (mc_final(&outcome) == GAVE_UP));
	else
		mc_assert(left == 1 && mc_final(&counter) == N - 1 + ROUNDS);
}

struct mc_client mc_client = {
	.name = "semaphore", .nr_threads = N, .thread = thread, .final = final,
};
