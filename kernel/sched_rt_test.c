/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed priorities on one CPU: who runs first, and for how long. Several CPUs:
 * sched_rt_smp_test.c.
 */
#include "sched.h"
#include "sched_test.h"
#include <locking/atomic.h>

/* ---- order on one CPU ------------------------------------------------------------ */

#define RUNNERS		5

static atomic_t arrivals, noted;
static int order[RUNNERS];

static int arrive(void *arg)
{
	int n = atomic_fetch_inc(&arrivals);

	if (n < RUNNERS)
		order[n] = (int)(unsigned long)arg;
	(void)atomic_fetch_inc_release(&noted);
	return 0;
}

/*
 * Wake all while this CPU is kept from running any, then sleep: @order says who came when.
 * All are made before: making one may sleep, for a lock or for memory.
 */
static void run_in_turn(struct selftest *t, const int *priorities, int policy)
{
	unsigned int cpu = num_online_cpus() - 1;
	struct task_struct *p[RUNNERS];

	atomic_set(&arrivals, 0);
	atomic_set(&noted, 0);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
	test_set_fifo(current, SCHED_FIFO, 90);
	for (unsigned long i = 0; i < RUNNERS; i++) {
		p[i] = test_thread_on(arrive, (void *)i, cpu, "arrive");
		if (!EXPECT(p[i]))
			return;
		test_set_fifo(p[i], policy, priorities[i]);
	}
	for (unsigned int i = 0; i < RUNNERS; i++)
		wake_up_process(p[i]);
	EXPECT_EQ(atomic_read(&arrivals), 0);
	EXPECT_SOON(atomic_read_acquire(&noted) == RUNNERS);
	for (unsigned int i = 0; i < RUNNERS; i++)
		put_task_struct(p[i]);
	test_set_normal();
}

SELFTEST(sched, higher_priority_runs_first)
{
	static const int priorities[RUNNERS] = { 10, 80, 1, 50, 30 };
	static const int expected[RUNNERS] = { 1, 3, 4, 0, 2 };

	run_in_turn(t, priorities, SCHED_FIFO);
	for (int i = 0; i < RUNNERS; i++)
		EXPECT_EQ(order[i], expected[i]);
}

SELFTEST(sched, equal_priorities_run_in_order_of_arrival)
{
	static const int priorities[RUNNERS] = { 10, 10, 10, 10, 10 };

	run_in_turn(t, priorities, SCHED_FIFO);
	for (int i = 0; i < RUNNERS; i++)
		EXPECT_EQ(order[i], i);
}

/* ---- FIFO and RR ------------------------------------------------------------------- */

static unsigned int spinner_cpu;
static bool second_ran, first_done;

/* Spin for @ticks of this CPU, or until the other ran. */
static int spin_some_ticks(void *arg)
{
	unsigned long ticks = (unsigned long)arg;
	u64 end = tick_count_cpu(spinner_cpu) + ticks;

	while (!READ_ONCE(second_ran) && tick_count_cpu(spinner_cpu) < end) {
		cpu_relax();
		cond_resched();
	}
	WRITE_ONCE(first_done, true);
	return READ_ONCE(second_ran);
}

static int run_second(void *unused)
{
	WRITE_ONCE(second_ran, true);
	return 0;
}

/* Two of one priority on one CPU. Return: did the second run before the first was done? */
static bool second_gets_a_turn(struct selftest *t, int policy)
{
	struct task_struct *first, *second;
	bool turn;

	spinner_cpu = num_online_cpus() - 1;
	second_ran = first_done = false;
	first = test_thread_on(spin_some_ticks, (void *)(4UL * RR_TICKS), spinner_cpu, "first");
	second = test_thread_on(run_second, NULL, spinner_cpu, "second");
	if (!EXPECT(first && second))
		return false;
	test_set_fifo(first, policy, 20);
	test_set_fifo(second, policy, 20);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(spinner_cpu)), 0);
	test_set_fifo(current, SCHED_FIFO, 90);
	wake_up_process(first);
	wake_up_process(second);
	EXPECT_SOON(READ_ONCE(first_done) && READ_ONCE(second_ran));
	test_set_normal();
	EXPECT_SOON(task_state(first) == TASK_DEAD && task_state(second) == TASK_DEAD);
	turn = kthread_stop_put(first);
	kthread_stop_put(second);
	return turn;
}

SELFTEST(sched, round_robin_takes_turns, .timeout_ms = 30000)
{
	EXPECT(second_gets_a_turn(t, SCHED_RR));
}

SELFTEST(sched, fifo_keeps_the_cpu, .timeout_ms = 30000)
{
	EXPECT(!second_gets_a_turn(t, SCHED_FIFO));
}

SELFTEST(sched, bad_policies_and_priorities_are_refused)
{
	static const struct {
		int policy, priority;
	} bad[] = {
		{ SCHED_FIFO, 0 }, { SCHED_FIFO, 100 }, { SCHED_RR, -1 },
		{ SCHED_NORMAL, 1 }, { SCHED_IDLE, 5 }, { 77, 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		struct sched_param param = { .sched_priority = bad[i].priority };

		EXPECT_EQ(sched_setscheduler(current, bad[i].policy, &param), -EINVAL);
	}
	EXPECT_EQ(current->policy, SCHED_NORMAL);
}
