/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex: a sleeping lock that lends its waiters' urgency to its owner.
 *
 * The trouble it is for, three tasks on one CPU, H more urgent than M, M than L:
 *
 *	without				with inheritance
 *	L  lock(&l)			L  lock(&l)
 *	H  lock(&l): sleeps		H  lock(&l): L runs at H's priority, H sleeps
 *	M  runs, as long as it likes	L  unlock(&l): at its own priority again, H is woken
 *	L  unlock(&l)			H  runs
 *	H  runs				M  runs
 *
 * On the left H waits for M, which has nothing to do with the lock, for no bounded
 * time. On the right H waits for L's critical section.
 *
 * The owner may itself wait for a lock; then its owner is lent the urgency, and so
 * on: the chain, lib/locking/sleep/rt_mutex_chain.c.
 *
 * Rules: one owner, which unlocks; no recursion; not in interrupts, trylock
 * neither; no exit while held.
 * Order: by priority, FIFO within one; tasks of the fair class are all equal here.
 * A more urgent task that comes along while the lock is free takes it before the
 * top waiter that was woken for it (steals it); an equal one does not.
 * Size: 32 bytes.
 * Cost: uncontended one cmpxchg each way, see `make bench-locks`.
 *
 * Linux:   include/linux/rtmutex.h, kernel/locking/rtmutex.c, rtmutex_api.c
 * Differs: a cycle that rt_mutex_lock() finds is a report and the end, not a task
 *	    that sleeps for ever; timeouts are a deadline, not an hrtimer_sleeper;
 *	    without CONFIG_DEBUG_LOCKS only a lock that is not free asks might_sleep().
 */
#ifndef LOCKING_RT_MUTEX_H
#define LOCKING_RT_MUTEX_H

#include <locking/blocked_on.h>
#include <locking/guard.h>
#include <locking/held.h>
#include <locking/rt_mutex_base.h>
#include <locking/task.h>

struct rt_mutex {
	struct rt_mutex_base rtmutex;
};

#define __RT_MUTEX_INITIALIZER(name) \
	{ .rtmutex = __RT_MUTEX_BASE_INITIALIZER((name).rtmutex) }
#define DEFINE_RT_MUTEX(name)	struct rt_mutex name = __RT_MUTEX_INITIALIZER(name)

static inline void rt_mutex_init(struct rt_mutex *lock)
{
	rt_mutex_base_init(&lock->rtmutex);
}

static inline bool rt_mutex_is_locked(struct rt_mutex *lock)
{
	return rt_mutex_base_is_locked(&lock->rtmutex);
}

/* ---- the fast paths: a free lock to the caller, a lock without waiters to nobody ---- */

static __always_inline bool rt_mutex_try_fast(struct rt_mutex_base *lock)
{
	struct task_struct *owner = NULL;

	/* rt_mutex/A: pairs with rt_mutex_unlock_fast(), unlock_without_waiters() */
	return likely(try_cmpxchg_acquire(&lock->owner, &owner, current));
}

static __always_inline bool rt_mutex_unlock_fast(struct rt_mutex_base *lock)
{
	struct task_struct *owner = current;

	/* rt_mutex/A: pairs with rt_mutex_try_fast(), set_owner() */
	return likely(try_cmpxchg_release(&lock->owner, &owner, NULL));
}

extern const struct lock_kind rt_mutex_kind;

int __rt_mutex_lock_slow(struct rt_mutex *lock, unsigned int state, const ktime_t *deadline);
bool rt_mutex_trylock_slow(struct rt_mutex_base *lock);
void rt_mutex_unlock_slow(struct rt_mutex_base *lock);

#ifdef CONFIG_DEBUG_LOCKS
/* Notes its caller as the place: rt_mutex.c */
void debug_rt_mutex_locked(struct rt_mutex *lock);
#else
static __always_inline void debug_rt_mutex_locked(struct rt_mutex *lock __maybe_unused) { }
#endif

/* ---- the API ---- */

