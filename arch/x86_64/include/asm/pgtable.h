/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The format of page table entries, for <kernel/pgtable.h>.
 *
 * Source: Intel SDM volume 3, 4.5.
 */
#ifndef ASM_PGTABLE_H
#define ASM_PGTABLE_H

#include <base/types.h>
#include <kernel/mm.h>

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

#define PTE_BREAK_BEFORE_MAKE	false
#define EARLY_TABLES		early_pml4

typedef u64 pte_t;

extern pte_t early_pml4[];

static inline bool pte_valid(pte_t e)
{
	return e & PTE_PRESENT;
}

static inline bool pte_is_leaf(pte_t e, unsigned int level)
{
	return !level || e & PTE_LARGE;
}

static inline phys_addr_t pte_phys(pte_t e)
{
	return e & PTE_ADDR;
}

static inline pte_t pte_table(phys_addr_t pa)
{
	return pa | PTE_PRESENT | PTE_WRITE;
}

static inline pte_t pte_leaf(phys_addr_t pa, unsigned int prot, unsigned int level)
{
	return pa | PTE_PRESENT | PTE_ACCESSED | (level ? PTE_LARGE : 0) |
	       (prot & MAP_W ? PTE_WRITE | PTE_DIRTY : 0) |
	       (prot & MAP_X ? 0 : PTE_NX) |
	       (prot & MAP_DEVICE ? PTE_PCD | PTE_PWT : 0);
}

static inline unsigned int pte_prot(pte_t e)
{
	return MAP_R | (e & PTE_WRITE ? MAP_W : 0) | (e & PTE_NX ? 0 : MAP_X) |
	       (e & PTE_PCD ? MAP_DEVICE : 0);
}

/* mmu.c: 1 GiB pages are an option of the CPU. */
unsigned int pte_largest_level(void);

#endif
