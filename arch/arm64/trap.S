/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry and exit of exceptions, interrupts and NMIs.
 *
 *	vector			goes to
 *	EL1, own stack, sync	trap_exception()
 *	EL1, own stack, IRQ	trap_irq(): interrupts and pseudo-NMIs
 *	anything else		trap_unexpected()
 *
 * All push one struct pt_regs on the stack they interrupted. The CPU has set
 * PSTATE.I; an interrupt handler clears it again when the priority mask holds
 * back other interrupts (trap.c), so that NMIs come through.
 *
 * The frame record in pt_regs chains to the interrupted function's, with
 * trap_frame_mark for a return address: that is how a backtrace finds registers.
 *
 * A stack may have overflowed, or sp point anywhere: so before anything is stored,
 * one bit of sp is looked at. Every stack, that of the report too, is aligned to its
 * size and has a hole of that size below it, so bit THREAD_SHIFT of an address says
 * whether it is in a stack or below one:
 *
 *	| hole   0 | stack  1 | hole   0 | stack  1 |
 *
 * Whose stack it is does not matter: an NMI may come in arch_switch_to() when sp is
 * next's already and SP_EL0 still prev's. No register is free yet, so sp and x0 are
 * added and subtracted. A wild sp that has the bit faults at the first store and is
 * back at the entry, one frame lower, until the bit is clear: reported it is always,
 * though with the pc of that store.
 *
 * Linux: arch/arm64/kernel/entry.S
 */
#include <asm/alternative.h>
#include <asm/thread.h>

	.cfi_sections .debug_frame

/* For debuggers: the interrupted frame, from struct pt_regs at sp. */
	.macro	regs_frame
	.cfi_startproc
	.cfi_signal_frame
	.cfi_return_column 32			/* pc, not x30: both are live */
	.cfi_def_cfa	31, PT_REGS_SIZE
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, \
		21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	.cfi_offset	\n, 8 * \n - PT_REGS_SIZE
	.endr
	.cfi_offset	32, PT_REGS_PC - PT_REGS_SIZE
	.endm

	.macro	vector number, handler
	.balign	128
	sub	sp, sp, #PT_REGS_SIZE
	add	sp, sp, x0			/* both, in sp */
	sub	x0, sp, x0			/* sp, in x0 */
	tbz	x0, #THREAD_SHIFT, bad_stack
	sub	x0, sp, x0
	sub	sp, sp, x0
	stp	x0, x1, [sp]
	mov	x1, #\number
	b	\handler
	.endm

	.section .text.entry, "ax"
	.balign	2048
	.globl	vectors
