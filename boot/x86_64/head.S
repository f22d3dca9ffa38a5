/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the loader to C in the higher half, on the boot CPU.
 *
 *	loader		enters at		with
 *	GRUB		multiboot2_entry	eax = 0x36d76289, ebx = multiboot2 information
 *	QEMU -kernel	pvh_entry (the note)	ebx = struct hvm_start_info
 *
 * Both enter in 32-bit protected mode, flat segments, paging off. This page
 * builds first page tables, turns on long mode and jumps to the link address:
 *
 *	0			first 4 GiB, until arch_mmu_init(); and while an AP starts
 *	PAGE_OFFSET		the same
 *	KERNEL_OFFSET		the first GiB
 *
 * all in 2 MiB pages, writable and executable: they live for milliseconds.
 * What is in .boot is linked at its physical address; all else at
 * KERNEL_OFFSET + that.
 *
 * Linux: arch/x86/boot/compressed/head_64.S, arch/x86/platform/pvh/head.S
 */
#include <asm/desc.h>
#include <asm/page.h>
#include <asm/thread.h>

#define MULTIBOOT2_MAGIC	0xe85250d6
#define PVH_MAGIC		0x336ec578
#define PTE_PRESENT_RW		0x003
#define PTE_LARGE		0x080
#define CR0_PE			0x00000001
#define CR0_MP			0x00000002
#define CR0_EM			0x00000004
#define CR0_TS			0x00000008
#define CR0_WP			0x00010000
#define CR0_PG			0x80000000
#define CR4_PAE			0x20

	.section .boot.header, "a"
	.balign	8
multiboot2_header:
	.long	MULTIBOOT2_MAGIC
	.long	0				/* i386, protected mode */
	.long	multiboot2_header_end - multiboot2_header
	.long	-(MULTIBOOT2_MAGIC + (multiboot2_header_end - multiboot2_header))
	.short	0, 0				/* end tag */
	.long	8
multiboot2_header_end:

	.section .note.pvh, "a", @note
	.balign	4
	.long	4, 4, 18			/* name, descriptor, XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.long	pvh_entry

	.section .boot.text, "ax"
	.code32
	.globl	multiboot2_entry, pvh_entry
	.type	pvh_entry, @function
pvh_entry:
	movl	$PVH_MAGIC, %eax
	.size	pvh_entry, . - pvh_entry
	.type	multiboot2_entry, @function
multiboot2_entry:
	cli
	cld
	movl	%eax, %ebp			/* which loader */
	movl	%ebx, %esi			/* its information */

	/* 4 GiB in 2 MiB pages: four page directories in a row. */
	movl	$early_pd, %edi
	movl	$(PTE_LARGE | PTE_PRESENT_RW), %eax
	movl	$(4 * 512), %ecx
1:	movl	%eax, (%edi)
	addl	$0x200000, %eax
	addl	$8, %edi
	decl	%ecx
	jnz	1b

	movl	$early_pdpt, %edi
	movl	$(early_pd + PTE_PRESENT_RW), %eax
	movl	$4, %ecx
1:	movl	%eax, (%edi)
	addl	$PAGE_SIZE, %eax
	addl	$8, %edi
	decl	%ecx
	jnz	1b

	movl	$(early_pdpt + PTE_PRESENT_RW), early_pml4 + 8 * 0
	movl	$(early_pdpt + PTE_PRESENT_RW), early_pml4 + 8 * ((PAGE_OFFSET >> 39) & 511)
	movl	$(early_pdpt_high + PTE_PRESENT_RW), early_pml4 + 8 * 511
	movl	$(early_pd + PTE_PRESENT_RW), early_pdpt_high + 8 * 510

	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$early_pml4, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx		/* EFER */
	rdmsr
	orl	$0x100, %eax			/* LME */
	wrmsr
	movl	%cr0, %eax
	andl	$~(CR0_EM | CR0_TS), %eax
	orl	$(CR0_PG | CR0_WP | CR0_MP | CR0_PE), %eax
	movl	%eax, %cr0

	lgdt	early_gdtr
	ljmp	$KERNEL_CS, $1f
	.code64
1:	movabsq	$head_high, %rax
	jmp	*%rax
	.size	multiboot2_entry, . - multiboot2_entry

	.section .boot.data, "a"
	.balign	8
early_gdt:
	.quad	0
	.quad	GDT_KERNEL_CODE
	.quad	GDT_KERNEL_DATA
early_gdtr:
	.word	. - early_gdt - 1
	.long	early_gdt, 0

	.section .boot.bss, "aw", @nobits
	.balign	4096
	.globl	early_pml4
early_pml4:		.skip	4096
early_pdpt:		.skip	4096
early_pdpt_high:	.skip	4096
early_pd:		.skip	4 * 4096

	.section .text.entry, "ax"
	.code64
	.type	head_high, @function
head_high:
	movl	$KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	xorl	%edx, %edx			/* gs base 0: the linker's per-CPU copy */
	movl	$0xc0000101, %ecx
	wrmsr

	movq	$boot_stack + THREAD_SIZE, %rsp
	pushq	$0				/* ends backtraces: no caller, no frame */
	pushq	$0
	movl	%ebp, %edi			/* which loader, its information */
	movl	%esi, %esi
	movq	%rsp, %rbp
	call	boot_info_init
	call	kernel_main
1:	cli
	hlt
	jmp	1b
	.size	head_high, . - head_high

/* The boot CPU's stacks; arch_mmu_init() unmaps the page below each. See cpu.c. */
	.section .bss, "aw", @nobits
	.globl	boot_guard_start, boot_guard_end
	.balign	4096
boot_guard_start:
	.irp	name, boot_stack, boot_nmi_stack, boot_df_stack, boot_mce_stack
	.skip	4096
	.globl	\name
\name:	.skip	THREAD_SIZE
	.endr
boot_guard_end:

	.section .note.GNU-stack, "", @progbits
