/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Splitting of lines, the table of commands, figures. Commands are run by tests/qemu.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/human.h>
#include <kernel/printk.h>
#include <kernel/selftest.h>
#include <kernel/shell.h>
#include <kernel/shell_parse.h>

/* Words of all commands in @line: '|' between words, '/' after a command. */
static int parse(const char *line, char *out, size_t size)
{
	char buf[64], *argv[5];
	const char *err = NULL;
	int argc, n = 0;

	out[0] = '\0';
	while ((argc = shell_next_command(&line, buf, argv, 4, &err)) > 0) {
		for (int i = 0; i < argc; i++)
			n += scnprintf(out + n, size - n, "%s%s", i ? "|" : "", argv[i]);
		n += scnprintf(out + n, size - n, "/");
	}
	return argc;
}

static void parsed(struct selftest *t, int line, const char *text, const char *words)
{
	char out[96];

	if (parse(text, out, sizeof(out)) || strcmp(out, words))
		selftest_fail(t, __FILE__, line, "words of '%s' are '%s', expected '%s'", text, out,
			      words);
}

#define PARSED(text, words) parsed(t, __LINE__, text, words)

SELFTEST(shell, lines_split_into_commands_and_words)
{
	PARSED("", "");
	PARSED("   ", "");
	PARSED("ps", "ps/");
	PARSED("  ps   -t  3 ", "ps|-t|3/");
	PARSED("a;b c ; d;", "a/b|c/d/");
	PARSED(";;a;;", "a/");
	PARSED("echo 'a;b' \"c d\"", "echo|a;b|c d/");
	PARSED("echo a\\ b \"\\\"\" '\\'", "echo|a b|\"|\\/");
	PARSED("echo \"\" x", "echo||x/");
	PARSED("a'b'\"c\"d", "abcd/");
	PARSED("a # b; c", "a/");
	PARSED("a#b", "a#b/");
}

SELFTEST(shell, open_quotes_and_too_many_words_are_refused)
{
	char out[96];

	EXPECT_EQ(parse("echo 'a", out, sizeof(out)), -EINVAL);
	EXPECT_EQ(parse("echo \"a", out, sizeof(out)), -EINVAL);
	EXPECT_EQ(parse("echo a\\", out, sizeof(out)), -EINVAL);
	EXPECT_EQ(parse("1 2 3 4", out, sizeof(out)), 0);
	EXPECT_EQ(parse("1 2 3 4 5", out, sizeof(out)), -E2BIG);
}

SELFTEST(shell, commands_are_unique_sorted_and_explained)
{
	const struct shell_command *c, *prev = NULL;
	unsigned int n = 0;

	for (c = shell_next(NULL); c; prev = c, c = shell_next(c), n++) {
		EXPECT(!prev || strcmp(prev->name, c->name) < 0);
		EXPECT(c->fn && c->usage && c->help);
		if (strncmp(c->usage, c->name, strlen(c->name)))
			selftest_fail(t, __FILE__, __LINE__, "%s: usage '%s'", c->name, c->usage);
		if (strlen(c->name) > 10 || strlen(c->help) > 28)
			selftest_fail(t, __FILE__, __LINE__, "%s: too long for help", c->name);
	}
	EXPECT(n > 10 && n <= 44);
	EXPECT(shell_find("help"));
	EXPECT(!shell_find("hel"));
	EXPECT(!shell_find(""));
}

SELFTEST(shell, figures_have_units)
{
	struct human h;

	EXPECT_STREQ(human_size(&h, 0), "0 B");
	EXPECT_STREQ(human_size(&h, 1023), "1023 B");
	EXPECT_STREQ(human_size(&h, 1536), "1.5 KiB");
	EXPECT_STREQ(human_size(&h, 128 << 20), "128 MiB");
	EXPECT_STREQ(human_ns(&h, 999), "999 ns");
	EXPECT_STREQ(human_ns(&h, 1550), "1.5 us");
	EXPECT_STREQ(human_ns(&h, 2500000), "2.5 ms");
	EXPECT_STREQ(human_ns(&h, 1234567890), "1.234 s");
	EXPECT_STREQ(human_percent(&h, 1, 3), "33.3");
	EXPECT_STREQ(human_percent(&h, 5, 0), "0.0");
	EXPECT_STREQ(human_percent(&h, 5, 4), "100.0");
}
