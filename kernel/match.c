/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What people type: lists of globs, and names that they nearly got right.
 *
 * The distance of two names is the number of single-letter edits, a swap of
 * neighbours counting as one; three rows of the usual table are enough.
 *
 * Limits: names are cut at NAME_MAX letters when distances are measured.
 */
#include <base/string.h>
#include <kernel/match.h>

#define NAME_MAX	31

/* An entry without globs may end before a dot: "sched" is every sched.case. */
static bool entry_matches(const char *entry, size_t n, const char *name)
{
	if (glob_match_n(entry, n, name))
		return true;
	return n && !strncmp(entry, name, n) && name[n] == '.';
}

bool glob_list_match(const char *list, const char *name, const char *literal)
{
	bool chosen = list[0] == '-' && !literal;

	while (*list) {
		const char *comma = strchr(list, ',');
		size_t n = comma ? (size_t)(comma - list) : strlen(list);
		bool take = *list != '-';
		size_t skip = !take;
		bool counts;

		counts = take && literal ? strstarts(list, literal) : true;
		if (counts && entry_matches(list + skip, n - skip, name))
			chosen = take;
		list += n + !!comma;
	}
	return chosen;
}

unsigned int edit_distance(const char *a, const char *b)
{
	unsigned int rows[3][NAME_MAX + 1];
	unsigned int *prev2 = rows[0], *prev = rows[1], *row = rows[2];
	size_t na = min(strlen(a), (size_t)NAME_MAX);
	size_t nb = min(strlen(b), (size_t)NAME_MAX);

	for (size_t j = 0; j <= nb; j++)
		prev[j] = j;
	for (size_t i = 1; i <= na; i++) {
		unsigned int *spare = prev2;

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned int d = prev[j - 1] + (a[i - 1] != b[j - 1]);

			d = min(d, min(prev[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = min(d, prev2[j - 2] + 1);
			row[j] = d;
		}
		prev2 = prev;
		prev = row;
		row = spare;
	}
	return prev[nb];
}

bool name_is_near(const char *typed, const char *name)
{
	size_t n = strlen(typed);

	if (n >= 2 && !strncmp(typed, name, n))
		return true;
	return edit_distance(typed, name) <= (n <= 3 ? 1 : n <= 6 ? 2 : 3);
}
