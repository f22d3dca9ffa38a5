/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed priorities, on one CPU and over all, and inheritance.
 */
#include "sched.h"
#include "sched_test.h"
#include <locking/atomic.h>
#include <kernel/bug.h>

/* ---- order on one CPU ------------------------------------------------------------ */

#define RUNNERS		5

static atomic_t arrivals;
static int order[RUNNERS];

static int arrive(void *arg)
{
	int n = atomic_fetch_inc(&arrivals);

	if (n < RUNNERS)
		order[n] = (int)(unsigned long)arg;
	return 0;
}

/* Wake all while this CPU is kept from running any, then sleep: @order says who came when. */
static void run_in_turn(struct selftest *t, const int *priorities, int policy)
{
	unsigned int cpu = num_online_cpus() - 1;

	atomic_set(&arrivals, 0);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
	test_set_fifo(current, SCHED_FIFO, 90);
	for (unsigned long i = 0; i < RUNNERS; i++) {
		struct task_struct *p = test_thread_on(arrive, (void *)i, cpu, "arrive");

		if (!EXPECT(p))
			break;
		test_set_fifo(p, policy, priorities[i]);
		wake_up_process(p);
		put_task_struct(p);
	}
	EXPECT_EQ(atomic_read(&arrivals), 0);
	EXPECT_SOON(atomic_read(&arrivals) == RUNNERS);
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

/* ---- over all CPUs ------------------------------------------------------------------- */

#define MAX_SPINNERS	4

static struct spinner {
	struct task_struct *task;
	u64 turns;			/* its own */
	bool stop;
} spinners[MAX_SPINNERS];

static int spin(void *arg)
{
	struct spinner *s = arg;

	while (!READ_ONCE(s->stop)) {
		WRITE_ONCE(s->turns, s->turns + 1);
		cpu_relax();
		cond_resched();
	}
	return 0;
}

static bool spins(int i)
{
	u64 before = READ_ONCE(spinners[i].turns);

	return READ_ONCE(spinners[i].task->on_cpu) &&
	       WAIT_UNTIL(READ_ONCE(spinners[i].turns) != before, 1000);
}

static bool spinner_waits(int i)
{
	return READ_ONCE(spinners[i].task->on_rq) && !READ_ONCE(spinners[i].task->on_cpu);
}

static bool start_spinner(int i, const struct cpumask *mask, int priority)
{
	struct spinner *s = &spinners[i];

	*s = (struct spinner){ .task = test_thread(spin, s, "spinner") };
	if (!s->task)
		return false;
	set_cpus_allowed_ptr(s->task, mask);
	test_set_fifo(s->task, SCHED_FIFO, priority);
	wake_up_process(s->task);
	return true;
}

static void stop_spinner(int i)
{
	WRITE_ONCE(spinners[i].stop, true);
	kthread_stop_put(spinners[i].task);
}

/* CPUs 1 .. n run the n most urgent of n + 1 spinners; we watch from CPU 0. */
SELFTEST(sched, the_most_urgent_tasks_run_on_all_cpus, .min_cpus = 2, .timeout_ms = 60000)
{
	int n = min(num_online_cpus() - 1, (unsigned int)MAX_SPINNERS - 1), i, gone;
	struct sched_cpu_stats before, after;
	struct cpumask mask = CPU_MASK_NONE;
	unsigned int cpu;
	bool elsewhere;

	for (i = 1; i <= n; i++)
		cpumask_set_cpu(i, &mask);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);

	/* The least urgent first: each newcomer must displace it. */
	for (i = n; i >= 0; i--)
		if (!EXPECT(start_spinner(i, &mask, 50 - i)))
			return;
	EXPECT_SOON(spinner_waits(n));
	for (i = 0; i < n; i++)
		EXPECT_SOON(spins(i));
	EXPECT(spinner_waits(n));

	/* One goes, from another CPU than where the last one waits, if there are two. */
	for (gone = 0; gone < n - 1; gone++)
		if (task_cpu(spinners[gone].task) != task_cpu(spinners[n].task))
			break;
	cpu = task_cpu(spinners[gone].task);
	elsewhere = cpu != task_cpu(spinners[n].task);
	sched_cpu_stats(cpu, &before);
	stop_spinner(gone);
	EXPECT_SOON(spins(n));
	/* At once, by the CPU that lost its task: not later, by a push. */
	sched_cpu_stats(cpu, &after);
	EXPECT(!elsewhere || after.pulled > before.pulled);

	for (i = 0; i <= n; i++)
		if (i != gone)
			stop_spinner(i);
	test_set_normal();
}

