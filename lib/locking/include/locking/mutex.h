/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutex: one owner, a task, which may sleep while it holds it.
 *
 *	owner		the owner's task_struct | flags		all, atomically
 *	osq		who spins for it, one at a time		<locking/osq_lock.h>
 *	wait_list	who sleeps for it, first come first	wait_lock
 *
 *	flags, bits 0-2 of owner
 *	WAITERS	somebody sleeps: unlock must wake the first	set and cleared under wait_lock
 *	HANDOFF	the first has waited long enough: unlock must	set by the first waiter
 *		give the mutex to it, and to nobody else
 *	PICKUP	given: the task in owner is to take it		set by unlock, cleared by that task
 *
 *	owner word	means
 *	0		free: what the fast path takes
 *	task		held, nobody sleeps: what the fast path gives back
 *	task|W		held, somebody sleeps
 *	task|W|H	held, and to be handed over
 *	W		free, a sleeper was woken; whoever comes first takes it
 *	task|W|P	handed over, task is on its way; nobody else may take it
 *
 * Three ways to it: a compare-exchange when it is free; spinning while its owner
 * runs, because then it will be free sooner than a sleep takes; sleeping in line.
 * A sleeper that finds it stolen when it wakes asks for hand-off: so it is passed
 * while it sleeps, but at most once afterwards.
 *
 * Context: task that may sleep, for all but mutex_trylock() (task) and
 * mutex_is_locked() (any). Not in interrupts, not with preemption off, and with
 * CONFIG_PREEMPT_RT not inside a spinlock_t.
 * Ordering: lock is ACQUIRE, unlock RELEASE; a trylock that fails orders nothing.
 *
 * With CONFIG_PREEMPT_RT all of this page but the API is another: <locking/mutex_rt.h>.
 *
 * Linux:   include/linux/mutex.h, Documentation/locking/mutex-design.rst
 * Differs: the fast path is inline; might_sleep() is in the slow path only, unless
 *	    CONFIG_DEBUG_LOCKS; -EINTR as in Linux.
 */
#ifndef LOCKING_MUTEX_H
#define LOCKING_MUTEX_H

#include <base/list.h>
#include <locking/guard.h>
#include <locking/osq_lock.h>
#include <locking/task.h>

#ifdef CONFIG_PREEMPT_RT
#include <locking/mutex_rt.h>
#else

struct mutex {
	atomic_long_t owner;
	raw_spinlock_t wait_lock;
	struct optimistic_spin_queue osq;
	struct list_head wait_list;
#ifdef CONFIG_DEBUG_LOCKS
	const void *magic;		/* itself, since it was initialised */
	const char *name;
	unsigned long ip;		/* where it was taken: the owner */
#endif
};

#define MUTEX_FLAG_WAITERS	0x01
#define MUTEX_FLAG_HANDOFF	0x02
#define MUTEX_FLAG_PICKUP	0x04
#define MUTEX_FLAGS		0x07

#define __MUTEX_FORM_INIT(lock)						\
	.owner = ATOMIC_INIT(0),					\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED((lock).wait_lock),	\
	.osq = OSQ_LOCK_UNLOCKED,					\
	.wait_list = LIST_HEAD_INIT((lock).wait_list),

static __always_inline bool __mutex_trylock_fast(struct mutex *lock)
{
	long zero = 0;

	/* mutex/A: pairs with __mutex_unlock_fast(), mutex_free(), hand_off() */
	return atomic_long_try_cmpxchg_acquire(&lock->owner, &zero, (long)current);
}

static __always_inline bool __mutex_unlock_fast(struct mutex *lock)
{
	long curr = (long)current;

	/* mutex/A: pairs with __mutex_trylock_fast(), mutex_trylock_common() */
	return atomic_long_try_cmpxchg_release(&lock->owner, &curr, 0);
}

static __always_inline void __mutex_might_sleep(struct mutex *lock __maybe_unused) { }

/* A hint, old when it arrives; also true for a mutex on its way to a sleeper. */
static __always_inline bool mutex_is_locked(struct mutex *lock)
{
	return (atomic_long_read(&lock->owner) & ~MUTEX_FLAGS) != 0;
}

/* Who holds it, or is to pick it up: a name, not to be followed. */
static __always_inline struct task_struct *mutex_get_owner(struct mutex *lock)
{
	return (struct task_struct *)(atomic_long_read(&lock->owner) & ~MUTEX_FLAGS);
}

#endif /* CONFIG_PREEMPT_RT */

#ifdef CONFIG_DEBUG_LOCKS
#define __DEBUG_MUTEX_INIT(lock, name_)	.magic = &(lock), .name = name_,
#else
#define __DEBUG_MUTEX_INIT(lock, name_)
#endif
#define __MUTEX_INITIALIZER(lock) {					\
	__MUTEX_FORM_INIT(lock)						\
	__DEBUG_MUTEX_INIT(lock, #lock)					\
}
#define DEFINE_MUTEX(name)	struct mutex name = __MUTEX_INITIALIZER(name)

void __mutex_init(struct mutex *lock, const char *name);
/* Not while it is held or waited for. */
#define mutex_init(lock)	__mutex_init(lock, #lock)

extern const struct lock_kind mutex_kind;

/* ---- debugging: see lib/locking/debug/mutex_debug.c ---- */

