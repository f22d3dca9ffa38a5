/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What CONFIG_DEBUG_MM adds to an object of a cache.
 *
 *	object			padding		struct obj_debug		next object
 *	|<---- size ---->|.. to 8 ..| red zone | callers | state | link |
 *
 *	the object	POISON_FREE while free, checked when it goes out again;
 *			POISON_NEW when it goes out
 *	padding and	RED_ZONE always, checked when the object comes back and when
 *	red zone	it goes out
 *	state		OBJ_FREE or OBJ_OUT; anything else was overwritten
 *	callers		who took it last, who freed it last
 *	link		slab.c's list of free objects
 *
 * All are written by whoever allocates or frees the object; state by an atomic
 * exchange, so that of two CPUs that free one object, one is caught.
 *
 * Linux: mm/slub.c, slub_debug=FZPU
 */
#include <base/string.h>
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <kernel/printk.h>

#include "slab.h"

#define POISON_FREE	0x6b
#define POISON_NEW	0x5a
#define RED_ZONE	0xbb
#define OBJ_FREE	0x46524545
#define OBJ_OUT		0x4f555421

struct obj_debug {
	u64 red_zone;
	const void *taken_by, *freed_by;
	u32 state;
	u16 link;
};

static struct obj_debug *debug_of(const struct kmem_cache *cache, void *obj)
{
	return (struct obj_debug *)((char *)obj + ALIGN(cache->size, 8));
}

unsigned int __debug_obj_layout(struct kmem_cache *cache)
{
	unsigned int fields = ALIGN(cache->size, 8);

	cache->link_offset = fields + offsetof(struct obj_debug, link);
	return ALIGN(fields + (unsigned int)sizeof(struct obj_debug), cache->align);
}

/* From the object's end to the red zone's. */
static size_t zone_size(const struct kmem_cache *cache)
{
	return ALIGN(cache->size, 8) - cache->size + sizeof(u64);
}

void __debug_obj_init(struct kmem_cache *cache, void *obj)
{
	struct obj_debug *debug = debug_of(cache, obj);

	memset(obj, POISON_FREE, cache->size);
	memset((char *)obj + cache->size, RED_ZONE, zone_size(cache));
	debug->state = OBJ_FREE;
	debug->taken_by = debug->freed_by = NULL;
}

/* @what is wrong with @obj, and with @byte of it unless that is NULL. */
static __noreturn void report(const struct kmem_cache *cache, void *obj, const char *what,
			      const u8 *byte)
{
	const struct obj_debug *debug = debug_of(cache, obj);

	if (byte)
		pr_err("kmem_cache %s: object %p: byte %ld is %#x\n", cache->name, obj,
		       (long)(byte - (u8 *)obj), *byte);
	panic("kmem_cache %s: %s %p; freed by %pS, taken by %pS", cache->name, what, obj,
	      debug->freed_by, debug->taken_by);
}

static void check_red_zone(struct kmem_cache *cache, void *obj)
{
	u8 *bad = memchr_inv((char *)obj + cache->size, RED_ZONE, zone_size(cache));

	if (bad)
		report(cache, obj, "write behind the end of", bad);
}

void __debug_obj_alloc(struct kmem_cache *cache, void *obj, const void *caller)
{
	struct obj_debug *debug = debug_of(cache, obj);
	u8 *bad = memchr_inv(obj, POISON_FREE, cache->size);

	if (bad)
		report(cache, obj, "write after free to", bad);
	check_red_zone(cache, obj);
	if (__atomic_exchange_n(&debug->state, OBJ_OUT, __ATOMIC_RELAXED) != OBJ_FREE)
		report(cache, obj, "state overwritten of", NULL);
	debug->taken_by = caller;
	memset(obj, POISON_NEW, cache->size);
}

void __debug_obj_free(struct kmem_cache *cache, const void *slab, void *obj, const void *caller)
{
	struct obj_debug *debug = debug_of(cache, obj);
	u32 state;

	if (((char *)obj - (const char *)slab) % cache->stride)
		panic("kmem_cache %s: free of %p, which is inside an object, by %pS",
		      cache->name, obj, caller);
	check_red_zone(cache, obj);
	state = __atomic_exchange_n(&debug->state, OBJ_FREE, __ATOMIC_RELAXED);
	if (state == OBJ_FREE)
		report(cache, obj, "double free of", NULL);
	if (state != OBJ_OUT)
		report(cache, obj, "state overwritten of", NULL);
	debug->freed_by = caller;
	memset(obj, POISON_FREE, cache->size);
}
