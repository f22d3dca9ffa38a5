/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sleeping and waking under the checker: one thread sleeps until all others have
 * said so; they wake it through a wake_q each, and one of them may find it claimed
 * by another.
 *
 * What it shows: no wake-up is lost, whoever wins the claim; what a waker wrote
 * before is seen.
 *
 * Built with -DN=threads.
 */
#include <locking/wake_q.h>

static u32 data[N], done[N];

static bool all_done(void)
{
	for (unsigned int t = 1; t < N; t++)
		if (!READ_ONCE(done[t]))
			return false;
	return true;
}

static void sleeper(void)
{
	for (unsigned int round = 0; round < N; round++) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (all_done())
			break;
		mc_assert(round < N - 1);
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	smp_rmb();
	for (unsigned int t = 1; t < N; t++)
		mc_assert(READ_ONCE(data[t]) == 1);
}

static void waker(unsigned int t)
{
	DEFINE_WAKE_Q(q);

	WRITE_ONCE(data[t], 1);
	smp_store_release(&done[t], 1);
	wake_q_add(&q, &port_tasks[0]);
	wake_up_q(&q);
}

static void thread(unsigned int t)
{
	if (t == 0)
		sleeper();
	else
		waker(t);
}

static void final(void)
{
	mc_assert(!mc_final(&port_tasks[0].wake_q.next));
	mc_assert(mc_final(&port_tasks[0].__state) == TASK_RUNNING);
}

struct mc_client mc_client = {
	.name = "wake_q", .nr_threads = N, .thread = thread, .final = final,
};
