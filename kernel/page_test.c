/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page allocator: what it hands out, and that it gets everything back.
 */
#include <base/list.h>
#include <base/prandom.h>
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/mem_stats.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <kernel/stop_machine.h>

#include "crew_test.h"

static void fill(void *mem, size_t size, u64 mark)
{
	for (size_t i = 0; i < size / sizeof(u64); i++)
		((u64 *)mem)[i] = mark + i;
}

static bool filled(const void *mem, size_t size, u64 mark)
{
	for (size_t i = 0; i < size / sizeof(u64); i++) {
		if (((const u64 *)mem)[i] != mark + i)
			return false;
	}
	return true;
}

SELFTEST(page, blocks_are_aligned_and_do_not_overlap)
{
	struct page *blocks[MAX_ORDER + 1];

	for (unsigned int order = 0; order <= MAX_ORDER; order++) {
		blocks[order] = alloc_pages(GFP_KERNEL, order);
		if (!EXPECT(blocks[order]))
			return;
		EXPECT(IS_ALIGNED(page_to_pfn(blocks[order]), 1UL << order));
		EXPECT(virt_to_page(page_address(blocks[order])) == blocks[order]);
		EXPECT(pfn_to_page(page_to_pfn(blocks[order])) == blocks[order]);
		if (order <= 5)
			fill(page_address(blocks[order]), PAGE_SIZE << order, (u64)order << 32);
	}
	for (unsigned int order = 0; order <= MAX_ORDER; order++) {
		if (order <= 5)
			EXPECT(filled(page_address(blocks[order]), PAGE_SIZE << order,
				      (u64)order << 32));
		__free_pages(blocks[order], order);
	}
}

SELFTEST(page, zeroed_pages_are_zero)
{
	for (unsigned int i = 0; i < 4; i++) {
		unsigned long addr = get_zeroed_page(GFP_KERNEL);

		if (!EXPECT(addr))
			return;
		EXPECT(!memchr_inv((void *)addr, 0, PAGE_SIZE));
		memset((void *)addr, 0xff, PAGE_SIZE);
		free_page(addr);
	}
	EXPECT_EQ(get_order(1), 0);
	EXPECT_EQ(get_order(PAGE_SIZE), 0);
	EXPECT_EQ(get_order(PAGE_SIZE + 1), 1);
	EXPECT_EQ(get_order(5 * PAGE_SIZE), 3);
}

#define MANY	60

struct split_merge {
	struct mem_stats before, after;
	unsigned int got;
};

/* Nobody else allocates meanwhile, so the free lists must end as they began. */
static int split_and_merge(void *arg)
{
	struct split_merge *s = arg;
	struct page *pages[MANY];
	unsigned int orders[MANY];
	struct rnd_state rnd = { 7 };

	mem_stats(&s->before);
	s->got = 0;
	for (unsigned int i = 0; i < MANY; i++) {
		orders[i] = prandom_u32_below(&rnd, 4) ? prandom_u32_below(&rnd, 3) : 4 + i % 4;
		pages[i] = alloc_pages(GFP_KERNEL, orders[i]);
		s->got += pages[i] != NULL;
	}
	for (unsigned int i = 0; i < MANY; i++) {
		unsigned int at = (i * 37 + 11) % MANY;

		if (pages[at])
			__free_pages(pages[at], orders[at]);
	}
	mem_stats(&s->after);
	return 0;
}

SELFTEST(page, freeing_in_any_order_restores_the_free_lists, .timeout_ms = 30000)
{
	static struct split_merge s;

	EXPECT_EQ(stop_machine(split_and_merge, &s, NULL), 0);
	EXPECT_EQ(s.got, MANY);
	EXPECT_EQ(s.after.free, s.before.free);
	for (unsigned int order = 0; order <= MAX_ORDER; order++)
		EXPECT_EQ(s.after.free_blocks[order], s.before.free_blocks[order]);
	EXPECT_EQ(s.after.allocs - s.before.allocs, MANY);
	EXPECT_EQ(s.after.frees - s.before.frees, MANY);
}

struct exhaustion {
	struct mem_stats before, empty, after;
	unsigned long blocks;
	bool page_refused, object_refused, free_after;
};

/* Take all there is, largest blocks first; nobody else runs who might need some. */
static int exhaust(void *arg)
{
	struct exhaustion *e = arg;
	LIST_HEAD(taken);
	struct page *page, *next;
	void *obj;

	mem_stats(&e->before);
	for (int order = MAX_ORDER; order >= 0; order--) {
		while ((page = alloc_pages(GFP_KERNEL, order))) {
			list_add(&page->lru, &taken);
			e->blocks++;
		}
	}
	mem_stats(&e->empty);
	e->page_refused = !alloc_page(GFP_KERNEL) && !alloc_pages(GFP_KERNEL, MAX_ORDER);
	obj = kmalloc(4 * PAGE_SIZE, GFP_KERNEL);
	e->object_refused = !obj;
	list_for_each_entry_safe(page, next, &taken, lru)
		__free_pages(page, page->order);
	page = alloc_pages(GFP_KERNEL, MAX_ORDER);
	e->free_after = page != NULL;
	if (page)
		__free_pages(page, MAX_ORDER);
	mem_stats(&e->after);
	return 0;
}

SELFTEST(page, exhaustion_is_refused_and_recovered_from, .timeout_ms = 30000)
{
	static struct exhaustion e;

	e = (struct exhaustion){ 0 };
	EXPECT_EQ(stop_machine(exhaust, &e, NULL), 0);
	EXPECT(e.blocks > 0);
	EXPECT_EQ(e.empty.free, 0);
	EXPECT(e.page_refused);
	EXPECT(e.object_refused);
	EXPECT(e.free_after);
	EXPECT(e.after.failures > e.before.failures);
	/* More than before: taking all made the caches give up what they had in reserve. */
	EXPECT(e.after.free >= e.before.free);
}

#define SLOTS	24

static void hammer(unsigned int index, void *arg)
{
	struct selftest *t = arg;
	struct rnd_state rnd = { index + 1 };
	void *mem[SLOTS] = { NULL };
	unsigned int order[SLOTS];

	for (unsigned int step = 0; step < 2000 && !crew_time_over(); step++) {
		unsigned int i = prandom_u32_below(&rnd, SLOTS);
		u64 mark = (u64)(index + 1) << 32 | i << 16;

		if (mem[i]) {
			EXPECT(filled(mem[i], PAGE_SIZE << order[i], mark));
			free_pages((unsigned long)mem[i], order[i]);
			mem[i] = NULL;
			continue;
		}
		order[i] = prandom_u32_below(&rnd, 3);
		mem[i] = (void *)__get_free_pages(GFP_KERNEL, order[i]);
		if (mem[i])
			fill(mem[i], PAGE_SIZE << order[i], mark);
	}
	for (unsigned int i = 0; i < SLOTS; i++)
		free_pages((unsigned long)mem[i], order[i]);
}

SELFTEST(page, no_page_has_two_owners, .timeout_ms = 30000)
{
	crew_run(hammer, t);
}

SELFTEST(page, works_in_every_context_but_nmi,
	 .contexts = CTX_BIT(CTX_TASK) | CTX_BIT(CTX_SOFTIRQ) | CTX_BIT(CTX_HARDIRQ))
{
	struct page *page = alloc_pages(GFP_ATOMIC | __GFP_ZERO, 1);

	if (!EXPECT(page))
		return;
	EXPECT(!memchr_inv(page_address(page), 0, 2 * PAGE_SIZE));
	__free_pages(page, 1);
}
