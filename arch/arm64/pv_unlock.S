/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * void pv_unlock_thunk(u8 *locked): what a patched unlock calls. For its caller this is
 * a store: every register but x30 is given back.
 */
	.cfi_sections .debug_frame
	.text
	.globl	pv_unlock_thunk
	.balign	16
	.type	pv_unlock_thunk, %function
pv_unlock_thunk:
	.cfi_startproc
	stp	x29, x30, [sp, #-176]!
	.cfi_def_cfa_offset 176
	.cfi_rel_offset x29, 0
	.cfi_rel_offset x30, 8
	mov	x29, sp
	stp	x0, x1, [sp, #16]
	stp	x2, x3, [sp, #32]
	stp	x4, x5, [sp, #48]
	stp	x6, x7, [sp, #64]
	stp	x8, x9, [sp, #80]
	stp	x10, x11, [sp, #96]
	stp	x12, x13, [sp, #112]
	stp	x14, x15, [sp, #128]
	stp	x16, x17, [sp, #144]
	str	x18, [sp, #160]
	adrp	x1, pv_lock_ops
	add	x1, x1, :lo12:pv_lock_ops
	ldr	x1, [x1, #8]			/* queued_spin_unlock */
	blr	x1
	ldp	x0, x1, [sp, #16]
	ldp	x2, x3, [sp, #32]
	ldp	x4, x5, [sp, #48]
	ldp	x6, x7, [sp, #64]
	ldp	x8, x9, [sp, #80]
	ldp	x10, x11, [sp, #96]
	ldp	x12, x13, [sp, #112]
	ldp	x14, x15, [sp, #128]
	ldp	x16, x17, [sp, #144]
	ldr	x18, [sp, #160]
	ldp	x29, x30, [sp], #176
	.cfi_def_cfa_offset 0
	ret
	.cfi_endproc
	.size	pv_unlock_thunk, . - pv_unlock_thunk

	.section .note.GNU-stack, "", %progbits
