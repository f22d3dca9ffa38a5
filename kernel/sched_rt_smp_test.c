/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed priorities over all CPUs: with n CPUs the n most urgent tasks run, whoever comes,
 * goes, moves or is lent a priority.
 *
 *	CPU 0	the test watches
 *	CPU 1 ..	spinners, each with a priority of its own
 */
#include "sched.h"
#include "sched_test.h"
#include <kernel/bug.h>

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
