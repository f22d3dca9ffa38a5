/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of workqueues.
 */
#include <kernel/bug.h>
#include <kernel/context.h>
#include <kernel/irqflags.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/workqueue.h>
#include <locking/atomic.h>
#include "test_util.h"

/* A work that counts; that sleeps until it is let go, if it has a gate. */
struct job {
	struct work_struct work;
	struct delayed_work dwork;	/* one of the two is used */
	atomic_t runs, inside, twice;
	unsigned int cpu;
	bool gated, entered, open;
	bool in_task, is_worker;
	int again;			/* queues itself that often; -1: for ever */
	struct workqueue_struct *wq;
	unsigned long at;
};

static void do_job(struct job *j, struct work_struct *work)
{
	if (atomic_inc_return(&j->inside) != 1)
		atomic_inc(&j->twice);
	j->cpu = raw_smp_processor_id();
	j->at = jiffies;
	j->in_task = in_task() && preemptible();
	j->is_worker = current->flags & PF_WQ_WORKER;
	WRITE_ONCE(j->entered, true);
	if (j->gated)
		wait_until(READ_ONCE(j->open));
	if (j->again) {
		j->again -= j->again > 0;
		queue_work(j->wq, work);
	}
	atomic_dec(&j->inside);
	atomic_inc(&j->runs);
}

static void job_fn(struct work_struct *work)
{
	do_job(container_of(work, struct job, work), work);
}

static void delayed_job_fn(struct work_struct *work)
{
	do_job(container_of(to_delayed_work(work), struct job, dwork), work);
}

static void setup(struct job *j)
{
	*j = (struct job){ .wq = system_wq };
	INIT_WORK_ONSTACK(&j->work, job_fn);
	INIT_DELAYED_WORK(&j->dwork, delayed_job_fn);
}

static int runs(struct job *j)
{
	return atomic_read(&j->runs);
}

SELFTEST(workqueue, a_work_runs_once_in_a_worker_on_the_cpu_asked)
{
	unsigned int cpu;
	struct job j;

	for_each_online_cpu(cpu) {
		setup(&j);
		EXPECT(schedule_work_on(cpu, &j.work));
		EXPECT(flush_work(&j.work) || runs(&j) == 1);
		EXPECT_EQ(runs(&j), 1);
		EXPECT_EQ(j.cpu, cpu);
		EXPECT(j.in_task && j.is_worker);
		EXPECT(!work_pending(&j.work));
		EXPECT(!flush_work(&j.work));
	}
}

SELFTEST(workqueue, an_unbound_work_runs)
{
	struct job j;

	setup(&j);
	EXPECT(queue_work(system_unbound_wq, &j.work));
	flush_work(&j.work);
	EXPECT_EQ(runs(&j), 1);
}

struct queued_from {
	struct job job;
	bool ret;
};

static void queue_job(void *arg)
{
	struct queued_from *q = arg;

	q->ret = schedule_work(&q->job.work);
}

SELFTEST(workqueue, works_are_queued_from_task_softirq_and_hardirq)
{
	struct queued_from q;
	int ctx;

	for (ctx = CTX_TASK; ctx <= CTX_HARDIRQ; ctx++) {
		setup(&q.job);
		EXPECT_EQ(run_in_context(ctx, 0, queue_job, &q), 0);
		EXPECT(q.ret);
		flush_work(&q.job.work);
		EXPECT_EQ(runs(&q.job), 1);
	}
}

SELFTEST(workqueue, queued_while_it_waits_it_runs_once_and_while_it_runs_once_more)
{
	unsigned int cpu = raw_smp_processor_id();
	struct job j;

	setup(&j);
	j.gated = true;
	EXPECT(schedule_work_on(cpu, &j.work));
	wait_until(READ_ONCE(j.entered));
	EXPECT(schedule_work_on(cpu, &j.work));
	EXPECT(!schedule_work_on(cpu, &j.work));
	EXPECT(work_pending(&j.work));
	/* Anywhere else too: it would run beside itself. */
	EXPECT(!schedule_work_on(other_cpu(cpu), &j.work));
	WRITE_ONCE(j.open, true);
	flush_work(&j.work);
	EXPECT_EQ(runs(&j), 2);
	EXPECT_EQ(atomic_read(&j.twice), 0);
}

static void queue_often(unsigned int cpu, void *arg)
{
	struct job *j = arg;
	unsigned int i;

	for (i = 0; i < clamp(1600 / num_online_cpus(), 50U, 200U); i++) {
		schedule_work_on((cpu + i) % num_online_cpus(), &j->work);
		if (i % 8 == 0)
			cond_resched();
	}
}

SELFTEST(workqueue, queued_by_all_cpus_to_all_cpus_a_work_does_not_run_beside_itself)
{
	struct job j;

	setup(&j);
	on_all_cpus(queue_often, &j);
	flush_work(&j.work);
	EXPECT(runs(&j) > 0);
	EXPECT_EQ(atomic_read(&j.twice), 0);
	EXPECT(!work_pending(&j.work));
}

/* The second, behind the first on the same CPU, lets it go. */
struct pair {
	struct job first;
	struct work_struct second;
};

static void open_gate(struct work_struct *work)
{
	struct pair *p = container_of(work, struct pair, second);

	WRITE_ONCE(p->first.open, true);
}

