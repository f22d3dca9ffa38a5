/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's address space as it is from boot on.
 *
 *	what				pages		as
 *	image: text			4 KiB		R X
 *	image: rodata			4 KiB		R NX
 *	image: data, bss		4 KiB		RW NX, boot stacks' guards unmapped
 *	RAM at PAGE_OFFSET		1 GiB .. 4 KiB	RW NX; where text and rodata lie: R NX
 *	the lower half			nothing
 *
 * RAM is seen twice, so the image's text and rodata must be read-only in both
 * places. The direct map is cut where its protection changes, never afterwards.
 *
 *	mmu_final	CR3 is kernel_pml4	written by arch_mmu_init()
 *
 * Linux:   arch/x86/mm/init_64.c
 * Differs: no global pages; one address space, so CR3 is loaded once a CPU.
 */
#include <base/compiler.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <boot/bootinfo.h>
#include <asm/cpu.h>
#include <asm/page.h>
#include <asm/pgtable.h>

extern char __text_start[], __text_end[], __rodata_start[], __rodata_end[];
extern char __data_start[], __image_end[];
extern char boot_guard_start[], boot_guard_end[];

bool mmu_final;

/* Enough for the direct map in 2 MiB pages; the rest is used by arch_map() later. */
static void reserve_tables(const struct boot_info *bi)
{
	phys_addr_t top = bi->nr_ram ? bi->ram[bi->nr_ram - 1].end : 0;
	size_t size = (16 + 2 * bi->nr_ram + (top >> 30) + (top >> 39)) * PAGE_SIZE;

	for (unsigned int i = 0; i < bi->nr_ram; i++) {
		phys_addr_t start = max(bi->ram[i].start, bi->kernel.end);
		phys_addr_t end = min(bi->ram[i].end, (phys_addr_t)1 << 32);

		if (start + size > end)
			continue;
		boot_reserve(start, start + size);
		mmu_give_tables(start, start + size);
		return;
	}
	panic("no %zu KiB of RAM for page tables below 4 GiB", size >> 10);
}

static bool has_1g_pages(void)
{
	return cpuid(0x80000000, 0).a >= 0x80000001 && cpuid(0x80000001, 0).d & (1U << 26);
}

/* With the largest pages that fit. */
static void map_large(unsigned long va, phys_addr_t pa, phys_addr_t end, pte_t flags)
{
	unsigned int largest = has_1g_pages() ? 2 : 1, level;
	pte_t *entry;

	while (pa < end) {
		level = largest;
		while (level && (!IS_ALIGNED(va | pa, LEVEL_SIZE(level)) ||
				 end - pa < LEVEL_SIZE(level)))
			level--;
		entry = pte_entry(va, level);
		if (!entry)
			panic("out of page tables for the direct map at 0x%lx", va);
		*entry = pa | flags | (level ? PTE_LARGE : 0);
		va += LEVEL_SIZE(level);
		pa += LEVEL_SIZE(level);
	}
}

/* [start, end) of RAM: what of it is text or rodata read-only, the rest writable. */
static void map_ram(phys_addr_t start, phys_addr_t end)
{
	phys_addr_t ro = clamp(virt_to_phys(__text_start), start, end);
	phys_addr_t rw = clamp(virt_to_phys(__rodata_end), start, end);
	unsigned long offset = PAGE_OFFSET;

	map_large(offset + start, start, ro, pte_flags(MAP_R | MAP_W));
	map_large(offset + ro, ro, rw, pte_flags(MAP_R));
	map_large(offset + rw, rw, end, pte_flags(MAP_R | MAP_W));
}

static void map_image(const char *start, const char *end, unsigned int prot)
{
	if (arch_map((unsigned long)start, virt_to_phys(start), end - start, prot))
		panic("out of page tables for the kernel image");
}

void arch_mmu_init(const struct boot_info *bi)
{
	reserve_tables(bi);
	map_image(__text_start, __text_end, MAP_R | MAP_X);
	map_image(__rodata_start, __rodata_end, MAP_R);
	map_image(__data_start, __image_end, MAP_R | MAP_W);
	for (unsigned int i = 0; i < bi->nr_ram; i++)
		map_ram(bi->ram[i].start, bi->ram[i].end);
	mmu_final = true;
	write_cr3(virt_to_phys(kernel_pml4));
	for (char *p = boot_guard_start; p < boot_guard_end; p += PAGE_SIZE + THREAD_SIZE)
		arch_unmap((unsigned long)p, PAGE_SIZE);
}

/* ap.S loaded CR3 before it had a stack. */
void arch_mmu_cpu_init(void)
{
	WARN_ON(read_cr3() != virt_to_phys(kernel_pml4));
}
