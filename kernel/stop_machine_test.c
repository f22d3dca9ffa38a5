/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stopping CPUs.
 */
#include "sched_test.h"
#include <locking/atomic.h>
#include <kernel/bug.h>
#include <kernel/irqflags.h>
#include <kernel/percpu.h>
#include <kernel/stop_machine.h>

static DEFINE_PER_CPU(unsigned long, beats);
static bool stop_beating;
static atomic_t beating;

static int beat(void *counter)
{
	unsigned long *n = counter;

	while (!READ_ONCE(stop_beating)) {
		WRITE_ONCE(*n, *n + 1);
		cpu_relax();
		cond_resched();
	}
	atomic_dec(&beating);
	return 0;
}

struct observation {
	unsigned long before, after;
	bool irqs_off;
	atomic_t runs;
};

static unsigned long all_beats(void)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		sum += READ_ONCE(per_cpu(beats, cpu));
	return sum;
}

static int observe(void *arg)
{
	struct observation *o = arg;

	o->irqs_off = irqs_disabled();
	o->before = all_beats();
	udelay(2000);
	o->after = all_beats();
	atomic_inc(&o->runs);
	return 3;
}

SELFTEST(stop_machine, everything_else_stands_still, .timeout_ms = 60000)
{
	struct observation o = { 0 };
	unsigned int cpu;

	WRITE_ONCE(stop_beating, false);
	for_each_online_cpu(cpu)
		if (EXPECT(!IS_ERR(kthread_run_on_cpu(beat, per_cpu_ptr(&beats, cpu), cpu,
						      "beat/%u"))))
			atomic_inc(&beating);
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(stop_machine(observe, &o, NULL), 3);
		EXPECT(o.irqs_off);
		EXPECT_EQ(o.before, o.after);
		EXPECT_EQ(atomic_read(&o.runs), i + 1);
	}
	WRITE_ONCE(stop_beating, true);
	wait_until(!atomic_read(&beating));
}

static int count_run(void *arg)
{
	atomic_inc(arg);
	return irqs_disabled() ? 0 : -1;
}

SELFTEST(stop_machine, runs_on_the_cpus_that_are_named, .timeout_ms = 60000)
{
	struct cpumask none = CPU_MASK_NONE;
	atomic_t runs = ATOMIC_INIT(0);

	EXPECT_EQ(stop_machine(count_run, &runs, cpu_online_mask), 0);
	EXPECT_EQ(atomic_read(&runs), num_online_cpus());
	EXPECT_EQ(stop_machine(count_run, &runs, cpumask_of(0)), 0);
	EXPECT_EQ(atomic_read(&runs), num_online_cpus() + 1);
	EXPECT_EQ(stop_machine(count_run, &runs, &none), -EINVAL);
}

static int many_stops(void *runs)
{
	for (int i = 0; i < 2; i++)
		if (stop_machine(count_run, runs, NULL))
			return -1;
	return 0;
}

SELFTEST(stop_machine, callers_at_the_same_time_take_turns, .timeout_ms = 120000)
{
	atomic_t runs = ATOMIC_INIT(0);
	struct task_struct *p[3];

	for (int i = 0; i < 3; i++) {
		p[i] = test_thread(many_stops, &runs, "stops");
		if (!EXPECT(p[i]))
			return;
		wake_up_process(p[i]);
	}
	for (int i = 0; i < 3; i++) {
		EXPECT(WAIT_UNTIL(task_state(p[i]) == TASK_DEAD, 30000));
		EXPECT_EQ(kthread_stop_put(p[i]), 0);
	}
	EXPECT_EQ(atomic_read(&runs), 6);
}

static int where(void *cpu)
{
	*(unsigned int *)cpu = raw_smp_processor_id();
	return in_atomic() ? 11 : -1;
}

SELFTEST(stop_machine, one_cpu_runs_a_function_above_every_task)
{
	unsigned int cpu, ran_on;

	for_each_online_cpu(cpu) {
		ran_on = NR_CPUS;
		EXPECT_EQ(stop_one_cpu(cpu, where, &ran_on), 11);
		EXPECT_EQ(ran_on, cpu);
	}
	EXPECT_EQ(stop_one_cpu(NR_CPUS - 1, where, &ran_on),
		  cpu_online(NR_CPUS - 1) ? 11 : -ENOENT);
}
