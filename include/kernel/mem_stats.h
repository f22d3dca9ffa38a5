/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory in figures: for the mem command, and for tests that count.
 */
#ifndef KERNEL_MEM_STATS_H
#define KERNEL_MEM_STATS_H

#include <kernel/mm.h>

struct mem_stats {
	u64 total;			/* bytes of RAM the loader named */
	u64 reserved;			/* never given to the allocator */
	u64 free;
	u64 slab;			/* pages of slabs */
	u64 stacks;			/* pages of thread stacks, cached ones included */
	unsigned int stacks_used, stacks_cached;
	unsigned long free_blocks[MAX_ORDER + 1];
	u64 allocs, frees, failures;	/* blocks, since boot */
	u64 percpu;			/* all areas */
};
void mem_stats(struct mem_stats *stats);

struct kmem_cache_stats {
	const char *name;
	size_t size, stride;		/* of an object; with its debug fields */
	unsigned int slabs, pages;
	unsigned long objects, used;	/* used: handed out or in a magazine */
	u64 allocs, frees;		/* that missed the magazines */
};
/* Call @fn for each cache. Context: Task. */
void kmem_cache_for_each(void (*fn)(const struct kmem_cache_stats *stats, void *arg), void *arg);

#endif