#ifdef CONFIG_DEBUG_LOCKS
void debug_mutex_lock(struct mutex *lock);
/* @ip: where it was taken; 0: where this is called. */
void debug_mutex_locked(struct mutex *lock, unsigned long ip);
void debug_mutex_unlock(struct mutex *lock);
void debug_mutex_init(struct mutex *lock, const char *name);
/* It will not be used again. */
void mutex_destroy(struct mutex *lock);
#else
static __always_inline void debug_mutex_lock(struct mutex *lock __maybe_unused) { }
static __always_inline void debug_mutex_locked(struct mutex *lock __maybe_unused,
					       unsigned long ip __maybe_unused) { }
static __always_inline void debug_mutex_unlock(struct mutex *lock __maybe_unused) { }
static __always_inline void debug_mutex_init(struct mutex *lock __maybe_unused,
					     const char *name __maybe_unused) { }
static inline void mutex_destroy(struct mutex *lock __maybe_unused) { }
#endif

/* ---- the slow path: mutex.c; lib/locking/rt/mutex_rt.c ---- */

/*
 * What the inline functions fall back to. Return: 0; -EINTR; CONFIG_PREEMPT_RT: -EDEADLK, of
 * a wait for itself that was reported: where a report is the end, nobody sees it.
 */
int __mutex_lock_slowpath(struct mutex *lock, unsigned int state, bool io);
bool __mutex_trylock_slowpath(struct mutex *lock);
void __mutex_unlock_slowpath(struct mutex *lock);

static __always_inline int __mutex_lock(struct mutex *lock, unsigned int state, bool io)
{
	int ret = 0;

	debug_mutex_lock(lock);
	__mutex_might_sleep(lock);
	mutex_acquire(lock, 0, 0, _RET_IP_);
	if (unlikely(!__mutex_trylock_fast(lock)))
		ret = __mutex_lock_slowpath(lock, state, io);
	if (!ret)
		debug_mutex_locked(lock, 0);
	else
		mutex_release(lock, _RET_IP_);
	return ret;
}

/* ---- the API ---- */

/**
 * mutex_lock() - acquire, sleeping as long as it takes
 * @lock: not held by the caller
 * Context: Task that may sleep.
 * Ordering: ACQUIRE.
 */
static __always_inline void mutex_lock(struct mutex *lock)
{
	__mutex_lock(lock, TASK_UNINTERRUPTIBLE, false);
}

/*
 * Return: 0 with the mutex; -EINTR without it, when an interrupt (a kill) is pending. Never
 * -EDEADLK: with CONFIG_PREEMPT_RT a wait for itself is reported, and ends there.
 */
static __always_inline int mutex_lock_interruptible(struct mutex *lock)
{
	return __mutex_lock(lock, TASK_INTERRUPTIBLE, false);
}

static __always_inline int mutex_lock_killable(struct mutex *lock)
{
	return __mutex_lock(lock, TASK_KILLABLE, false);
}

/* The sleep is for I/O that the owner waits for. */
static __always_inline void mutex_lock_io(struct mutex *lock)
{
	__mutex_lock(lock, TASK_UNINTERRUPTIBLE, true);
}

/**
 * mutex_trylock() - acquire if that needs no wait
 * Context: Task: an interrupt is not an owner. Preemption may be off.
 * Ordering: ACQUIRE on success.
 * Return: 1 if acquired, 0 if not.
 */
static __always_inline int mutex_trylock(struct mutex *lock)
{
	if (!__mutex_trylock_fast(lock) && !__mutex_trylock_slowpath(lock))
		return 0;
	mutex_acquire(lock, 0, 1, _RET_IP_);
	debug_mutex_locked(lock, 0);
	return 1;
}

/**
 * mutex_unlock() - release; the first sleeper is woken, or given the mutex
 * @lock: held by the caller; must not be freed before this returns, even if the next
 *	  owner, who may already be running, is done with it
 * Context: Task; may be called with preemption off.
 * Ordering: RELEASE.
 */
static __always_inline void mutex_unlock(struct mutex *lock)
{
	mutex_release(lock, _RET_IP_);
	debug_mutex_unlock(lock);
	if (unlikely(!__mutex_unlock_fast(lock)))
		__mutex_unlock_slowpath(lock);
}

/* Ordered acquisition of two of one class: @subclass tells the validator. */
#define mutex_lock_nested(lock, subclass)	((void)(subclass), mutex_lock(lock))
#define mutex_lock_interruptible_nested(lock, subclass) \
	((void)(subclass), mutex_lock_interruptible(lock))
#define mutex_lock_killable_nested(lock, subclass) \
	((void)(subclass), mutex_lock_killable(lock))
#define mutex_lock_io_nested(lock, subclass)	((void)(subclass), mutex_lock_io(lock))
#define mutex_lock_nest_lock(lock, nest)	((void)(nest), mutex_lock(lock))

/**
 * atomic_dec_and_mutex_lock() - take @lock if @cnt falls to 0
 * Return: true with @cnt 0 and the mutex held; false if others have @cnt.
 */
static inline bool atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock)
{
	if (atomic_add_unless(cnt, -1, 1))
		return false;
	mutex_lock(lock);
	if (atomic_dec_and_test(cnt))
		return true;
	mutex_unlock(lock);
	return false;
}

DEFINE_LOCK_GUARD(mutex, struct mutex, mutex_lock, mutex_unlock)

#endif
