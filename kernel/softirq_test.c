/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of softirqs and tasklets: when they run, where, and what they exclude.
 */
#include <kernel/context.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/softirq.h>
#include <locking/atomic.h>
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

static void schedule_it(void *arg)
{
	tasklet_schedule(arg);
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
}

SELFTEST(softirq, runs_at_the_exit_of_the_interrupt_that_raised_it)
{
	struct probe p = { .runs = 0 };
	unsigned int cpu;

	tasklet_setup(&p.tasklet, probe_ran);
	for_each_online_cpu(cpu) {
		pin_to(cpu);
		preempt_disable();
		EXPECT_EQ(run_in_context(CTX_HARDIRQ, cpu, schedule_it, &p.tasklet), 0);
		/*
		 * The driver saw the function's end; the interrupt's is behind us as well. A
		 * real-time kernel has then woken a task, which preempts no such section.
		 */
		EXPECT_EQ(READ_ONCE(p.runs), !IS_ENABLED(CONFIG_PREEMPT_RT));
		preempt_enable();
		wait_until(READ_ONCE(p.runs) == 1);
		EXPECT_EQ(p.cpu, cpu);
		EXPECT(p.serving && p.irqs_on);
		p.runs = 0;
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

/* ---- tasklets ---------------------------------------------------------------------------- */

#define ASKS	200

struct shared_tasklet {
	struct tasklet_struct tasklet;
	atomic_t inside;
	atomic_t twice;			/* runs that met another one */
	atomic_t runs;
	unsigned int asked[NR_CPUS];	/* each CPU: how often it has asked */
	unsigned int seen[NR_CPUS];	/* the tasklet: the same, when it ran last */
};

static void shared_ran(struct tasklet_struct *tasklet)
{
	struct shared_tasklet *s = container_of(tasklet, struct shared_tasklet, tasklet);
	unsigned int cpu;

	if (atomic_inc_return(&s->inside) != 1)
		atomic_inc(&s->twice);
	for_each_online_cpu(cpu)
		s->seen[cpu] = READ_ONCE(s->asked[cpu]);
	atomic_inc(&s->runs);
	atomic_dec(&s->inside);
}

static void ask_often(unsigned int cpu, void *arg)
{
	struct shared_tasklet *s = arg;
	unsigned int i;

	for (i = 0; i < ASKS; i++) {
		WRITE_ONCE(s->asked[cpu], s->asked[cpu] + 1);
		if (i & 1)
			tasklet_schedule(&s->tasklet);
		else
			tasklet_hi_schedule(&s->tasklet);
		if (i % 16 == 0)
			cond_resched();
	}
}

SELFTEST(softirq, a_tasklet_runs_on_one_cpu_at_a_time_and_misses_no_request)
{
	static struct shared_tasklet s;
	unsigned int cpu;

	s = (struct shared_tasklet){ .inside = ATOMIC_INIT(0) };
	tasklet_setup(&s.tasklet, shared_ran);
	on_all_cpus(ask_often, &s);
	tasklet_kill(&s.tasklet);
	EXPECT_EQ(atomic_read(&s.twice), 0);
	EXPECT(atomic_read(&s.runs) > 0);
	EXPECT(atomic_read(&s.runs) <= (int)(ASKS * num_online_cpus()));
	for_each_online_cpu(cpu)
		EXPECT_EQ(s.seen[cpu], ASKS);
}

SELFTEST(softirq, a_disabled_tasklet_waits_until_it_is_enabled)
{
	struct probe p = { .runs = 0 };

	tasklet_setup(&p.tasklet, probe_ran);
	tasklet_disable(&p.tasklet);
	tasklet_disable(&p.tasklet);
	tasklet_schedule(&p.tasklet);
	/* Let it be met and put aside. */
	wait_until(atomic_read(&p.tasklet.state) & TASKLET_STATE_PARKED);
	EXPECT_EQ(READ_ONCE(p.runs), 0);
	tasklet_enable(&p.tasklet);
	EXPECT_EQ(READ_ONCE(p.runs), 0);
	tasklet_enable(&p.tasklet);
	wait_until(READ_ONCE(p.runs));
	tasklet_kill(&p.tasklet);
	EXPECT_EQ(p.runs, 1);
}

struct ordered {
	struct tasklet_struct low, high;
	unsigned int turn, low_turn, high_turn;
};

static void low_ran(struct tasklet_struct *tasklet)
{
	struct ordered *o = container_of(tasklet, struct ordered, low);

	o->low_turn = ++o->turn;
}

static void high_ran(struct tasklet_struct *tasklet)
{
	struct ordered *o = container_of(tasklet, struct ordered, high);

	o->high_turn = ++o->turn;
}

SELFTEST(softirq, hi_tasklets_go_first)
{
	struct ordered o = { .turn = 0 };

	tasklet_setup(&o.low, low_ran);
	tasklet_setup(&o.high, high_ran);
	local_bh_disable();
	tasklet_schedule(&o.low);
	tasklet_hi_schedule(&o.high);
	local_bh_enable();
	EXPECT_EQ(o.high_turn, 1);
	EXPECT_EQ(o.low_turn, 2);
}

/* Off and on while other CPUs ask: nobody finds it running while it is disabled. */
static void ask_until(unsigned int cpu, void *arg)
{
	struct shared_tasklet *s = arg;
	unsigned int i;

	for (i = 0; i < ASKS; i++) {
		if (cpu == cpumask_first(cpu_online_mask)) {
			tasklet_disable(&s->tasklet);
			if (atomic_read(&s->inside))
				atomic_inc(&s->twice);
			tasklet_enable(&s->tasklet);
		} else {
			WRITE_ONCE(s->asked[cpu], s->asked[cpu] + 1);
			tasklet_schedule(&s->tasklet);
		}
		if (i % 16 == 0)
			cond_resched();
	}
}

SELFTEST(softirq, tasklet_disable_waits_for_the_run_and_loses_no_request, .min_cpus = 2)
{
	static struct shared_tasklet s;
	unsigned int cpu;

	s = (struct shared_tasklet){ .inside = ATOMIC_INIT(0) };
	tasklet_setup(&s.tasklet, shared_ran);
	on_all_cpus(ask_until, &s);
	tasklet_kill(&s.tasklet);
	EXPECT_EQ(atomic_read(&s.twice), 0);
	for_each_online_cpu(cpu) {
		if (cpu != cpumask_first(cpu_online_mask))
			EXPECT_EQ(s.seen[cpu], ASKS);
	}
}
