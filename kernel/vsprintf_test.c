/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Formatting, by example: what it must print is what C and Linux print.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/printk.h>
#include <kernel/selftest.h>
#include <kernel/symbols.h>

#define PRINTS(want, ...)						\
	do {								\
		char _buf[128];						\
		int _len = snprintf(_buf, sizeof(_buf), __VA_ARGS__);	\
		EXPECT_STREQ(_buf, want);				\
		EXPECT_EQ(_len, strlen(want));				\
	} while (0)

SELFTEST(vsprintf, integers)
{
	PRINTS("0 1 -1 2147483647 -2147483648", "%d %i %d %d %d", 0, 1, -1, 2147483647,
	       -2147483647 - 1);
	PRINTS("4294967295 ffffffff FFFFFFFF 37777777777", "%u %x %X %o", ~0U, ~0U, ~0U, ~0U);
	PRINTS("18446744073709551615 -9223372036854775808", "%lu %ld", ~0UL,
	       -9223372036854775807L - 1);
	PRINTS("18446744073709551615 ff", "%llu %llx", ~0ULL, 255ULL);
	PRINTS("-1 255 -1 65535", "%hhd %hhu %hd %hu", (signed char)-1,
	       (unsigned char)255, (short)-1, (unsigned short)65535);
	PRINTS("7 -7 7", "%zu %zd %td", (size_t)7, (ssize_t)-7, (ptrdiff_t)7);
}

SELFTEST(vsprintf, flags_widths_and_precisions)
{
	PRINTS("[   42] [42   ] [00042] [+42] [ 42]", "[%5d] [%-5d] [%05d] [%+d] [% d]", 42, 42,
	       42, 42, 42);
	PRINTS("[  -42] [-0042] [  042] [042  ]", "[%5d] [%05d] [%5.3d] [%-5.3d]", -42, -42, 42,
	       42);
	PRINTS("0x2a 0X2A 052 0 [  0x2a] [0x002a]", "%#x %#X %#o %#x [%#6x] [%#06x]", 42, 42, 42,
	       0, 42, 42);
	PRINTS("[   42] [42   ] []", "[%*d] [%*d] [%.0d]", 5, 42, -5, 42, 0);
	PRINTS("[ab] [  ab] [ab  ] [ab]", "[%.2s] [%4.2s] [%-4.2s] [%.*s]", "abc", "abc", "abc",
	       2, "abc");
	PRINTS("[a] [  a] [a  ] %", "[%c] [%3c] [%-3c] %%", 'a', 'a', 'a');
	PRINTS("[                         x]", "[%26s]", "x");
}

static char *volatile no_string;

SELFTEST(vsprintf, pointers_print_their_address)
{
	PRINTS("0x1234 0xffffffff80000000", "%p %px", (void *)0x1234,
	       (void *)0xffffffff80000000UL);
	PRINTS("(null)", "%s", no_string);
}

SELFTEST(vsprintf, errors_have_names)
{
	PRINTS("-ENOMEM -EINVAL -4000 0x10", "%pe %pe %pe %pe", ERR_PTR(-ENOMEM),
	       ERR_PTR(-EINVAL), ERR_PTR(-4000), (void *)16);
}

SELFTEST(vsprintf, bitmaps_are_lists_or_hex)
{
	unsigned long bits[2] = { 0x8000000000000f01UL, 0x3 };

	PRINTS("0,8-11,63-65", "%*pbl", 128, bits);
	PRINTS("0,8-11", "%*pbl", 16, bits);
	PRINTS("", "%*pbl", 0, bits);
	PRINTS("00000f01", "%*pb", 16, bits);
	PRINTS("00000003,80000000,00000f01", "%*pb", 66, bits);
}

SELFTEST(vsprintf, symbols_have_names_and_offsets)
{
	void *here = (void *)(unsigned long)snprintf;
	char buf[64];

	if (!symbol_count())
		SELFTEST_SKIP("no symbol table");
	PRINTS("snprintf", "%ps", here);
	snprintf(buf, sizeof(buf), "%pS", here + 1);
	EXPECT(!strncmp(buf, "snprintf+0x1/0x", 15));
	/* A return address behind a function's last instruction is still that function's. */
	snprintf(buf, sizeof(buf), "%pB", here + 1);
	EXPECT(!strncmp(buf, "snprintf+0x1/0x", 15));
	PRINTS("0x10 0x10", "%pS %ps", (void *)16, (void *)16);
}

SELFTEST(vsprintf, never_writes_past_the_buffer)
{
	char buf[8] = "#######";

	EXPECT_EQ(snprintf(buf, 4, "%s", "abcdef"), 6);
	EXPECT(!memcmp(buf, "abc\0###", 8));
	EXPECT_EQ(scnprintf(buf, 4, "%s", "xyzuvw"), 3);
	EXPECT(!memcmp(buf, "xyz\0###", 8));
	EXPECT_EQ(snprintf(NULL, 0, "%d", 12345), 5);
	EXPECT_EQ(scnprintf(buf, 0, "%d", 12345), 0);
	EXPECT_EQ(scnprintf(buf, 1, "%d", 12345), 0);
	EXPECT_EQ(buf[0], 0);
}
