/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From reset to C in the higher half: the boot CPU from the loader, every other
 * CPU from PSCI CPU_ON.
 *
 *	boot CPU	_start			x0 = device tree, or 0 (then it lies at the
 *						start of RAM, where QEMU puts it)
 *	other CPUs	secondary_start		x0 = its number, as arch_cpu_start() asked
 *
 * Both enter with the MMU off, at EL1, or at EL2 if the machine has it: then the
 * CPU gives EL1 its timers, its interrupt controller and 64-bit mode, and drops
 * there. First tables: 1 GiB blocks, writable and executable, for milliseconds:
 *
 *	TTBR0	0			512 GiB as they are; the first GiB is devices
 *	TTBR1	PAGE_OFFSET		the same
 *		KERNEL_OFFSET		the GiB in which the image lies
 *
 * What is in .boot is linked at its physical address; all else at
 * KERNEL_OFFSET + that.
 *
 * Linux: arch/arm64/kernel/{head,hyp-stub}.S, arch/arm64/mm/proc.S
 */
#include <asm/page.h>
#include <asm/thread.h>

#define BLOCK		0x401			/* access flag, valid block */
#define BLOCK_DEVICE	(BLOCK | 0 << 2)	/* MAIR attribute 0 */
#define BLOCK_NORMAL	(BLOCK | 1 << 2 | 3 << 8) /* attribute 1, inner shareable */
#define TABLE		3

#define MAIR		0xff00			/* 0: nGnRnE device, 1: write-back */
/* 48-bit halves, 4 KiB, write-back walks, inner shareable. */
#define TCR		(16 << 0 | 1 << 8 | 1 << 10 | 3 << 12 | 16 << 16 | 1 << 24 | 1 << 26 | 3 << 28 | 2 << 30)
#define SCTLR_RES1	0x30d00800
#define SCTLR_ON	(SCTLR_RES1 | 1 << 0 | 1 << 2 | 1 << 3 | 1 << 12)	/* MMU, caches, SP check */

	.section .boot.header, "ax"
	.globl	_start
	.type	_start, @function
_start:
	mov	x21, x0
	mrs	x22, CurrentEL
	bl	drop_to_el1
	bl	make_tables
	adrp	x0, early_low
	adrp	x1, early_high
	bl	mmu_on
	ldr	x0, =head_high
	br	x0
	.size	_start, . - _start

	.section .boot.text, "ax"
	.globl	secondary_start
	.type	secondary_start, @function
secondary_start:
	mov	x21, x0
	bl	drop_to_el1
	adrp	x0, early_low
	ldr	x1, =kernel_tables
	ldr	x2, =KERNEL_OFFSET
	sub	x1, x1, x2
	bl	mmu_on
	ldr	x0, =secondary_high
	br	x0
	.size	secondary_start, . - secondary_start

/* Uses x0-x2 and the link register, which eret replaces by going on there. */
	.type	drop_to_el1, @function
drop_to_el1:
	msr	daifset, #0xf
	mrs	x0, CurrentEL
	cmp	x0, #(2 << 2)
	b.ne	1f
	mov	x0, #(1 << 31)			/* EL1 is AArch64; nothing traps */
	msr	hcr_el2, x0
	mov	x0, #0x33ff
	msr	cptr_el2, x0
	msr	hstr_el2, xzr
	mrs	x0, cnthctl_el2
	orr	x0, x0, #3			/* EL1 may use the physical timer */
	msr	cnthctl_el2, x0
	msr	cntvoff_el2, xzr
	msr	vttbr_el2, xzr
	mrs	x0, midr_el1
	msr	vpidr_el2, x0
	mrs	x0, mpidr_el1
	msr	vmpidr_el2, x0
	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #24, #4			/* GIC system registers? */
	cbz	x0, 2f
	mrs	x0, S3_4_C12_C9_5		/* ICC_SRE_EL2 */
	mov	x1, #9				/* use them, let EL1 use them */
	orr	x0, x0, x1
	msr	S3_4_C12_C9_5, x0
	isb
	msr	S3_4_C12_C11_0, xzr		/* ICH_HCR_EL2 */
2:	mov	x0, #0x3c5			/* EL1h, all masked */
	msr	spsr_el2, x0
	msr	elr_el2, x30
	ldr	x0, =SCTLR_RES1
	msr	sctlr_el1, x0
	eret
1:	ret
	.size	drop_to_el1, . - drop_to_el1

	.type	make_tables, @function
