/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What rt_spinlock and rt_rwlock ask of their holder: it may be preempted, but stays on
 * its CPU, and must not sleep, unless for another of the two.
 *
 *	rtlock_nesting	how many it holds, in any order		the task
 *	held_locks	and where it took them			the task, CONFIG_DEBUG_LOCKS
 *
 *				looks at rtlock_nesting
 *	might_sleep(), schedule()	yes
 *	mutex, ww_mutex, rw_semaphore	yes, with CONFIG_PREEMPT_RT also when they are free
 *	schedule_rtlock()		no: what waits for another of the two
 *	preemption, cond_resched()	no: not the task's doing, or not for anything
 *
 * In other configurations preemption is off where a spinlock_t is held, which says the
 * same. Here nothing else would: such a sleep works, till a waiter of the spinlock_t has to
 * be in time. A trylock that fails, and a lock that is waited for, are not counted.
 *
 * Linux:   rcu_read_lock() in rt_spin_lock(), kernel/locking/spinlock_rt.c, whose nesting
 *	    __might_resched() and rcu_note_context_switch() look at
 * Differs: a count of its own, there being no RCU
 */
#ifndef SLEEP_RTLOCK_H
#define SLEEP_RTLOCK_H

#include <locking/held.h>
#include <locking/task.h>

/* @kind: its name in reports. @ip: where. */
static __always_inline void rtlock_taken(const void *lock, const char *kind, unsigned long ip)
{
	current->rtlock_nesting++;
	held_rtlock_add(lock, kind, ip);
	migrate_disable();
}

/* Before the lock is free: whom the unlock wakes may preempt the caller. */
static __always_inline void rtlock_left(const void *lock)
{
	held_lock_remove(lock);
	current->rtlock_nesting--;
	migrate_enable();
}

#endif
