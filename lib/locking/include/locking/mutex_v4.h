/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutex, the counter form that Linux had until 4.9: a count that everybody adds to, and
 * an owner beside it, which is only a hint for those who spin.
 *
 *	count		1 free, 0 held, below 0 held and somebody may wait
 *						written by all, atomically
 *	wait_lock	wait_list
 *	wait_list	who sleeps, first come first
 *	owner		its task, or NULL	the holder, after it took it, before it lets go
 *	osq		who spins for it, one at a time
 *
 *	count	means				lock()			unlock()
 *	1	free				-> 0, has it		-
 *	0	held, nobody waits		-> -1, waits		-> 1
 *	-1..	held, perhaps somebody waits	-> less, waits		-> 0 or less: sets 1,
 *							and wakes the first
 *
 * One subtraction takes it, one addition gives it back, and the sign says whether there
 * is more to do. What one word of each cannot do is the lesson of the modern form,
 * <locking/mutex.h>:
 *
 *			counter				owner word
 *	who has it	a second store, later: between	the word that is taken is the
 *			the two nobody knows		name of who took it
 *	hand-off	none: a sleeper that was woken	the first sleeper asks, and then
 *			competes for ever		nobody else can have it
 *	a failed lock	has written the count		has written nothing
 *	unlock by	not noticed: an addition	a compare-exchange that fails
 *	another task
 *	fast path	add, add, two plain stores	two compare-exchanges
 *
 * Context: task that may sleep, for all but mutex_v4_trylock() (task).
 * Ordering: lock is ACQUIRE, unlock RELEASE; a trylock that fails orders nothing.
 *
 * Linux:   include/linux/mutex.h, v4.0; include/asm-generic/mutex-dec.h
 * Differs: acquire and release, where v4.0 had full barriers.
 */
#ifndef LOCKING_MUTEX_V4_H
#define LOCKING_MUTEX_V4_H

#include <base/list.h>
#include <locking/osq_lock.h>
#include <locking/task.h>

struct mutex_v4 {
	atomic_t count;
	raw_spinlock_t wait_lock;
	struct list_head wait_list;
	struct task_struct *owner;
	struct optimistic_spin_queue osq;
};

#define MUTEX_V4_INIT(lock) {						\
	.count = ATOMIC_INIT(1),					\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED((lock).wait_lock),	\
	.wait_list = LIST_HEAD_INIT((lock).wait_list),			\
	.osq = OSQ_LOCK_UNLOCKED,					\
}

extern const struct lock_kind mutex_v4_kind;

/* What the inline functions fall back to. Return: 0 or -EINTR. */
int __mutex_v4_lock_slowpath(struct mutex_v4 *lock, unsigned int state);
void __mutex_v4_unlock_slowpath(struct mutex_v4 *lock);

static __always_inline void mutex_v4_set_owner(struct mutex_v4 *lock)
{
	WRITE_ONCE(lock->owner, current);
}

static __always_inline int __mutex_v4_lock(struct mutex_v4 *lock, unsigned int state)
{
	lock_might_sleep();
	/* mutex_v4/A: pairs with mutex_v4_unlock(), __mutex_v4_unlock_slowpath() */
	if (unlikely(atomic_dec_return_acquire(&lock->count) < 0))
		return __mutex_v4_lock_slowpath(lock, state);
	mutex_v4_set_owner(lock);
	return 0;
}

/**
 * mutex_v4_lock() - acquire, sleeping as long as it takes
 * @lock: not held by the caller
 * Context: Task that may sleep.
 * Ordering: ACQUIRE.
 */
static __always_inline void mutex_v4_lock(struct mutex_v4 *lock)
{
	(void)__mutex_v4_lock(lock, TASK_UNINTERRUPTIBLE);
}

/* Return: 0 with the mutex; -EINTR without it, when an interrupt (a kill) is pending. */
static __always_inline int __must_check mutex_v4_lock_interruptible(struct mutex_v4 *lock)
{
	return __mutex_v4_lock(lock, TASK_INTERRUPTIBLE);
}

static __always_inline int __must_check mutex_v4_lock_killable(struct mutex_v4 *lock)
{
	return __mutex_v4_lock(lock, TASK_KILLABLE);
}

/**
 * mutex_v4_trylock() - acquire if that needs no wait
 * Context: Task.
 * Ordering: ACQUIRE on success.
 * Return: true if acquired.
 */
static __always_inline bool mutex_v4_trylock(struct mutex_v4 *lock)
{
	int count = 1;

	/* mutex_v4/A: pairs with mutex_v4_unlock(), __mutex_v4_unlock_slowpath() */
	if (!atomic_try_cmpxchg_acquire(&lock->count, &count, 0))
		return false;
	mutex_v4_set_owner(lock);
	return true;
}

/**
 * mutex_v4_unlock() - release; the first sleeper is woken, to try
 * @lock: held by the caller; must not be freed before this returns
 * Context: Task; may be called with preemption off.
 * Ordering: RELEASE.
 */
static __always_inline void mutex_v4_unlock(struct mutex_v4 *lock)
{
	WRITE_ONCE(lock->owner, NULL);
	/*
	 * mutex_v4/A: pairs with __mutex_v4_lock(), mutex_v4_trylock(), try_to_acquire(),
	 * take_in_line()
	 */
	if (unlikely(atomic_inc_return_release(&lock->count) <= 0))
		__mutex_v4_unlock_slowpath(lock);
}

/* A hint, old when it arrives. */
static __always_inline bool mutex_v4_is_locked(struct mutex_v4 *lock)
{
	return atomic_read(&lock->count) != 1;
}

#endif
