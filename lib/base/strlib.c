/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Linux adds to C's string functions.
 *
 * Linux: lib/string.c, lib/string_helpers.c
 */
#include <base/ctype.h>
#include <base/errno.h>
#include <base/string.h>

ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t n;

	if (!size)
		return -E2BIG;
	n = strnlen(src, size);
	if (n == size) {
		memcpy(dst, src, size - 1);
		dst[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dst, src, n + 1);
	return n;
}

ssize_t strscat(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(dst, size);
	ssize_t n = strscpy(dst + len, src, size - len);

	return n < 0 ? n : (ssize_t)len + n;
}

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}

char *skip_spaces(const char *s)
{
	while (isspace((u8)*s))
		s++;
	return (char *)s;
}

char *strim(char *s)
{
	size_t n = strlen(s);

	while (n && isspace((u8)s[n - 1]))
		s[--n] = '\0';
	return skip_spaces(s);
}

bool strstarts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

void *memchr_inv(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n && ((uintptr_t)p & 7); n--, p++) {
		if (*p != (u8)c)
			return (void *)p;
	}
	for (u64 word = 0x0101010101010101ULL * (u8)c; n >= 8; n -= 8, p += 8) {
		u64 v;

		__builtin_memcpy(&v, p, sizeof(v));
		if (v != word)
			break;
	}
	for (; n; n--, p++) {
		if (*p != (u8)c)
			return (void *)p;
	}
	return NULL;
}
