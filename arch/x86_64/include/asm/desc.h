/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptors: the segments of a CPU, its TSS, and the vectors.
 *
 * The order of the user segments is the one that sysret wants.
 */
#ifndef ASM_DESC_H
#define ASM_DESC_H

#define KERNEL_CS	0x08
#define KERNEL_DS	0x10
#define USER32_CS	0x1b
#define USER_DS		0x23
#define USER_CS		0x2b
#define TSS_SELECTOR	0x30
#define GDT_ENTRIES	8		/* the TSS takes two */

#define GDT_KERNEL_CODE	0x00af9b000000ffff
#define GDT_KERNEL_DATA	0x00cf93000000ffff
#define GDT_USER32_CODE	0x00cffb000000ffff
#define GDT_USER_DATA	0x00cff3000000ffff
#define GDT_USER_CODE	0x00affb000000ffff

/* Exceptions with a stack of their own: index into the TSS, 1-based. */
#define IST_NMI		1
#define IST_DF		2
#define IST_MCE		3
#define NR_IST		3

#define X86_TRAP_DE	0
#define X86_TRAP_DB	1
#define X86_TRAP_NMI	2
#define X86_TRAP_BP	3
#define X86_TRAP_UD	6
#define X86_TRAP_DF	8
#define X86_TRAP_GP	13
#define X86_TRAP_PF	14
#define X86_TRAP_MC	18
#define NR_EXCEPTIONS	32

/* Vectors of interrupts. The priority class is the upper half; only these are used. */
#define PIC_VECTOR_BASE		0x20	/* masked; where a spurious one would come */
#define LINE_VECTOR_BASE	0x30	/* + enum irq_line */
#define APIC_ERROR_VECTOR	0xfe
#define SPURIOUS_VECTOR		0xff

#define PF_PRESENT	0x01		/* error code of a page fault */
#define PF_WRITE	0x02
#define PF_USER		0x04
#define PF_FETCH	0x10

#ifndef __ASSEMBLER__

#include <base/compiler.h>
#include <base/types.h>

struct tss {
	u32 reserved0;
	u64 rsp[3];
	u64 reserved1;
	u64 ist[7];
	u64 reserved2;
	u16 reserved3;
	u16 iomap;
} __packed;

struct idt_gate {
	u16 offset_low, selector;
	u8 ist, type;
	u16 offset_mid;
	u32 offset_high, reserved;
};

struct desc_ptr {
	u16 limit;
	u64 base;
} __packed;

/* Load the IDT, this CPU's GDT and TSS (in the per-CPU area that gs points at). */
void desc_init(void);
/* Stacks for this CPU's exceptions; lowest addresses, THREAD_SIZE bytes each. */
struct ist_stacks {
	void *nmi, *df, *mce;
};
extern struct ist_stacks ist_stacks;	/* per CPU, written before the CPU starts */

#endif
#endif
