/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Symbol table: sorted addresses, a binary search, and names behind them.
 *
 *	__start_symbols	u64 count
 *			u64 address[count]	ascending
 *			u32 name[count]		offsets into what follows
 *			"name\0name\0..."
 *
 * Made by scripts/symbols from the first link; empty in that first link. Read-only,
 * so any context may look. Looking up a name is a walk over all: 100 us or so.
 *
 * Linux:   kernel/kallsyms.c
 * Differs: names are not compressed (tens of KiB), and data has names as well.
 */
#include <base/compiler.h>
#include <base/string.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <kernel/symbols.h>

extern const u64 __start_symbols[];
extern const char __rodata_end[], __text_start[], __text_end[], __image_end[];

unsigned int symbol_count(void)
{
	return (const char *)__start_symbols < __rodata_end ? __start_symbols[0] : 0;
}

static const u64 *addresses(void)
{
	return &__start_symbols[1];
}

const char *symbol_at(unsigned int i, unsigned long *addr)
{
	const u32 *offsets = (const u32 *)&addresses()[symbol_count()];
	const char *names = (const char *)&offsets[symbol_count()];

	if (i >= symbol_count())
		return NULL;
	*addr = addresses()[i];
	return names + offsets[i];
}

/* The last symbol at or below @addr; there is one. */
static unsigned int find(unsigned long addr)
{
	unsigned int low = 0, high = symbol_count();

	while (high - low > 1) {
		unsigned int middle = low + (high - low) / 2;

		if (addresses()[middle] <= addr)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const char *symbol_name(unsigned long addr, unsigned long *offset, unsigned long *size)
{
	unsigned long start, end = (unsigned long)__image_end;
	unsigned int count = symbol_count(), i;

	if (!count || addr < addresses()[0] || addr >= end)
		return NULL;
	i = find(addr);
	start = addresses()[i];
	if (i + 1 < count)
		end = addresses()[i + 1];
	if (offset)
		*offset = addr - start;
	if (size)
		*size = end - start;
	return symbol_at(i, &start);
}

unsigned long symbol_address(const char *name)
{
	unsigned int i;
	unsigned long addr;

	for (i = 0; i < symbol_count(); i++)
		if (!strcmp(symbol_at(i, &addr), name))
			return addr;
	return 0;
}

bool is_kernel_text(unsigned long addr)
{
	return addr >= (unsigned long)__text_start && addr < (unsigned long)__text_end;
}

void symbols_init(void)
{
	if (!symbol_count())
		pr_warn("symbols: this image has no table, backtraces will have no names");
}
