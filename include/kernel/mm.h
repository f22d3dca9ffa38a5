/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory: pages, objects, mapped areas.
 *
 *	You want			You use
 *	a small object			kmalloc(), kzalloc(), kfree()
 *	many of one size		kmem_cache_create(), kmem_cache_alloc()
 *	whole pages			alloc_pages(), get_zeroed_page()
 *	a thread's stack		stack_alloc(): unmapped page below
 *	a big table			vmalloc(): contiguous in addresses only
 *	one object a CPU		DEFINE_PER_CPU, alloc_percpu()
 *
 * The layers below one another: kmalloc and caches (slab.c) take slabs from the
 * buddy allocator (page.c); vmalloc (vmap.c) and stacks (vmap_stack.c) map pages of it.
 *
 * Context: allocating and freeing pages and objects never sleeps and works in any
 * context but NMI; stacks and vmalloc areas are for tasks with interrupts on.
 */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include <asm/link.h>
#include <asm/page.h>
#include <asm/thread.h>
#include <base/compiler.h>
#include <base/list.h>
#include <base/types.h>

#define PAGE_ALIGN(addr)	ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr)	IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)

/*
 * Addresses. All RAM is at PAGE_OFFSET + physical (the direct map); the kernel
 * image is linked at KERNEL_VIRT for the physical KERNEL_PHYS, and can be read
 * in both places. vmap addresses have no such formula: no virt_to_phys().
 */
static inline void *phys_to_virt(phys_addr_t pa)
{
	return (void *)(PAGE_OFFSET + (unsigned long)pa);
}

static inline phys_addr_t virt_to_phys(const volatile void *va)
{
	unsigned long addr = (unsigned long)va;

	return addr >= KERNEL_VIRT ? addr - KERNEL_VIRT + KERNEL_PHYS : addr - PAGE_OFFSET;
}

#define __pa(va)	virt_to_phys((const void *)(va))
#define __va(pa)	phys_to_virt(pa)

/* ---- mapping: kernel/pgtable.c --------------------------------------------- */

enum { MAP_R = 1, MAP_W = 2, MAP_X = 4, MAP_DEVICE = 8 };

/**
 * map_pages() - map, or change, [va, va + size) to [pa, pa + size)
 * @prot: MAP_*; W and X together are refused
 * Context: Task, interrupts on; or start-up.
 * Return: 0, -EINVAL for what is not page-aligned or W and X, -ENOMEM.
 */
int map_pages(unsigned long va, phys_addr_t pa, size_t size, unsigned int prot);
/* No CPU can use the old mapping when it returns. Context: Task, interrupts on; or start-up. */
void unmap_pages(unsigned long va, size_t size);
/* 0 if @va is not mapped, else MAP_*. Any context. */
unsigned int page_prot(unsigned long va);
/* A device's registers, uncached. May be called before the page allocator is up. */
void *ioremap(phys_addr_t pa, size_t size);

typedef unsigned int gfp_t;

#define __GFP_ZERO	1U		/* cleared memory */
#define __GFP_NOWARN	2U		/* failure is expected */
#define GFP_KERNEL	0U
#define GFP_ATOMIC	0U

/* ---- pages: kernel/page.c ------------------------------------------------- */

#define MAX_ORDER	10		/* largest block: 4 MiB */

enum page_state {
	PAGE_RESERVED,			/* not the allocator's: image, holes, boot memory */
	PAGE_TAIL,			/* inside a block */
	PAGE_FREE,			/* first page of a free block */
	PAGE_USED,			/* first page of an allocated block */
	PAGE_SLAB,			/* any page of a slab */
};

#define PAGE_MAGIC	0xa5		/* in struct page: its fields have been written */
#define PAGE_POISONED	1		/* page.flags, CONFIG_DEBUG_MM: filled with POISON_PAGE */

/*
 * One per page of RAM, kept up only where someone may look: in the first page of
 * each block, in reserved pages beside RAM in use, in all pages of a slab.
 */
struct page {
	u8 state;			/* enum page_state: zone lock, or the block's owner */
	u8 order;			/* of the block, in its first page: the same */
	u8 magic;			/* PAGE_MAGIC */
	u8 flags;			/* PAGE_POISONED: the same */
	union {
		u32 private;		/* PAGE_USED: the owner's */
		struct {		/* PAGE_SLAB, first page: cache->lock */
			u16 inuse;	/* objects handed out */
			u16 freelist;	/* first free object, in units of 8 bytes */
		};
	};
	struct list_head lru;		/* FREE: zone lock; SLAB: cache->lock; USED: owner */
	union {
		struct kmem_cache *cache;	/* PAGE_SLAB: never changes */
		const void *caller;		/* PAGE_USED: who took it */
	};
};

extern struct page *mem_map;		/* struct page of frame mem_map_base, and so on */
extern unsigned long mem_map_base, mem_map_end;

static inline unsigned long page_to_pfn(const struct page *page)
{
	return mem_map_base + (unsigned long)(page - mem_map);
}

