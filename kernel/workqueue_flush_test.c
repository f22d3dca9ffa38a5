/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of workqueues: waiting for all works of a queue, and queues that end. A work
 * that was queued before flush_workqueue() has run when it returns, on whatever CPU,
 * asleep or not.
 */
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include "test_util.h"
#include "workqueue_test.h"

static void flush_cpus(struct selftest *t, struct workqueue_struct *wq)
{
	struct job *jobs = kmalloc(nr_cpu_ids * sizeof(*jobs), GFP_KERNEL);
	unsigned int cpu;

	if (!EXPECT(jobs))
		return;
	for_each_online_cpu(cpu) {
		setup_job(&jobs[cpu]);
		queue_work_on(cpu, wq, &jobs[cpu].work);
	}
	flush_workqueue(wq);
	for_each_online_cpu(cpu)
		EXPECT_EQ(runs(&jobs[cpu]), 1);
	kfree(jobs);
}

static void flush_member(unsigned int cpu, void *arg)
{
	unsigned int i;

	for (i = 0; i < clamp(16 / num_online_cpus(), 1U, 5U); i++) {
		struct job j;

		setup_job(&j);
		queue_work(arg, &j.work);
		flush_workqueue(arg);
		if (runs(&j) != 1)
			panic("workqueue test: CPU %u: flushed, but not run", cpu);
	}
}

SELFTEST(workqueue, flush_workqueue_waits_for_all_works_on_all_cpus)
{
	struct workqueue_struct *wq = alloc_workqueue("test/%d", 0, 2, 1);

	if (!EXPECT(wq))
		return;
	flush_cpus(t, wq);
	on_all_cpus(flush_member, wq);
	destroy_workqueue(wq);
	flush_cpus(t, system_wq);
	flush_cpus(t, system_unbound_wq);
}

SELFTEST(workqueue, flush_workqueue_waits_for_a_sleeping_work)
{
	struct workqueue_struct *wq = alloc_workqueue("test", WQ_UNBOUND, 0);
	struct job slow;

	if (!EXPECT(wq))
		return;
	setup_job(&slow);
	slow.gated = true;
	queue_work(wq, &slow.work);
	wait_until(READ_ONCE(slow.entered));
	WRITE_ONCE(slow.open, true);
	flush_workqueue(wq);
	EXPECT_EQ(runs(&slow), 1);
	destroy_workqueue(wq);
}

SELFTEST(workqueue, an_ordered_queue_runs_one_after_the_other)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("ordered", 0);
	struct job jobs[8];
	unsigned int i;

	if (!EXPECT(wq))
		return;
	for (i = 0; i < ARRAY_SIZE(jobs); i++) {
		setup_job(&jobs[i]);
		jobs[i].gated = true;
		queue_work_on(i % num_online_cpus(), wq, &jobs[i].work);
	}
	for (i = 0; i < ARRAY_SIZE(jobs); i++) {
		wait_until(READ_ONCE(jobs[i].entered));
		if (i + 1 < ARRAY_SIZE(jobs))
			EXPECT(!READ_ONCE(jobs[i + 1].entered));
		WRITE_ONCE(jobs[i].open, true);
	}
	destroy_workqueue(wq);
	for (i = 0; i < ARRAY_SIZE(jobs); i++)
		EXPECT_EQ(runs(&jobs[i]), 1);
}

SELFTEST(workqueue, destroy_waits_for_works_that_queue_themselves)
{
	struct workqueue_struct *wq = alloc_workqueue("chain", 0, 0);
	struct job j;

	if (!EXPECT(wq))
		return;
	setup_job(&j);
	j.wq = wq;
	j.again = 20;
	queue_work(wq, &j.work);
	destroy_workqueue(wq);
	EXPECT_EQ(runs(&j), 21);
}
