/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Object caches: creating, destroying, shrinking, figures. What they are and how
 * they work: slab.c.
 *
 *	caches		all of them, that of magazines last	caches_lock
 *
 * Linux: mm/slab_common.c
 */
#include <base/bits.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/init.h>
#include <kernel/mem_stats.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <locking/spinlock.h>

#include "page.h"
#include "slab.h"

#define MAX_SLAB_ORDER	3
#define MIN_OBJECTS	8		/* in a slab, if MAX_SLAB_ORDER allows */

static DEFINE_RAW_SPINLOCK(caches_lock);
static LIST_HEAD(caches);

static struct kmem_cache cache_cache;	/* of struct kmem_cache */

/* Big objects get small magazines: a CPU keeps at most some 32 KiB to itself. */
static unsigned int magazine_size(size_t size)
{
	return clamp((size_t)16384 / size, (size_t)2, (size_t)MAG_MAX);
}

static void cache_setup(struct kmem_cache *cache, const char *name, size_t size, size_t align)
{
	*cache = (struct kmem_cache){ .name = name, .size = size, .align = align };
	raw_spin_lock_init(&cache->lock);
	INIT_LIST_HEAD(&cache->partial);
	INIT_LIST_HEAD(&cache->empty);
	cache->stride = debug_obj_layout(cache);
	while (cache->order < MAX_SLAB_ORDER &&
	       (PAGE_SIZE << cache->order) / cache->stride < MIN_OBJECTS)
		cache->order++;
	cache->per_slab = (PAGE_SIZE << cache->order) / cache->stride;
}

static void list_cache(struct kmem_cache *cache)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&caches_lock, flags);
	list_add(&cache->list, &caches);
	raw_spin_unlock_irqrestore(&caches_lock, flags);
}

static bool cache_start(struct kmem_cache *cache)
{
	cache->cpu = alloc_percpu(struct cpu_cache);
	if (!cache->cpu)
		return false;
	cache->mag_size = magazine_size(cache->size);
	list_cache(cache);
	return true;
}

void cache_init(struct kmem_cache *cache, const char *name, size_t size, size_t align)
{
	cache_setup(cache, name, size, align);
	if (!cache_start(cache))
		panic("kmem_cache %s: no per-CPU memory", name);
}

void slab_init(void)
{
	cache_setup(&mag_cache, "magazine", sizeof(struct magazine), L1_CACHE_BYTES);
	list_cache(&mag_cache);
	cache_init(&cache_cache, "kmem_cache", sizeof(struct kmem_cache), L1_CACHE_BYTES);
	kmalloc_init();
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned int flags, void (*ctor)(void *))
{
	struct kmem_cache *cache = NULL;

	if (ctor || !size || size > KMEM_MAX_SIZE || (align & (align - 1)) || align > PAGE_SIZE)
		WARN(1, "kmem_cache_create %s: size 1 to %d, align a power of two, no ctor",
		     name, KMEM_MAX_SIZE);
	else
		cache = kmem_cache_alloc(&cache_cache, 0);
	if (cache) {
		align = max(align, sizeof(u64));
		if (flags & SLAB_HWCACHE_ALIGN)
			align = max(align, (size_t)L1_CACHE_BYTES);
		cache_setup(cache, name, size, align);
		if (!cache_start(cache)) {
			kmem_cache_free(&cache_cache, cache);
			cache = NULL;
		}
	}
	if (!cache && (flags & SLAB_PANIC))
		panic("kmem_cache_create %s: no memory", name);
	return cache;
}

/* One CPU's magazines, which nobody uses meanwhile, back to the slabs; cache->lock held. */
static struct magazine *drain_cpu(struct kmem_cache *cache, struct cpu_cache *cc)
{
	struct magazine *mags = NULL;
	struct magazine *both[] = { cc->loaded, cc->previous };

	for (unsigned int i = 0; i < ARRAY_SIZE(both); i++) {
		if (!both[i])
			continue;
		empty_magazine(cache, both[i]);
		both[i]->next = mags;
		mags = both[i];
	}
	cc->loaded = cc->previous = NULL;
	return mags;
}

static void free_magazines(struct magazine *mag)
{
	while (mag) {
		struct magazine *next = mag->next;

		free_magazine(mag);
		mag = next;
	}
}