make_tables:
	adrp	x0, early_low			/* three tables and the shared one, zeroed */
	adrp	x1, early_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b

	adrp	x0, early_identity
	mov	x1, #BLOCK_DEVICE
	str	x1, [x0]
	ldr	x1, =0x40000000 + BLOCK_NORMAL
	mov	x2, #1
	mov	x3, #0x40000000
1:	str	x1, [x0, x2, lsl #3]
	add	x1, x1, x3
	add	x2, x2, #1
	cmp	x2, #512
	b.lo	1b

	orr	x1, x0, #TABLE
	adrp	x2, early_low
	str	x1, [x2]
	adrp	x2, early_high
	str	x1, [x2, #(8 * ((PAGE_OFFSET >> 39) & 511))]
	adrp	x3, early_image
	orr	x1, x3, #TABLE
	str	x1, [x2, #(8 * 511)]
	ldr	x1, =0x40000000 + BLOCK_NORMAL
	str	x1, [x3, #(8 * 510)]
	ret
	.size	make_tables, . - make_tables

/* x0, x1: the physical addresses of the two halves' tables. */
	.type	mmu_on, @function
mmu_on:
	msr	ttbr0_el1, x0
	msr	ttbr1_el1, x1
	ldr	x0, =MAIR
	msr	mair_el1, x0
	mrs	x0, id_aa64mmfr0_el1
	and	x0, x0, #7			/* physical address bits, as TCR.IPS wants them */
	ldr	x1, =TCR
	orr	x0, x1, x0, lsl #32
	msr	tcr_el1, x0
	mov	x0, #(3 << 20)			/* FP does not trap: nothing here uses it */
	msr	cpacr_el1, x0
	tlbi	vmalle1
	dsb	nsh				/* only a DSB waits for the tlbi */
	isb
	ldr	x0, =SCTLR_ON
	msr	sctlr_el1, x0
	isb
	ret
	.size	mmu_on, . - mmu_on
	.ltorg

	.section .boot.bss, "aw", @nobits
	.balign	4096
	.globl	early_low, early_high
early_low:	.skip	4096
early_high:	.skip	4096
early_image:	.skip	4096
early_identity:	.skip	4096
early_end:

	.cfi_sections .debug_frame

	.section .text.entry, "ax"
	.type	head_high, @function
head_high:
	.cfi_startproc
	.cfi_undefined 30			/* gdb: nobody called */
	ldr	x0, =vectors
	msr	vbar_el1, x0
	ldr	x0, =boot_stack
	ldr	x1, =init_task
	add	x2, x0, #THREAD_SIZE
	mov	sp, x2
	mov	w2, #1				/* preempt_count 1, no reschedule wanted */
	stp	w2, w2, [x1, #ARCH_THREAD_PREEMPT]
	msr	sp_el0, x1
	msr	tpidr_el1, xzr			/* the linker's per-CPU copy */
	isb
	mov	x29, xzr			/* ends backtraces */
	mov	x30, xzr
	stp	x29, x30, [sp, #-16]!
	mov	x29, sp
	ldr	x0, =boot_el
	str	w22, [x0]
	mov	x0, xzr				/* one loader only: no magic number */
	mov	x1, x21
	bl	boot_info_init
	bl	kernel_main
1:	wfi
	b	1b
	.cfi_endproc
	.size	head_high, . - head_high

	.type	secondary_high, @function
secondary_high:
	.cfi_startproc
	.cfi_undefined 30
	ldr	x0, =vectors
	msr	vbar_el1, x0
	ldr	x0, =secondary_task
	ldr	x0, [x0, x21, lsl #3]
	msr	sp_el0, x0
	ldr	x1, [x0, #ARCH_THREAD_SP]
	mov	sp, x1
	msr	tpidr_el1, xzr
	isb
	mov	x29, xzr
	mov	x30, xzr
	stp	x29, x30, [sp, #-16]!
	mov	x29, sp
	mov	x0, x21
	bl	secondary_entry
	.cfi_endproc
	.size	secondary_high, . - secondary_high
	.ltorg

/*
 * The boot CPU's stacks, aligned like those of stack_alloc(): trap.S counts on it.
 * arch_mmu_init() unmaps the page below each.
 */
	.section .bss, "aw", @nobits
	.balign	2 * THREAD_SIZE
	.irp	name, boot, boot_overflow
	.globl	\name\()_guard, \name\()_stack
			.skip	THREAD_SIZE - 4096
\name\()_guard:		.skip	4096
\name\()_stack:		.skip	THREAD_SIZE
	.endr
