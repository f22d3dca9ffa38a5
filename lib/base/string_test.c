/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory and string functions. In the kernel the C functions are ours; on the
 * host these cases hold of the C library, which shows that they ask the right
 * thing.
 */
#include <base/errno.h>
#include <base/prandom.h>
#include <base/string.h>
#include <locking/testing.h>

#define SIZE	160

/* Called through these, so that the compiler does not put in its own. */
static void *(*volatile do_memcpy)(void *, const void *, size_t) = memcpy;
static void *(*volatile do_memmove)(void *, const void *, size_t) = memmove;
static void *(*volatile do_memset)(void *, int, size_t) = memset;
static int (*volatile do_memcmp)(const void *, const void *, size_t) = memcmp;

static void fill(u8 *buf, u8 first)
{
	for (unsigned int i = 0; i < SIZE; i++)
		buf[i] = first + i;
}

/* Every alignment of both ends, every length: the bytes asked for, and no others. */
SELFTEST(string, memcpy_and_memset_write_exactly_what_they_should)
{
	u8 src[SIZE], dst[SIZE];

	fill(src, 1);
	for (unsigned int len = 0; len < 80; len++) {
		for (unsigned int at = 0; at < 64; at++) {
			unsigned int from = at / 8, to = at % 8, bad = 0;

			fill(dst, 100);
			EXPECT(do_memcpy(dst + to, src + from, len) == dst + to);
			for (unsigned int i = 0; i < SIZE; i++)
				bad += dst[i] != (u8)(i - to < len ? 1 + i - to + from : 100 + i);
			fill(dst, 100);
			do_memset(dst + to, 0x1e3, len);
			for (unsigned int i = 0; i < SIZE; i++)
				bad += dst[i] != (i - to < len ? 0xe3 : (u8)(100 + i));
			if (!EXPECT_EQ(bad, 0))
				return;
		}
	}
}

SELFTEST(string, memmove_copies_what_overlaps)
{
	u8 buf[SIZE], want[SIZE];

	for (unsigned int len = 0; len < 72; len++) {
		for (unsigned int at = 0; at < 400; at++) {
			unsigned int from = at / 20, to = at % 20;

			fill(buf, 7);
			fill(want, 7);
			for (unsigned int i = 0; i < len; i++)
				want[to + i] = 7 + from + i;
			do_memmove(buf + to, buf + from, len);
			if (!EXPECT_EQ(do_memcmp(buf, want, SIZE), 0))
				return;
		}
	}
}

SELFTEST(string, memcmp_finds_the_first_difference)
{
	u8 a[SIZE], b[SIZE];

	for (unsigned int i = 0; i < 100; i++) {
		fill(a, 0);
		fill(b, 0);
		a[i] = 0x7f;
		b[i] = 0x80;
		a[i + 1] = 0xff;
		b[i + 1] = 0;
		EXPECT(do_memcmp(a, b, SIZE) < 0);
		EXPECT(do_memcmp(b, a, SIZE) > 0);
		EXPECT_EQ(do_memcmp(a, b, i), 0);
		EXPECT(memchr(a, 0x7f, SIZE) == a + (i < 127 ? i : 127));
		do_memset(a, 9, SIZE);
		EXPECT(!memchr_inv(a + i % 8, 9, 100));
		a[i + 3] = 8;
		EXPECT(memchr_inv(a + i % 3, 9, SIZE - 8) == a + i + 3);
	}
}

SELFTEST(string, searches)
{
	static const char s[] = "lock, step, lock";
	char buf[] = "a,b;;c", *p = buf;

	EXPECT_EQ(strlen(s), 16);
	EXPECT_EQ(strnlen(s, 4), 4);
	EXPECT(strchr(s, 'k') == s + 3 && strrchr(s, 'k') == s + 15 && !strchr(s, 'x'));
	EXPECT(strchr(s, 0) == s + 16 && strchrnul(s, 'x') == s + 16);
	EXPECT(strstr(s, "step") == s + 6 && !strstr(s, "steps") && strstr(s, "") == s);
	EXPECT_EQ(strspn(s, "klco"), 4);
	EXPECT_EQ(strcspn(s, " ,"), 4);
	EXPECT(strcmp("ab", "abc") < 0 && strcmp("b", "ab") > 0 && !strcmp("", ""));
	EXPECT(strcmp("\x80", "\x7f") > 0);
	EXPECT(!strncmp("abc", "abd", 2) && strncmp("abc", "abd", 3) < 0);
	EXPECT(strstarts(s, "lock") && !strstarts(s, "step"));
	EXPECT(!strcmp(strsep(&p, ",;"), "a") && !strcmp(strsep(&p, ",;"), "b"));
	EXPECT(!strcmp(strsep(&p, ",;"), "") && !strcmp(strsep(&p, ",;"), "c"));
	EXPECT(!strsep(&p, ",;"));
}

