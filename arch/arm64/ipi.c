/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts and NMIs from CPU to CPU: the GIC's software-generated interrupts.
 * An IPI's number is its enum irq_line.
 *
 * With the priority mask, SGI_NMI has a priority that the mask lets through. Without, it is an
 * interrupt like the others that finds its way to handle_nmi(). A GICv2 has a mask as well, but in
 * memory: local_irq_disable() would be a store to a device, and its page would have to be mapped
 * wherever one is; so there, as in Linux, PSTATE.I masks.
 *
 * Ordering, ipi/A: stores before the call are visible to the handler: a DSB
 * completes them before the register write that sends (gic_send_sgi()); a DMB
 * would not order a store against a write to a system register.
 *
 * Linux: arch/arm64/kernel/smp.c
 */
#include <kernel/arch.h>
#include <kernel/cpumask.h>
#include <asm/alternative.h>
#include <asm/gic.h>

void arch_send_ipi(unsigned int cpu, enum irq_line ipi)
{
	gic_send_sgi(cpu, ipi);
}

void arch_send_ipi_mask(const struct cpumask *mask, enum irq_line ipi)
{
	unsigned int cpu;

	for_each_cpu(cpu, mask)
		gic_send_sgi(cpu, ipi);
}

void arch_send_nmi(unsigned int cpu)
{
	gic_send_sgi(cpu, SGI_NMI);
}

const char *arch_no_nmi(void)
{
	if (alternatives_on & 1U << ALT_PMR)
		return NULL;
	if (!IS_ENABLED(CONFIG_PSEUDO_NMI))
		return "no NMIs without CONFIG_PSEUDO_NMI";
	return "no NMIs with this interrupt controller: a GICv3 has them";
}
