/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of object caches, for kernel/slab*.c and kmalloc.c. The users'
 * contract is in <kernel/mm.h>, the design in slab.c.
 */
#ifndef KERNEL_SLAB_H
#define KERNEL_SLAB_H

#include <base/list.h>
#include <kernel/mm.h>
#include <locking/spinlock.h>

#define MAG_MAX		14
#define KMEM_MAX_SIZE	8192

/* 128 bytes. Owned by a CPU, or in a depot. */
struct magazine {
	struct magazine *next;		/* in the depot: cache->lock */
	unsigned int rounds;		/* objects in it */
	void *obj[MAG_MAX];
};

/* Per CPU and cache; its CPU, interrupts off. Either may be NULL. */
struct cpu_cache {
	struct magazine *loaded, *previous;
};

struct kmem_cache {
	/* written once, by creation */
	const char *name;
	unsigned int size;		/* of an object, as asked for */
	unsigned int align;
	unsigned int stride;		/* from object to object */
	unsigned int link_offset;	/* of a free object's link */
	unsigned int order, per_slab;	/* of a slab */
	unsigned int mag_size;		/* objects in a magazine; 0: no magazines */
	struct cpu_cache *cpu;		/* alloc_percpu() */
	struct list_head list;		/* caches_lock */

	raw_spinlock_t lock ____cacheline_aligned;
	struct list_head partial;	/* lock: slabs with free objects and others */
	struct list_head empty;		/* lock: slabs with free objects only */
	unsigned int nr_empty, nr_slabs;
	unsigned int nr_full, nr_spare;	/* lock: of the depot */
	struct magazine *full, *spare;	/* lock: the depot; hinted at without */
	unsigned long inuse;		/* lock: objects not in slabs */
	u64 slab_allocs, slab_frees;	/* lock */
};

extern struct kmem_cache mag_cache;	/* of struct magazine; has no magazines itself */

/* slab.c */
void *cache_alloc(struct kmem_cache *cache, gfp_t gfp, const void *caller);
void cache_free(struct kmem_cache *cache, void *obj, const void *caller);
/* The cache of @obj, NULL if it is in no slab. */
struct kmem_cache *cache_of(const void *obj);
struct magazine *depot_pop(struct magazine **stack, unsigned int *count);
/* Put a magazine's objects back into their slabs; cache->lock held. */
void empty_magazine(struct kmem_cache *cache, struct magazine *mag);
void free_magazine(struct magazine *mag);

/* slab_pages.c */
/* The first page of @obj's slab. */
struct page *slab_of(const struct kmem_cache *cache, const void *obj);
/* An object from a slab, a new one if there must be; NULL without memory. */
void *slab_alloc_obj(struct kmem_cache *cache);
/* Back to its slab; cache->lock held. */
void slab_free_obj(struct kmem_cache *cache, void *obj);
void free_slab(struct kmem_cache *cache, struct page *slab);

/* slab_cache.c: a cache that exists from start-up on. */
void cache_init(struct kmem_cache *cache, const char *name, size_t size, size_t align);

/* kmalloc.c */
void kmalloc_init(void);

/* slab_debug.c */
unsigned int __debug_obj_layout(struct kmem_cache *cache);
void __debug_obj_init(struct kmem_cache *cache, void *obj);
void __debug_obj_alloc(struct kmem_cache *cache, void *obj, const void *caller);
void __debug_obj_free(struct kmem_cache *cache, const void *slab, void *obj, const void *caller);

/* Set cache->link_offset. Return: bytes from object to object. */
static inline unsigned int debug_obj_layout(struct kmem_cache *cache)
{
	if (IS_ENABLED(CONFIG_DEBUG_MM))
		return __debug_obj_layout(cache);
	return ALIGN(max(cache->size, 8U), cache->align);
}

static inline void debug_obj_init(struct kmem_cache *cache, void *obj)
{
	if (IS_ENABLED(CONFIG_DEBUG_MM))
		__debug_obj_init(cache, obj);
}

/* @obj goes out, to @caller. */
static inline void debug_obj_alloc(struct kmem_cache *cache, void *obj, const void *caller)
{
	if (IS_ENABLED(CONFIG_DEBUG_MM))
		__debug_obj_alloc(cache, obj, caller);
}

/* @obj comes back, from @caller. @slab is where its slab starts. */
static inline void debug_obj_free(struct kmem_cache *cache, const void *slab, void *obj,
				  const void *caller)
{
	if (IS_ENABLED(CONFIG_DEBUG_MM))
		__debug_obj_free(cache, slab, obj, caller);
}

#endif
