/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameters are parsed from a table of the test's own. What is refused is also
 * reported on the console; the text is checked where it is made.
 */
#include <base/string.h>
#include <kernel/param.h>
#include <kernel/selftest.h>

static bool flag;
static int number, mode;
static char text[8], bare[8];

static const struct boot_param table[] = {
	{ .name = "flag", .type = PARAM_BOOL, .var = &flag },
	{ .name = "some_number", .type = PARAM_INT, .var = &number, .min = -5, .max = 99 },
	{ .name = "mode", .type = PARAM_ENUM, .var = &mode,
	  .values = (const char *const[]){ "none", "voluntary", "full", NULL } },
	{ .name = "text", .type = PARAM_STRING, .var = text, .size = sizeof(text) },
	{ .name = "bare", .type = PARAM_STRING, .var = bare, .size = sizeof(bare), .bare = "*" },
};

/* From known values. Return: how many were unknown or refused. */
static unsigned int parse(const char *cmdline)
{
	flag = false;
	number = 7;
	mode = 1;
	strscpy(text, "old", sizeof(text));
	strscpy(bare, "off", sizeof(bare));
	return param_parse_table(cmdline, table, ARRAY_SIZE(table));
}

SELFTEST(param, values_are_set)
{
	EXPECT_EQ(parse("flag some_number=42 mode=full text=abc"), 0);
	EXPECT(flag);
	EXPECT_EQ(number, 42);
	EXPECT_EQ(mode, 2);
	EXPECT_STREQ(text, "abc");
	EXPECT_EQ(parse("some-number=0x10 flag=off bare"), 0);
	EXPECT_EQ(number, 16);
	EXPECT_STREQ(bare, "*");
	EXPECT_EQ(parse("  some_number=-5   flag=yes  "), 0);
	EXPECT_EQ(number, -5);
	EXPECT(flag);
	EXPECT_EQ(parse(""), 0);
}

SELFTEST(param, quotes_keep_spaces)
{
	EXPECT_EQ(parse("text=\"a b\" some_number=1"), 0);
	EXPECT_STREQ(text, "a b");
	EXPECT_EQ(number, 1);
	EXPECT_EQ(parse("text='a=\"b'"), 0);
	EXPECT_STREQ(text, "a=\"b");
	EXPECT_EQ(parse("\"text=a b\""), 0);
	EXPECT_STREQ(text, "a b");
	EXPECT_EQ(parse("text="), 0);
	EXPECT_STREQ(text, "");
}

SELFTEST(param, bad_values_are_refused_and_the_old_ones_stay)
{
	EXPECT_EQ(parse("some_number=100"), 1);
	EXPECT_EQ(number, 7);
	EXPECT_EQ(parse("some_number=-6"), 1);
	EXPECT_EQ(parse("some_number=4x"), 1);
	EXPECT_EQ(parse("some_number="), 1);
	EXPECT_EQ(parse("some_number"), 1);
	EXPECT_EQ(parse("some_number=99999999999999999999"), 1);
	EXPECT_EQ(number, 7);
	EXPECT_EQ(parse("mode=partial"), 1);
	EXPECT_EQ(mode, 1);
	EXPECT_EQ(parse("flag=maybe"), 1);
	EXPECT(!flag);
	EXPECT_EQ(parse("text"), 1);
	EXPECT_EQ(parse("text=12345678"), 1);
	EXPECT_STREQ(text, "old");
}

SELFTEST(param, unknown_names_are_counted_and_the_rest_is_set)
{
	EXPECT_EQ(parse("colour=red some_number=3 flags nummer=4"), 3);
	EXPECT_EQ(number, 3);
	EXPECT(!flag);
}

SELFTEST(param, the_last_of_two_counts)
{
	EXPECT_EQ(parse("some_number=1 flag some_number=2"), 0);
	EXPECT_EQ(number, 2);
}

SELFTEST(param, what_is_accepted_can_be_told)
{
	char buf[64];

	param_accepted(&table[0], buf, sizeof(buf));
	EXPECT_STREQ(buf, "on|off");
	param_accepted(&table[1], buf, sizeof(buf));
	EXPECT_STREQ(buf, "-5..99");
	param_accepted(&table[2], buf, sizeof(buf));
	EXPECT_STREQ(buf, "none|voluntary|full");
	parse("mode=none text=x");
	param_value(&table[2], buf, sizeof(buf));
	EXPECT_STREQ(buf, "none");
	param_value(&table[3], buf, sizeof(buf));
	EXPECT_STREQ(buf, "x");
}

SELFTEST(param, names_are_unique_and_explained)
{
	const struct boot_param *p, *q;

	for_each_boot_param(p) {
		EXPECT(p->help && p->help[0]);
		for_each_boot_param(q)
			if (q > p && !strcmp(p->name, q->name))
				selftest_fail(t, __FILE__, __LINE__, "'%s' is there twice",
					      p->name);
	}
}
