/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What linker.ld must know of arm64: the image is loaded 2 MiB above the start of
 * RAM on QEMU's virt machine (the device tree lies at the start); its boot part,
 * which runs with the MMU off, is linked there too.
 */
#ifndef ASM_LINK_H
#define ASM_LINK_H

#define KERNEL_PHYS	0x40200000
#define KERNEL_VIRT	0xffffffff80200000
#define ARCH_ENTRY	_start

#define ARCH_BOOT_SECTIONS						\
	.boot : {							\
		KEEP(*(.boot.header))					\
		*(.boot.text)						\
		*(.boot.data)						\
	} :boot								\
	.boot.bss (NOLOAD) : ALIGN(4096) { *(.boot.bss) } :boot

#endif
