/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU to CPU: function calls, reschedule. The contract is <kernel/ipi.h>; stopping CPUs
 * is ipi_stop.c.
 *
 *	call_queue	calls to a CPU		any CPU adds (llist), the CPU takes all
 *	csd_table	a CPU's own calls to each other CPU, for smp_call_function_many()
 *	csd_nowait	a CPU's own call for smp_call_function_single() without wait
 *	flags		CSD_LOCK: in use	sender sets, target clears
 *
 *	CPU 0 (sender)				CPU 1 (target)
 *	csd_lock()		LOCK
 *	func, info
 *	llist_add()	call_queue of CPU 1
 *	IPI, if it was empty
 *						IRQ_IPI_CALL: takes all, oldest first
 *	no wait: goes on			  no wait: csd_unlock(), func(info)
 *	wait: spins on LOCK			  wait: func(info), csd_unlock()
 *	goes on			0
 *
 * A sender spins for its own previous call, and with wait for this one. So it
 * must let others' calls in: interrupts on. Two CPUs that call each other with
 * interrupts off spin forever; that is reported before it can happen. And a call
 * from an interrupt on top of a call could find CSD_LOCK held by what it
 * interrupted: reported, too. smp_call_function_single_async() never spins.
 *
 * Ordering: ipi/A. csd_unlock() releases: the call is free, with wait all of func()
 * is visible; csd_wait() acquires. The way there is llist/A's.
 * Cost: one cmpxchg and, for the first in a queue, one IPI a call.
 *
 * Linux: kernel/smp.c, arch/x86/kernel/smp.c
 * Differs: a plain array a sender in place of per-CPU objects; calls run in order
 *          of arrival (Linux runs those that somebody waits for first).
 */
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <asm/cpu.h>
#include "ipi_internal.h"

/* A target that takes longer is named on the console; the wait goes on. Looked at now and then. */
#define CSD_SPINS	1024
#define CSD_REPORT_NS	(20 * NSEC_PER_SEC)

static DEFINE_PER_CPU(struct llist_head, call_queue);
static DEFINE_PER_CPU(call_single_data_t *, csd_table);
static DEFINE_PER_CPU(call_single_data_t, csd_nowait);

/* ---- one call --------------------------------------------------------------------- */

static void csd_wait(call_single_data_t *csd, unsigned int cpu)
{
	u64 start = 0, limit = CSD_REPORT_NS;
	unsigned int spins;

	/* ipi/A: pairs with csd_unlock() */
	for (spins = 1; smp_load_acquire(&csd->flags) & CSD_LOCK; spins++) {
		cpu_relax();
		if (spins % CSD_SPINS)
			continue;
		if (panic_in_progress())
			return;
		if (!start)
			start = local_clock();
		if (local_clock() - start > limit) {
			pr_warn("ipi: CPU %u waits for CPU %u to run %pS, %llu s by now",
				raw_smp_processor_id(), cpu, (void *)csd->func,
				(unsigned long long)(limit / NSEC_PER_SEC));
			limit *= 2;
		}
	}
}

static void csd_unlock(call_single_data_t *csd)
{
	/* ipi/A: pairs with csd_wait(), smp_call_function_single_async() */
	smp_store_release(&csd->flags, 0);
}

static void run_csd(call_single_data_t *csd)
{
	smp_call_func_t func = csd->func;
	void *info = csd->info;

	if (csd->flags & CSD_SYNC) {
		func(info);
		csd_unlock(csd);
	} else {
		csd_unlock(csd);
		func(info);
	}
}

/* CSD_LOCK is the caller's, preemption is off: the IPI follows the add without delay. */
static void send_csd(unsigned int cpu, call_single_data_t *csd)
{
	if (llist_add(&csd->llist, &per_cpu(call_queue, cpu)))
		arch_send_ipi(cpu, IRQ_IPI_CALL);
}

static irqreturn_t ipi_call(int irq, void *dev_id)
{
	struct llist_node *node, *next;

	node = llist_reverse_order(llist_del_all(this_cpu_ptr(&call_queue)));
	for (; node; node = next) {
		next = node->next;	/* once unlocked, the sender reuses it */
		run_csd(llist_entry(node, call_single_data_t, llist));
	}
	irq_work_run();
	return IRQ_HANDLED;
}

static void run_here(smp_call_func_t func, void *info)
{
	unsigned long flags;

	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
}

static void check_may_wait(const char *what, smp_call_func_t func)
{
	if (panic_in_progress())
		return;
	if (WARN_ONCE(!in_task(), "%s(%pS) from an interrupt: may wait for what it interrupted",
		      what, (void *)func))
		return;
	WARN_ONCE(in_task() && irqs_disabled(),
		  "%s(%pS) with interrupts off: two CPUs doing this wait for each other forever",
		  what, (void *)func);
}

