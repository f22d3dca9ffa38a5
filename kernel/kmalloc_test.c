/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of kmalloc() and its like: sizes, alignment, contents.
 */
#include <base/bits.h>
#include <base/string.h>
#include <kernel/mm.h>
#include <kernel/selftest.h>

SELFTEST(slab, kmalloc_gives_at_least_what_was_asked_for)
{
	static const size_t sizes[] = {
		1, 7, 8, 9, 31, 32, 33, 64, 95, 96, 97, 128, 150, 192, 200, 256, 500, 512, 513,
		1000, 1024, 2048, 4000, 4096, 4097, 8192, 8193, 12288, 65536, 100000, 1 << 20,
	};
	u8 *obj[ARRAY_SIZE(sizes)];

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		obj[i] = kmalloc(sizes[i], GFP_KERNEL);
		if (!EXPECT(obj[i]))
			return;
		EXPECT(ksize(obj[i]) >= sizes[i]);
		EXPECT(IS_ALIGNED((uintptr_t)obj[i], is_power_of_2(sizes[i]) ?
				  min(max(sizes[i], (size_t)8), PAGE_SIZE) : 8));
		memset(obj[i], i + 1, ksize(obj[i]));
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT(!memchr_inv(obj[i], i + 1, ksize(obj[i])));
		kfree(obj[i]);
	}
	kfree(NULL);
	EXPECT(!kmalloc((PAGE_SIZE << MAX_ORDER) + 1, GFP_KERNEL));
	EXPECT(!kmalloc_array(SIZE_MAX / 2, 3, GFP_KERNEL));
}

SELFTEST(slab, krealloc_keeps_the_contents)
{
	u8 *p = NULL;
	char *s;

	for (unsigned int size = 1; size < 20000; size += size / 2 + 1) {
		p = krealloc(p, size, GFP_KERNEL);
		if (!EXPECT(p))
			return;
		EXPECT(size == 1 || p[0] == 0x5c);
		memset(p, 0x5c, size);
	}
	kfree(p);
	s = kstrdup("lockstep", GFP_KERNEL);
	EXPECT(s && !strcmp(s, "lockstep"));
	kfree(s);
}
