/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * void pv_unlock_thunk(u8 *locked): what a patched unlock calls. For its caller this is
 * a store: every register is given back, and the stack may be at any multiple of 8.
 */

	.cfi_sections .debug_frame
	.text
	.globl	pv_unlock_thunk
	.balign	16
	.type	pv_unlock_thunk, @function
pv_unlock_thunk:
	.cfi_startproc
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbp, 0
	movq	%rsp, %rbp
	.cfi_def_cfa_register rbp
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	andq	$-16, %rsp
	call	*pv_lock_ops + 8		/* queued_spin_unlock */
	leaq	-72(%rbp), %rsp
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rax
	popq	%rbp
	.cfi_def_cfa rsp, 8
	ret
	.cfi_endproc
	.size	pv_unlock_thunk, . - pv_unlock_thunk

	.section .note.GNU-stack, "", @progbits
