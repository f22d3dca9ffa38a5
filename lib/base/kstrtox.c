/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers out of strings: the whole string or nothing, overflow is an error.
 *
 * Linux: lib/kstrtox.c
 */
#include <base/ctype.h>
#include <base/errno.h>
#include <base/string.h>

static const char *parse_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && isxdigit((u8)s[2]);

	if (*base == 0)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && hex ? s + 2 : s;
}

static unsigned int digit_value(char c)
{
	if (isdigit((u8)c))
		return c - '0';
	return isalpha((u8)c) ? (unsigned int)tolower((u8)c) - 'a' + 10 : 255;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long val = 0;
	bool any = false, overflow = false;

	if (*s == '+')
		s++;
	for (s = parse_base(s, &base); digit_value(*s) < base; s++) {
		overflow |= __builtin_mul_overflow(val, base, &val);
		overflow |= __builtin_add_overflow(val, digit_value(*s), &val);
		any = true;
	}
	if (*s == '\n')
		s++;
	if (*s || !any)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	*res = val;
	return 0;
}

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	unsigned long long val;
	bool minus = *s == '-';
	int err;

	if (minus && s[1] == '+')
		return -EINVAL;
	err = kstrtoull(s + minus, base, &val);
	if (err)
		return err;
	if (val > (unsigned long long)INT64_MAX + minus)
		return -ERANGE;
	*res = minus ? (long long)(0 - val) : (long long)val;
	return 0;
}

int kstrtoul(const char *s, unsigned int base, unsigned long *res)
{
	unsigned long long val;
	int err = kstrtoull(s, base, &val);

	if (!err)
		*res = val;
	return err;
}

int kstrtol(const char *s, unsigned int base, long *res)
{
	long long val;
	int err = kstrtoll(s, base, &val);

	if (!err)
		*res = val;
	return err;
}

int kstrtouint(const char *s, unsigned int base, unsigned int *res)
{
	unsigned long long val;
	int err = kstrtoull(s, base, &val);

	if (!err && val != (unsigned int)val)
		err = -ERANGE;
	if (!err)
		*res = val;
	return err;
}

int kstrtoint(const char *s, unsigned int base, int *res)
{
	long long val;
	int err = kstrtoll(s, base, &val);

	if (!err && val != (int)val)
		err = -ERANGE;
	if (!err)
		*res = val;
	return err;
}

int kstrtobool(const char *s, bool *res)
{
	static const struct {
		const char *name;
		bool val;
	} names[] = {
		{ "1", true }, { "y", true }, { "yes", true },
		{ "on", true }, { "true", true },
		{ "0", false }, { "n", false }, { "no", false },
		{ "off", false }, { "false", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(s, names[i].name)) {
			*res = names[i].val;
			return 0;
		}
	}
	return -EINVAL;
}
