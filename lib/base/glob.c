/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shell patterns. One pass with one point of return: after a '*', a mismatch
 * goes back to the last '*' and lets it swallow one character more. An earlier
 * '*' never has to be tried again: whatever it could give up, the later one can
 * take. So no recursion, and at most strlen(pat) * strlen(str) steps.
 *
 * Linux: lib/glob.c
 */
#include <base/string.h>

/* One set "[...]" at @pat against @c. Return: behind it, or NULL if it is not closed. */
static const char *match_set(const char *pat, const char *end, char c, bool *match)
{
	const char *p = pat + 1;
	bool invert = p < end && *p == '!';
	bool hit = false;

	p += invert;
	do {
		u8 lo, hi;

		if (p == end)
			return NULL;
		lo = hi = *p++;
		if (end - p >= 2 && p[0] == '-' && p[1] != ']') {
			hi = p[1];
			p += 2;
		}
		hit |= lo <= (u8)c && (u8)c <= hi;
	} while (p == end || *p != ']');
	*match = hit != invert;
	return p + 1;
}

/* One pattern item, not a '*', against @c. Return: behind the item, NULL for a mismatch. */
static const char *match_one(const char *pat, const char *end, char c)
{
	const char *next;
	bool match;

	switch (*pat) {
	case '?':
		return pat + 1;
	case '[':
		next = match_set(pat, end, c, &match);
		if (next)
			return match ? next : NULL;
		break;			/* not closed: an ordinary character */
	case '\\':
		if (pat + 1 < end)
			pat++;
		break;
	}
	return *pat == c ? pat + 1 : NULL;
}

bool glob_match_n(const char *pat, size_t pat_len, const char *str)
{
	const char *end = pat + pat_len;
	const char *back_pat = NULL, *back_str = NULL;

	while (*str || pat < end) {
		const char *next = NULL;

		if (pat < end && *pat == '*') {
			back_pat = ++pat;
			back_str = str;
			continue;
		}
		if (*str && pat < end)
			next = match_one(pat, end, *str);
		if (next) {
			pat = next;
			str++;
		} else if (back_pat && *back_str) {
			pat = back_pat;
			str = ++back_str;
		} else {
			return false;
		}
	}
	return true;
}

bool glob_match(const char *pat, const char *str)
{
	return glob_match_n(pat, strlen(pat), str);
}