SELFTEST(sched, a_waiting_task_that_may_go_elsewhere_is_pushed_there, .min_cpus = 3,
	 .timeout_ms = 30000)
{
	struct cpumask both = CPU_MASK_NONE;

	cpumask_set_cpu(1, &both);
	cpumask_set_cpu(2, &both);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	if (!EXPECT(start_spinner(0, cpumask_of(1), 40) && start_spinner(1, cpumask_of(1), 20)))
		return;
	EXPECT_SOON(spins(0) && spinner_waits(1));
	EXPECT_EQ(set_cpus_allowed_ptr(spinners[1].task, &both), 0);
	EXPECT_SOON(spins(1));
	EXPECT_EQ(task_cpu(spinners[1].task), 2);
	stop_spinner(0);
	stop_spinner(1);
	test_set_normal();
}

SELFTEST(sched, lowering_a_running_task_lets_the_waiting_one_run, .min_cpus = 2,
	 .timeout_ms = 30000)
{
	struct sched_param low = { .sched_priority = 5 };

	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	if (!EXPECT(start_spinner(0, cpumask_of(1), 40) && start_spinner(1, cpumask_of(1), 20)))
		return;
	EXPECT_SOON(spins(0));
	EXPECT(spinner_waits(1));
	EXPECT_EQ(sched_setscheduler(spinners[0].task, SCHED_FIFO, &low), 0);
	EXPECT_SOON(spins(1));
	EXPECT_SOON(spinner_waits(0));
	stop_spinner(1);
	EXPECT_SOON(spins(0));
	stop_spinner(0);
	test_set_normal();
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

/* ---- inheritance ---------------------------------------------------------------------- */

static void boost(struct task_struct *p, struct task_struct *donor)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	rt_mutex_setprio(p, donor);
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
}

SELFTEST(sched, a_boosted_task_runs_at_its_donors_priority, .min_cpus = 2, .timeout_ms = 30000)
{
	struct task_struct *donor = test_thread(spin, NULL, "donor");

	if (!EXPECT(donor))
		return;
	test_set_fifo(donor, SCHED_FIFO, 60);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	if (!EXPECT(start_spinner(0, cpumask_of(1), 40) && start_spinner(1, cpumask_of(1), 20)))
		return;

	/* Queued: it becomes the one that runs. */
	EXPECT_SOON(spins(0) && spinner_waits(1));
	boost(spinners[1].task, donor);
	EXPECT_EQ(task_prio(spinners[1].task), donor->prio);
	EXPECT_SOON(spins(1) && spinner_waits(0));

	/* Running: without the boost it gives way again. */
	boost(spinners[1].task, NULL);
	EXPECT_EQ(task_prio(spinners[1].task), MAX_RT_PRIO - 1 - 20);
	EXPECT_SOON(spins(0) && spinner_waits(1));

	/* A boost that does not help changes nothing; nor does lowering a boosted task. */
	boost(spinners[0].task, spinners[1].task);
	EXPECT_EQ(task_prio(spinners[0].task), MAX_RT_PRIO - 1 - 40);
	boost(spinners[1].task, donor);
	test_set_fifo(spinners[1].task, SCHED_FIFO, 10);
	EXPECT_EQ(task_prio(spinners[1].task), donor->prio);
	boost(spinners[1].task, NULL);
	EXPECT_EQ(task_prio(spinners[1].task), MAX_RT_PRIO - 1 - 10);
	boost(spinners[0].task, NULL);

	stop_spinner(0);
	stop_spinner(1);
	EXPECT_EQ(kthread_stop_put(donor), -EINTR);
	test_set_normal();
}

static int sleep_then_arrive(void *unused)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
	return current->sched_class == &rt_class;
}

SELFTEST(sched, a_sleeping_fair_task_wakes_at_its_donors_priority)
{
	struct task_struct *donor = test_thread(spin, NULL, "donor");
	struct task_struct *p = test_thread(sleep_then_arrive, NULL, "owner");

	if (!EXPECT(donor && p))
		return;
	test_set_fifo(donor, SCHED_FIFO, 60);
	wake_up_process(p);
	EXPECT_SOON(task_state(p) == TASK_UNINTERRUPTIBLE && !READ_ONCE(p->on_rq));
	boost(p, donor);
	wake_up_process(p);
	EXPECT_EQ(kthread_stop_put(p), 1);
	EXPECT_EQ(kthread_stop_put(donor), -EINTR);
}
