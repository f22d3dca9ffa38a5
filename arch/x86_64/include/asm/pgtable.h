/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page table entries and the order in which mmu.c is set up.
 */
#ifndef ASM_PGTABLE_H
#define ASM_PGTABLE_H

#include <base/types.h>

#define PTE_PRESENT	0x001UL
#define PTE_WRITE	0x002UL
#define PTE_USER	0x004UL
#define PTE_PWT		0x008UL
#define PTE_PCD		0x010UL
#define PTE_ACCESSED	0x020UL
#define PTE_DIRTY	0x040UL
#define PTE_LARGE	0x080UL		/* in the two middle levels: maps, points to no table */
#define PTE_NX		0x8000000000000000UL
#define PTE_ADDR	0x000ffffffffff000UL

#define PTRS_PER_TABLE	512
#define LEVEL_SHIFT(level)	(12 + 9 * (level))	/* level 0 maps 4 KiB */
#define LEVEL_SIZE(level)	(1UL << LEVEL_SHIFT(level))

typedef u64 pte_t;

/* The tables every CPU uses. */
extern pte_t kernel_pml4[PTRS_PER_TABLE];
/* First tables, built by head.S, linked low: the symbol is a physical address. */
extern pte_t early_pml4[PTRS_PER_TABLE];

/* mmu_init.c: the kernel's own tables are loaded. */
extern bool mmu_final;

/* mmu.c. The entry for @va at @level, its tables made; NULL: no memory, or a large page. */
pte_t *pte_entry(unsigned long va, unsigned int level);
/* MAP_* as bits of an entry. */
pte_t pte_flags(unsigned int prot);
/* RAM for tables, reserved in boot_info. Boot CPU, once. */
void mmu_give_tables(phys_addr_t start, phys_addr_t end);

#endif
