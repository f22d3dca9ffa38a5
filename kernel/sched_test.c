/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fair sharing, affinity, balancing.
 */
#include "sched.h"
#include "sched_test.h"
#include <kernel/bug.h>

#define MAX_HOGS	8

static struct hog {
	struct task_struct *task;
	u64 turns;			/* its own */
	unsigned int cpu;		/* its own: where it was in the last turn */
	bool stop;
} hogs[MAX_HOGS];

static int hog(void *arg)
{
	struct hog *h = arg;

	while (!READ_ONCE(h->stop)) {
		preempt_disable();
		WRITE_ONCE(h->cpu, raw_smp_processor_id());
		WRITE_ONCE(h->turns, h->turns + 1);
		preempt_enable();
		cpu_relax();
		cond_resched();
	}
	return 0;
}

static bool start_hog(int i, const struct cpumask *mask, int nice)
{
	struct hog *h = &hogs[i];

	*h = (struct hog){ .task = test_thread(hog, h, "hog") };
	if (!h->task)
		return false;
	set_cpus_allowed_ptr(h->task, mask);
	set_user_nice(h->task, nice);
	wake_up_process(h->task);
	return true;
}

static void stop_hogs(int n)
{
	for (int i = 0; i < n; i++)
		WRITE_ONCE(hogs[i].stop, true);
	for (int i = 0; i < n; i++)
		kthread_stop_put(hogs[i].task);
}

/* It has had another turn since now. */
static bool hog_moves(int i)
{
	u64 turns = READ_ONCE(hogs[i].turns);

	return WAIT_UNTIL(READ_ONCE(hogs[i].turns) > turns + 1, 8000);
}

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

/* ---- affinity ------------------------------------------------------------------------ */

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
	struct task_struct *p = test_thread_on(hog, NULL, 0, "bound");

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
