/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_spinlock: what spinlock_t is with CONFIG_PREEMPT_RT. A waiter sleeps and lends
 * its priority; the holder may be preempted, but stays on its CPU.
 *
 *				spinlock_t	rt_spinlock
 *	waiter			spins		sleeps; spins while the owner runs
 *	holder			preemption off	migration off; may be preempted
 *	_irq, _irqsave		interrupts off	the same as without: handlers are tasks
 *	_bh			softirqs off	softirqs off
 *	in hardirq, with raw	yes		no: it could not sleep; reported
 *	locks held
 *	inside rt_spinlocks	yes		yes
 *	holds, and sleeps	reported	reported: lib/locking/sleep/rtlock.h
 *	order			FIFO		by priority; fair tasks may pass their equals
 *
 * A task may take it between set_current_state() and schedule(): the state of that
 * sleep is put aside while it waits for the lock, and so is a wake-up for it. See
 * current_save_and_set_rtlock_wait_state().
 *
 * Built, and tested, in every configuration.
 *
 * Linux:   include/linux/spinlock_rt.h, kernel/locking/spinlock_rt.c
 * Differs: a type of its own, so that it can be compared with the other.
 */
#ifndef LOCKING_RT_SPINLOCK_H
#define LOCKING_RT_SPINLOCK_H

#include <locking/rt_spinlock_types.h>

/* What a task that sleeps for one is blocked on. */
extern const struct lock_kind rt_spinlock_kind;

/**
 * rt_spin_lock() - acquire, and stay on this CPU until the unlock
 * @lock: not held by the caller
 * Context: Task, or softirq or interrupt that runs in a thread; interrupts on, and no
 *	    raw lock held: reported.
 * Ordering: ACQUIRE.
 */
void rt_spin_lock(struct rt_spinlock *lock);
/* The same with softirqs off on this CPU until rt_spin_unlock_bh(). */
void rt_spin_lock_bh(struct rt_spinlock *lock);

/**
 * rt_spin_trylock() - acquire if that needs no wait
 * Context: Task, softirq or interrupt that runs in a thread; interrupts and preemption may
 *	    be off. In a hardirq or NMI the task beneath would be the owner: reported.
 * Ordering: ACQUIRE on success.
 */
bool rt_spin_trylock(struct rt_spinlock *lock);
bool rt_spin_trylock_bh(struct rt_spinlock *lock);

/* Ordering: RELEASE. */
void rt_spin_unlock(struct rt_spinlock *lock);
void rt_spin_unlock_bh(struct rt_spinlock *lock);

static inline bool rt_spin_is_locked(struct rt_spinlock *lock)
{
	return rt_mutex_base_is_locked(&lock->lock);
}

/* Does somebody wait? A hint. */
static inline bool rt_spin_is_contended(struct rt_spinlock *lock)
{
	return (unsigned long)READ_ONCE(lock->lock.owner) & RT_MUTEX_HAS_WAITERS;
}

#endif
