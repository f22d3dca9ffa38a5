/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory and strings. The first group is C's own, and what the compilers call
 * on their own account; a hosted build has it from its C library. The second
 * group is Linux's.
 *
 * Linux: include/linux/{string,kstrtox,glob}.h
 */
#ifndef BASE_STRING_H
#define BASE_STRING_H

#include <base/compiler.h>
#include <base/types.h>

#if __STDC_HOSTED__
#include <string.h>
#else
void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *sub);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strpbrk(const char *s, const char *accept);
/* Cut the next piece off *@s at a character of @delim; NULL when there is no more. */
char *strsep(char **s, const char *delim);
#endif

/**
 * strscpy() - copy a string into a buffer, always terminated
 * @size: of @dst in bytes
 * Context: Any.
 * Return: characters copied, or -E2BIG when @src was cut short or @size is 0.
 */
ssize_t strscpy(char *dst, const char *src, size_t size);
/* Append. Return: length of the result, or -E2BIG when it was cut short. */
ssize_t strscat(char *dst, const char *src, size_t size);

/* Like strchr(), but the terminating 0 when @c is not there. */
char *strchrnul(const char *s, int c);
/* First character that is not white space. */
char *skip_spaces(const char *s);
/* Cut white space off the end, in place. Return: the first that is not white space. */
char *strim(char *s);
bool strstarts(const char *s, const char *prefix);
/* First byte of @s that is not @c, or NULL. */
void *memchr_inv(const void *s, int c, size_t n);

/**
 * kstrtoull() - the whole of a string as a number
 * @s: digits, a 0x or 0 prefix if @base is 0 (16), one '\n' may follow
 * @base: 0 (by prefix), 8, 10, 16
 * Context: Any.
 * Return: 0; -EINVAL when @s is not a number, -ERANGE when it does not fit; *@res
 *	   is written on success only.
 */
int kstrtoull(const char *s, unsigned int base, unsigned long long *res);
int kstrtoll(const char *s, unsigned int base, long long *res);
int kstrtoul(const char *s, unsigned int base, unsigned long *res);
int kstrtol(const char *s, unsigned int base, long *res);
int kstrtouint(const char *s, unsigned int base, unsigned int *res);
int kstrtoint(const char *s, unsigned int base, int *res);
/* 1 y yes on true, 0 n no off false. */
int kstrtobool(const char *s, bool *res);

/**
 * glob_match() - does the whole of @str match @pat?
 * @pat: '*' any string, '?' any character, '[a-z]' '[!a-z]' a set, '\' quotes
 * Context: Any; no recursion.
 */
bool glob_match(const char *pat, const char *str);
/* The same, of @pat_len characters of @pat. */
bool glob_match_n(const char *pat, size_t pat_len, const char *str);

#endif
