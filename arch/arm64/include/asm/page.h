/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout of the address space: 48 bits, 4 KiB pages.
 *
 *	0000000000000000	left free, for user mode (TTBR0, off)
 *	ffff800000000000	PAGE_OFFSET: all RAM, RW NX; the image's text and rodata R NX
 *	ffffc90000000000	VMALLOC_START .. VMALLOC_END: stacks with guard pages
 *	ffffe90000000000	IOREMAP_START .. IOREMAP_END: device registers
 *	ffffffff40000000	KERNEL_OFFSET: the kernel image, at its physical address + this
 *
 * Linux: Documentation/arm64/memory.rst
 */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#ifdef __ASSEMBLER__
#define _ULL(x)		x
#else
#define _ULL(x)		x##UL
#endif

#define PAGE_SHIFT	12
#define PAGE_SIZE	(_ULL(1) << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

#define PAGE_OFFSET	_ULL(0xffff800000000000)
#define PAGE_OFFSET_END	_ULL(0xffffc80000000000)
#define VMALLOC_START	_ULL(0xffffc90000000000)
#define VMALLOC_END	_ULL(0xffffe80000000000)
#define IOREMAP_START	_ULL(0xffffe90000000000)
#define IOREMAP_END	_ULL(0xffffe90040000000)
#define KERNEL_OFFSET	_ULL(0xffffffff40000000)

#endif
