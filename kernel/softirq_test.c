/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of softirqs: when they run, where, and what they exclude. A tasklet that notes
 * what it finds stands for them all. Tasklets themselves: tasklet_test.c.
 */
#include <kernel/context.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/softirq.h>
#include "test_util.h"

/* What a tasklet saw. */
struct probe {
	struct tasklet_struct tasklet;
	unsigned int runs;
	unsigned int cpu;
	bool serving;
	bool irqs_on;
};

static void probe_ran(struct tasklet_struct *tasklet)
{
	struct probe *p = container_of(tasklet, struct probe, tasklet);

	p->cpu = raw_smp_processor_id();
	p->serving = in_serving_softirq();
	p->irqs_on = !irqs_disabled();
	WRITE_ONCE(p->runs, p->runs + 1);
}

static void nothing(void *arg)
{
}

SELFTEST(softirq, runs_at_the_outermost_local_bh_enable)
{
	struct probe p = { .runs = 0 };
	unsigned int cpu;

	tasklet_setup(&p.tasklet, probe_ran);
	pin_to(raw_smp_processor_id());
	cpu = raw_smp_processor_id();

	local_bh_disable();
	local_bh_disable();
	tasklet_schedule(&p.tasklet);
	EXPECT_EQ(READ_ONCE(p.runs), 0);
	EXPECT(local_softirq_pending() & 1U << TASKLET_SOFTIRQ);
	/* Not at the exit of an interrupt either. */
	EXPECT_EQ(run_in_context(CTX_HARDIRQ, cpu, nothing, NULL), 0);
	EXPECT_EQ(READ_ONCE(p.runs), 0);
	local_bh_enable();
	EXPECT_EQ(READ_ONCE(p.runs), 0);
	local_bh_enable();
	EXPECT_EQ(READ_ONCE(p.runs), 1);

	EXPECT_EQ(p.cpu, cpu);
	EXPECT(p.serving);
	EXPECT(p.irqs_on);
	unpin();
	tasklet_kill(&p.tasklet);
}

struct raised {
	struct probe probe;
	bool on_softirq;		/* the interrupt came on top of one that was served */
};

static void raise_and_look(void *arg)
{
	struct raised *r = arg;

	r->on_softirq = in_softirq();
	tasklet_schedule(&r->probe.tasklet);
}

/*
 * By an interrupt on top of a task. Return: false if a tick came first, and it was on top
 * of the tick's softirqs: these serve it then, or leave it to ksoftirqd.
 */
static bool raise_in_interrupt(struct selftest *t, unsigned int cpu, struct raised *r)
{
	unsigned int runs;

	r->probe.runs = 0;
	preempt_disable();
	EXPECT_EQ(run_in_context(CTX_HARDIRQ, cpu, raise_and_look, r), 0);
	runs = READ_ONCE(r->probe.runs);
	preempt_enable();
	wait_until(READ_ONCE(r->probe.runs) == 1);
	tasklet_kill(&r->probe.tasklet);
	if (r->on_softirq)
		return false;
	/*
	 * The driver saw the function's end; the interrupt's is behind us as well. A
	 * real-time kernel has then woken a task, which preempts no such section.
	 */
	EXPECT_EQ(runs, !IS_ENABLED(CONFIG_PREEMPT_RT));
	EXPECT_EQ(r->probe.cpu, cpu);
	EXPECT(r->probe.serving && r->probe.irqs_on);
	return true;
}

SELFTEST(softirq, runs_at_the_exit_of_the_interrupt_that_raised_it)
{
	struct raised r = { .on_softirq = false };
	unsigned int cpu;

	tasklet_setup(&r.probe.tasklet, probe_ran);
	for_each_online_cpu(cpu) {
		pin_to(cpu);
		while (!raise_in_interrupt(t, cpu, &r))
			;
	}
	unpin();
}

struct nested {
	struct probe inner;
	struct tasklet_struct outer;
	unsigned int inner_runs_seen;
	unsigned int outer_runs;
};

static void outer_ran(struct tasklet_struct *tasklet)
{
	struct nested *n = container_of(tasklet, struct nested, outer);

	tasklet_schedule(&n->inner.tasklet);
	run_in_context(CTX_HARDIRQ, raw_smp_processor_id(), nothing, NULL);
	local_bh_disable();
	local_bh_enable();
	n->inner_runs_seen = READ_ONCE(n->inner.runs);
	WRITE_ONCE(n->outer_runs, 1);
}

SELFTEST(softirq, softirqs_do_not_nest)
{
	struct nested n = { .outer_runs = 0 };

	tasklet_setup(&n.inner.tasklet, probe_ran);
	tasklet_setup(&n.outer, outer_ran);
	tasklet_schedule(&n.outer);
	wait_until(READ_ONCE(n.outer_runs) && READ_ONCE(n.inner.runs));
	EXPECT_EQ(n.inner_runs_seen, 0);
	tasklet_kill(&n.outer);
	tasklet_kill(&n.inner.tasklet);
}

SELFTEST(softirq, raised_by_a_task_it_runs_without_further_ado)
{
	struct probe p = { .runs = 0 };
	unsigned int cpu;

	tasklet_setup(&p.tasklet, probe_ran);
	for_each_online_cpu(cpu) {
		pin_to(cpu);
		WRITE_ONCE(p.runs, 0);
		tasklet_schedule(&p.tasklet);
		wait_until(READ_ONCE(p.runs));
		EXPECT_EQ(p.cpu, cpu);
	}
	unpin();
	tasklet_kill(&p.tasklet);
}

/* ---- under load ------------------------------------------------------------------------ */

struct storm {
	struct tasklet_struct tasklet;
	bool stop;
	unsigned int runs;
};

static void storm_ran(struct tasklet_struct *tasklet)
{
	struct storm *s = container_of(tasklet, struct storm, tasklet);

	WRITE_ONCE(s->runs, s->runs + 1);
	if (!READ_ONCE(s->stop))
		tasklet_schedule(tasklet);
}

SELFTEST(softirq, in_a_storm_ksoftirqd_takes_over_and_tasks_go_on)
{
	struct storm s = { .stop = false };
	unsigned int cpu = raw_smp_processor_id();
	u64 before;

	tasklet_setup(&s.tasklet, storm_ran);
	pin_to(cpu);
	before = kstat_ksoftirqd_cpu(cpu);
	tasklet_schedule(&s.tasklet);
	/* This task has the CPU again and again, though softirqs never run out. */
	wait_until(READ_ONCE(s.runs) > 100 && kstat_ksoftirqd_cpu(cpu) - before > 3);
	WRITE_ONCE(s.stop, true);
	tasklet_kill(&s.tasklet);
	EXPECT(!local_softirq_pending() || s.runs > 100);
	unpin();
}

SELFTEST(softirq, runs_are_counted_by_vector_and_cpu)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		u64 before = kstat_softirqs_cpu(CONTEXT_SOFTIRQ, cpu);

		EXPECT_EQ(run_in_context(CTX_SOFTIRQ, cpu, nothing, NULL), 0);
		EXPECT(kstat_softirqs_cpu(CONTEXT_SOFTIRQ, cpu) > before);
	}
}
