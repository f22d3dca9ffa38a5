/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Object caches: slabs below, per-CPU magazines above.
 *
 *	CPU 0			CPU 1
 *	loaded   previous	loaded   previous	interrupts off; no lock
 *	[ooo ]   [    ]		[oooo]   [oo  ]
 *	      \     |             |     /
 *	depot:	full magazines -> empty magazines	cache->lock
 *			   |
 *	slabs:	partial -> empty	(full ones are in no list)	cache->lock
 *			   |
 *		the page allocator
 *
 * A magazine is a stack of up to mag_size objects. A CPU allocates from its
 * loaded magazine; when that is empty it swaps in the previous one; when both
 * are empty it trades an empty one for a full one from the depot; only when the
 * depot has none does it take one object from a slab. Freeing is the mirror
 * image. With two magazines a CPU does at least mag_size operations between two
 * visits to the depot, however it alternates between them: the lock is taken
 * once in mag_size operations or less.
 *
 *	cache->name ... mag_size	written once, by creation
 *	slabs and depot			cache->lock
 *	cpu_cache			its CPU, interrupts off
 *
 * Here are the magazines, and the way through both layers. slab_pages.c is slabs;
 * slab_cache.c creates, destroys and shrinks caches; slab_debug.c is what
 * CONFIG_DEBUG_MM adds to an object; kmalloc.c is the caches of kmalloc().
 *
 * Context: any but NMI. Lock order: caches_lock, cache->lock, mag_cache.lock,
 *          zone lock. No page is allocated under any of them.
 * Cost: a hit is some 20 instructions, no atomics.
 *
 * Linux:   mm/slub.c; sheaves are its magazines. The idea is Bonwick and Adams,
 *          "Magazines and Vmem", 2001.
 * Differs: no constructors, no NUMA, no merging of caches.
 */
#include <base/string.h>
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <locking/held.h>
#include <locking/spinlock.h>

#include "slab.h"

#define MAX_FULL	32		/* magazines in the depot */

struct kmem_cache mag_cache;

/* ---- magazines -------------------------------------------------------------- */

struct magazine *depot_pop(struct magazine **stack, unsigned int *count)
{
	struct magazine *mag = *stack;

	if (mag) {
		*stack = mag->next;
		(*count)--;
	}
	return mag;
}

static void depot_push(struct magazine **stack, unsigned int *count, struct magazine *mag)
{
	mag->next = *stack;
	*stack = mag;
	(*count)++;
}

void empty_magazine(struct kmem_cache *cache, struct magazine *mag)
{
	while (mag->rounds)
		slab_free_obj(cache, mag->obj[--mag->rounds]);
}

void free_magazine(struct magazine *mag)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&mag_cache.lock, flags);
	slab_free_obj(&mag_cache, mag);
	raw_spin_unlock_irqrestore(&mag_cache.lock, flags);
}

static struct magazine *new_magazine(void)
{
	struct magazine *mag = slab_alloc_obj(&mag_cache);

	if (mag)
		mag->rounds = 0;
	return mag;
}

static void swap_magazines(struct cpu_cache *cc)
{
	struct magazine *loaded = cc->loaded;

	cc->loaded = cc->previous;
	cc->previous = loaded;
}

/* Get a magazine with objects into cc->loaded. Interrupts off. */
static bool load_full(struct kmem_cache *cache, struct cpu_cache *cc)
{
	struct magazine *full;

	if (cc->previous && cc->previous->rounds) {
		swap_magazines(cc);
		return true;
	}
	if (!READ_ONCE(cache->full))		/* a hint; the lock decides */
		return false;
	raw_spin_lock(&cache->lock);
	full = depot_pop(&cache->full, &cache->nr_full);
	if (full && cc->previous)
		depot_push(&cache->spare, &cache->nr_spare, cc->previous);
	raw_spin_unlock(&cache->lock);
	if (!full)
		return false;
	cc->previous = cc->loaded;
	cc->loaded = full;
	return true;
}

/*
 * Get a magazine with room into cc->loaded. Interrupts off. If the depot holds
 * MAX_FULL magazines, what goes into more of them is better off in the slabs.
 */