/* The depot's magazines and the empty slabs. Return: pages given back. */
static unsigned int drain_depot(struct kmem_cache *cache)
{
	struct magazine *mag, *mags = NULL;
	struct page *slab, *next;
	unsigned int slabs;
	unsigned long flags;

	raw_spin_lock_irqsave(&cache->lock, flags);
	slabs = cache->nr_slabs;
	while ((mag = depot_pop(&cache->full, &cache->nr_full)) ||
	       (mag = depot_pop(&cache->spare, &cache->nr_spare))) {
		empty_magazine(cache, mag);
		mag->next = mags;
		mags = mag;
	}
	list_for_each_entry_safe(slab, next, &cache->empty, lru) {
		list_del(&slab->lru);
		cache->nr_empty--;
		cache->nr_slabs--;
		free_slab(cache, slab);
	}
	slabs -= cache->nr_slabs;
	raw_spin_unlock_irqrestore(&cache->lock, flags);
	free_magazines(mags);
	return slabs << cache->order;
}

unsigned int kmem_cache_shrink(struct kmem_cache *cache)
{
	struct magazine *mags = NULL;
	unsigned long flags;

	if (cache->mag_size) {
		raw_spin_lock_irqsave(&cache->lock, flags);
		mags = drain_cpu(cache, raw_cpu_ptr(cache->cpu));
		raw_spin_unlock_irqrestore(&cache->lock, flags);
		free_magazines(mags);
	}
	return drain_depot(cache);
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	unsigned int cpu;
	unsigned long flags;

	if (!cache)
		return;
	raw_spin_lock_irqsave(&caches_lock, flags);
	list_del(&cache->list);
	raw_spin_unlock_irqrestore(&caches_lock, flags);

	for_each_possible_cpu(cpu) {
		struct magazine *mags;

		raw_spin_lock_irqsave(&cache->lock, flags);
		mags = drain_cpu(cache, per_cpu_ptr(cache->cpu, cpu));
		raw_spin_unlock_irqrestore(&cache->lock, flags);
		free_magazines(mags);
	}
	drain_depot(cache);
	if (cache->inuse)
		panic("kmem_cache %s: destroyed with %lu objects in use", cache->name,
		      cache->inuse);
	free_percpu(cache->cpu);
	kmem_cache_free(&cache_cache, cache);
}

unsigned int slab_reclaim(void)
{
	struct kmem_cache *cache;
	unsigned int pages = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&caches_lock, flags);
	list_for_each_entry(cache, &caches, list)
		pages += drain_depot(cache);
	raw_spin_unlock_irqrestore(&caches_lock, flags);
	return pages;
}

size_t kmem_cache_size(const struct kmem_cache *cache)
{
	return cache->size;
}

static void cache_stats(struct kmem_cache *cache, struct kmem_cache_stats *stats)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&cache->lock, flags);
	*stats = (struct kmem_cache_stats){
		.name = cache->name, .size = cache->size, .stride = cache->stride,
		.slabs = cache->nr_slabs, .pages = cache->nr_slabs << cache->order,
		.objects = (unsigned long)cache->nr_slabs * cache->per_slab,
		.used = cache->inuse, .allocs = cache->slab_allocs, .frees = cache->slab_frees,
	};
	raw_spin_unlock_irqrestore(&cache->lock, flags);
}

/* The @nth cache's figures. Return: false if there are not so many. */
static bool nth_cache_stats(unsigned int nth, struct kmem_cache_stats *stats)
{
	struct kmem_cache *cache;
	unsigned long flags;
	bool found = false;

	raw_spin_lock_irqsave(&caches_lock, flags);
	list_for_each_entry(cache, &caches, list) {
		found = nth-- == 0;
		if (found) {
			cache_stats(cache, stats);
			break;
		}
	}
	raw_spin_unlock_irqrestore(&caches_lock, flags);
	return found;
}

void kmem_cache_for_each(void (*fn)(const struct kmem_cache_stats *stats, void *arg), void *arg)
{
	struct kmem_cache_stats stats;

	for (unsigned int nth = 0; nth_cache_stats(nth, &stats); nth++)
		fn(&stats, arg);
}

void slab_stats(struct mem_stats *stats)
{
	struct kmem_cache *cache;
	unsigned long flags, pages = 0;

	raw_spin_lock_irqsave(&caches_lock, flags);
	list_for_each_entry(cache, &caches, list)
		pages += READ_ONCE(cache->nr_slabs) << cache->order;
	raw_spin_unlock_irqrestore(&caches_lock, flags);
	stats->slab = (u64)pages << PAGE_SHIFT;
}
