/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * This CPU's interrupt mask, in one of two forms, patched at boot:
 *
 *	DAIF	PSTATE.I masks everything: there are no NMIs
 *	PMR	the GIC's priority mask holds back what is no more urgent than
 *		GIC_PRIO_IRQ; NMIs (GIC_PRIO_NMI) come through; PSTATE.I stays clear
 *		but for the few instructions of exception entry and exit
 *
 * Saved flags are the same in both: bit 7 set means interrupts are off. That is
 * PSTATE.I's place; the priority mask is xor-ed to fit.
 *
 *			PMR	flags = PMR ^ 0xf0
 *	on		0xf0	0x00
 *	off		0x60	0x90
 *
 * Linux:   arch/arm64/include/asm/{irqflags,daifflags}.h
 * Differs: no barrier after unmasking: the GIC here does not use PMR hints.
 */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include <asm/alternative.h>
#include <asm/cpu.h>

#define GIC_PRIO_NMI	0x20
#define GIC_PRIO_IRQ	0xa0
#define GIC_PMR_ON	0xf0
#define GIC_PMR_OFF	0x60

#define PSR_I_BIT	0x80UL

static __always_inline unsigned long arch_local_save_flags(void)
{
	unsigned long flags;

	__asm__ __volatile__(
	ALTERNATIVE(ALT_PMR, "mrs %0, daif\n\tnop",
		    "mrs %0, S3_0_C4_C6_0\n\teor %0, %0, #0xf0")
	: "=&r"(flags) : : "memory");
	return flags;
}

static __always_inline void arch_local_irq_disable(void)
{
	__asm__ __volatile__(
	ALTERNATIVE(ALT_PMR, "msr daifset, #2", "msr S3_0_C4_C6_0, %0")
	: : "r"((unsigned long)GIC_PMR_OFF) : "memory");
}

static __always_inline void arch_local_irq_enable(void)
{
	__asm__ __volatile__(
	ALTERNATIVE(ALT_PMR, "msr daifclr, #2", "msr S3_0_C4_C6_0, %0")
	: : "r"((unsigned long)GIC_PMR_ON) : "memory");
}

static __always_inline bool arch_irqs_disabled_flags(unsigned long flags)
{
	return flags & PSR_I_BIT;
}

static __always_inline bool arch_irqs_disabled(void)
{
	return arch_irqs_disabled_flags(arch_local_save_flags());
}

static __always_inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = arch_local_save_flags();

	arch_local_irq_disable();
	return flags;
}

static __always_inline void arch_local_irq_restore(unsigned long flags)
{
	unsigned long tmp;

	__asm__ __volatile__(
	ALTERNATIVE(ALT_PMR, "nop\n\tmsr daif, %1",
		    "eor %0, %1, #0xf0\n\tmsr S3_0_C4_C6_0, %0")
	: "=&r"(tmp) : "r"(flags) : "memory");
}

#endif
