/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's address space as it is from boot on.
 *
 *	what				pages		as
 *	image: text			4 KiB		R X
 *	image: rodata			4 KiB		R NX
 *	image: data, bss		4 KiB		RW NX; arch/ unmaps the boot stacks' guards
 *	RAM at PAGE_OFFSET		1 GiB .. 4 KiB	RW NX; where text and rodata lie: R NX
 *	the lower half			nothing
 *
 * RAM is seen twice, so the image's text and rodata must be read-only in both
 * places. The direct map is cut where its protection changes, never afterwards.
 *
 * Linux: arch/x86/mm/init_64.c; map_mem(), arch/arm64/mm/mmu.c
 */
#include <base/compiler.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <kernel/pgtable.h>
#include <boot/bootinfo.h>

extern char __text_start[], __text_end[], __rodata_start[], __rodata_end[];
extern char __data_start[], __image_end[];

/* Enough for the direct map in 2 MiB pages; the rest is used by map_pages() later. */
static void reserve_tables(const struct boot_info *bi, phys_addr_t limit)
{
	phys_addr_t top = bi->nr_ram ? bi->ram[bi->nr_ram - 1].end : 0;
	size_t size = (16 + 2 * bi->nr_ram + (top >> 30) + (top >> 39)) * PAGE_SIZE;

	for (unsigned int i = 0; i < bi->nr_ram; i++) {
		phys_addr_t start = max(bi->ram[i].start, bi->kernel.end);
		phys_addr_t end = min(bi->ram[i].end, limit);

		if (start + size > end)
			continue;
		boot_reserve(start, start + size);
		pgtable_give(start, start + size);
		return;
	}
	panic("no %zu KiB of RAM for page tables below 0x%llx", size >> 10,
	      (unsigned long long)limit);
}

/* With the largest pages that fit. */
static void map_large(unsigned long va, phys_addr_t pa, phys_addr_t end, unsigned int prot)
{
	pte_t *entry;

	while (pa < end) {
		unsigned int level = pte_largest_level();

		while (level && (!IS_ALIGNED(va | pa, LEVEL_SIZE(level)) ||
				 end - pa < LEVEL_SIZE(level)))
			level--;
		entry = pte_entry(va, level);
		if (!entry)
			panic("out of page tables for the direct map at 0x%lx", va);
		*entry = pte_leaf(pa, prot, level);
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

	map_large(offset + start, start, ro, MAP_R | MAP_W);
	map_large(offset + ro, ro, rw, MAP_R);
	map_large(offset + rw, rw, end, MAP_R | MAP_W);
}

static void map_image(const char *start, const char *end, unsigned int prot)
{
	if (map_pages((unsigned long)start, virt_to_phys(start), end - start, prot))
		panic("out of page tables for the kernel image");
}

void pgtable_init(const struct boot_info *bi, phys_addr_t limit)
{
	reserve_tables(bi, limit);
	map_image(__text_start, __text_end, MAP_R | MAP_X);
	map_image(__rodata_start, __rodata_end, MAP_R);
	map_image(__data_start, __image_end, MAP_R | MAP_W);
	for (unsigned int i = 0; i < bi->nr_ram; i++)
		map_ram(bi->ram[i].start, bi->ram[i].end);
	arch_pgtable_new();
}
