/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kthreads: create, stop, park, bind.
 */
#include "sched_test.h"
#include <base/string.h>
#include <kernel/bug.h>
#include <kernel/percpu.h>

static int count_until_stopped(void *counter)
{
	unsigned long *n = counter;

	while (!kthread_should_stop()) {
		if (kthread_should_park())
			kthread_parkme();
		WRITE_ONCE(*n, *n + 1);
		schedule_timeout_interruptible(1);
	}
	return 42;
}

static int return_cpu(void *unused)
{
	return raw_smp_processor_id();
}

SELFTEST(kthread, stop_waits_and_returns_the_result)
{
	unsigned long n = 0;
	struct task_struct *p = kthread_run(count_until_stopped, &n, "counts/%d", 17);

	if (!EXPECT(!IS_ERR(p)))
		return;
	EXPECT_STREQ(p->comm, "counts/17");
	EXPECT(kthread_data(p) == &n && kthread_func(p) == (void *)count_until_stopped);
	EXPECT_SOON(READ_ONCE(n) > 2);
	EXPECT_EQ(kthread_stop(p), 42);
}

SELFTEST(kthread, a_thread_stopped_before_it_ran_does_not_run)
{
	unsigned long n = 0;
	struct task_struct *p = kthread_create(count_until_stopped, &n, "never");

	if (!EXPECT(!IS_ERR(p)))
		return;
	EXPECT_EQ(kthread_stop(p), -EINTR);
	EXPECT_EQ(n, 0);
}

SELFTEST(kthread, the_result_of_a_thread_that_has_ended_can_be_had)
{
	struct task_struct *p = test_thread(return_cpu, NULL, "short");

	if (!EXPECT(p))
		return;
	wake_up_process(p);
	EXPECT_SOON(task_state(p) == TASK_DEAD);
	EXPECT(kthread_stop_put(p) >= 0);
}

SELFTEST(kthread, a_parked_thread_stands_still_until_unparked)
{
	unsigned long n = 0, before;
	struct task_struct *p = test_thread(count_until_stopped, &n, "parks");

	if (!EXPECT(p))
		return;
	wake_up_process(p);
	for (int i = 0; i < 5; i++) {
		EXPECT_EQ(kthread_park(p), 0);
		EXPECT_EQ(task_state(p), TASK_PARKED);
		EXPECT(!READ_ONCE(p->on_cpu));
		EXPECT_EQ(kthread_park(p), -EBUSY);
		before = READ_ONCE(n);
		EXPECT(!wake_up_process(p));
		schedule_timeout_uninterruptible(3);
		EXPECT_EQ(READ_ONCE(n), before);
		kthread_unpark(p);
		EXPECT_SOON(READ_ONCE(n) > before);
	}
	EXPECT_EQ(kthread_park(p), 0);
	EXPECT_EQ(kthread_stop(p), 42);
	EXPECT_EQ(kthread_park(p), -ENOSYS);
	put_task_struct(p);
}

SELFTEST(kthread, park_and_unpark_in_quick_succession, .timeout_ms = 30000)
{
	unsigned long n = 0;
	struct task_struct *p = kthread_run(count_until_stopped, &n, "parks");

	if (!EXPECT(!IS_ERR(p)))
		return;
	for (int i = 0; i < 30; i++) {
		EXPECT_EQ(kthread_park(p), 0);
		EXPECT_EQ(task_state(p), TASK_PARKED);
		kthread_unpark(p);
	}
	EXPECT_EQ(kthread_stop(p), 42);
}

SELFTEST(kthread, bound_threads_run_on_their_cpu)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *p = kthread_create_on_cpu(return_cpu, NULL, cpu, "bound/%u");

		if (!EXPECT(!IS_ERR(p)))
			return;
		get_task_struct(p);
		wake_up_process(p);
		EXPECT_SOON(task_state(p) == TASK_DEAD);
		EXPECT_EQ(kthread_stop_put(p), cpu);
	}
}

static int exit_deep_inside(void *unused)
{
	kthread_exit(5);
}

SELFTEST(kthread, exit_ends_the_thread_with_a_result)
{
	struct task_struct *p = test_thread(exit_deep_inside, NULL, "exits");

	if (!EXPECT(p))
		return;
	wake_up_process(p);
	EXPECT_SOON(task_state(p) == TASK_DEAD);
	EXPECT_EQ(kthread_stop_put(p), 5);
}

SELFTEST(kthread, the_list_of_tasks_is_ordered_and_holds_the_caller)
{
	struct task_struct *p;
	int last = 0, found = 0;

	for (p = get_next_task(0); p; p = next_task_put(p)) {
		EXPECT(p->pid > last);
		last = p->pid;
		found += p == current;
	}
	EXPECT_EQ(found, 1);
	p = find_get_task(current->pid);
	EXPECT(p == current);
	put_task_struct(p);
	EXPECT(!find_get_task(0x7fffffff));
}
