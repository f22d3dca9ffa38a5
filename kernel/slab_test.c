/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of object caches: sizes, magazines, CPUs that free what others took, and that a
 * cache gives everything back. kmalloc(): kmalloc_test.c.
 */
#include <base/prandom.h>
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/mem_stats.h>
#include <kernel/mm.h>
#include <kernel/preempt.h>
#include <kernel/selftest.h>
#include <kernel/stop_machine.h>
#include <locking/atomic.h>

#include "crew_test.h"

SELFTEST(slab, objects_are_aligned_and_do_not_overlap)
{
	static const size_t sizes[] = { 1, 8, 24, 100, 128, 1000, 4096, 8192 };
	enum { N = 40 };

	for (unsigned int s = 0; s < ARRAY_SIZE(sizes); s++) {
		size_t size = sizes[s], align = size >= 64 ? 64 : 8;
		struct kmem_cache *cache = kmem_cache_create("test", size, align, 0, NULL);
		u8 *obj[N];

		if (!EXPECT(cache))
			return;
		for (unsigned int i = 0; i < N; i++) {
			obj[i] = kmem_cache_alloc(cache, GFP_KERNEL);
			if (!EXPECT(obj[i] && IS_ALIGNED((uintptr_t)obj[i], align)))
				return;
			memset(obj[i], i + 1, size);
		}
		for (unsigned int i = 0; i < N; i++) {
			EXPECT(!memchr_inv(obj[i], i + 1, size));
			kmem_cache_free(cache, obj[i]);
		}
		kmem_cache_destroy(cache);
	}
}

SELFTEST(slab, zeroed_objects_are_zero_whatever_they_held)
{
	struct kmem_cache *cache = kmem_cache_create("test", 200, 0, 0, NULL);

	if (!EXPECT(cache))
		return;
	for (unsigned int i = 0; i < 50; i++) {
		u8 *obj = kmem_cache_zalloc(cache, GFP_KERNEL);

		if (!EXPECT(obj))
			break;
		EXPECT(!memchr_inv(obj, 0, 200));
		memset(obj, 0xff, 200);
		kmem_cache_free(cache, obj);
	}
	kmem_cache_destroy(cache);
}

/* What was freed last is warm in the cache and comes first. */
SELFTEST(slab, a_magazine_is_a_stack)
{
	struct kmem_cache *cache = kmem_cache_create("test", 64, 0, 0, NULL);
	void *a, *b;

	if (!EXPECT(cache))
		return;
	preempt_disable();
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	b = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	EXPECT(kmem_cache_alloc(cache, GFP_KERNEL) == b);
	EXPECT(kmem_cache_alloc(cache, GFP_KERNEL) == a);
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	preempt_enable();
	kmem_cache_destroy(cache);
}

static void find_slabs(const struct kmem_cache_stats *stats, void *arg)
{
	struct kmem_cache_stats *want = arg;

	if (!strcmp(stats->name, want->name))
		*want = *stats;
}

