/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the loader told us, in one form for every loader: multiboot2 and PVH on
 * x86_64, a device tree on arm64. Filled once by boot/, before anything else
 * runs; read-only afterwards.
 */
#ifndef BOOT_BOOTINFO_H
#define BOOT_BOOTINFO_H

#include <base/types.h>

#define BOOT_MAX_RAM	64
#define BOOT_CMDLINE	2048		/* as Linux on both architectures */

struct boot_range {
	phys_addr_t start;	/* bytes, first */
	phys_addr_t end;	/* bytes, one past the last */
};

struct boot_info {
	const char *loader;			/* "PVH", "multiboot2 (GRUB 2.06)", "device tree" */
	char cmdline[BOOT_CMDLINE];
	bool cmdline_cut;			/* the loader gave more */
	unsigned int nr_ram;
	struct boot_range ram[BOOT_MAX_RAM];	/* usable, sorted, no overlap */
	unsigned int nr_reserved;
	struct boot_range reserved[BOOT_MAX_RAM]; /* inside ram: image, trampoline, tables */
	struct boot_range kernel;		/* image with bss */
	phys_addr_t acpi_rsdp;			/* 0: none, search the BIOS area */
	phys_addr_t dtb;			/* 0: none */
};

extern struct boot_info boot_info;

/* ---- for boot/$ARCH/loader.c, which knows the loader's format ---- */

/* Called by head.S; fills boot_info. @magic says which loader, @info is its data. */
void boot_info_init(unsigned long magic, phys_addr_t info);

/* Memory that may be used. Any order, may overlap; partial pages are cut off. */
void boot_add_ram(phys_addr_t start, phys_addr_t end);
/* Memory that must not be: whole pages around it. */
void boot_reserve(phys_addr_t start, phys_addr_t end);
/* @s may be NULL; cut at BOOT_CMDLINE - 1, which param_init() reports */
void boot_set_cmdline(const char *s);
/* Sort, merge, reserve the image. Last. */
void boot_info_finish(void);

#endif
