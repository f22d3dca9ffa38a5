/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mapped areas: thread stacks and vmalloc().
 *
 *	VMALLOC_START
 *	| slot 0            | slot 1            | ...	NR_SLOTS	| vmalloc areas
 *	| hole   | stack    | hole   | stack    |			| hole | pages | hole
 *
 * A slot is twice THREAD_SIZE. Its lower half is never mapped, so a stack that
 * overflows faults, even by a frame of several pages; its upper half is the
 * stack, aligned to its size. A vmalloc area has a page below it that is not
 * mapped.
 *
 *	slot_map	slots with a stack, in use or cached	stack_lock
 *	slot_page[]	the block of pages behind a stack	who owns the stack
 *	cached		stacks without a user, mapped, linked
 *			through their first word		stack_lock
 *	areas		vmalloc areas by address		area_lock
 *
 *	stack:	none --map--> in use <--> cached --unmap--> none
 *
 * Unmapping costs an interrupt on every CPU, so a freed stack stays mapped for the
 * next thread; only what exceeds MAX_CACHED is unmapped.
 *
 * Context: tasks with interrupts on (and start-up); the locks are not held while
 * page tables change.
 *
 * Linux:   mm/vmalloc.c; kernel/fork.c, alloc_thread_stack_node()
 * Differs: stacks have fixed slots, so that any context can tell a guard page
 *          by arithmetic.
 */
#include <base/bitmap.h>
#include <base/list.h>
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <locking/spinlock.h>

#include "page.h"

#define SLOT_SIZE	(2UL * THREAD_SIZE)
#define NR_SLOTS	8192UL			/* threads at most */
#define MAX_CACHED	128U			/* 2 MiB */

#define STACKS_START	VMALLOC_START
#define STACKS_END	(STACKS_START + NR_SLOTS * SLOT_SIZE)
#define AREAS_START	STACKS_END

struct cached_stack {
	struct cached_stack *next;
};

static DEFINE_RAW_SPINLOCK(stack_lock);
static DECLARE_BITMAP(slot_map, NR_SLOTS);
static struct page *slot_page[NR_SLOTS];
static struct cached_stack *cached;
static unsigned int nr_cached, nr_stacks;

struct vmap_area {
	unsigned long start, end;	/* what is mapped */
	struct list_head list;
	struct list_head pages;		/* by page->lru, in order */
};

static DEFINE_RAW_SPINLOCK(area_lock);
static LIST_HEAD(areas);
static struct kmem_cache *area_cache;

/* ---- stacks ------------------------------------------------------------------- */

static unsigned long slot_stack(unsigned long slot)
{
	return STACKS_START + slot * SLOT_SIZE + THREAD_SIZE;
}

static unsigned long stack_slot(unsigned long stack)
{
	return (stack - STACKS_START) / SLOT_SIZE;
}

static unsigned long take_slot(void)
{
	static unsigned long hint;	/* stack_lock: no free slot below */
	unsigned long flags, slot;

	raw_spin_lock_irqsave(&stack_lock, flags);
	slot = find_next_zero_bit(slot_map, NR_SLOTS, hint);
	if (slot == NR_SLOTS)
		slot = find_first_zero_bit(slot_map, NR_SLOTS);
	if (slot < NR_SLOTS) {
		__set_bit(slot, slot_map);
		hint = slot + 1;
		nr_stacks++;
	}
	raw_spin_unlock_irqrestore(&stack_lock, flags);
	return slot;
}

static void give_slot(unsigned long slot)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&stack_lock, flags);
	__clear_bit(slot, slot_map);
	nr_stacks--;
	raw_spin_unlock_irqrestore(&stack_lock, flags);
}

static void *take_cached(void)
{
	struct cached_stack *stack;
	unsigned long flags;

	raw_spin_lock_irqsave(&stack_lock, flags);
	stack = cached;
	if (stack) {
		cached = stack->next;
		nr_cached--;
	}
	raw_spin_unlock_irqrestore(&stack_lock, flags);
	return stack;
}

void *stack_alloc(void)
{
	void *stack = take_cached();
	unsigned long slot;
	struct page *page;

	if (stack)
		return stack;
	slot = take_slot();
	if (slot >= NR_SLOTS)
		return NULL;
	page = alloc_pages(GFP_KERNEL, THREAD_ORDER);
	if (page && !map_pages(slot_stack(slot), page_to_phys(page), THREAD_SIZE, MAP_R | MAP_W)) {
		slot_page[slot] = page;
		return (void *)slot_stack(slot);
	}
	if (page)
		__free_pages(page, THREAD_ORDER);
	give_slot(slot);
	return NULL;
}

/* Keep @stack for the next thread. Return: false if there are enough. */
static bool cache_stack(struct cached_stack *stack)
{
	unsigned long flags;
	bool room;

	raw_spin_lock_irqsave(&stack_lock, flags);
	room = nr_cached < MAX_CACHED;
	if (room) {
		stack->next = cached;
		cached = stack;
		nr_cached++;
	}
	raw_spin_unlock_irqrestore(&stack_lock, flags);
	return room;
}

void stack_free(void *stack)
{
	unsigned long slot = stack_slot((unsigned long)stack);

	if (!stack)
		return;
	if (slot >= NR_SLOTS || (unsigned long)stack != slot_stack(slot) || !slot_page[slot])
		panic("stack_free: %p is not what stack_alloc() returned", stack);
	if (cache_stack(stack))
		return;
	unmap_pages((unsigned long)stack, THREAD_SIZE);
	__free_pages(slot_page[slot], THREAD_ORDER);
	slot_page[slot] = NULL;
	give_slot(slot);
}

/* ---- vmalloc ------------------------------------------------------------------ */

/* Find room for @area, a page below it included, and list it there. */
static bool place_area(struct vmap_area *area, size_t size)
{
	unsigned long flags, at = AREAS_START;
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
	if (!size || size > VMALLOC_END - AREAS_START)
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
		return (va - STACKS_START) % SLOT_SIZE < THREAD_SIZE;
	return !page_prot(va);
}

void vmap_stats(struct mem_stats *stats)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&stack_lock, flags);
	stats->stacks = (u64)nr_stacks * THREAD_SIZE;
	stats->stacks_cached = nr_cached;
	stats->stacks_used = nr_stacks - nr_cached;
	raw_spin_unlock_irqrestore(&stack_lock, flags);
}

void mem_stats(struct mem_stats *stats)
{
	struct percpu_stats percpu;

	memset(stats, 0, sizeof(*stats));
	page_stats(stats);
	slab_stats(stats);
	vmap_stats(stats);
	percpu_stats(&percpu);
	stats->percpu = (u64)percpu.area_bytes * num_possible_cpus();
}

void vmap_init(void)
{
	area_cache = KMEM_CACHE(vmap_area, SLAB_PANIC);
}
