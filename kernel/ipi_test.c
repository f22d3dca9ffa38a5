/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of function calls between CPUs: to one, to many, waited for or not, and all of
 * them at once.
 */
#include <base/errno.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <locking/atomic.h>
#include "test_util.h"

/* Where a call ran. */
struct trace {
	atomic_t runs;
	atomic_t wrong;
	struct cpumask cpus;
	unsigned int plain;		/* not atomic: to be published by the call's end */
};

static void trace_call(void *info)
{
	struct trace *tr = info;

	if (!irqs_disabled())
		atomic_inc(&tr->wrong);
	if (cpumask_test_and_set_cpu(raw_smp_processor_id(), &tr->cpus))
		atomic_inc(&tr->wrong);
	WRITE_ONCE(tr->plain, raw_smp_processor_id() + 1);
	atomic_inc(&tr->runs);
}

SELFTEST(ipi, a_call_to_one_cpu_runs_there_and_is_waited_for)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct trace tr = { .plain = 0 };

		EXPECT_EQ(smp_call_function_single(cpu, trace_call, &tr, true), 0);
		EXPECT_EQ(tr.plain, cpu + 1);
		EXPECT_EQ(atomic_read(&tr.runs), 1);
		EXPECT_EQ(atomic_read(&tr.wrong), 0);
		EXPECT(cpumask_test_cpu(cpu, &tr.cpus));
	}
}

SELFTEST(ipi, a_cpu_that_is_not_there_is_refused)
{
	call_single_data_t csd;

	INIT_CSD(&csd, trace_call, NULL);
	EXPECT_EQ(smp_call_function_single(nr_cpu_ids, trace_call, NULL, true), -ENODEV);
	EXPECT_EQ(smp_call_function_single(NR_CPUS + 7, trace_call, NULL, false), -ENODEV);
	EXPECT_EQ(smp_call_function_single_async(nr_cpu_ids, &csd), -ENODEV);
}

SELFTEST(ipi, a_call_to_many_runs_once_on_each_but_the_caller)
{
	struct trace tr = { .plain = 0 };
	struct cpumask want;
	unsigned int self;

	preempt_disable();
	self = raw_smp_processor_id();
	smp_call_function(trace_call, &tr, true);
	preempt_enable();
	cpumask_copy(&want, cpu_online_mask);
	__cpumask_clear_cpu(self, &want);
	EXPECT(cpumask_equal(&tr.cpus, &want));
	EXPECT_EQ(atomic_read(&tr.runs), num_online_cpus() - 1);
	EXPECT_EQ(atomic_read(&tr.wrong), 0);
}

SELFTEST(ipi, on_each_cpu_includes_the_caller)
{
	struct trace tr = { .plain = 0 };

	on_each_cpu(trace_call, &tr, true);
	EXPECT(cpumask_equal(&tr.cpus, cpu_online_mask));
	EXPECT_EQ(atomic_read(&tr.runs), num_online_cpus());
	EXPECT_EQ(atomic_read(&tr.wrong), 0);
}

SELFTEST(ipi, a_mask_is_kept_to)
{
	struct trace tr = { .plain = 0 };
	struct cpumask odd = CPU_MASK_NONE;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		if (cpu & 1)
			__cpumask_set_cpu(cpu, &odd);
	}
	on_each_cpu_mask(&odd, trace_call, &tr, true);
	EXPECT(cpumask_equal(&tr.cpus, &odd));
	EXPECT_EQ(atomic_read(&tr.runs), cpumask_weight(&odd));
}

SELFTEST(ipi, without_wait_each_call_runs_once_all_the_same)
{
	static struct trace tr;		/* outlives the case's stack if a call is late */
	unsigned int cpu;

	tr = (struct trace){ .plain = 0 };
	for_each_online_cpu(cpu)
		EXPECT_EQ(smp_call_function_single(cpu, trace_call, &tr, false), 0);
	wait_until(atomic_read(&tr.runs) == (int)num_online_cpus());
	EXPECT_EQ(atomic_read(&tr.wrong), 0);

	tr = (struct trace){ .plain = 0 };
	on_each_cpu(trace_call, &tr, false);
	wait_until(atomic_read(&tr.runs) == (int)num_online_cpus());
	EXPECT(cpumask_equal(&tr.cpus, cpu_online_mask));
}

SELFTEST(ipi, an_asynchronous_call_is_busy_until_it_begins, .min_cpus = 2)
{
	struct trace tr = { .plain = 0 };
	call_single_data_t csd;
	struct busy_task busy;
	unsigned int cpu;

	pin_to(cpumask_first(cpu_online_mask));
	cpu = other_cpu(raw_smp_processor_id());
	INIT_CSD(&csd, trace_call, &tr);

	start_busy(&busy, cpu, true);
	EXPECT_EQ(smp_call_function_single_async(cpu, &csd), 0);
	EXPECT_EQ(smp_call_function_single_async(cpu, &csd), -EBUSY);
	EXPECT_EQ(atomic_read(&tr.runs), 0);
	stop_busy(&busy);
	wait_until(atomic_read(&tr.runs) == 1);

	/* It may be used again, here too, and with interrupts off. */
	cpumask_clear(&tr.cpus);
	local_irq_disable();
	while (smp_call_function_single_async(cpu, &csd) == -EBUSY)
		cpu_relax();
	local_irq_enable();
	wait_until(atomic_read(&tr.runs) == 2);
	EXPECT_EQ(smp_call_function_single_async(raw_smp_processor_id(), &csd), 0);
	EXPECT_EQ(atomic_read(&tr.runs), 3);
	EXPECT_EQ(atomic_read(&tr.wrong), 0);
	unpin();
}

/* ---- all at once -------------------------------------------------------------------- */

static DEFINE_PER_CPU(unsigned int, storm_runs);	/* its CPU, interrupts off */

static void storm_call(void *info)
{
	unsigned int *own = this_cpu_ptr(&storm_runs);

	WRITE_ONCE(*own, *own + 1);
}

static unsigned int storm_rounds(void)
{
	return clamp(64 / num_online_cpus(), 2U, 10U);
}

/* Single calls go to the next so many CPUs, oneself first; those to all go to all. */
static unsigned int storm_targets(void)
{
	return min(num_online_cpus(), 16U);
}

static void storm_member(unsigned int self, void *arg)
{
	unsigned int round, cpu, i;

	for (round = 0; round < storm_rounds(); round++) {
		for (i = 0, cpu = self; i < storm_targets(); i++, cpu = other_cpu(cpu))
			smp_call_function_single(cpu, storm_call, NULL, round & 1);
		on_each_cpu(storm_call, NULL, !(round & 1));
	}
}

SELFTEST(ipi, all_cpus_call_all_cpus_at_once_and_no_call_is_lost_or_doubled,
	 .timeout_ms = 30000)
{
	unsigned int total = storm_rounds() * (storm_targets() + num_online_cpus()), cpu;

	for_each_online_cpu(cpu)
		WRITE_ONCE(per_cpu(storm_runs, cpu), 0);
	on_all_cpus(storm_member, NULL);
	for_each_online_cpu(cpu) {
		wait_until(READ_ONCE(per_cpu(storm_runs, cpu)) >= total);
		EXPECT_EQ(per_cpu(storm_runs, cpu), total);
	}
}

SELFTEST(ipi, a_reschedule_ipi_is_an_interrupt_on_the_cpu_asked)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		u64 before = kstat_irqs_cpu(IRQ_IPI_RESCHEDULE, cpu);

		smp_send_reschedule(cpu);
		wait_until(kstat_irqs_cpu(IRQ_IPI_RESCHEDULE, cpu) > before);
	}
}
