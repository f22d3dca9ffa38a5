/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The symbol table: every name leads back to its address.
 */
#include <base/string.h>
#include <kernel/selftest.h>
#include <kernel/symbols.h>

static int some_data = 1;

SELFTEST(symbols, table_is_sorted_and_complete)
{
	unsigned long addr, last = 0;
	unsigned int i;

	EXPECT(symbol_count() > 100);
	for (i = 0; i < symbol_count(); i++) {
		EXPECT(symbol_at(i, &addr)[0]);
		if (!EXPECT(addr > last))
			break;
		last = addr;
	}
	EXPECT(!symbol_at(symbol_count(), &addr));
}

SELFTEST(symbols, addresses_lead_to_names_and_back)
{
	unsigned long addr, offset, size;
	unsigned int i;

	for (i = 0; i < symbol_count(); i += 7) {
		const char *name = symbol_at(i, &addr);

		EXPECT(symbol_name(addr, &offset, &size) == name);
		EXPECT_EQ(offset, 0);
		if (size > 1) {
			EXPECT(symbol_name(addr + size - 1, &offset, NULL) == name);
			EXPECT_EQ(offset, size - 1);
		}
	}
	EXPECT_EQ(symbol_address("symbol_address"), (unsigned long)symbol_address);
	EXPECT_EQ(symbol_address("no such symbol"), 0);
}

/* It moved between the two links: its section is behind the table. */
SELFTEST(symbols, data_has_names)
{
	unsigned long offset;
	const char *name = symbol_name((unsigned long)&some_data, &offset, NULL);

	some_data++;
	EXPECT(name && !strcmp(name, "some_data"));
	EXPECT_EQ(offset, 0);
}

SELFTEST(symbols, outside_the_image_is_nothing)
{
	int on_stack;

	EXPECT(!symbol_name(0, NULL, NULL));
	EXPECT(!symbol_name(~0UL, NULL, NULL));
	EXPECT(!symbol_name((unsigned long)&on_stack, NULL, NULL));
	EXPECT(is_kernel_text((unsigned long)symbol_name));
	EXPECT(!is_kernel_text((unsigned long)&some_data));
}
