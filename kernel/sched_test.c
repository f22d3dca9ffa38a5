/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fair sharing and balancing. Affinity: sched_affinity_test.c.
 */
#include "sched.h"
#include "sched_test.h"
#include "sched_hog_test.h"

/* ---- fair --------------------------------------------------------------------------- */

SELFTEST(sched, fair_tasks_on_one_cpu_all_get_on, .timeout_ms = 60000)
{
	const struct cpumask *mask = cpumask_of(num_online_cpus() - 1);
	static const int nice[] = { -2, 0, 0, 5 };

	for (unsigned int i = 0; i < ARRAY_SIZE(nice); i++)
		if (!EXPECT(start_hog(i, mask, nice[i])))
			return;
	for (unsigned int i = 0; i < ARRAY_SIZE(nice); i++)
		EXPECT(hog_moves(i));
	stop_hogs(ARRAY_SIZE(nice));
}

static u64 runtime(int i)
{
	return READ_ONCE(hogs[i].task->se.sum_exec_runtime);
}

/*
 * Nice 0 weighs 9.3 times as much as nice 10. A vCPU that waits for its host while
 * the light one runs charges it too much at once; the other gets that back later.
 */
static bool shared_by_weight(const u64 *begin)
{
	u64 heavy = runtime(0) - begin[0], light = runtime(1) - begin[1];

	return heavy + light > 300 * (u64)NSEC_PER_MSEC && heavy > 4 * light;
}

SELFTEST(sched, fair_tasks_share_by_weight, .timeout_ms = 60000)
{
	const struct cpumask *mask = cpumask_of(num_online_cpus() - 1);
	u64 begin[2];

	if (!EXPECT(start_hog(0, mask, 0) && start_hog(1, mask, 10)))
		return;
	EXPECT(hog_moves(0) && hog_moves(1));
	for (int i = 0; i < 2; i++)
		begin[i] = runtime(i);
	EXPECT_SOON(shared_by_weight(begin));
	stop_hogs(2);
}

static int yield_until(void *flag)
{
	while (!READ_ONCE(*(bool *)flag))
		yield();
	return 0;
}

static int set_flag(void *flag)
{
	WRITE_ONCE(*(bool *)flag, true);
	return 0;
}

SELFTEST(sched, yield_lets_an_equal_run)
{
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	test_set_fifo(current, SCHED_FIFO, 90);
	for (int policy = SCHED_NORMAL; policy <= SCHED_RR; policy++) {
		struct task_struct *a, *b;
		bool flag = false;

		a = test_thread_on(yield_until, &flag, 0, "yields");
		b = test_thread_on(set_flag, &flag, 0, "runs");
		if (!EXPECT(a && b))
			return;
		if (policy != SCHED_NORMAL) {
			test_set_fifo(a, policy, 10);
			test_set_fifo(b, policy, 10);
		}
		wake_up_process(a);
		wake_up_process(b);
		EXPECT_SOON(READ_ONCE(flag));
		EXPECT_SOON(task_state(a) == TASK_DEAD && task_state(b) == TASK_DEAD);
		put_task_struct(a);
		put_task_struct(b);
	}
	test_set_normal();
}

/* ---- balancing ------------------------------------------------------------------------ */

static unsigned int distinct_cpus(int n)
{
	struct cpumask seen = CPU_MASK_NONE;

	for (int i = 0; i < n; i++)
		cpumask_set_cpu(READ_ONCE(hogs[i].cpu), &seen);
	return cpumask_weight(&seen);
}

SELFTEST(sched, idle_cpus_take_waiting_tasks, .min_cpus = 2, .timeout_ms = 60000)
{
	int n = min(num_online_cpus(), 4u);

	for (int i = 0; i < n; i++)
		if (!EXPECT(start_hog(i, cpumask_of(0), 0)))
			return;
	for (int i = 0; i < n; i++)
		EXPECT(hog_moves(i));
	EXPECT_EQ(distinct_cpus(n), 1);
	for (int i = 0; i < n; i++)
		EXPECT_EQ(set_cpus_allowed_ptr(hogs[i].task, cpu_possible_mask), 0);
	EXPECT_SOON(distinct_cpus(n) == n);
	stop_hogs(n);
}
