/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page allocator: buddies.
 *
 * Free memory is kept as blocks of 2^order pages, aligned to their size. The
 * block that differs from a block in just the bit of its size is its buddy;
 * together they make the block of the next order.
 *
 *	alloc, order 0:		[               8               ]	split
 *				[       4       |       4       ]	split
 *				[   2   |   2   ]
 *				[ 1 | 1 ]				the first is yours
 *	free			the same upwards, for as long as the buddy is free
 *
 *	zone.free[order]	lists of free blocks		zone.lock
 *	struct page		see <kernel/mm.h>		zone.lock while free
 *
 *	page.state, first page of a block:
 *
 *	RESERVED --page_alloc_init()--> FREE --alloc--> USED --slab.c--> SLAB
 *	                                 ^               |  <------------'
 *	                                 '-----free------'
 *	TAIL: a first page no longer, since its block merged into the one before
 *
 * Start-up writes almost nothing: a block of the largest order that is wholly
 * free costs one struct page. The others in it are written when it is split, by
 * the split, before anything can look at them: a buddy's struct page is read only
 * if the block they would form was split. Only blocks that are partly reserved
 * get all of theirs written first.
 *
 * Context: any but NMI; the lock is held for at most MAX_ORDER steps.
 *
 * Linux:   mm/page_alloc.c
 * Differs: one zone, one node; no watermarks; lazy struct pages; no per-CPU lists
 *          of pages, because slabs and stacks have their own caches above this.
 */
#include <base/bits.h>
#include <base/string.h>
#include <boot/bootinfo.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/mem_stats.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <locking/spinlock.h>

#include "page.h"

#define BLOCK_PAGES	(1UL << MAX_ORDER)
#define POISON_PAGE	0x5a
#define MAX_POISON	5		/* order; filling more takes too long */

struct page *mem_map;
unsigned long mem_map_base, mem_map_end;

static struct zone {
	raw_spinlock_t lock;
	struct list_head free[MAX_ORDER + 1];
	unsigned long nr_free[MAX_ORDER + 1];
	unsigned long managed;		/* pages; fixed after start-up */
	u64 allocs, frees, failures;
} zone = { .lock = __RAW_SPIN_LOCK_UNLOCKED(zone.lock) };

static void add_free(struct page *page, unsigned int order, unsigned int flags)
{
	page->state = PAGE_FREE;
	page->order = order;
	page->magic = PAGE_MAGIC;
	page->flags = flags;
	list_add(&page->lru, &zone.free[order]);
	zone.nr_free[order]++;
}

static void del_free(struct page *page)
{
	list_del(&page->lru);
	zone.nr_free[page->order]--;
}

static bool is_free_block(const struct page *page, unsigned int order)
{
	return page->magic == PAGE_MAGIC && page->state == PAGE_FREE && page->order == order;
}

/* Give a block back; zone.lock held. */
static void merge_and_free(unsigned long pfn, unsigned int order, unsigned int flags)
{
	for (; order < MAX_ORDER; order++) {
		struct page *buddy = pfn_to_page(pfn ^ (1UL << order));

		if (!is_free_block(buddy, order))
			break;
		del_free(buddy);
		flags &= buddy->flags;
		pfn_to_page(pfn | (1UL << order))->state = PAGE_TAIL;
		pfn &= ~(1UL << order);
	}
	add_free(pfn_to_page(pfn), order, flags);
}

/* Take a block; zone.lock held. */
static struct page *take_block(unsigned int order)
{
	unsigned int from = order;
	struct page *page;

	while (list_empty(&zone.free[from])) {
		if (++from > MAX_ORDER)
			return NULL;
	}
	page = list_first_entry(&zone.free[from], struct page, lru);
	del_free(page);
	while (from > order) {
		from--;
		add_free(page + (1UL << from), from, page->flags);
	}
	page->state = PAGE_USED;
	page->order = order;
	return page;
}

static void poison(struct page *page, unsigned int order)
{
	memset(page_address(page), POISON_PAGE, PAGE_SIZE << order);
}

/* Was the block written to after it was freed? */
static void check_poison(struct page *page, unsigned int order)
{
	u8 *bad;

	if (!(page->flags & PAGE_POISONED))
		return;
	page->flags &= ~PAGE_POISONED;
	bad = memchr_inv(page_address(page), POISON_PAGE, PAGE_SIZE << order);
	if (bad)
		panic("page allocator: free page was written to: byte %p is %#x, not %#x",
		      bad, *bad, POISON_PAGE);
}

static struct page *alloc_block(unsigned int order, const void *caller)
{
	struct page *page;
	unsigned long flags;

	raw_spin_lock_irqsave(&zone.lock, flags);
	page = take_block(order);
	if (page) {
		zone.allocs++;
		page->caller = caller;
	}
	raw_spin_unlock_irqrestore(&zone.lock, flags);
	return page;
}

static struct page *alloc_pages_from(gfp_t gfp, unsigned int order, const void *caller)
{
	struct page *page;

