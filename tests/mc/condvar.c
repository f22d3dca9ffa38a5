/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Condition variables under the checker: thread 0 waits until thread 1 has made it
 * true, and signals. With TIMEOUT, or INTR by the last thread, the wait may end first; who
 * was signalled says so.
 *
 * Built with -DN=threads, perhaps -DTIMEOUT or -DINTR.
 */
#include <locking/condvar.h>

static DEFINE_MUTEX(m);
static struct condvar cv = CONDVAR_INITIALIZER(cv);
static u32 ready, outcome;

enum { SIGNALLED = 1, TIME_UP };

/*
 * The wait's own entry must not lie where mutex_lock()'s has lain: the checker knows a
 * shared word by its address, and each has one size.
 */
static noinline long wait_deeper(void)
{
	char below[1024];

	__asm__ volatile("" : : "r"(below) : "memory");
	if (IS_ENABLED(TIMEOUT))
		return condvar_wait_timeout(&cv, &m, 10) == 0;
	if (IS_ENABLED(INTR))
		return condvar_wait_interruptible(&cv, &m) == 0;
	condvar_wait(&cv, &m);
	return 1;
}

static void waiter(void)
{
	long left = 1;

	mutex_lock(&m);
	while (!PLAIN_READ(ready) && left)
		left = wait_deeper();
	WRITE_ONCE(outcome, left ? SIGNALLED : TIME_UP);
	mc_assert(!left || PLAIN_READ(ready));
	mutex_unlock(&m);
}

static void thread(unsigned int t)
{
	if (t == 0) {
		waiter();
		return;
	}
	if (IS_ENABLED(INTR) && t == N - 1)
		kthread_interrupt(&port_tasks[0]);
	if (t == 2)
		return;
	mutex_lock(&m);
	PLAIN_WRITE(ready, 1);
	condvar_signal(&cv);
	mutex_unlock(&m);
}

static void final(void)
{
	mc_assert(mc_final(&outcome));
	mc_assert(mc_final(&port_tasks[0].__state) == TASK_RUNNING);
}

struct mc_client mc_client = {
	.name = "condvar", .nr_threads = N, .thread = thread, .final = final,
};
