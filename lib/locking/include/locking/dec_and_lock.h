/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drop a reference, and have the lock if it was the last one: for an object that stands in
 * a table, where others find it with the table's lock held, and take a reference then.
 *
 *	if (refcount_dec_and_lock(&obj->refs, &table_lock)) {
 *		list_del(&obj->entry);
 *		spin_unlock(&table_lock);
 *		kfree(obj);
 *	}
 *
 *	CPU 0				CPU 1				references
 *									2
 *	put: 2 -> 1, without the lock					1
 *					put: 1, so not without the lock
 *	lock, finds obj, takes one					2
 *	unlock
 *					lock; 2 -> 1: not the last	1
 *					unlock: false
 *	put: 1, so lock; 1 -> 0: true					0
 *	takes it out, unlock, frees
 *
 * The last step, to 0, is made with the lock held only: who holds it finds no object that
 * is on its way out. And the others, which are nearly all, do not touch the lock.
 *
 * Context: that of the lock. Ordering: of refcount_dec_and_test(), atomic_dec_and_test().
 * Return: true if it was the last: the lock is held.
 *
 * Linux:   lib/dec_and_lock.c, lib/refcount.c
 * Differs: inline.
 */
#ifndef LOCKING_DEC_AND_LOCK_H
#define LOCKING_DEC_AND_LOCK_H

#include <locking/mutex.h>
#include <locking/refcount.h>
#include <locking/spinlock.h>

static inline bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	spin_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock(lock);
	return false;
}

static inline bool refcount_dec_and_lock_irqsave(refcount_t *r, spinlock_t *lock,
						 unsigned long *flags)
{
	if (refcount_dec_not_one(r))
		return false;
	spin_lock_irqsave(lock, *flags);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock_irqrestore(lock, *flags);
	return false;
}

static inline bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	mutex_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	mutex_unlock(lock);
	return false;
}

/*
 * The same for a plain atomic_t, which does not notice when it goes wrong. With a mutex:
 * atomic_dec_and_mutex_lock(), <locking/mutex.h>.
 */
static inline bool atomic_dec_and_lock(atomic_t *v, spinlock_t *lock)
{
	if (atomic_add_unless(v, -1, 1))
		return false;
	spin_lock(lock);
	if (atomic_dec_and_test(v))
		return true;
	spin_unlock(lock);
	return false;
}

/* @flags is a variable, not a pointer to one. */
#define atomic_dec_and_lock_irqsave(v, lock, flags)			\
	__atomic_dec_and_lock_irqsave(v, lock, &(flags))

static inline bool __atomic_dec_and_lock_irqsave(atomic_t *v, spinlock_t *lock,
						 unsigned long *flags)
{
	if (atomic_add_unless(v, -1, 1))
		return false;
	spin_lock_irqsave(lock, *flags);
	if (atomic_dec_and_test(v))
		return true;
	spin_unlock_irqrestore(lock, *flags);
	return false;
}

#endif
