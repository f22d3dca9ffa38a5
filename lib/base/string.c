/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * C's memory and string functions, for a kernel that has no C library.
 *
 * Big copies and fills go by words, four at a time, with the destination
 * aligned; words of the source may straddle, which both architectures allow in
 * normal memory. Built so that the compiler does not recognise a loop here as
 * the function it implements (see Makefile).
 *
 * Linux: lib/string.c; arch/x86/lib/mem{cpy,set}_64.S
 */
#include <base/string.h>

/* A word at any address, of any type. */
struct word {
	u64 v;
} __packed __attribute__((__may_alias__));

#define WORD		sizeof(struct word)

void *memset(void *dst, int c, size_t n)
{
	u8 *d = dst;
	u64 word = 0x0101010101010101ULL * (u8)c;

	for (; n && ((uintptr_t)d & (WORD - 1)); n--)
		*d++ = c;
	for (; n >= 4 * WORD; n -= 4 * WORD, d += 4 * WORD) {
		struct word *w = (struct word *)d;

		w[0].v = word;
		w[1].v = word;
		w[2].v = word;
		w[3].v = word;
	}
	for (; n >= WORD; n -= WORD, d += WORD)
		((struct word *)d)->v = word;
	while (n--)
		*d++ = c;
	return dst;
}

/* Upwards: right when @d is below @s or they do not overlap. */
static void copy_up(u8 *d, const u8 *s, size_t n)
{
	for (; n && ((uintptr_t)d & (WORD - 1)); n--)
		*d++ = *s++;
	for (; n >= 4 * WORD; n -= 4 * WORD, d += 4 * WORD, s += 4 * WORD) {
		const struct word *from = (const struct word *)s;
		struct word *to = (struct word *)d;
		u64 a = from[0].v, b = from[1].v, e = from[2].v, f = from[3].v;

		to[0].v = a;
		to[1].v = b;
		to[2].v = e;
		to[3].v = f;
	}
	for (; n >= WORD; n -= WORD, d += WORD, s += WORD)
		((struct word *)d)->v = ((const struct word *)s)->v;
	while (n--)
		*d++ = *s++;
}

static void copy_down(u8 *d, const u8 *s, size_t n)
{
	d += n;
	s += n;
	for (; n && ((uintptr_t)d & (WORD - 1)); n--)
		*--d = *--s;
	for (; n >= WORD; n -= WORD) {
		d -= WORD;
		s -= WORD;
		((struct word *)d)->v = ((const struct word *)s)->v;
	}
	while (n--)
		*--d = *--s;
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	copy_up(dst, src, n);
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	if ((uintptr_t)dst - (uintptr_t)src >= n)
		copy_up(dst, src, n);
	else
		copy_down(dst, src, n);
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *p = a, *q = b;

	for (; n >= WORD; n -= WORD, p += WORD, q += WORD) {
		if (((const struct word *)p)->v != ((const struct word *)q)->v)
			break;
	}
	for (; n; n--, p++, q++) {
		if (*p != *q)
			return *p - *q;
	}
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	for (const u8 *p = s; n; n--, p++) {
		if (*p == (u8)c)
			return (void *)p;
	}
	return NULL;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && *a == *b; a++, b++, n--)
		;
	return n ? (u8)*a - (u8)*b : 0;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++) {
		if (!*s)
			return NULL;
	}
	return (char *)s;
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)last;
}

char *strstr(const char *s, const char *sub)
{
	size_t n = strlen(sub);

	for (; strncmp(s, sub, n); s++) {
		if (!*s)
			return NULL;
	}
	return (char *)s;
}

size_t strspn(const char *s, const char *accept)
{
	size_t n = 0;

	while (s[n] && strchr(accept, s[n]))
		n++;
	return n;
}

size_t strcspn(const char *s, const char *reject)
{
	size_t n = 0;

	while (s[n] && !strchr(reject, s[n]))
		n++;
	return n;
}

char *strpbrk(const char *s, const char *accept)
{
	s += strcspn(s, accept);
	return *s ? (char *)s : NULL;
}

char *strsep(char **s, const char *delim)
{
	char *piece = *s, *end;

	if (!piece)
		return NULL;
	end = strpbrk(piece, delim);
	if (end)
		*end++ = '\0';
	*s = end;
	return piece;
}
