/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a STARTUP interrupt to C, on every CPU but the boot CPU.
 *
 * The part from ap_trampoline to ap_trampoline_end is copied to a page below
 * 1 MiB, where a CPU begins in real mode with cs = that page / 16. It uses no
 * stack, so all CPUs may pass at once. Straight from real mode to long mode, on
 * head.S's page tables (they map the low page where it is), then to the kernel's
 * tables in the higher half, on which the stacks are mapped.
 *
 * Linux:   arch/x86/realmode/rm/trampoline_64.S
 * Differs: no 32-bit stage, no handshake.
 */
#include <asm/desc.h>

#define CR0_PE		0x00000001
#define CR0_MP		0x00000002
#define CR0_NE		0x00000020
#define CR0_WP		0x00010000
#define CR0_PG		0x80000000
#define CR4_PAE		0x20
#define MSR_EFER	0xc0000080
#define EFER_LME_NXE	0x900

#define AT(symbol)	((symbol) - ap_trampoline)

	.section .rodata
	.balign	16
	.globl	ap_trampoline, ap_trampoline_end, ap_params
	.code16
ap_trampoline:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	AT(ap_params)

	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$early_pml4, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	movl	$EFER_LME_NXE, %eax
	xorl	%edx, %edx
	wrmsr
	movl	$(CR0_PG | CR0_WP | CR0_NE | CR0_MP | CR0_PE), %eax
	movl	%eax, %cr0
	ljmpl	*AT(ap_entry)

	.code64
ap_long_mode:
	movabsq	$ap_high, %rax
	jmp	*%rax

	.balign	8
ap_gdt:
	.quad	0
	.quad	GDT_KERNEL_CODE
	.quad	GDT_KERNEL_DATA
ap_params:				/* struct ap_params */
	.word	ap_params - ap_gdt - 1
	.long	AT(ap_gdt)
	.word	0
ap_entry:
	.long	AT(ap_long_mode)
	.word	KERNEL_CS
ap_trampoline_end:

	.text
	.globl	ap_high
	.type	ap_high, @function
ap_high:
	/* The descriptors are in the low page: use them while it is mapped. */
	movl	$KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movq	ap_cr3, %rax
	movq	%rax, %cr3

	/* Hardware id: leaf 0xb if it is there, else leaf 1. */
	cpuid
	cmpl	$0xb, %eax
	jb	.Lold_id
	movl	$0xb, %eax
	xorl	%ecx, %ecx
	cpuid
	testl	%ebx, %ebx
	jnz	.Lsearch
.Lold_id:
	movl	$1, %eax
	cpuid
	movl	%ebx, %edx
	shrl	$24, %edx
.Lsearch:
	xorl	%edi, %edi
.Lnext:	cmpl	%edi, ap_count
	je	.Lnobody
	cmpl	%edx, ap_hwid(, %rdi, 4)
	je	.Lfound
	incl	%edi
	jmp	.Lnext
.Lnobody:
	hlt				/* never started by us */
	jmp	.Lnobody

.Lfound:
	/* smp/A: pairs with arch_cpu_start() */
	movq	ap_stack(, %rdi, 8), %rsp
	pushq	$0			/* ends backtraces */
	pushq	$0
	movq	%rsp, %rbp
	call	ap_main
	.size	ap_high, . - ap_high

	.section .note.GNU-stack, "", @progbits
