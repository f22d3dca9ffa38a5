/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables: between kernel/pgtable.c, kernel/pgtable_init.c and arch/'s mmu.c. Everybody
 * else uses map_pages() and its like of <kernel/mm.h>.
 *
 * Four levels of 512 entries of eight bytes; level 0 maps 4 KiB. What an entry looks like is
 * <asm/pgtable.h>'s:
 *
 *	pte_valid(e)		it maps, or points to a table
 *	pte_is_leaf(e, level)	a valid one at @level maps
 *	pte_phys(e)		where to
 *	pte_table(pa)		one that points to the table at @pa, and permits everything
 *	pte_leaf(pa, prot, level)	one that maps; @prot is MAP_*
 *	pte_prot(e)		MAP_* of one that maps
 *	pte_largest_level()	the highest level that can map
 *	PTE_BREAK_BEFORE_MAKE	a live entry must be cleared and flushed before it changes
 *	EARLY_TABLES		the top table that start-up runs on, linked at its physical address
 */
#ifndef KERNEL_PGTABLE_H
#define KERNEL_PGTABLE_H

#include <asm/pgtable.h>
#include <base/types.h>

#define PTRS_PER_TABLE		512
#define PGTABLE_LEVELS		4
#define LEVEL_SHIFT(level)	(12 + 9 * (level))
#define LEVEL_SIZE(level)	(1UL << LEVEL_SHIFT(level))

struct boot_info;

/* The top table of every CPU. */
extern pte_t kernel_tables[PTRS_PER_TABLE];

/* The entry for @va at @level, its tables made; NULL: no memory, or a larger page maps it. */
pte_t *pte_entry(unsigned long va, unsigned int level);
/* [start, end) of RAM, reserved, is for tables. Boot CPU, once. */
void pgtable_give(phys_addr_t start, phys_addr_t end);
/*
 * Fill kernel_tables: the image by section, all RAM at PAGE_OFFSET. Takes tables from RAM
 * below @limit. Boot CPU, once.
 */
void pgtable_init(const struct boot_info *bi, phys_addr_t limit);
/* kernel_tables are loaded: the early ones need not follow. */
void pgtable_final(void);

#endif
