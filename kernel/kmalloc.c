/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmalloc(): a cache for each size class up to 8 KiB, blocks of pages above.
 *
 * kfree() is given no size: the struct page under the address says which it was.
 *
 *	page->state	PAGE_SLAB		PAGE_USED		else
 *	kfree()		to page->cache		2^page->order pages	BUG
 *
 * Linux: mm/slab_common.c
 */
#include <base/bits.h>
#include <base/string.h>
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <locking/held.h>

#include "slab.h"

static const struct {
	unsigned int size;
	const char *name;
} classes[] = {
	{ 8, "kmalloc-8" }, { 16, "kmalloc-16" }, { 32, "kmalloc-32" }, { 64, "kmalloc-64" },
	{ 96, "kmalloc-96" }, { 128, "kmalloc-128" }, { 192, "kmalloc-192" },
	{ 256, "kmalloc-256" }, { 512, "kmalloc-512" }, { 1024, "kmalloc-1k" },
	{ 2048, "kmalloc-2k" }, { 4096, "kmalloc-4k" }, { 8192, "kmalloc-8k" },
};

static struct kmem_cache kmalloc_caches[ARRAY_SIZE(classes)];

static struct kmem_cache *kmalloc_cache(size_t size)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(classes); i++) {
		if (size <= classes[i].size)
			return &kmalloc_caches[i];
	}
	return NULL;
}

void *kmalloc(size_t size, gfp_t gfp)
{
	struct kmem_cache *cache = kmalloc_cache(size);
	struct page *page;

	if (cache)
		return cache_alloc(cache, gfp, __builtin_return_address(0));
	if (size > PAGE_SIZE << MAX_ORDER)
		return NULL;
	page = alloc_pages(gfp, get_order(size));
	if (!page)
		return NULL;
	page->caller = __builtin_return_address(0);
	return page_address(page);
}

static bool is_page_block(const void *addr)
{
	const struct page *page = virt_to_page(addr);

	return PAGE_ALIGNED(addr) && pfn_valid(page_to_pfn(page)) &&
	       page->magic == PAGE_MAGIC && page->state == PAGE_USED;
}

void kfree(const void *obj)
{
	struct kmem_cache *cache;

	if (!obj)
		return;
	cache = cache_of(obj);
	if (cache) {
		cache_free(cache, (void *)obj, __builtin_return_address(0));
	} else if (is_page_block(obj)) {
		debug_check_no_locks_freed(obj, PAGE_SIZE << virt_to_page(obj)->order);
		__free_pages(virt_to_page(obj), virt_to_page(obj)->order);
	} else {
		panic("kfree: %p is not what kmalloc() returned, or was freed already; by %pS",
		      obj, __builtin_return_address(0));
	}
}

size_t ksize(const void *obj)
{
	struct kmem_cache *cache = obj ? cache_of(obj) : NULL;

	if (cache)
		return cache->size;
	return obj ? PAGE_SIZE << virt_to_page(obj)->order : 0;
}

void *krealloc(const void *obj, size_t size, gfp_t gfp)
{
	size_t old = ksize(obj);
	void *moved;

	if (obj && size <= old)
		return (void *)obj;
	moved = kmalloc(size, gfp);
	if (moved && obj) {
		memcpy(moved, obj, old);
		kfree(obj);
	}
	return moved;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	size_t size = strlen(s) + 1;
	char *copy = kmalloc(size, gfp);

	return copy ? memcpy(copy, s, size) : NULL;
}

void kmalloc_init(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(classes); i++) {
		size_t size = classes[i].size;
		size_t align = is_power_of_2(size) ? min(size, PAGE_SIZE) : sizeof(u64);

		cache_init(&kmalloc_caches[i], classes[i].name, size, align);
	}
}
