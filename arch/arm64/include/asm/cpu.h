/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that have no C: spinning politely, system registers, hints.
 */
#ifndef ASM_CPU_H
#define ASM_CPU_H

#include <base/compiler.h>
#include <base/types.h>

/* In a loop that waits for another CPU. */
static __always_inline void cpu_relax(void)
{
	__asm__ __volatile__("yield" : : : "memory");
}

#define read_sysreg(name)						\
	({								\
		u64 _v;							\
		__asm__ __volatile__("mrs %0, " __stringify(name) : "=r"(_v) : : "memory"); \
		_v;							\
	})
#define write_sysreg(val, name)						\
	do {								\
		u64 _v = (u64)(val);					\
		__asm__ __volatile__("msr " __stringify(name) ", %x0" : : "rZ"(_v) : "memory"); \
	} while (0)

/* Later instructions see what earlier writes to system registers did. */
static __always_inline void isb(void)
{
	__asm__ __volatile__("isb" : : : "memory");
}

static __always_inline void wfi(void)
{
	/* DSB: wfi waits for no store, and whoever is to end it may be waiting for one. */
	__asm__ __volatile__("dsb sy; wfi" : : : "memory");
}

/* GICv3's CPU interface, as system registers an assembler of any age knows. */
#define ICC_PMR_EL1	S3_0_C4_C6_0
#define ICC_IAR1_EL1	S3_0_C12_C12_0
#define ICC_EOIR1_EL1	S3_0_C12_C12_1
#define ICC_BPR1_EL1	S3_0_C12_C12_3
#define ICC_CTLR_EL1	S3_0_C12_C12_4
#define ICC_SRE_EL1	S3_0_C12_C12_5
#define ICC_IGRPEN1_EL1	S3_0_C12_C12_7
#define ICC_SGI1R_EL1	S3_0_C12_C11_5
#define ICC_RPR_EL1	S3_0_C12_C11_3

#endif
