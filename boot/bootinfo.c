/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct boot_info: what every loader's data is turned into.
 *
 * boot/$ARCH/loader.c reads the loader's format and calls boot_add_ram(),
 * boot_reserve() and boot_set_cmdline() in any order, then boot_info_finish():
 *
 *	ram		sorted, no overlap, neighbours merged, whole pages
 *	reserved	in order of arrival; may overlap each other
 *
 * Runs on the boot stack with the first page tables; uses nothing else.
 */
#include <base/compiler.h>
#include <asm/page.h>
#include <boot/bootinfo.h>

struct boot_info boot_info __section(".data");

extern char __image_phys_start[], __image_phys_end[];

static void add_range(struct boot_range *r, unsigned int *nr, phys_addr_t start, phys_addr_t end)
{
	if (start >= end || *nr == BOOT_MAX_RAM)
		return;
	r[*nr].start = start;
	r[*nr].end = end;
	++*nr;
}

void boot_add_ram(phys_addr_t start, phys_addr_t end)
{
	add_range(boot_info.ram, &boot_info.nr_ram,
		  ALIGN(start, PAGE_SIZE), ALIGN_DOWN(end, PAGE_SIZE));
}

void boot_reserve(phys_addr_t start, phys_addr_t end)
{
	add_range(boot_info.reserved, &boot_info.nr_reserved,
		  ALIGN_DOWN(start, PAGE_SIZE), ALIGN(end, PAGE_SIZE));
}

void boot_set_cmdline(const char *s)
{
	unsigned int i;

	for (i = 0; s && s[i] && i < BOOT_CMDLINE - 1; i++)
		boot_info.cmdline[i] = s[i];
	boot_info.cmdline[i] = '\0';
	boot_info.cmdline_cut = s && s[i];
}

static void sort_ranges(struct boot_range *r, unsigned int nr)
{
	for (unsigned int i = 1; i < nr; i++) {
		struct boot_range x = r[i];
		unsigned int j;

		for (j = i; j && r[j - 1].start > x.start; j--)
			r[j] = r[j - 1];
		r[j] = x;
	}
}

static unsigned int merge_ranges(struct boot_range *r, unsigned int nr)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < nr; i++) {
		if (n && r[i].start <= r[n - 1].end)
			r[n - 1].end = max(r[n - 1].end, r[i].end);
		else
			r[n++] = r[i];
	}
	return n;
}

void boot_info_finish(void)
{
	sort_ranges(boot_info.ram, boot_info.nr_ram);
	boot_info.nr_ram = merge_ranges(boot_info.ram, boot_info.nr_ram);
	boot_info.kernel.start = (phys_addr_t)__image_phys_start;
	boot_info.kernel.end = (phys_addr_t)__image_phys_end;
	boot_reserve(boot_info.kernel.start, boot_info.kernel.end);
}
