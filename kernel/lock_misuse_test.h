/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of `misuse KIND`: lock_misuse_test.c has the command, lock_left_test.c and
 * lock_nest_test.c some kinds.
 */
#ifndef KERNEL_LOCK_MISUSE_TEST_H
#define KERNEL_LOCK_MISUSE_TEST_H

struct misuse {
	const char *name;		/* NULL: the table's end */
	void (*fn)(void);
};

/* Locks that are left behind. */
extern const struct misuse misuses_left[];
/* Locks that sleep, inside a spinlock_t. */
extern const struct misuse misuses_nest[];

#endif
