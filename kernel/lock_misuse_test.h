/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of `misuse KIND`: lock_misuse_test.c has the command, lock_left_test.c some kinds.
 */
#ifndef KERNEL_LOCK_MISUSE_TEST_H
#define KERNEL_LOCK_MISUSE_TEST_H

struct misuse {
	const char *name;		/* NULL: the table's end */
	void (*fn)(void);
};

/* Locks that are left behind. */
extern const struct misuse misuses_left[];

#endif