static bool load_empty(struct kmem_cache *cache, struct cpu_cache *cc)
{
	struct magazine *empty = NULL;

	if (cc->previous && cc->previous->rounds) {
		raw_spin_lock(&cache->lock);
		if (cache->nr_full >= MAX_FULL)
			empty_magazine(cache, cc->previous);
		else
			empty = depot_pop(&cache->spare, &cache->nr_spare);
		raw_spin_unlock(&cache->lock);
	}
	if (cc->previous && !cc->previous->rounds) {
		swap_magazines(cc);
		return true;
	}
	if (!empty)
		empty = new_magazine();
	if (!empty)
		return false;
	if (cc->previous) {
		raw_spin_lock(&cache->lock);
		depot_push(&cache->full, &cache->nr_full, cc->previous);
		raw_spin_unlock(&cache->lock);
	}
	cc->previous = cc->loaded;
	cc->loaded = empty;
	return true;
}

static void *magazine_alloc(struct kmem_cache *cache)
{
	struct cpu_cache *cc;
	unsigned long flags;
	void *obj = NULL;

	if (!cache->mag_size)
		return NULL;
	local_irq_save(flags);
	cc = raw_cpu_ptr(cache->cpu);
	if ((cc->loaded && cc->loaded->rounds) || load_full(cache, cc))
		obj = cc->loaded->obj[--cc->loaded->rounds];
	local_irq_restore(flags);
	return obj;
}

static bool magazine_free(struct kmem_cache *cache, void *obj)
{
	struct cpu_cache *cc;
	unsigned long flags;
	bool room;

	if (!cache->mag_size)
		return false;
	local_irq_save(flags);
	cc = raw_cpu_ptr(cache->cpu);
	room = (cc->loaded && cc->loaded->rounds < cache->mag_size) || load_empty(cache, cc);
	if (room) {
		struct magazine *mag = cc->loaded;

		if (mag->rounds && mag->obj[mag->rounds - 1] == obj)
			panic("kmem_cache %s: double free of %p", cache->name, obj);
		mag->obj[mag->rounds++] = obj;
	}
	local_irq_restore(flags);
	return room;
}

/* ---- the two together --------------------------------------------------------- */

void *cache_alloc(struct kmem_cache *cache, gfp_t gfp, const void *caller)
{
	void *obj = magazine_alloc(cache);

	if (!obj)
		obj = slab_alloc_obj(cache);
	if (!obj)
		return NULL;
	debug_obj_alloc(cache, obj, caller);
	if (gfp & __GFP_ZERO)
		memset(obj, 0, cache->size);
	return obj;
}

struct kmem_cache *cache_of(const void *obj)
{
	struct page *page;

	if (!pfn_valid(virt_to_phys(obj) >> PAGE_SHIFT))
		return NULL;
	page = virt_to_page(obj);
	return page->magic == PAGE_MAGIC && page->state == PAGE_SLAB ? page->cache : NULL;
}

void cache_free(struct kmem_cache *cache, void *obj, const void *caller)
{
	unsigned long flags;

	debug_check_no_locks_freed(obj, cache->size);
	debug_obj_free(cache, page_address(slab_of(cache, obj)), obj, caller);
	if (magazine_free(cache, obj))
		return;
	raw_spin_lock_irqsave(&cache->lock, flags);
	slab_free_obj(cache, obj);
	raw_spin_unlock_irqrestore(&cache->lock, flags);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	return cache_alloc(cache, gfp, __builtin_return_address(0));
}

void kmem_cache_free(struct kmem_cache *cache, void *obj)
{
	struct kmem_cache *owner;

	if (!obj)
		return;
	owner = cache_of(obj);
	if (owner != cache)
		panic("kmem_cache %s: free of %p, which is %s%s, by %pS", cache->name, obj,
		      owner ? "an object of cache " : "no object of a cache",
		      owner ? owner->name : "", __builtin_return_address(0));
	cache_free(cache, obj, __builtin_return_address(0));
}
