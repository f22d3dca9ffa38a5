/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may be read, written and executed, tried out and looked up.
 */
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <base/errno.h>
#include <base/string.h>

/* Near the end of the vmap area, where no allocation comes. */
#define TEST_VA		(VMALLOC_END - 16 * PAGE_SIZE)

extern char __text_start[], __text_end[], __rodata_start[], __rodata_end[];
extern char __data_start[], __image_end[];

static int initialised = 1;

static void *alias(const void *image)
{
	return phys_to_virt(virt_to_phys(image));
}

SELFTEST(mmu, text_cannot_be_written)
{
	EXPECT_EQ(page_prot((unsigned long)arch_exit), MAP_R | MAP_X);
	EXPECT_EQ(page_prot((unsigned long)alias(arch_exit)), MAP_R);
	EXPECT_EQ(arch_probe_write((void *)arch_exit, 0), -EFAULT);
	EXPECT_EQ(arch_probe_write(alias(arch_exit), 0), -EFAULT);
}

SELFTEST(mmu, constants_cannot_be_written)
{
	EXPECT_EQ(page_prot((unsigned long)__rodata_start), MAP_R);
	EXPECT_EQ(arch_probe_write(__rodata_start, 2), -EFAULT);
	EXPECT_EQ(arch_probe_write(alias(__rodata_start), 2), -EFAULT);
}

SELFTEST(mmu, data_cannot_be_executed)
{
	char on_stack = 0;
	void *obj = kmalloc(64, GFP_KERNEL);

	EXPECT_EQ(arch_probe_exec(&initialised), -EFAULT);
	EXPECT_EQ(arch_probe_exec(__rodata_start), -EFAULT);
	EXPECT_EQ(arch_probe_exec(&on_stack), -EFAULT);
	EXPECT_EQ(arch_probe_exec(alias(arch_exit)), -EFAULT);
	EXPECT(obj && arch_probe_exec(obj) == -EFAULT);
	EXPECT_EQ(arch_probe_exec(NULL), -EFAULT);
	kfree(obj);
}

SELFTEST(mmu, image_is_writable_or_executable_never_both)
{
	unsigned int bad = 0;

	for (char *p = __text_start; p < __image_end; p += PAGE_SIZE) {
		unsigned int prot = page_prot((unsigned long)p);
		unsigned int expected = p < __text_end ? MAP_R | MAP_X :
					p < __rodata_end ? MAP_R : MAP_R | MAP_W;

		/* A guard page of a boot stack is not mapped at all. */
		bad += prot != expected && (prot || p < __data_start);
	}
	EXPECT_EQ(bad, 0);
}

SELFTEST(mmu, nothing_is_mapped_low)
{
	unsigned int mapped = 0;

	for (unsigned long va = 0; va < 1UL << 32; va += 1UL << 20)
		mapped += page_prot(va) != 0;
	for (unsigned int bit = 32; bit < 47; bit++)
		mapped += page_prot(1UL << bit) != 0;
	EXPECT_EQ(mapped, 0);
	EXPECT_EQ(arch_probe_write(NULL, 0), -EFAULT);
}

SELFTEST(mmu, stacks_end_in_a_page_that_is_not_mapped)
{
	char *stack = current->stack;

	EXPECT_EQ(page_prot((unsigned long)stack), MAP_R | MAP_W);
	EXPECT_EQ(page_prot((unsigned long)stack - 1), 0);
	EXPECT_EQ(arch_probe_write(stack - 1, 0), -EFAULT);
	EXPECT_EQ(page_prot((unsigned long)boot_stack - 1), 0);
}

SELFTEST(mmu, writable_and_executable_is_refused)
{
	EXPECT_EQ(map_pages(TEST_VA, 0, PAGE_SIZE, MAP_R | MAP_W | MAP_X), -EINVAL);
	EXPECT_EQ(map_pages(TEST_VA + 1, 0, PAGE_SIZE, MAP_R), -EINVAL);
	EXPECT_EQ(page_prot(TEST_VA), 0);
}

/* Each CPU writes a byte of its own into the test page. */
static int write_result[NR_CPUS];

static void try_write(void *unused)
{
	unsigned int cpu = smp_processor_id();

	write_result[cpu] = arch_probe_write((char *)TEST_VA + cpu, 1);
}

static unsigned int cpus_that_can_write(void)
{
	unsigned int cpu, n = 0;

	on_each_cpu(try_write, NULL, true);
	for_each_online_cpu(cpu)
		n += write_result[cpu] == 0;
	return n;
}

SELFTEST(mmu, every_cpu_sees_a_change_when_the_call_returns)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);

	if (!EXPECT(page))
		return;
	for (unsigned int i = 0; i < 8; i++) {
		EXPECT_EQ(map_pages(TEST_VA, virt_to_phys(page), PAGE_SIZE, MAP_R | MAP_W), 0);
		EXPECT_EQ(cpus_that_can_write(), num_online_cpus());
		EXPECT_EQ(map_pages(TEST_VA, virt_to_phys(page), PAGE_SIZE, MAP_R), 0);
		EXPECT_EQ(cpus_that_can_write(), 0);
		unmap_pages(TEST_VA, PAGE_SIZE);
		EXPECT_EQ(cpus_that_can_write(), 0);
		EXPECT_EQ(page_prot(TEST_VA), 0);
	}
	free_page((unsigned long)page);
}

/* arch_probe_exec() itself ends in a return instruction: copy code that returns. */
static noinline void returns(void)
{
	barrier();
}

SELFTEST(mmu, code_runs_where_it_is_mapped_executable_and_only_there)
{
	char *page = (char *)get_zeroed_page(GFP_KERNEL);

	if (!EXPECT(page))
		return;
	EXPECT_EQ(arch_probe_exec((void *)returns), 0);
	memcpy(page, (void *)returns, 64);
	EXPECT_EQ(arch_probe_exec(page), -EFAULT);
	EXPECT_EQ(map_pages(TEST_VA, virt_to_phys(page), PAGE_SIZE, MAP_R | MAP_X), 0);
	EXPECT_EQ(arch_probe_exec((void *)TEST_VA), 0);
	EXPECT_EQ(arch_probe_write((void *)TEST_VA, 0), -EFAULT);
	unmap_pages(TEST_VA, PAGE_SIZE);
	free_page((unsigned long)page);
}
