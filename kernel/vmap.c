/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mapped areas: vmalloc(). Pages from anywhere, in a row of addresses.
 *
 *	VMALLOC_START		STACKS_END				VMALLOC_END
 *	| thread stacks		| hole | pages | hole | pages | ...
 *
 * An area has a page below it that is not mapped. The stacks are vmap_stack.c's.
 *
 *	areas		vmalloc areas by address		area_lock
 *
 * Context: tasks with interrupts on (and start-up); the lock is not held while
 * page tables change.
 *
 * Linux: mm/vmalloc.c
 * Differs: a list of areas, not a tree.
 */
#include <base/list.h>
#include <base/string.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/mem_stats.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <locking/spinlock.h>

#include "page.h"

struct vmap_area {
	unsigned long start, end;	/* what is mapped */
	struct list_head list;
	struct list_head pages;		/* by page->lru, in order */
};

static DEFINE_RAW_SPINLOCK(area_lock);
static LIST_HEAD(areas);
static struct kmem_cache *area_cache;

/* Find room for @area, a page below it included, and list it there. */
static bool place_area(struct vmap_area *area, size_t size)
{
	unsigned long flags, at = STACKS_END;
	struct vmap_area *other;

	raw_spin_lock_irqsave(&area_lock, flags);
	list_for_each_entry(other, &areas, list) {
		if (other->start - at >= size + 2 * PAGE_SIZE)
			break;
		at = other->end;
	}
	area->start = at + PAGE_SIZE;
	area->end = area->start + size;
	if (area->end < VMALLOC_END)
		list_add_tail(&area->list, &other->list);
	raw_spin_unlock_irqrestore(&area_lock, flags);
	return area->end < VMALLOC_END;
}

/* Unlist the area that starts at @start. */
static struct vmap_area *remove_area(unsigned long start)
{
	struct vmap_area *area, *found = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&area_lock, flags);
	list_for_each_entry(area, &areas, list) {
		if (area->start == start) {
			list_del(&area->list);
			found = area;
			break;
		}
	}
	raw_spin_unlock_irqrestore(&area_lock, flags);
	return found;
}

static void free_area(struct vmap_area *area)
{
	struct page *page, *next;

	if (!list_empty(&area->pages))
		unmap_pages(area->start, area->end - area->start);
	list_for_each_entry_safe(page, next, &area->pages, lru)
		__free_page(page);
	kmem_cache_free(area_cache, area);
}

static bool fill_area(struct vmap_area *area, gfp_t gfp)
{
	for (unsigned long va = area->start; va < area->end; va += PAGE_SIZE) {
		struct page *page = alloc_page(gfp);

		if (!page)
			return false;
		list_add_tail(&page->lru, &area->pages);
		if (map_pages(va, page_to_phys(page), PAGE_SIZE, MAP_R | MAP_W))
			return false;
	}
	return true;
}

static void *vmalloc_gfp(size_t size, gfp_t gfp)
{
	struct vmap_area *area;

	size = PAGE_ALIGN(size);
	if (!size || size > VMALLOC_END - STACKS_END)
		return NULL;
	area = kmem_cache_alloc(area_cache, gfp & ~__GFP_ZERO);
	if (!area)
		return NULL;
	INIT_LIST_HEAD(&area->pages);
	if (!place_area(area, size)) {
		kmem_cache_free(area_cache, area);
		return NULL;
	}
	if (!fill_area(area, gfp)) {
		free_area(remove_area(area->start));
		return NULL;
	}
	return (void *)area->start;
}

void *vmalloc(size_t size)
{
	return vmalloc_gfp(size, GFP_KERNEL);
}

void *vzalloc(size_t size)
{
	return vmalloc_gfp(size, GFP_KERNEL | __GFP_ZERO);
}

void vfree(const void *addr)
{
	struct vmap_area *area;

	if (!addr)
		return;
	area = remove_area((unsigned long)addr);
	if (!area)
		panic("vfree: %p is not what vmalloc() returned, or was freed already", addr);
	free_area(area);
}

/* ---- questions, figures, start-up --------------------------------------------- */

bool is_vmap_addr(unsigned long va)
{
	return va >= VMALLOC_START && va < VMALLOC_END;
}

bool is_guard_page(unsigned long va)
{
	if (!is_vmap_addr(va))
		return false;
	if (va < STACKS_END)
		return is_stack_guard(va);
	return !page_prot(va);
}

void mem_stats(struct mem_stats *stats)
{
	struct percpu_stats percpu;

	memset(stats, 0, sizeof(*stats));
	page_stats(stats);
	slab_stats(stats);
	stack_stats(stats);
	percpu_stats(&percpu);
	stats->percpu = (u64)percpu.area_bytes * num_possible_cpus();
}

void vmap_init(void)
{
	area_cache = KMEM_CACHE(vmap_area, SLAB_PANIC);
}
