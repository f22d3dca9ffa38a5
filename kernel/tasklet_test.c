/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of tasklets: one runs on one CPU at a time, whoever asks for it; no request is
 * lost, also of one that is disabled meanwhile; the high ones go first.
 */
#include <kernel/percpu.h>
#include <kernel/softirq.h>
#include <locking/atomic.h>
#include "test_util.h"

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

struct counting {
	struct tasklet_struct tasklet;
	unsigned int runs;
};

static void count_run(struct tasklet_struct *tasklet)
{
	struct counting *p = container_of(tasklet, struct counting, tasklet);

	WRITE_ONCE(p->runs, p->runs + 1);
}

SELFTEST(softirq, a_disabled_tasklet_waits_until_it_is_enabled)
{
	struct counting p = { .runs = 0 };

	tasklet_setup(&p.tasklet, count_run);
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
