/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From one thread to another.
 *
 *	prev's stack			next's stack
 *	push bp bx r12 r13 r14 r15
 *	prev->thread.sp = sp
 *	sp = next->thread.sp  ------>	pop r15 r14 r13 r12 bx bp
 *					ret: to where next called us, with prev
 *
 * Only what a C function must preserve is saved: for the caller this is a call
 * that takes long. struct switch_frame in <asm/thread.h> is what is pushed.
 *
 * Linux:   __switch_to_asm(), arch/x86/entry/entry_64.S
 * Differs: current changes here, in one place with the stack.
 */
#define THREAD_SP	0		/* task_struct.thread.sp, see <asm/thread.h> */

	.text
	.cfi_sections .debug_frame
	.globl	arch_switch_to
	.type	arch_switch_to, @function
arch_switch_to:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, THREAD_SP(%rdi)

	movq	THREAD_SP(%rsi), %rsp
	movq	%rsi, %gs:current_task
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	movq	%rdi, %rax
	ret
	.size	arch_switch_to, . - arch_switch_to

/* A new thread's first step: arch_thread_init() made it the return address. */
	.globl	thread_start
	.type	thread_start, @function
thread_start:
	.cfi_startproc
	.cfi_undefined rip		/* gdb: nobody called */
	movq	%rax, %rdi
	call	task_entry
	ud2
	.cfi_endproc
	.size	thread_start, . - thread_start

	.section .note.GNU-stack, "", @progbits
