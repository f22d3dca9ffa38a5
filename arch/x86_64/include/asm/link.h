/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What linker.ld must know of x86_64: the image is loaded at 1 MiB; its boot
 * part, which runs before paging, is linked there too and carries the multiboot2
 * header (in the file's first 32 KiB) and the PVH note.
 */
#ifndef ASM_LINK_H
#define ASM_LINK_H

#define KERNEL_PHYS	0x100000
#define KERNEL_VIRT	0xffffffff80100000
#define ARCH_ENTRY	multiboot2_entry

#define ARCH_BOOT_SECTIONS						\
	.boot : {							\
		KEEP(*(.boot.header))					\
		*(.boot.text)						\
		*(.boot.data)						\
	} :boot								\
	.note.pvh : { KEEP(*(.note.pvh)) } :boot :note			\
	.boot.bss (NOLOAD) : ALIGN(4096) { *(.boot.bss) } :boot

#endif
