/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC's registers, in both its forms: memory (xAPIC, ids up to 254)
 * and MSRs (x2APIC, when the CPU has it).
 */
#ifndef ASM_APIC_H
#define ASM_APIC_H

#include <base/types.h>
#include <asm/cpu.h>
#include <asm/io.h>

#define APIC_ID			0x020
#define APIC_TPR		0x080
#define APIC_EOI		0x0b0
#define APIC_LDR		0x0d0
#define APIC_SPIV		0x0f0
#define  APIC_ENABLED		0x100
#define APIC_IRR		0x200
#define APIC_ESR		0x280
#define APIC_ICR		0x300
#define APIC_ICR2		0x310
#define  APIC_ICR_BUSY		0x01000
#define  APIC_DM_FIXED		0x00000
#define  APIC_DM_NMI		0x00400
#define  APIC_DM_INIT		0x00500
#define  APIC_DM_STARTUP	0x00600
#define  APIC_ASSERT		0x04000
#define  APIC_DEST_SELF		0x40000
#define  APIC_DEST_OTHERS	0xc0000
#define APIC_LVT_TIMER		0x320
#define  APIC_TIMER_DEADLINE	0x40000
#define APIC_LVT_LINT0		0x350
#define APIC_LVT_LINT1		0x360
#define APIC_LVT_ERROR		0x370
#define  APIC_LVT_MASKED	0x10000
#define APIC_TIMER_INIT		0x380
#define APIC_TIMER_COUNT	0x390
#define APIC_TIMER_DIVIDE	0x3e0

/* Written by apic_early_init(), once. */
extern bool x2apic;
extern void *apic_regs;

static inline u32 apic_read(u32 reg)
{
	return x2apic ? (u32)rdmsr(MSR_X2APIC + (reg >> 4)) : readl(apic_regs + reg);
}

static inline void apic_write(u32 reg, u32 val)
{
	if (x2apic)
		wrmsr(MSR_X2APIC + (reg >> 4), val);
	else
		writel(val, apic_regs + reg);
}

static inline void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

/* irq.c */
void apic_early_init(void);		/* boot CPU: find it, choose its form */
void apic_cpu_init(void);		/* each CPU */
void apic_odd_vector(unsigned long vector);
/* Route an I/O APIC input: @low is the redirection entry's lower half. */
bool ioapic_route(u32 gsi, u32 low, u32 dest);
#define IOAPIC_NMI		0x00400
#define IOAPIC_LEVEL		0x08000
#define IOAPIC_LOW_ACTIVE	0x02000
#define IOAPIC_MASKED		0x10000
/* The input and the flags of an ISA interrupt. */
u32 ioapic_isa_gsi(unsigned int isa_irq, u32 *flags);

/* ipi.c */
/* Interrupt command: @low is the register's lower half, @dest a hardware id. Any context. */
void apic_icr(u32 low, u32 dest);

#endif
