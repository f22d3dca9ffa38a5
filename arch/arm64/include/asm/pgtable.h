/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The format of page table entries, for <kernel/pgtable.h>.
 *
 * Source: Arm ARM D8, the VMSAv8-64 translation table format.
 */
#ifndef ASM_PGTABLE_H
#define ASM_PGTABLE_H

#include <base/types.h>
#include <kernel/mm.h>

#define PTE_VALID	(1UL << 0)
#define PTE_TABLE	(1UL << 1)	/* a table, or at level 0 a page; else a block */
#define PTE_ATTR(n)	((u64)(n) << 2)
#define PTE_READONLY	(1UL << 7)
#define PTE_SHARED	(3UL << 8)
#define PTE_ACCESSED	(1UL << 10)
#define PTE_PXN		(1UL << 53)
#define PTE_UXN		(1UL << 54)
#define PTE_ADDR	0x0000fffffffff000UL

/* What head.S has put into MAIR. */
#define ATTR_DEVICE	0
#define ATTR_NORMAL	1

#define PTE_BREAK_BEFORE_MAKE	true
#define EARLY_TABLES		early_high

typedef u64 pte_t;

extern pte_t early_high[];

static inline bool pte_valid(pte_t e)
{
	return e & PTE_VALID;
}

static inline bool pte_is_leaf(pte_t e, unsigned int level)
{
	return !level || !(e & PTE_TABLE);
}

static inline phys_addr_t pte_phys(pte_t e)
{
	return e & PTE_ADDR;
}

static inline pte_t pte_table(phys_addr_t pa)
{
	return pa | PTE_TABLE | PTE_VALID;
}

static inline pte_t pte_leaf(phys_addr_t pa, unsigned int prot, unsigned int level)
{
	return pa | PTE_VALID | (level ? 0 : PTE_TABLE) | PTE_ACCESSED | PTE_SHARED | PTE_UXN |
	       PTE_ATTR(prot & MAP_DEVICE ? ATTR_DEVICE : ATTR_NORMAL) |
	       (prot & MAP_W ? 0 : PTE_READONLY) | (prot & MAP_X ? 0 : PTE_PXN);
}

static inline unsigned int pte_prot(pte_t e)
{
	return MAP_R | (e & PTE_READONLY ? 0 : MAP_W) | (e & PTE_PXN ? 0 : MAP_X) |
	       ((e & PTE_ATTR(7)) == PTE_ATTR(ATTR_DEVICE) ? MAP_DEVICE : 0);
}

static inline unsigned int pte_largest_level(void)
{
	return 2;
}

#endif
