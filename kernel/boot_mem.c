/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory before the page allocator: the loader's map, what is taken of it.
 *
 *	boot_info.ram		usable, sorted, disjoint
 *	taken[]			sorted, disjoint: boot_info.reserved, the image, and
 *				what boot_alloc() gave away; boot CPU only
 *
 * boot_alloc() takes from the top of the highest RAM that fits, so that the low
 * memory, where the image and the loader's data lie, does not get more pieces.
 *
 * Linux: mm/memblock.c
 */
#include <boot/bootinfo.h>
#include <kernel/bug.h>
#include <kernel/mm.h>

#include "page.h"

#define MAX_TAKEN	(BOOT_MAX_RAM + 16)

static struct boot_range taken[MAX_TAKEN];
static unsigned int nr_taken;
static bool closed;

/* Add [@start, @end), joined with what it touches or overlaps. */
static void take(phys_addr_t start, phys_addr_t end)
{
	unsigned int first = 0, last;

	while (first < nr_taken && taken[first].end < start)
		first++;
	for (last = first; last < nr_taken && taken[last].start <= end; last++) {
		start = min(start, taken[last].start);
		end = max(end, taken[last].end);
	}
	if (first == last) {
		if (nr_taken == MAX_TAKEN)
			panic("boot memory: more than %u reserved ranges", MAX_TAKEN);
		for (unsigned int i = nr_taken++; i > first; i--)
			taken[i] = taken[i - 1];
	} else {
		unsigned int gone = last - first - 1;

		nr_taken -= gone;
		for (unsigned int i = first + 1; gone && i < nr_taken; i++)
			taken[i] = taken[i + gone];
	}
	taken[first] = (struct boot_range){ start, end };
}

static void take_reserved(void)
{
	if (nr_taken)
		return;
	take(boot_info.kernel.start, boot_info.kernel.end);
	for (unsigned int i = 0; i < boot_info.nr_reserved; i++)
		take(boot_info.reserved[i].start, boot_info.reserved[i].end);
}

/* Highest place for @size bytes in @ram. Return: 0 if there is none. */
static phys_addr_t find_below_end(const struct boot_range *ram, size_t size, size_t align)
{
	phys_addr_t end = ram->end;

	for (unsigned int i = nr_taken; end >= ram->start + size;) {
		phys_addr_t start = ALIGN_DOWN(end - size, align);

		if (start < ram->start)
			break;
		while (i && taken[i - 1].start >= start + size)
			i--;
		if (!i || taken[i - 1].end <= start)
			return start;
		end = taken[i - 1].start;
	}
	return 0;
}

void *boot_alloc(size_t size, size_t align)
{
	if (closed)
		panic("boot_alloc: the page allocator is up: use alloc_pages()");
	take_reserved();
	for (unsigned int i = boot_info.nr_ram; i-- > 0;) {
		phys_addr_t pa = find_below_end(&boot_info.ram[i], size, align);

		if (pa) {
			take(pa, pa + size);
			return phys_to_virt(pa);
		}
	}
	panic("boot_alloc: no room for %zu bytes", size);
}

u64 boot_mem_total(void)
{
	u64 total = 0;

	for (unsigned int i = 0; i < boot_info.nr_ram; i++)
		total += boot_info.ram[i].end - boot_info.ram[i].start;
	return total;
}

void boot_mem_bounds(unsigned long *low, unsigned long *high)
{
	if (!boot_info.nr_ram)
		panic("boot memory: the loader named no RAM");
	*low = boot_info.ram[0].start >> PAGE_SHIFT;
	*high = PAGE_ALIGN(boot_info.ram[boot_info.nr_ram - 1].end) >> PAGE_SHIFT;
}

/* First whole free pages at or after @pa in @ram. Return: false if there are none. */
static bool free_after(phys_addr_t pa, const struct boot_range *ram, struct boot_range *out)
{
	pa = PAGE_ALIGN(max(pa, ram->start));
	for (unsigned int i = 0; i < nr_taken; i++) {
		if (taken[i].end <= pa)
			continue;
		if (ALIGN_DOWN(taken[i].start, PAGE_SIZE) > pa) {
			*out = (struct boot_range){ pa, min(taken[i].start, ram->end) };
			goto found;
		}
		pa = PAGE_ALIGN(taken[i].end);
	}
	*out = (struct boot_range){ pa, ram->end };
found:
	out->end = ALIGN_DOWN(out->end, PAGE_SIZE);
	return out->start < out->end;
}

bool boot_mem_next(unsigned long *start, unsigned long *end)
{
	phys_addr_t pa = (phys_addr_t)*end << PAGE_SHIFT;

	closed = true;
	take_reserved();
	for (unsigned int i = 0; i < boot_info.nr_ram; i++) {
		struct boot_range found;

		if (boot_info.ram[i].end <= pa || !free_after(pa, &boot_info.ram[i], &found))
			continue;
		*start = found.start >> PAGE_SHIFT;
		*end = found.end >> PAGE_SHIFT;
		return true;
	}
	return false;
}
