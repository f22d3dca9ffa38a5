/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * W^X: what is code cannot be written, what can be written cannot be executed,
 * through no address at all.
 */
#include <base/errno.h>
#include <base/string.h>
#include <boot/bootinfo.h>
#include <kernel/arch.h>
#include <kernel/mm.h>
#include <kernel/selftest.h>

extern char __text_start[], __text_end[], __rodata_start[], __rodata_end[];
extern char __data_start[], __data_end[], __bss_start[], __bss_end[], __image_end[];

static const u8 some_rodata = 0x42;
static u8 some_data[64] __aligned(16) = { 1 };
static u8 some_bss[64] __aligned(16);

/* Where else the direct map shows an address of the image. */
static void *alias(const volatile void *image)
{
	return phys_to_virt(virt_to_phys(image));
}

static const void *last_byte(const char *end)
{
	return RELOC_HIDE(end, -1);
}

static void write_faults(struct selftest *t, const void *addr)
{
	u8 before = *(const volatile u8 *)addr;

	EXPECT_EQ(arch_probe_write((void *)addr, before ^ 0xff), -EFAULT);
	EXPECT_EQ(*(const volatile u8 *)addr, before);
}

SELFTEST(wx, writing_code_and_constants_faults)
{
	write_faults(t, arch_ret_insn);
	write_faults(t, __text_start);
	write_faults(t, last_byte(__text_end));
	write_faults(t, &some_rodata);
	write_faults(t, __rodata_start);
	write_faults(t, last_byte(__rodata_end));
	write_faults(t, alias(arch_ret_insn));
	write_faults(t, alias(&some_rodata));
	EXPECT_EQ(arch_probe_write(some_data, 2), 0);	/* the probe itself works */
}

static void exec_faults(struct selftest *t, void *mem)
{
	memcpy(mem, arch_ret_insn, arch_ret_insn_end - arch_ret_insn);
	EXPECT_EQ(arch_probe_exec(mem), -EFAULT);
}

SELFTEST(wx, executing_data_faults)
{
	u8 on_stack[64] __aligned(16);
	void *heap = kmalloc(64, GFP_KERNEL), *area = vmalloc(64);

	if (!EXPECT(heap && area))
		return;
	EXPECT_EQ(arch_probe_exec(arch_ret_insn), 0);	/* the probe itself works */
	exec_faults(t, some_data);
	exec_faults(t, some_bss);
	exec_faults(t, on_stack);
	exec_faults(t, heap);
	exec_faults(t, area);
	EXPECT_EQ(arch_probe_exec(alias(arch_ret_insn)), -EFAULT);
	kfree(heap);
	vfree(area);
}

static void expect_prot(struct selftest *t, const char *start, const char *end, unsigned int prot)
{
	for (const char *p = start; p < end; p += PAGE_SIZE) {
		/* Guard pages of boot stacks lie in the image and are not mapped. */
		if (prot == (MAP_R | MAP_W) && !page_prot((unsigned long)p))
			continue;
		if (!EXPECT_EQ(page_prot((unsigned long)p), prot))
			return;
	}
}

SELFTEST(wx, the_image_is_mapped_as_what_it_is)
{
	expect_prot(t, __text_start, __text_end, MAP_R | MAP_X);
	expect_prot(t, __rodata_start, __rodata_end, MAP_R);
	expect_prot(t, __data_start, __data_end, MAP_R | MAP_W);
	expect_prot(t, __bss_start, __bss_end, MAP_R | MAP_W);
	EXPECT(page_prot((unsigned long)some_bss) == (MAP_R | MAP_W));
}

static bool wx(unsigned int prot)
{
	return (prot & (MAP_W | MAP_X)) == (MAP_W | MAP_X);
}

/* Every page of the first 64 MiB, then one in 64; nothing there may be executed. */
SELFTEST(wx, no_page_of_the_direct_map_is_executable)
{
	for (unsigned int i = 0; i < boot_info.nr_ram; i++) {
		phys_addr_t pa = PAGE_ALIGN(boot_info.ram[i].start);

		while (pa < ALIGN_DOWN(boot_info.ram[i].end, PAGE_SIZE)) {
			unsigned int prot = page_prot((unsigned long)phys_to_virt(pa));

			if (!EXPECT(prot & MAP_R) || !EXPECT(!(prot & MAP_X)))
				return;
			pa += pa < (64 << 20) ? PAGE_SIZE : 64 * PAGE_SIZE;
		}
	}
	for (const char *p = __text_start; p < __rodata_end; p += PAGE_SIZE)
		EXPECT_EQ(page_prot((unsigned long)alias(p)), MAP_R);
}

SELFTEST(wx, mapping_a_page_writable_and_executable_is_refused)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *area = vmalloc(PAGE_SIZE);

	if (!EXPECT(page && area))
		return;
	EXPECT_EQ(map_pages((unsigned long)area, page_to_phys(page), PAGE_SIZE,
			   MAP_R | MAP_W | MAP_X), -EINVAL);
	EXPECT(!wx(page_prot((unsigned long)area)));
	vfree(area);
	__free_page(page);
}

SELFTEST(wx, the_lower_half_is_not_mapped)
{
	static const unsigned long addrs[] = {
		0, 8, 0x1000, 0x8000, 0x100000, 0x40000000, 1UL << 46
	};
	unsigned long val;

	for (unsigned int i = 0; i < ARRAY_SIZE(addrs); i++) {
		EXPECT_EQ(page_prot(addrs[i]), 0);
		EXPECT_EQ(arch_probe_read((void *)addrs[i], &val), -EFAULT);
		EXPECT_EQ(arch_probe_write((void *)addrs[i], 1), -EFAULT);
	}
}
