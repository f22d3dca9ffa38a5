/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stopping all other CPUs for good: by IPI, then by NMI those that do not obey.
 *
 *	cpu_stopped_mask	who has stopped		the CPU itself
 *	stop_by_nmi		who did not obey	smp_send_stop()
 *
 *	CPU 0				CPU 1			CPU 2, interrupts off
 *	IRQ_IPI_STOP to both
 *					stopped, parks
 *	waits STOP_WAIT_NS
 *	stop_by_nmi = 2, NMI
 *								NMI: stopped, parks
 *	waits NMI_WAIT_NS at most, returns
 *
 * An NMI that came for another reason finds its CPU not in stop_by_nmi.
 *
 * Linux: native_stop_other_cpus(), arch/x86/kernel/smp.c
 */
#include <kernel/bug.h>
#include <kernel/ipi.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/timer.h>
#include <asm/cpu.h>
#include "ipi_internal.h"

/* How long smp_send_stop() gives the IPI, and then the NMI, which only a dead CPU outlasts. */
#define STOP_WAIT_NS	(1 * NSEC_PER_SEC)
#define NMI_WAIT_NS	(10 * NSEC_PER_SEC)

struct cpumask cpu_stopped_mask;
static struct cpumask stop_by_nmi;

static __noreturn void stop_this_cpu(void)
{
	cpumask_set_cpu(smp_processor_id(), &cpu_stopped_mask);
	arch_cpu_park();
}

static irqreturn_t ipi_stop(int irq, void *dev_id)
{
	stop_this_cpu();
}

static int nmi_stop(struct pt_regs *regs)
{
	if (cpumask_test_cpu(raw_smp_processor_id(), &stop_by_nmi))
		stop_this_cpu();
	return 0;
}

static struct nmi_handler nmi_stop_handler = { .fn = nmi_stop, .name = "stop" };

/* Return: false when time was up. */
static bool wait_stopped(const struct cpumask *cpus, u64 wait_ns)
{
	u64 start = local_clock();

	while (!cpumask_subset(cpus, &cpu_stopped_mask)) {
		if (local_clock() - start > wait_ns)
			return false;
		cpu_relax();
	}
	return true;
}

void smp_send_stop(void)
{
	struct cpumask others;
	unsigned int cpu;

	cpumask_andnot(&others, cpu_online_mask, &cpu_stopped_mask);
	__cpumask_clear_cpu(raw_smp_processor_id(), &others);
	if (cpumask_empty(&others))
		return;

	arch_send_ipi_mask(&others, IRQ_IPI_STOP);
	if (wait_stopped(&others, STOP_WAIT_NS))
		return;
	for_each_cpu_andnot(cpu, &others, &cpu_stopped_mask) {
		cpumask_set_cpu(cpu, &stop_by_nmi);
		arch_send_nmi(cpu);
	}
	if (!wait_stopped(&others, NMI_WAIT_NS)) {
		cpumask_andnot(&others, &others, &cpu_stopped_mask);
		pr_err("ipi: CPUs %*pbl do not stop", NR_CPUS, cpumask_bits(&others));
	}
}

void ipi_stop_init(void)
{
	request_ipi(IRQ_IPI_STOP, ipi_stop, "ipi-stop");
	register_nmi_handler(&nmi_stop_handler);
}