static __always_inline int __rt_mutex_lock(struct rt_mutex *lock, unsigned int state,
					   const ktime_t *deadline)
{
	int ret = 0;

	lock_might_sleep();
	mutex_acquire(lock, 0, 0, _RET_IP_);
	if (!rt_mutex_try_fast(&lock->rtmutex))
		ret = __rt_mutex_lock_slow(lock, state, deadline);
	if (!ret)
		debug_rt_mutex_locked(lock);
	return ret;
}

/**
 * rt_mutex_lock() - acquire, sleeping as long as it takes
 * @lock: not held by the caller
 * Lends the caller's priority to the owner, and to whom that waits for. Reports a
 * deadlock with the caller itself, with CONFIG_DEBUG_LOCKS any cycle, and panics.
 * Context: Task that may sleep.
 * Ordering: ACQUIRE.
 */
static __always_inline void rt_mutex_lock(struct rt_mutex *lock)
{
	__rt_mutex_lock(lock, TASK_UNINTERRUPTIBLE, NULL);
}

#define rt_mutex_lock_nested(lock, subclass)	((void)(subclass), rt_mutex_lock(lock))

/**
 * rt_mutex_lock_interruptible() - acquire, unless interrupted
 * Context: Task that may sleep.
 * Ordering: ACQUIRE if it returns 0.
 * Return: 0; -EINTR; -EDEADLK as rt_mutex_timed_lock().
 */
static __always_inline int __must_check rt_mutex_lock_interruptible(struct rt_mutex *lock)
{
	return __rt_mutex_lock(lock, TASK_INTERRUPTIBLE, NULL);
}

/* As rt_mutex_lock_interruptible(), but only a kill ends it. */
static __always_inline int __must_check rt_mutex_lock_killable(struct rt_mutex *lock)
{
	return __rt_mutex_lock(lock, TASK_KILLABLE, NULL);
}

/**
 * rt_mutex_timed_lock() - acquire before a deadline, unless interrupted
 * @lock: any
 * @deadline: nanoseconds of the clock of ktime_get()
 * Walks the whole chain, and refuses a wait that would close a cycle.
 * Context: Task that may sleep.
 * Ordering: ACQUIRE if it returns 0.
 * Return: 0; -ETIMEDOUT; -EINTR; -EDEADLK.
 */
static __always_inline int __must_check rt_mutex_timed_lock(struct rt_mutex *lock,
							    const ktime_t *deadline)
{
	return __rt_mutex_lock(lock, TASK_INTERRUPTIBLE, deadline);
}

/**
 * rt_mutex_trylock() - acquire if that needs no wait
 * Context: Task; preemption and interrupts may be off, but not in an interrupt:
 *	    the owner would be the interrupted task. CONFIG_DEBUG_LOCKS reports that.
 * Ordering: ACQUIRE on success.
 * Return: true if acquired: it was free, or its waiters are all less urgent.
 */
static __always_inline bool rt_mutex_trylock(struct rt_mutex *lock)
{
	if (!rt_mutex_try_fast(&lock->rtmutex) && !rt_mutex_trylock_slow(&lock->rtmutex))
		return false;
	mutex_acquire(lock, 0, 1, _RET_IP_);
	debug_rt_mutex_locked(lock);
	return true;
}

/**
 * rt_mutex_unlock() - release; back to the own priority, or the other locks' waiters'
 * @lock: held by the caller
 * Context: Task. Not held by the caller: reported.
 * Ordering: RELEASE.
 */
static __always_inline void rt_mutex_unlock(struct rt_mutex *lock)
{
	mutex_release(lock, _RET_IP_);
	held_lock_remove(lock);
	if (!rt_mutex_unlock_fast(&lock->rtmutex))
		rt_mutex_unlock_slow(&lock->rtmutex);
}

DEFINE_LOCK_GUARD(rt_mutex, struct rt_mutex, rt_mutex_lock, rt_mutex_unlock)

#endif
