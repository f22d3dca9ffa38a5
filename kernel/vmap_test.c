/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stacks, vmalloc areas, and that what is not mapped faults on every CPU.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/ipi.h>
#include <kernel/mem_stats.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>

#define MANY	200

SELFTEST(vmap, a_stack_ends_in_an_unmapped_page)
{
	u8 *stack = stack_alloc();

	if (!EXPECT(stack))
		return;
	EXPECT(IS_ALIGNED((uintptr_t)stack, THREAD_SIZE));
	memset(stack, 0x77, THREAD_SIZE);
	EXPECT_EQ(arch_probe_write(stack, 1), 0);
	EXPECT_EQ(arch_probe_write(stack - 1, 1), -EFAULT);
	EXPECT_EQ(arch_probe_write(stack - PAGE_SIZE, 1), -EFAULT);
	EXPECT_EQ(arch_probe_write(stack + THREAD_SIZE, 1), -EFAULT);
	EXPECT(is_guard_page((uintptr_t)stack - 1));
	EXPECT(!is_guard_page((uintptr_t)stack));
	EXPECT(!is_guard_page((uintptr_t)stack + THREAD_SIZE - 1));
	EXPECT(is_vmap_addr((uintptr_t)stack));
	stack_free(stack);
}

SELFTEST(vmap, the_running_stack_is_guarded_too)
{
	unsigned long base = (unsigned long)current->stack;
	char here;

	EXPECT((unsigned long)&here - base < THREAD_SIZE);
	EXPECT(is_guard_page(base - 1));
	EXPECT_EQ(arch_probe_write((void *)(base - 1), 1), -EFAULT);
	EXPECT_EQ(page_prot(base), MAP_R | MAP_W);
}

SELFTEST(vmap, stacks_are_distinct_and_unmapped_when_there_are_too_many)
{
	static u8 *stack[MANY];
	struct mem_stats before, full, after;
	unsigned int mapped = 0;

	mem_stats(&before);
	for (unsigned int i = 0; i < MANY; i++) {
		stack[i] = stack_alloc();
		if (!EXPECT(stack[i]))
			return;
		memset(stack[i], i, THREAD_SIZE);
	}
	mem_stats(&full);
	EXPECT(full.stacks_used >= MANY);
	for (unsigned int i = 0; i < MANY; i++)
		EXPECT(!memchr_inv(stack[i], i, THREAD_SIZE));
	for (unsigned int i = 0; i < MANY; i++)
		stack_free(stack[i]);
	for (unsigned int i = 0; i < MANY; i++)
		mapped += page_prot((uintptr_t)stack[i]) != 0;
	mem_stats(&after);
	EXPECT(mapped < MANY);
	EXPECT(after.stacks < full.stacks);
	EXPECT(after.stacks_cached >= before.stacks_cached);
}

SELFTEST(vmap, vmalloc_areas_hold_their_contents_between_guards)
{
	static const size_t sizes[] = { 1, 4096, 4097, 50000, 300000 };
	u8 *area[ARRAY_SIZE(sizes)];

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		area[i] = vzalloc(sizes[i]);
		if (!EXPECT(area[i]))
			return;
		EXPECT(PAGE_ALIGNED(area[i]));
		EXPECT(!memchr_inv(area[i], 0, PAGE_ALIGN(sizes[i])));
		memset(area[i], i + 1, PAGE_ALIGN(sizes[i]));
		EXPECT_EQ(arch_probe_write(area[i] - 1, 1), -EFAULT);
		EXPECT_EQ(arch_probe_write(area[i] + PAGE_ALIGN(sizes[i]), 1), -EFAULT);
		EXPECT(is_guard_page((uintptr_t)area[i] - 1));
		EXPECT(!is_guard_page((uintptr_t)area[i]));
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT(!memchr_inv(area[i], i + 1, PAGE_ALIGN(sizes[i])));
		vfree(area[i]);
		EXPECT_EQ(arch_probe_write(area[i], 1), -EFAULT);
	}
}

struct probe {
	struct selftest *t;
	void *addr;
	int expect;
};

static void read_it(void *arg)
{
	struct probe *p = arg;
	struct selftest *t = p->t;
	unsigned long val;

	EXPECT_EQ(arch_probe_read(p->addr, &val), p->expect);
}

/* Every CPU has the translation in its TLB when the area goes. */
SELFTEST(vmap, no_cpu_reaches_a_freed_area)
{
	for (unsigned int round = 0; round < 5; round++) {
		struct probe p = { t, vmalloc(PAGE_SIZE), 0 };

		if (!EXPECT(p.addr))
			return;
		on_each_cpu(read_it, &p, true);
		vfree(p.addr);
		p.expect = -EFAULT;
		on_each_cpu(read_it, &p, true);
	}
}
