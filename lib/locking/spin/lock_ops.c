/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list of all algorithms, from locks.def.
 */
#include <locking/lock_ops.h>

const struct lock_ops *const all_lock_ops[] = {
#define SPINLOCK(algo, order, what)	&algo##_lock_ops,
#include "../locks.def"
#undef SPINLOCK
	NULL
};

const struct lock_ops_info all_lock_infos[] = {
#define SPINLOCK(algo, how, text)	{ .order = LOCK_##how, .what = text },
#include "../locks.def"
#undef SPINLOCK
};