SELFTEST(slab, shrinking_and_destroying_give_all_pages_back)
{
	enum { N = 3000 };
	struct kmem_cache *cache = kmem_cache_create("test_shrink", 128, 0, 0, NULL);
	struct kmem_cache_stats stats = { .name = "test_shrink" };
	void **obj = vmalloc(N * sizeof(*obj));

	if (!EXPECT(cache && obj))
		return;
	for (unsigned int i = 0; i < N; i++)
		obj[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_for_each(find_slabs, &stats);
	EXPECT_EQ(stats.used, N);
	EXPECT(stats.objects >= N && stats.slabs > 0);
	preempt_disable();
	for (unsigned int i = 0; i < N; i++)
		kmem_cache_free(cache, obj[i]);
	kmem_cache_shrink(cache);
	preempt_enable();
	kmem_cache_for_each(find_slabs, &stats);
	EXPECT_EQ(stats.used, 0);
	EXPECT_EQ(stats.slabs, 0);
	kmem_cache_destroy(cache);
	vfree(obj);
}

/* ---- many CPUs ---------------------------------------------------------------- */

#define SLOTS	32

static void hammer(unsigned int index, void *arg)
{
	struct selftest *t = arg;
	struct rnd_state rnd = { index + 1 };
	u8 *obj[SLOTS] = { NULL };

	for (unsigned int step = 0; step < 4000 && !crew_time_over(); step++) {
		unsigned int i = prandom_u32_below(&rnd, SLOTS);
		u8 mark = index * 7 + i;

		if (obj[i]) {
			EXPECT(!memchr_inv(obj[i], mark, ksize(obj[i])));
			kfree(obj[i]);
			obj[i] = NULL;
		} else {
			obj[i] = kmalloc(1 + prandom_u32_below(&rnd, 600), GFP_KERNEL);
			if (obj[i])
				memset(obj[i], mark, ksize(obj[i]));
		}
	}
	for (unsigned int i = 0; i < SLOTS; i++)
		kfree(obj[i]);
}

SELFTEST(slab, no_object_has_two_owners, .timeout_ms = 30000)
{
	crew_run(hammer, t);
}

#define MAILBOXES	64
#define OBJ_SIZE	96

struct exchange {
	struct selftest *t;
	struct kmem_cache *cache;
	void *box[MAILBOXES];		/* xchg(): whoever takes an object out owns it */
};

static void check_and_free(struct exchange *x, u8 *obj)
{
	struct selftest *t = x->t;

	if (!obj)
		return;
	EXPECT(!memchr_inv(obj, obj[0], OBJ_SIZE));
	kmem_cache_free(x->cache, obj);
}

static void exchange_objects(unsigned int index, void *arg)
{
	struct exchange *x = arg;
	struct rnd_state rnd = { index + 1 };

	for (unsigned int step = 0; step < 4000 && !crew_time_over(); step++) {
		u8 *obj = kmem_cache_alloc(x->cache, GFP_KERNEL);

		if (obj)
			memset(obj, step, OBJ_SIZE);
		check_and_free(x, xchg(&x->box[prandom_u32_below(&rnd, MAILBOXES)], (void *)obj));
	}
}

SELFTEST(slab, one_cpu_frees_what_another_took, .timeout_ms = 30000)
{
	static struct exchange x;

	x = (struct exchange){ .t = t, .cache = kmem_cache_create("test", OBJ_SIZE, 0, 0, NULL) };
	if (!EXPECT(x.cache))
		return;
	crew_run(exchange_objects, &x);
	for (unsigned int i = 0; i < MAILBOXES; i++)
		check_and_free(&x, x.box[i]);
	kmem_cache_destroy(x.cache);	/* a BUG if one is missing */
}

/* ---- no memory ---------------------------------------------------------------- */

struct famine {
	struct kmem_cache *cache;
	unsigned int got;
	bool again;
};

static int starve(void *arg)
{
	struct famine *f = arg;
	void **last = NULL, **obj;
	LIST_HEAD(taken);
	struct page *page, *next;

	for (int order = MAX_ORDER; order >= 0; order--) {
		while ((page = alloc_pages(GFP_KERNEL, order)))
			list_add(&page->lru, &taken);
	}
	while ((obj = kmem_cache_alloc(f->cache, GFP_KERNEL))) {
		*obj = last;
		last = obj;
		f->got++;
	}
	list_for_each_entry_safe(page, next, &taken, lru)
		__free_pages(page, page->order);
	obj = kmem_cache_alloc(f->cache, GFP_KERNEL);
	f->again = obj != NULL;
	kmem_cache_free(f->cache, obj);
	while (last) {
		obj = *last;
		kmem_cache_free(f->cache, last);
		last = obj;
	}
	return 0;
}

SELFTEST(slab, no_memory_is_refused_and_recovered_from, .timeout_ms = 30000)
{
	struct famine f = { .cache = kmem_cache_create("test", 256, 0, 0, NULL) };
	void *obj;

	if (!EXPECT(f.cache))
		return;
	obj = kmem_cache_alloc(f.cache, GFP_KERNEL);	/* so there is a slab to use up */
	EXPECT_EQ(stop_machine(starve, &f, NULL), 0);
	EXPECT(f.got > 0);
	EXPECT(f.again);
	kmem_cache_free(f.cache, obj);
	kmem_cache_destroy(f.cache);
}

SELFTEST(slab, works_in_every_context_but_nmi,
	 .contexts = CTX_BIT(CTX_TASK) | CTX_BIT(CTX_SOFTIRQ) | CTX_BIT(CTX_HARDIRQ))
{
	void *obj[20];

	for (unsigned int i = 0; i < 20; i++) {
		obj[i] = kzalloc(48, GFP_ATOMIC);
		EXPECT(obj[i] && !memchr_inv(obj[i], 0, 48));
	}
	for (unsigned int i = 0; i < 20; i++)
		kfree(obj[i]);
}
