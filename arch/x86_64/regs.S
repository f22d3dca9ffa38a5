/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * void arch_capture_regs(struct pt_regs *regs): the registers as they are when this
 * has returned, for a report that no exception began. %rdi is regs itself.
 *
 * Linux: crash_setup_regs(), arch/x86/include/asm/kexec.h
 */
#include <asm/thread.h>

	.text
	.cfi_sections .debug_frame
	.globl	arch_capture_regs
	.type	arch_capture_regs, @function
arch_capture_regs:
	movq	%r15, (%rdi)
	movq	%r14, 8(%rdi)
	movq	%r13, 16(%rdi)
	movq	%r12, 24(%rdi)
	movq	%rbp, 32(%rdi)
	movq	%rbx, 40(%rdi)
	movq	%r11, 48(%rdi)
	movq	%r10, 56(%rdi)
	movq	%r9, 64(%rdi)
	movq	%r8, 72(%rdi)
	movq	%rax, 80(%rdi)
	movq	%rcx, 88(%rdi)
	movq	%rdx, 96(%rdi)
	movq	%rsi, 104(%rdi)
	movq	%rdi, 112(%rdi)
	movq	$PT_REGS_CALLED, PT_REGS_VECTOR(%rdi)
	movq	$0, 128(%rdi)
	movq	(%rsp), %rax
	movq	%rax, PT_REGS_IP(%rdi)
	movq	%cs, %rax
	movq	%rax, 144(%rdi)
	pushfq
	popq	152(%rdi)
	leaq	8(%rsp), %rax
	movq	%rax, 160(%rdi)
	movq	%ss, %rax
	movq	%rax, 168(%rdi)
	ret
	.size	arch_capture_regs, . - arch_capture_regs

	.section .note.GNU-stack, "", @progbits
