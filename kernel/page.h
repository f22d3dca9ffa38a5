/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the memory allocators tell each other. For users: <kernel/mm.h>.
 */
#ifndef KERNEL_PAGE_H
#define KERNEL_PAGE_H

#include <base/types.h>
#include <asm/link.h>
#include <asm/thread.h>

struct mem_stats;

/* boot_mem.c: page frames [*low, *high) hold all RAM. */
void boot_mem_bounds(unsigned long *low, unsigned long *high);
/* The free frames after *@end, as [*start, *end). The first call ends boot_alloc(). */
bool boot_mem_next(unsigned long *start, unsigned long *end);
u64 boot_mem_total(void);

/* slab.c: give back what no object needs. Any context but NMI. Return: pages. */
unsigned int slab_reclaim(void);

/* vmap_stack.c: its slots, from VMALLOC_START up. */
#define SLOT_SIZE	(2UL * THREAD_SIZE)
#define NR_SLOTS	8192UL			/* threads at most */
#define STACKS_END	(VMALLOC_START + NR_SLOTS * SLOT_SIZE)
/* Is @va, below STACKS_END, in a slot's hole? */
bool is_stack_guard(unsigned long va);

/* Each fills in its part. */
void page_stats(struct mem_stats *stats);
void slab_stats(struct mem_stats *stats);
void stack_stats(struct mem_stats *stats);

#endif