	if (WARN_ON_ONCE(order > MAX_ORDER))
		return NULL;
	page = alloc_block(order, caller);
	if (!page && slab_reclaim())
		page = alloc_block(order, caller);
	if (!page) {
		__atomic_fetch_add(&zone.failures, 1, __ATOMIC_RELAXED);
		return NULL;
	}
	if (IS_ENABLED(CONFIG_DEBUG_MM))
		check_poison(page, order);
	if (gfp & __GFP_ZERO)
		memset(page_address(page), 0, PAGE_SIZE << order);
	return page;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	return alloc_pages_from(gfp, order, __builtin_return_address(0));
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages_from(gfp, order, __builtin_return_address(0));

	return page ? (unsigned long)page_address(page) : 0;
}

static const char *state_name(const struct page *page)
{
	static const char *const names[] = {
		[PAGE_RESERVED] = "reserved", [PAGE_TAIL] = "inside a block",
		[PAGE_FREE] = "free", [PAGE_USED] = "in use", [PAGE_SLAB] = "of a slab",
	};

	if (page->magic != PAGE_MAGIC || page->state >= ARRAY_SIZE(names))
		return "not the first of a block";
	return names[page->state];
}

void __free_pages(struct page *page, unsigned int order)
{
	unsigned int poisoned = IS_ENABLED(CONFIG_DEBUG_MM) && order <= MAX_POISON ?
				PAGE_POISONED : 0;
	unsigned long pfn = page_to_pfn(page), flags;

	if (!pfn_valid(pfn) || pfn & ((1UL << order) - 1))
		panic("__free_pages: page frame %#lx, order %u: no such block", pfn, order);
	if (page->magic != PAGE_MAGIC || page->state != PAGE_USED)
		panic("__free_pages: double free? page at %p is %s", page_address(page),
		      state_name(page));
	if (page->order != order)
		panic("__free_pages: order %u, but %pS allocated the page at %p with order %u",
		      order, page->caller, page_address(page), page->order);
	if (poisoned)
		poison(page, order);

	raw_spin_lock_irqsave(&zone.lock, flags);
	if (page->state != PAGE_USED)
		panic("__free_pages: two CPUs free the page at %p", page_address(page));
	merge_and_free(pfn, order, poisoned);
	zone.frees++;
	raw_spin_unlock_irqrestore(&zone.lock, flags);
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page((void *)addr), order);
}

/* All struct pages of the blocks that [@start, @end) begins or ends inside of. */
static void init_partial_blocks(unsigned long start, unsigned long end)
{
	static unsigned long done;	/* ranges come in ascending order */
	unsigned long blocks[] = { ALIGN_DOWN(start, BLOCK_PAGES), ALIGN_DOWN(end, BLOCK_PAGES) };

	for (unsigned int i = 0; i < ARRAY_SIZE(blocks); i++) {
		bool partial = i == 0 ? start != blocks[0] || end - start < BLOCK_PAGES
				      : end != blocks[1];
		struct page *page = pfn_to_page(blocks[i]);

		if (!partial || blocks[i] < done)
			continue;
		memset(page, 0, BLOCK_PAGES * sizeof(*page));
		for (unsigned long n = 0; n < BLOCK_PAGES; n++)
			page[n].magic = PAGE_MAGIC;
		done = blocks[i] + BLOCK_PAGES;
	}
}

/* Hand the frames [@start, @end) to the allocator, in the largest blocks there are. */
static void free_range(unsigned long start, unsigned long end)
{
	init_partial_blocks(start, end);
	zone.managed += end - start;
	while (start < end) {
		unsigned int order = min(__ffs(start | BLOCK_PAGES), (unsigned long)MAX_ORDER);

		while (start + (1UL << order) > end)
			order--;
		merge_and_free(start, order, 0);
		start += 1UL << order;
	}
}

void page_alloc_init(void)
{
	unsigned long low, high, start, end = 0;

	boot_mem_bounds(&low, &high);
	mem_map_base = ALIGN_DOWN(low, BLOCK_PAGES);
	mem_map_end = ALIGN(high, BLOCK_PAGES);
	mem_map = boot_alloc((mem_map_end - mem_map_base) * sizeof(struct page), PAGE_SIZE);
	for (unsigned int order = 0; order <= MAX_ORDER; order++)
		INIT_LIST_HEAD(&zone.free[order]);

	while (boot_mem_next(&start, &end))
		free_range(start, end);
	pr_info("memory: %lu MiB free of %llu MiB\n", zone.managed >> (20 - PAGE_SHIFT),
		boot_mem_total() >> 20);
}

void page_stats(struct mem_stats *stats)
{
	unsigned long flags, free = 0;

	raw_spin_lock_irqsave(&zone.lock, flags);
	for (unsigned int order = 0; order <= MAX_ORDER; order++) {
		stats->free_blocks[order] = zone.nr_free[order];
		free += zone.nr_free[order] << order;
	}
	stats->allocs = zone.allocs;
	stats->frees = zone.frees;
	stats->failures = zone.failures;
	raw_spin_unlock_irqrestore(&zone.lock, flags);
	stats->total = boot_mem_total();
	stats->reserved = stats->total - ((u64)zone.managed << PAGE_SHIFT);
	stats->free = (u64)free << PAGE_SHIFT;
}
