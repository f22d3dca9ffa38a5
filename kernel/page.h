/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the memory allocators tell each other. For users: <kernel/mm.h>.
 */
#ifndef KERNEL_PAGE_H
#define KERNEL_PAGE_H

#include <base/types.h>

struct mem_stats;

/* boot_mem.c: page frames [*low, *high) hold all RAM. */
void boot_mem_bounds(unsigned long *low, unsigned long *high);
/* The free frames after *@end, as [*start, *end). The first call ends boot_alloc(). */
bool boot_mem_next(unsigned long *start, unsigned long *end);
u64 boot_mem_total(void);

/* slab.c: give back what no object needs. Any context but NMI. Return: pages. */
unsigned int slab_reclaim(void);

/* Each fills in its part. */
void page_stats(struct mem_stats *stats);
void slab_stats(struct mem_stats *stats);
void vmap_stats(struct mem_stats *stats);

#endif
