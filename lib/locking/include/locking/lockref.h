/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A spinlock and a count in one word: while the lock is free, the count is
 * changed by one cmpxchg of both, which fails if anyone takes the lock.
 *
 *	lock	held: the count changes only under it
 *	count	references; negative: dead		written by all, lock free: atomically
 *
 *	63            32 31             0
 *	+---------------+---------------+
 *	|     count     |     lock      |
 *	+---------------+---------------+
 *
 * So a lookup that takes a reference of a hot object does one RMW, not two and a
 * critical section; and who holds the lock sees a count that stands still.
 * Where the spinlock is larger than four bytes, every operation takes the lock.
 *
 * Linux: include/linux/lockref.h, lib/lockref.c
 */
#ifndef LOCKING_LOCKREF_H
#define LOCKING_LOCKREF_H

#include <locking/spinlock.h>

struct lockref {
	union {
		u64 lock_count;
		struct {
			spinlock_t lock;
			int count;
		};
	};
};

/* Context of all: any but NMI; interrupts as for spin_lock(). Ordering: relaxed, but as noted. */

/* One reference more. The caller has one. */
void lockref_get(struct lockref *ref);
/* Return: false if the count was 0 or below: not taken. */
bool lockref_get_not_zero(struct lockref *ref);
/* One less. Return: the new count; -1 if it was 0 or below and stays. Ordering: RELEASE. */
int lockref_put_return(struct lockref *ref);
/* Return: false if it was the last: not dropped. */
bool lockref_put_not_zero(struct lockref *ref);
/* Return: true if dropped; false: it was the last, is still there, and the lock is held. */
bool lockref_put_or_lock(struct lockref *ref);
/* Return: true if taken; false: the count was 0 or below, and the lock is held. */
bool lockref_get_or_lock(struct lockref *ref);
/* Return: false if dead, not taken. */
bool lockref_get_not_dead(struct lockref *ref);
/* No more references, ever. The lock is held. */
void lockref_mark_dead(struct lockref *ref);

static inline bool __lockref_is_dead(const struct lockref *ref)
{
	return READ_ONCE(ref->count) < 0;
}

#endif