vectors:
	vector	0, unexpected			/* EL1 on SP_EL0: never */
	vector	1, unexpected
	vector	2, unexpected
	vector	3, unexpected
	vector	4, exception			/* EL1 on its own stack */
	vector	5, interrupt
	vector	6, unexpected			/* FIQ */
	vector	7, unexpected			/* SError */
	vector	8, unexpected			/* from user mode: none yet */
	vector	9, unexpected
	vector	10, unexpected
	vector	11, unexpected
	vector	12, unexpected
	vector	13, unexpected
	vector	14, unexpected
	vector	15, unexpected

	/* x0, x1 are saved; x1 is the vector's number. */
	.macro	save_rest
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	add	x2, sp, #PT_REGS_SIZE
	stp	x30, x2, [sp, #240]
	mrs	x2, elr_el1
	mrs	x3, spsr_el1
	stp	x2, x3, [sp, #PT_REGS_PC]
661:	mov	x2, xzr				/* the priority mask, with pseudo-NMI */
662:	.pushsection .alternatives, "a"
	.balign	8
	.quad	661b
	.word	ALT_PMR, 4
	mrs	x2, S3_0_C4_C6_0
	.balign	8
	.popsection
	stp	x2, x1, [sp, #PT_REGS_PMR]
	ldr	x2, =trap_frame_mark
	stp	x29, x2, [sp, #PT_REGS_FRAME]
	add	x29, sp, #PT_REGS_FRAME
	mov	x0, sp
	.endm

exception:
	regs_frame
	save_rest
	bl	trap_exception
	b	trap_return
	.cfi_endproc

interrupt:
	regs_frame
	save_rest
	bl	trap_irq
	b	trap_return
	.cfi_endproc

unexpected:
	save_rest
	bl	trap_unexpected
	brk	#0

/* Go on with the interrupted code: PSTATE.I was set again by trap_irq(). */
trap_return:
	ldr	x2, [sp, #PT_REGS_PMR]
661:	nop
662:	.pushsection .alternatives, "a"
	.balign	8
	.quad	661b
	.word	ALT_PMR, 4
	msr	S3_0_C4_C6_0, x2
	.balign	8
	.popsection
	ldp	x2, x3, [sp, #PT_REGS_PC]
	msr	elr_el1, x2
	msr	spsr_el1, x3
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldr	x30, [sp, #240]
	ldp	x0, x1, [sp]
	add	sp, sp, #PT_REGS_SIZE
	eret

/*
 * From the vectors, as they left sp and x0: to this CPU's overflow stack, never back.
 * Nothing else uses the two registers that keep sp and x0.
 */
bad_stack:
	msr	tpidr_el0, x0
	sub	x0, sp, x0
	msr	tpidrro_el0, x0
	mrs	x0, tpidr_el1
	mov	sp, x0
	ldr	x0, =overflow_stack
	add	sp, sp, x0
	ldr	x0, [sp]
	add	x0, x0, #THREAD_SIZE
	sub	sp, x0, #PT_REGS_SIZE
	mrs	x0, tpidrro_el0
	stp	x0, x1, [sp]
	mov	x1, #16				/* not a vector's */
	save_rest
	mrs	x1, tpidr_el0
	add	x1, x1, #PT_REGS_SIZE
	str	x1, [sp, #PT_REGS_SP]
	mov	x0, sp
	bl	trap_bad_stack
	brk	#0

	.globl	trap_frame_mark
trap_frame_mark:
	brk	#0				/* never executed: a return address that marks */
	.ltorg

/* ---- memory that may fault ------------------------------------------------------- */

	.macro	EX_TABLE insn, fixup
	.pushsection .ex_table, "a"
	.balign	8
	.quad	\insn, \fixup
	.popsection
	.endm

	.text
/* int arch_probe_read(const void *addr, unsigned long *val) */
	.globl	arch_probe_read
	.type	arch_probe_read, %function
arch_probe_read:
1:	ldr	x2, [x0]
	str	x2, [x1]
	mov	w0, #0
	ret
	EX_TABLE 1b, probe_failed

/* int arch_probe_write(void *addr, unsigned char val) */
	.globl	arch_probe_write
	.type	arch_probe_write, %function
arch_probe_write:
1:	strb	w1, [x0]
	mov	w0, #0
	ret
	EX_TABLE 1b, probe_failed

/* int arch_probe_exec(const void *addr): the fault is at @addr itself, see trap.c. */
	.globl	arch_probe_exec, probe_exec_return, probe_failed
	.type	arch_probe_exec, %function
arch_probe_exec:
	stp	x29, x30, [sp, #-16]!
	mov	x29, sp
	blr	x0
probe_exec_return:
	ldp	x29, x30, [sp], #16
	mov	w0, #0
	ret
probe_exec_failed:
	ldp	x29, x30, [sp], #16
probe_failed:
	mov	w0, #-14			/* -EFAULT */
	ret
	.globl	probe_exec_failed

/* const u8 arch_ret_insn[], arch_ret_insn_end[] */
	.globl	arch_ret_insn, arch_ret_insn_end
	.type	arch_ret_insn, %function
arch_ret_insn:
	ret
arch_ret_insn_end:

	.section .note.GNU-stack, "", %progbits
