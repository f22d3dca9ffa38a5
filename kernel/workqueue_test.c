/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of workqueues: queueing. A work runs once for each time it was queued, in a
 * worker, on the CPU asked for, and not beside itself.
 *
 * The job that all three pages of tests use is here: workqueue_test.h.
 */
#include <kernel/context.h>
#include <kernel/irqflags.h>
#include <kernel/percpu.h>
#include "test_util.h"
#include "workqueue_test.h"

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

void setup_job(struct job *j)
{
	*j = (struct job){ .wq = system_wq };
	INIT_WORK_ONSTACK(&j->work, job_fn);
	INIT_DELAYED_WORK(&j->dwork, delayed_job_fn);
}

SELFTEST(workqueue, a_work_runs_once_in_a_worker_on_the_cpu_asked)
{
	unsigned int cpu;
	struct job j;

	for_each_online_cpu(cpu) {
		setup_job(&j);
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

	setup_job(&j);
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
		setup_job(&q.job);
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

	setup_job(&j);
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

	setup_job(&j);
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

		setup_job(&p.first);
		INIT_WORK_ONSTACK(&p.second, open_gate);
		p.first.gated = true;
		queue_work_on(cpu, wq, &p.first.work);
		queue_work_on(cpu, wq, &p.second);
		flush_work(&p.second);
		flush_work(&p.first.work);
		EXPECT_EQ(runs(&p.first), 1);
	}
}
