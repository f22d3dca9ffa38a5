/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lockref, the mechanism. The contract is <locking/lockref.h>.
 *
 *	CPU 0				CPU 1			lock	count
 *	reads (0, 5)						0	5
 *	cmpxchg (0, 5) -> (0, 6)				0	6
 *	reads (0, 6)
 *					spin_lock		1	6
 *	cmpxchg fails, sees (1, 6)
 *	takes the lock: waits
 *					count = -128, unlock	0	-128
 *	sees it dead
 *
 * Ordering: lockref/A: dropping a reference releases what was done under it; who
 * takes the lock for the last one acquires that.
 * Limits: after RETRIES lost races the lock is taken: it is fair, cmpxchg is not.
 * Linux: lib/lockref.c
 */
#include <locking/lockevent.h>
#include <locking/lockref.h>

#define RETRIES		100
#define LOCKREF_DEAD	(-128)

#if defined(CONFIG_SMP) && !defined(CONFIG_DEBUG_LOCKS) && !defined(CONFIG_SPINLOCK_TICKET) && \
	!defined(PORT_WHOLE_WORD)
#define LOCKLESS	(sizeof(spinlock_t) == 4)
#else
#define LOCKLESS	false
#endif

/* What an operation does to the count: false leaves it. */
typedef bool (*change_fn)(int *count);

enum outcome { DONE, REFUSED, BUSY };

static __always_inline enum outcome change_lockless(struct lockref *ref, change_fn change)
{
	struct lockref old, new;

	if (!LOCKLESS)
		return BUSY;
	old.lock_count = READ_ONCE(ref->lock_count);
	for (int i = 0; i < RETRIES && !spin_is_locked(&old.lock); i++) {
		new = old;
		if (!change(&new.count))
			return REFUSED;
		/* lockref/A: pairs with change_or_lock() */
		if (try_cmpxchg_release(&ref->lock_count, &old.lock_count, new.lock_count))
			return DONE;
	}
	lockevent_inc(lockref_locked);
	return BUSY;
}

/* The lock is held; others still read the count in vain. Return: true if it was changed. */
static __always_inline bool change_locked(struct lockref *ref, change_fn change)
{
	int count = READ_ONCE(ref->count);

	if (!change(&count))
		return false;
	WRITE_ONCE(ref->count, count);
	return true;
}

/* Return: true if the count was changed. */
static __always_inline bool change_count(struct lockref *ref, change_fn change)
{
	enum outcome outcome = change_lockless(ref, change);
	bool done;

	if (outcome != BUSY)
		return outcome == DONE;
	spin_lock(&ref->lock);
	done = change_locked(ref, change);
	spin_unlock(&ref->lock);
	return done;
}

static __always_inline bool get(int *count)
{
	++*count;
	return true;
}

static __always_inline bool get_if_positive(int *count)
{
	return *count > 0 && get(count);
}

static __always_inline bool get_if_alive(int *count)
{
	return *count >= 0 && get(count);
}

static __always_inline bool put_unless_last(int *count)
{
	if (*count <= 1)
		return false;
	--*count;
	return true;
}

void lockref_get(struct lockref *ref)
{
	change_count(ref, get);
}

bool lockref_get_not_zero(struct lockref *ref)
{
	return change_count(ref, get_if_positive);
}

bool lockref_get_not_dead(struct lockref *ref)
{
	return change_count(ref, get_if_alive);
}

int lockref_put_return(struct lockref *ref)
{
	struct lockref old, new;

	if (!LOCKLESS)
		return -1;
	old.lock_count = READ_ONCE(ref->lock_count);
	for (int i = 0; i < RETRIES && !spin_is_locked(&old.lock); i++) {
		if (old.count <= 0)
			return -1;
		new = old;
		new.count--;
		/* lockref/A: pairs with change_or_lock() */
		if (try_cmpxchg_release(&ref->lock_count, &old.lock_count, new.lock_count))
			return new.count;
	}
	return -1;
}

/* Return: true if the count was changed; false: not, and the lock is held. */
static __always_inline bool change_or_lock(struct lockref *ref, change_fn change)
{
	if (change_lockless(ref, change) == DONE)
		return true;
	/* lockref/A: pairs with change_lockless(), lockref_put_return(): the lock's acquire */
	spin_lock(&ref->lock);
	if (!change_locked(ref, change))
		return false;
	spin_unlock(&ref->lock);
	return true;
}

bool lockref_put_or_lock(struct lockref *ref)
{
	return change_or_lock(ref, put_unless_last);
}

bool lockref_get_or_lock(struct lockref *ref)
{
	return change_or_lock(ref, get_if_positive);
}

bool lockref_put_not_zero(struct lockref *ref)
{
	return change_count(ref, put_unless_last);
}

void lockref_mark_dead(struct lockref *ref)
{
	assert_spin_locked(&ref->lock);
	WRITE_ONCE(ref->count, LOCKREF_DEAD);
}