static inline struct page *pfn_to_page(unsigned long pfn)
{
	return mem_map + (pfn - mem_map_base);
}

static inline bool pfn_valid(unsigned long pfn)
{
	return pfn >= mem_map_base && pfn < mem_map_end;
}

static inline phys_addr_t page_to_phys(const struct page *page)
{
	return (phys_addr_t)page_to_pfn(page) << PAGE_SHIFT;
}

static inline struct page *phys_to_page(phys_addr_t pa)
{
	return pfn_to_page(pa >> PAGE_SHIFT);
}

static inline void *page_address(const struct page *page)
{
	return phys_to_virt(page_to_phys(page));
}

static inline struct page *virt_to_page(const volatile void *va)
{
	return phys_to_page(virt_to_phys(va));
}

/**
 * alloc_pages() - 2^@order pages in a row, aligned to their size
 * @order: 0 to MAX_ORDER
 * Context: Any but NMI.
 * Return: the first struct page, or NULL.
 */
struct page *alloc_pages(gfp_t gfp, unsigned int order);
/* @order as allocated; anything else, and a page that is not allocated, is a BUG. */
void __free_pages(struct page *page, unsigned int order);

/* The same by address in the direct map; 0 for none. */
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
void free_pages(unsigned long addr, unsigned int order);

#define alloc_page(gfp)		alloc_pages(gfp, 0)
#define __free_page(page)	__free_pages(page, 0)
#define __get_free_page(gfp)	__get_free_pages(gfp, 0)
#define get_zeroed_page(gfp)	__get_free_pages((gfp) | __GFP_ZERO, 0)
#define free_page(addr)		free_pages(addr, 0)

/* Smallest order whose block holds @size bytes. */
static inline unsigned int get_order(size_t size)
{
	return size <= PAGE_SIZE ? 0 : 64 - __builtin_clzll((size - 1) >> PAGE_SHIFT);
}

/**
 * boot_alloc() - memory for ever, before the page allocator
 * Context: boot CPU, before page_alloc_init().
 * Return: memory in the direct map, not cleared; panics when there is none.
 */
void *boot_alloc(size_t size, size_t align);

/* ---- objects: kernel/slab.c ----------------------------------------------- */

struct kmem_cache;

#define SLAB_HWCACHE_ALIGN	1U	/* objects share no cache line */
#define SLAB_PANIC		2U	/* creation cannot fail */

/**
 * kmem_cache_create() - a cache of objects of one size
 * @name: for reports; not copied
 * @align: a power of two, 0 for 8
 * @ctor: must be NULL: objects come as they were freed; use kmem_cache_zalloc()
 * Context: Any but NMI.
 * Return: the cache, or NULL when there is no memory or @size is over 8 KiB.
 */
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned int flags, void (*ctor)(void *));
/* A BUG while objects are out. */
void kmem_cache_destroy(struct kmem_cache *cache);

#define KMEM_CACHE(type, flags)						\
	kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), flags, NULL)

/**
 * kmem_cache_alloc() - an object
 * Context: Any but NMI.
 * Return: the object, or NULL.
 */
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
/* NULL is ignored. An object of another cache, or one that is free, is a BUG. */
void kmem_cache_free(struct kmem_cache *cache, void *obj);
/* Give back what no object needs: this CPU's magazines, the depot, empty slabs.
 * Return: pages given back. */
unsigned int kmem_cache_shrink(struct kmem_cache *cache);
size_t kmem_cache_size(const struct kmem_cache *cache);

static inline void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp)
{
	return kmem_cache_alloc(cache, gfp | __GFP_ZERO);
}

/**
 * kmalloc() - @size bytes: a size class up to 8 KiB, then whole pages
 * Context: Any but NMI.
 * Return: memory aligned to 8, to the size for a power of two; NULL for none.
 */
void *kmalloc(size_t size, gfp_t gfp);
/* NULL is ignored. */
void kfree(const void *obj);
/* How many bytes of @obj may be used. */
size_t ksize(const void *obj);
void *krealloc(const void *obj, size_t size, gfp_t gfp);
char *kstrdup(const char *s, gfp_t gfp);

static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? NULL : kmalloc(bytes, gfp);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kmalloc_array(n, size, gfp | __GFP_ZERO);
}

/* ---- mapped areas: kernel/vmap.c, vmap_stack.c ----------------------------- */

#define THREAD_ORDER	(THREAD_SHIFT - PAGE_SHIFT)

/**
 * stack_alloc() - THREAD_SIZE bytes, THREAD_SIZE-aligned, unmapped page below
 * Context: Task, interrupts on; cheap when a stack was freed before.
 * Return: lowest address, or NULL.
 */
void *stack_alloc(void);
/* Not while anything runs on it. */
void stack_free(void *stack);

/* Is @va in an unmapped page below a stack or area? Any context. */
bool is_guard_page(unsigned long va);
/* Is @va in an area that one of the two handed out? Any context. */
bool is_vmap_addr(unsigned long va);

void *vmalloc(size_t size);
void *vzalloc(size_t size);
void vfree(const void *addr);

#endif