int smp_call_function_single(unsigned int cpu, smp_call_func_t func, void *info, bool wait)
{
	call_single_data_t on_stack = { .flags = 0 }, *csd = &on_stack;
	unsigned int this_cpu = get_cpu();
	int ret = 0;

	if (cpu == this_cpu) {
		run_here(func, info);
	} else if (cpu >= nr_cpu_ids || !cpu_online(cpu)) {
		ret = -ENODEV;
	} else {
		check_may_wait("smp_call_function_single", func);
		if (!wait) {
			csd = this_cpu_ptr(&csd_nowait);
			csd_wait(csd, cpu);
		}
		csd->func = func;
		csd->info = info;
		csd->flags = CSD_LOCK | (wait ? CSD_SYNC : 0);
		send_csd(cpu, csd);
		if (wait)
			csd_wait(csd, cpu);
	}
	put_cpu();
	return ret;
}

int smp_call_function_single_async(unsigned int cpu, call_single_data_t *csd)
{
	unsigned int free = 0;
	int ret = 0;

	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -ENODEV;

	preempt_disable();
	/* ipi/A: pairs with csd_unlock() */
	if (!try_cmpxchg_acquire(&csd->flags, &free, CSD_LOCK)) {
		ret = -EBUSY;
	} else if (cpu == smp_processor_id()) {
		csd_unlock(csd);
		run_here(csd->func, csd->info);
	} else {
		send_csd(cpu, csd);
	}
	preempt_enable();
	return ret;
}

/* ---- many ------------------------------------------------------------------------- */

/* Queue a call to each of @cpus. Return in @cpus: those that need an IPI. */
static void queue_many(call_single_data_t *table, const struct cpumask *cpus,
		       struct cpumask *kick, smp_call_func_t func, void *info, bool wait)
{
	unsigned int cpu;

	cpumask_clear(kick);
	for_each_cpu(cpu, cpus) {
		call_single_data_t *csd = &table[cpu];

		csd_wait(csd, cpu);
		csd->func = func;
		csd->info = info;
		csd->flags = CSD_LOCK | (wait ? CSD_SYNC : 0);
		if (llist_add(&csd->llist, &per_cpu(call_queue, cpu)))
			__cpumask_set_cpu(cpu, kick);
	}
}

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info,
			    bool wait)
{
	call_single_data_t *table = this_cpu_read(csd_table);
	struct cpumask cpus, kick;
	unsigned int cpu;

	cpumask_and(&cpus, mask, cpu_online_mask);
	__cpumask_clear_cpu(smp_processor_id(), &cpus);
	if (cpumask_empty(&cpus))
		return;

	check_may_wait("smp_call_function_many", func);
	queue_many(table, &cpus, &kick, func, info, wait);
	if (!cpumask_empty(&kick))
		arch_send_ipi_mask(&kick, IRQ_IPI_CALL);
	if (wait) {
		for_each_cpu(cpu, &cpus)
			csd_wait(&table[cpu], cpu);
	}
}

void smp_call_function(smp_call_func_t func, void *info, bool wait)
{
	preempt_disable();
	smp_call_function_many(cpu_online_mask, func, info, wait);
	preempt_enable();
}

void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	unsigned int cpu = get_cpu();

	smp_call_function_many(mask, func, info, wait);
	if (cpumask_test_cpu(cpu, mask))
		run_here(func, info);
	put_cpu();
}

void on_each_cpu(smp_call_func_t func, void *info, bool wait)
{
	on_each_cpu_mask(cpu_online_mask, func, info, wait);
}

/* ---- reschedule, start-up -------------------------------------------------------- */

void smp_send_reschedule(unsigned int cpu)
{
	arch_send_ipi(cpu, IRQ_IPI_RESCHEDULE);
}

static irqreturn_t ipi_reschedule(int irq, void *dev_id)
{
	scheduler_ipi();
	return IRQ_HANDLED;
}

void request_ipi(unsigned int irq, irq_handler_t handler, const char *name)
{
	int err = request_irq(irq, handler, IRQF_PERCPU | IRQF_NO_THREAD, name, NULL);

	BUG_ON(err);
}

void ipi_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		call_single_data_t *table = kzalloc(nr_cpu_ids * sizeof(*table), GFP_KERNEL);

		if (!table)
			panic("ipi: no memory for the calls of CPU %u", cpu);
		per_cpu(csd_table, cpu) = table;
	}
	request_ipi(IRQ_IPI_CALL, ipi_call, "ipi-call");
	request_ipi(IRQ_IPI_RESCHEDULE, ipi_reschedule, "ipi-reschedule");
	ipi_stop_init();
	irq_work_init();
}
