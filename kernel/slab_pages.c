/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Slabs: blocks of pages, cut into objects.
 *
 *	first struct page of a slab		its pages
 *	freelist --.  inuse			| obj | obj | obj | obj | ...
 *	           |				         ^  |    ^  |
 *	           '-------------------------------------'  '----'  '-> FREELIST_END
 *
 * Free objects are linked by number of 8-byte units from the slab's start, in 16 bits
 * each, in the object itself (in its debug fields under CONFIG_DEBUG_MM). Each of a slab's
 * struct pages names the cache, which is how kfree() finds it.
 *
 *	inuse	0		1 .. per_slab - 1	per_slab
 *	list	empty		partial			none
 *		at most MAX_EMPTY; more go to the page allocator
 *
 * Above are the magazines: slab.c. All lists are under cache->lock; no page is allocated
 * under it.
 *
 * Linux: mm/slub.c
 */
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <locking/spinlock.h>

#include "slab.h"

#define MAX_EMPTY	2		/* slabs a cache keeps in reserve */
#define FREELIST_END	0xffff

struct page *slab_of(const struct kmem_cache *cache, const void *obj)
{
	struct page *page = virt_to_page(obj);

	return pfn_to_page(page_to_pfn(page) & ~((1UL << cache->order) - 1));
}

static void *obj_at(const struct page *slab, unsigned int units)
{
	return (char *)page_address(slab) + units * 8;
}

/* Where the link of a free object is kept. */
static u16 *obj_link(const struct kmem_cache *cache, void *obj)
{
	return (u16 *)((char *)obj + cache->link_offset);
}

static void push_obj(struct kmem_cache *cache, struct page *slab, void *obj)
{
	*obj_link(cache, obj) = slab->freelist;
	slab->freelist = ((char *)obj - (char *)page_address(slab)) / 8;
}

static struct page *new_slab(struct kmem_cache *cache)
{
	struct page *slab = alloc_pages(0, cache->order);

	if (!slab)
		return NULL;
	for (unsigned int i = 0; i < 1U << cache->order; i++) {
		slab[i].state = PAGE_SLAB;
		slab[i].magic = PAGE_MAGIC;
		slab[i].cache = cache;
	}
	slab->inuse = 0;
	slab->freelist = FREELIST_END;
	for (unsigned int i = cache->per_slab; i-- > 0;) {
		void *obj = obj_at(slab, i * (cache->stride / 8));

		debug_obj_init(cache, obj);
		push_obj(cache, slab, obj);
	}
	return slab;
}

void free_slab(struct kmem_cache *cache, struct page *slab)
{
	for (unsigned int i = 0; i < 1U << cache->order; i++)
		slab[i].state = i ? PAGE_TAIL : PAGE_USED;
	__free_pages(slab, cache->order);
}

/* cache->lock held. */
static void *slab_take_obj(struct kmem_cache *cache)
{
	struct page *slab;
	void *obj;

	if (!list_empty(&cache->partial)) {
		slab = list_first_entry(&cache->partial, struct page, lru);
	} else if (!list_empty(&cache->empty)) {
		slab = list_first_entry(&cache->empty, struct page, lru);
		list_move(&slab->lru, &cache->partial);
		cache->nr_empty--;
	} else {
		return NULL;
	}
	obj = obj_at(slab, slab->freelist);
	slab->freelist = *obj_link(cache, obj);
	if (++slab->inuse == cache->per_slab)
		list_del_init(&slab->lru);
	cache->inuse++;
	cache->slab_allocs++;
	return obj;
}

void *slab_alloc_obj(struct kmem_cache *cache)
{
	struct page *slab;
	unsigned long flags;
	void *obj;

	raw_spin_lock_irqsave(&cache->lock, flags);
	obj = slab_take_obj(cache);
	raw_spin_unlock_irqrestore(&cache->lock, flags);
	if (obj)
		return obj;

	slab = new_slab(cache);
	raw_spin_lock_irqsave(&cache->lock, flags);
	if (slab) {
		list_add(&slab->lru, &cache->empty);
		cache->nr_empty++;
		cache->nr_slabs++;
	}
	obj = slab_take_obj(cache);
	raw_spin_unlock_irqrestore(&cache->lock, flags);
	return obj;
}

void slab_free_obj(struct kmem_cache *cache, void *obj)
{
	struct page *slab = slab_of(cache, obj);

	if (!slab->inuse)
		panic("kmem_cache %s: double free of %p", cache->name, obj);
	push_obj(cache, slab, obj);
	if (slab->inuse-- == cache->per_slab)
		list_add(&slab->lru, &cache->partial);
	cache->inuse--;
	cache->slab_frees++;
	if (slab->inuse)
		return;
	if (cache->nr_empty < MAX_EMPTY) {
		list_move(&slab->lru, &cache->empty);
		cache->nr_empty++;
	} else {
		list_del(&slab->lru);
		cache->nr_slabs--;
		free_slab(cache, slab);
	}
}
