/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Affinity: a task runs where its mask says, also if the mask changes while it runs,
 * sleeps, or has migration disabled; balancing keeps to it as well.
 */
#include "sched.h"
#include "sched_test.h"
#include "sched_hog_test.h"
#include <kernel/bug.h>

SELFTEST(sched, changing_the_own_affinity_moves_the_caller, .min_cpus = 2)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
		EXPECT_EQ(raw_smp_processor_id(), cpu);
	}
	test_set_normal();
}

/* Is the hog on @cpu in each of some turns that begin after now? */
static bool stays_on(int i, unsigned int cpu)
{
	for (int n = 0; n < 3; n++)
		if (!hog_moves(i) || READ_ONCE(hogs[i].cpu) != cpu)
			return false;
	return true;
}

SELFTEST(sched, a_running_task_is_moved_before_set_cpus_allowed_returns, .min_cpus = 2,
	 .timeout_ms = 60000)
{
	unsigned int n = min(num_online_cpus(), 8u);

	if (!EXPECT(start_hog(0, cpu_possible_mask, 0)))
		return;
	for (unsigned int i = 0; i < 3 * n; i++) {
		unsigned int cpu = i * 5 % n;

		EXPECT_EQ(set_cpus_allowed_ptr(hogs[0].task, cpumask_of(cpu)), 0);
		EXPECT_EQ(task_cpu(hogs[0].task), cpu);
		if (i % 4 == 0)
			EXPECT(stays_on(0, cpu));
	}
	stop_hogs(1);
}

static int sleep_and_tell_cpu(void *unused)
{
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	return raw_smp_processor_id();
}

SELFTEST(sched, a_sleeping_task_wakes_where_it_may, .min_cpus = 2)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *p = test_thread(sleep_and_tell_cpu, NULL, "sleeper");

		if (!EXPECT(p))
			return;
		wake_up_process(p);
		EXPECT_SOON(task_state(p) == TASK_INTERRUPTIBLE);
		EXPECT_EQ(set_cpus_allowed_ptr(p, cpumask_of(cpu)), 0);
		wake_up_process(p);
		EXPECT_EQ(kthread_stop_put(p), cpu);
	}
}

SELFTEST(sched, bad_affinities_are_refused)
{
	struct cpumask none = CPU_MASK_NONE;
	struct task_struct *p = test_thread_on(hog_thread, NULL, 0, "bound");

	EXPECT_EQ(set_cpus_allowed_ptr(current, &none), -EINVAL);
	if (!EXPECT(p))
		return;
	EXPECT_EQ(set_cpus_allowed_ptr(p, cpu_possible_mask), -EINVAL);
	EXPECT_EQ(kthread_stop_put(p), -EINTR);
}

static bool pinned, let_go;

static int pin_self(void *unused)
{
	unsigned int home, strayed = 0;

	migrate_disable();
	home = raw_smp_processor_id();
	WRITE_ONCE(pinned, true);
	while (!READ_ONCE(let_go)) {
		schedule_timeout_uninterruptible(1);
		strayed += raw_smp_processor_id() != home;
	}
	migrate_enable();
	return strayed ? -1 : (int)raw_smp_processor_id();
}

static int move_pinned(void *p)
{
	return set_cpus_allowed_ptr(p, cpumask_of(task_cpu(p) == 0 ? 1 : 0));
}

SELFTEST(sched, migrate_disable_holds_against_a_new_affinity, .min_cpus = 2)
{
	struct task_struct *p = test_thread(pin_self, NULL, "pinned"), *mover;
	unsigned int home;

	pinned = let_go = false;
	mover = test_thread(move_pinned, p, "mover");
	if (!EXPECT(p && mover))
		return;
	wake_up_process(p);
	EXPECT_SOON(READ_ONCE(pinned));
	home = task_cpu(p);
	wake_up_process(mover);
	EXPECT_SOON(!cpumask_test_cpu(home, &p->cpus_mask));
	schedule_timeout_uninterruptible(5);
	EXPECT(task_state(mover) != TASK_DEAD);
	EXPECT_EQ(task_cpu(p), home);
	WRITE_ONCE(let_go, true);
	EXPECT_EQ(kthread_stop_put(mover), 0);	/* first: it uses @p */
	EXPECT_EQ(kthread_stop_put(p), home == 0 ? 1 : 0);
}

/* Pinned to CPU 0 among others that are bound to it: balancing may not take it away. */
static int spin_pinned(void *unused)
{
	unsigned int strayed = 0;
	u64 end;

	WARN_ON(set_cpus_allowed_ptr(current, cpumask_of(0)));
	migrate_disable();
	WARN_ON(set_cpus_allowed_ptr(current, cpu_possible_mask));
	end = tick_count_cpu(0) + 20;
	while (tick_count_cpu(0) < end) {
		strayed += raw_smp_processor_id() != 0;
		cpu_relax();
		cond_resched();
	}
	migrate_enable();
	return strayed;
}

SELFTEST(sched, migrate_disable_holds_against_balancing, .min_cpus = 2, .timeout_ms = 30000)
{
	struct task_struct *p = test_thread(spin_pinned, NULL, "pinned");

	if (!EXPECT(p && start_hog(0, cpumask_of(0), 0) && start_hog(1, cpumask_of(0), 0)))
		return;
	wake_up_process(p);
	EXPECT_SOON(task_state(p) == TASK_DEAD);
	EXPECT_EQ(kthread_stop_put(p), 0);
	stop_hogs(2);
}