SELFTEST(workqueue, a_work_that_sleeps_does_not_hold_up_the_next_one)
{
	struct pair p;
	int i;

	for (i = 0; i < 2; i++) {
		struct workqueue_struct *wq = i ? system_unbound_wq : system_wq;
		unsigned int cpu = raw_smp_processor_id();

		setup(&p.first);
		INIT_WORK_ONSTACK(&p.second, open_gate);
		p.first.gated = true;
		queue_work_on(cpu, wq, &p.first.work);
		queue_work_on(cpu, wq, &p.second);
		flush_work(&p.second);
		flush_work(&p.first.work);
		EXPECT_EQ(runs(&p.first), 1);
	}
}

/* ---- flushing --------------------------------------------------------------------------- */

static void flush_cpus(struct selftest *t, struct workqueue_struct *wq)
{
	struct job *jobs = kmalloc(nr_cpu_ids * sizeof(*jobs), GFP_KERNEL);
	unsigned int cpu;

	if (!EXPECT(jobs))
		return;
	for_each_online_cpu(cpu) {
		setup(&jobs[cpu]);
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

		setup(&j);
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
	setup(&slow);
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
		setup(&jobs[i]);
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
	setup(&j);
	j.wq = wq;
	j.again = 20;
	queue_work(wq, &j.work);
	destroy_workqueue(wq);
	EXPECT_EQ(runs(&j), 21);
}

/* ---- cancelling ---------------------------------------------------------------------------- */

SELFTEST(workqueue, a_waiting_work_is_cancelled_and_does_not_run)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("cancel", 0);
	struct job blocker, j;

	if (!EXPECT(wq))
		return;
	setup(&blocker);
	setup(&j);
	blocker.gated = true;
	queue_work(wq, &blocker.work);
	wait_until(READ_ONCE(blocker.entered));
	EXPECT(!cancel_work_sync(&j.work));
	queue_work(wq, &j.work);
	EXPECT(cancel_work_sync(&j.work));
	EXPECT(queue_work(wq, &j.work));
	EXPECT(cancel_work(&j.work));
	EXPECT(!cancel_work(&j.work));
	WRITE_ONCE(blocker.open, true);
	destroy_workqueue(wq);
	EXPECT_EQ(runs(&j), 0);
	EXPECT_EQ(runs(&blocker), 1);
}

SELFTEST(workqueue, a_running_work_is_waited_for_and_cannot_come_back)
{
	struct job j;

	setup(&j);
	j.again = -1;
	schedule_work(&j.work);
	wait_until(runs(&j) > 3);
	cancel_work_sync(&j.work);
	EXPECT(!work_pending(&j.work));
	EXPECT_EQ(atomic_read(&j.inside), 0);
	EXPECT(!flush_work(&j.work));
}

static void cancel_often(unsigned int cpu, void *arg)
{
	struct job *j = arg;
	unsigned int i;

	for (i = 0; i < clamp(160 / num_online_cpus(), 4U, 20U); i++) {
		if ((cpu + i) & 1) {
			cancel_delayed_work_sync(&j->dwork);
		} else {
			schedule_delayed_work(&j->dwork, i % 3);
			mod_delayed_work(system_unbound_wq, &j->dwork, i % 2);
		}
	}
}

SELFTEST(workqueue, many_may_queue_and_cancel_one_work_at_once)
{
	struct job j;

	setup(&j);
	on_all_cpus(cancel_often, &j);
	cancel_delayed_work_sync(&j.dwork);
	EXPECT_EQ(atomic_read(&j.twice), 0);
	EXPECT_EQ(atomic_read(&j.inside), 0);
	EXPECT(!delayed_work_pending(&j.dwork));
}

/* ---- delayed works --------------------------------------------------------------------------- */

SELFTEST(workqueue, a_delayed_work_is_not_early)
{
	unsigned long before = jiffies;
	struct job j;

	setup(&j);
	EXPECT(schedule_delayed_work(&j.dwork, 3));
	EXPECT(!schedule_delayed_work(&j.dwork, 0));
	wait_until(runs(&j));
	EXPECT(time_after_eq(j.at, before + 3));
	flush_delayed_work(&j.dwork);
	EXPECT_EQ(runs(&j), 1);
}

SELFTEST(workqueue, a_delay_can_be_cut_short_changed_or_called_off)
{
	unsigned long far = 1000 * HZ;
	struct job j;

	setup(&j);
	schedule_delayed_work(&j.dwork, far);
	EXPECT(flush_delayed_work(&j.dwork) || runs(&j) == 1);
	EXPECT_EQ(runs(&j), 1);

	EXPECT(!mod_delayed_work(system_wq, &j.dwork, far));
	EXPECT(mod_delayed_work(system_wq, &j.dwork, 0));
	flush_delayed_work(&j.dwork);
	EXPECT_EQ(runs(&j), 2);

	schedule_delayed_work(&j.dwork, far);
	EXPECT(cancel_delayed_work(&j.dwork));
	EXPECT(!cancel_delayed_work(&j.dwork));
	schedule_delayed_work(&j.dwork, far);
	EXPECT(cancel_delayed_work_sync(&j.dwork));
	EXPECT(!delayed_work_pending(&j.dwork));
	EXPECT_EQ(runs(&j), 2);
}
