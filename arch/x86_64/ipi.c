/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts and NMIs from CPU to CPU: the local APIC's interrupt command.
 *
 * In xAPIC form the command is two registers: the destination, then the rest,
 * which sends. Interrupts are off in between; an NMI that sends in between puts
 * the destination back.
 *
 * Ordering, ipi/A: stores before the command are visible to the handler. The
 * xAPIC's registers are uncached memory, whose store waits for all before it; an
 * MSR write of x2APIC does not, and needs the fences.
 *
 * Linux: arch/x86/kernel/apic/ipi.c
 */
#include <kernel/arch.h>
#include <kernel/cpumask.h>
#include <kernel/irqflags.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <asm/apic.h>
#include <asm/barrier.h>
#include <asm/desc.h>

static void wait_idle(void)
{
	while (apic_read(APIC_ICR) & APIC_ICR_BUSY)
		cpu_relax();
}

void apic_icr(u32 low, u32 dest)
{
	unsigned long flags;
	u32 saved = 0;

	if (x2apic) {
		mb();
		rmb();
		wrmsr(MSR_X2APIC + (APIC_ICR >> 4), (u64)dest << 32 | low);
		return;
	}
	local_irq_save(flags);
	wait_idle();
	if (in_nmi())
		saved = apic_read(APIC_ICR2);
	apic_write(APIC_ICR2, dest << 24);
	apic_write(APIC_ICR, low);
	if (in_nmi()) {
		wait_idle();
		apic_write(APIC_ICR2, saved);
	}
	local_irq_restore(flags);
}

void arch_send_ipi(unsigned int cpu, enum irq_line ipi)
{
	apic_icr(APIC_DM_FIXED | APIC_ASSERT | (LINE_VECTOR_BASE + ipi), arch_cpu_hwid(cpu));
}

/* All others at once is one command; else one each. */
void arch_send_ipi_mask(const struct cpumask *mask, enum irq_line ipi)
{
	struct cpumask others;
	unsigned int cpu;

	cpumask_copy(&others, cpu_possible_mask);
	__cpumask_clear_cpu(smp_processor_id(), &others);
	if (cpumask_equal(mask, &others) && cpumask_equal(cpu_online_mask, cpu_possible_mask)) {
		apic_icr(APIC_DM_FIXED | APIC_ASSERT | APIC_DEST_OTHERS |
			 (LINE_VECTOR_BASE + ipi), 0);
		return;
	}
	for_each_cpu(cpu, mask)
		arch_send_ipi(cpu, ipi);
}

void arch_send_nmi(unsigned int cpu)
{
	apic_icr(APIC_DM_NMI | APIC_ASSERT, arch_cpu_hwid(cpu));
}

const char *arch_no_nmi(void)
{
	return NULL;
}
