/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From one thread to another.
 *
 *	prev's stack			next's stack
 *	push x19-x28, fp, lr
 *	prev->thread.sp = sp
 *	sp = next->thread.sp  ------>	pop x19-x28, fp, lr
 *	SP_EL0 = next			ret: to where next called us, with prev
 *
 * Only what a C function must preserve is saved: for the caller this is a call
 * that takes long. struct switch_frame in <asm/thread.h> is what is pushed.
 *
 * A wanted reschedule is this CPU's business, not the thread's: it moves along.
 *
 * Linux: cpu_switch_to(), arch/arm64/kernel/entry.S
 */
#include <asm/thread.h>

#define FRAME	96

	.cfi_sections .debug_frame
	.text
	.globl	arch_switch_to
	.type	arch_switch_to, %function
arch_switch_to:
	sub	sp, sp, #FRAME
	stp	x29, x30, [sp]
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	mov	x9, sp
	str	x9, [x0, #ARCH_THREAD_SP]

	ldr	w10, [x0, #(ARCH_THREAD_PREEMPT + 4)]
	str	w10, [x1, #(ARCH_THREAD_PREEMPT + 4)]
	mov	w10, #1
	str	w10, [x0, #(ARCH_THREAD_PREEMPT + 4)]

	ldr	x9, [x1, #ARCH_THREAD_SP]
	mov	sp, x9
	msr	sp_el0, x1
	ldp	x29, x30, [sp]
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	add	sp, sp, #FRAME
	ret
	.size	arch_switch_to, . - arch_switch_to

/* A new thread's first step: arch_thread_init() made it the return address. */
	.globl	thread_start
	.type	thread_start, %function
thread_start:
	.cfi_startproc
	.cfi_undefined 30			/* gdb: nobody called */
	mov	x29, xzr
	mov	x30, xzr
	stp	x29, x30, [sp, #-16]!
	mov	x29, sp
	bl	task_entry
	brk	#0
	.cfi_endproc
	.size	thread_start, . - thread_start

	.section .note.GNU-stack, "", %progbits
