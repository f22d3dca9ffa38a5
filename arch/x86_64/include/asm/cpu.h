/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that have no C: spinning politely, model-specific registers,
 * control registers, CPUID.
 */
#ifndef ASM_CPU_H
#define ASM_CPU_H

#include <base/compiler.h>
#include <base/types.h>

/* In a loop that waits for another CPU. */
static __always_inline void cpu_relax(void)
{
	__asm__ __volatile__("pause" : : : "memory");
}

struct cpuid {
	u32 a, b, c, d;
};

static inline struct cpuid cpuid(u32 leaf, u32 subleaf)
{
	struct cpuid r;

	__asm__ __volatile__("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
			     : "a"(leaf), "c"(subleaf));
	return r;
}

/* Not ordered against what is around it. */
static __always_inline u64 rdtsc(void)
{
	u32 lo, hi;

	__asm__ __volatile__("rdtsc" : "=a"(lo), "=d"(hi));
	return lo | (u64)hi << 32;
}

/* After every earlier load. */
static __always_inline u64 rdtsc_ordered(void)
{
	u32 lo, hi;

	__asm__ __volatile__("lfence; rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return lo | (u64)hi << 32;
}

#define MSR_TSC			0x10
#define MSR_APIC_BASE		0x1b
#define MSR_TSC_DEADLINE	0x6e0
#define MSR_X2APIC		0x800
#define MSR_EFER		0xc0000080
#define MSR_FS_BASE		0xc0000100
#define MSR_GS_BASE		0xc0000101
#define MSR_KERNEL_GS_BASE	0xc0000102

#define EFER_LME	0x100
#define EFER_NXE	0x800

static __always_inline u64 rdmsr(u32 msr)
{
	u32 lo, hi;

	__asm__ __volatile__("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return lo | (u64)hi << 32;
}

static __always_inline void wrmsr(u32 msr, u64 val)
{
	__asm__ __volatile__("wrmsr" : : "c"(msr), "a"((u32)val), "d"((u32)(val >> 32)) : "memory");
}

#define CR0_WP		0x10000UL
#define CR4_PGE		0x80UL
#define CR4_UMIP	0x800UL
#define CR4_SMEP	0x100000UL
#define CR4_SMAP	0x200000UL

#define __CR_FUNCS(n)							\
	static __always_inline unsigned long read_cr##n(void)		\
	{								\
		unsigned long v;					\
		__asm__ __volatile__("mov %%cr" #n ", %0" : "=r"(v) : : "memory"); \
		return v;						\
	}								\
	static __always_inline void write_cr##n(unsigned long v)	\
	{								\
		__asm__ __volatile__("mov %0, %%cr" #n : : "r"(v) : "memory"); \
	}
__CR_FUNCS(0)
__CR_FUNCS(2)
__CR_FUNCS(3)
__CR_FUNCS(4)
#undef __CR_FUNCS

static __always_inline void invlpg(unsigned long va)
{
	__asm__ __volatile__("invlpg (%0)" : : "r"(va) : "memory");
}

static __always_inline void arch_halt(void)
{
	__asm__ __volatile__("hlt" : : : "memory");
}

#endif
