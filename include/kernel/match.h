/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What people type: lists of globs, and names that they nearly got right.
 */
#ifndef KERNEL_MATCH_H
#define KERNEL_MATCH_H

#include <base/types.h>

/**
 * glob_list_match() - match a comma-separated list of globs
 * @list: "a.*,b.?,-a.slow*", globs as in glob_match(): the last entry that
 *	  matches decides, '-' says no; a list that begins with '-' starts from
 *	  everything. What stands before a dot of @name matches too: "a" is "a.*"
 * @name: what to match
 * @literal: if not NULL, an entry counts only when it begins with this text
 * Return: whether @list chooses @name.
 */
bool glob_list_match(const char *list, const char *name, const char *literal);

/* How many letters to insert, delete, replace or swap to make @b out of @a. */
unsigned int edit_distance(const char *a, const char *b);

/* Is @name near enough to @typed that it may have been meant? */
bool name_is_near(const char *typed, const char *name);

#endif