SELFTEST(string, copies_never_overflow)
{
	char buf[8] = "xxxxxxx", text[] = " \t two words \n";

	EXPECT_EQ(strscpy(buf, "abc", sizeof(buf)), 3);
	EXPECT(!strcmp(buf, "abc"));
	EXPECT_EQ(strscpy(buf, "abcdefg", sizeof(buf)), 7);
	EXPECT_EQ(strscpy(buf, "abcdefgh", sizeof(buf)), -E2BIG);
	EXPECT(!strcmp(buf, "abcdefg"));
	EXPECT_EQ(strscpy(buf, "abc", 0), -E2BIG);
	EXPECT_EQ(strscpy(buf, "", 1), 0);
	EXPECT_EQ(strscat(buf, "12345", sizeof(buf)), 5);
	EXPECT_EQ(strscat(buf, "6789", sizeof(buf)), -E2BIG);
	EXPECT(!strcmp(buf, "1234567"));
	EXPECT(!strcmp(strim(text), "two words"));
}

SELFTEST(string, numbers_are_parsed_whole_or_not_at_all)
{
	static const struct {
		const char *s;
		unsigned int base;
		int err;
		long long val;
	} cases[] = {
		{ "0", 0, 0, 0 }, { "42", 0, 0, 42 }, { "-42", 0, 0, -42 }, { "+7", 0, 0, 7 },
		{ "0x1F", 0, 0, 31 }, { "1f", 16, 0, 31 }, { "0x1f", 16, 0, 31 },
		{ "017", 0, 0, 15 }, { "017", 10, 0, 17 }, { "12\n", 0, 0, 12 },
		{ "9223372036854775807", 0, 0, INT64_MAX },
		{ "-9223372036854775808", 0, 0, INT64_MIN },
		{ "9223372036854775808", 0, -ERANGE, 0 },
		{ "-9223372036854775809", 0, -ERANGE, 0 },
		{ "99999999999999999999", 0, -ERANGE, 0 }, { "", 0, -EINVAL, 0 },
		{ "-", 0, -EINVAL, 0 }, { "-+1", 0, -EINVAL, 0 }, { " 1", 0, -EINVAL, 0 },
		{ "1 ", 0, -EINVAL, 0 }, { "12a", 0, -EINVAL, 0 }, { "0x", 0, -EINVAL, 0 },
		{ "08", 0, -EINVAL, 0 }, { "1\n\n", 0, -EINVAL, 0 },
	};
	unsigned long long u = 1;
	unsigned int small = 1;
	int i32;
	bool b;

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		long long val = 5;

		EXPECT_EQ(kstrtoll(cases[i].s, cases[i].base, &val), cases[i].err);
		EXPECT_EQ(val, cases[i].err ? 5 : cases[i].val);
	}
	EXPECT_EQ(kstrtoull("18446744073709551615", 10, &u), 0);
	EXPECT(u == UINT64_MAX);
	EXPECT_EQ(kstrtoull("18446744073709551616", 10, &u), -ERANGE);
	EXPECT_EQ(kstrtouint("4294967296", 10, &small), -ERANGE);
	EXPECT_EQ(kstrtoint("-2147483648", 10, &i32), 0);
	EXPECT_EQ(kstrtoint("2147483648", 10, &i32), -ERANGE);
	EXPECT(!kstrtobool("on", &b) && b && !kstrtobool("n", &b) && !b);
	EXPECT_EQ(kstrtobool("maybe", &b), -EINVAL);
}

/* The definition, by recursion. Sets and quotes only as far as random_glob() makes them. */
static bool naive_glob(const char *p, const char *s)
{
	if (!*p)
		return !*s;
	if (*p == '*')
		return naive_glob(p + 1, s) || (*s && naive_glob(p, s + 1));
	if (!*s)
		return false;
	if (*p == '[')			/* always [ab] */
		return (*s == 'a' || *s == 'b') && naive_glob(p + 4, s + 1);
	return (*p == '?' || *p == *s) && naive_glob(p + 1, s + 1);
}

SELFTEST(string, glob_agrees_with_its_definition)
{
	static const char *const pieces[] = { "a", "b", "c", "?", "*", "[ab]" };
	struct rnd_state rnd = { 6 };

	for (int round = 0; round < 20000; round++) {
		char pat[40] = "", str[16] = "";

		for (u32 n = prandom_u32_below(&rnd, 8); n; n--) {
			u32 i = prandom_u32_below(&rnd, ARRAY_SIZE(pieces));

			strscat(pat, pieces[i], sizeof(pat));
		}
		for (u32 n = prandom_u32_below(&rnd, 10); n; n--)
			strscat(str, pieces[prandom_u32_below(&rnd, 3)], sizeof(str));
		if (!EXPECT_EQ(glob_match(pat, str), naive_glob(pat, str)))
			return;
	}
}

SELFTEST(string, glob_sets_and_quotes)
{
	EXPECT(glob_match("[a-c]x", "bx") && !glob_match("[a-c]x", "dx"));
	EXPECT(glob_match("[!a-c]x", "dx") && !glob_match("[!a-c]x", "ax"));
	EXPECT(glob_match("[]x]", "]") && glob_match("[a-]", "-"));
	EXPECT(glob_match("[x", "[x"));		/* not closed: itself */
	EXPECT(glob_match("\\*", "*") && !glob_match("\\*", "a"));
	EXPECT(glob_match("", "") && !glob_match("", "a") && glob_match("***", ""));
	EXPECT(glob_match("sched.*", "sched.wakeup") && !glob_match("sched.*", "sched"));
	EXPECT(glob_match_n("ab,cd", 2, "ab") && !glob_match_n("ab,cd", 2, "ab,cd"));
}
