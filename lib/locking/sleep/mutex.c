/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutex, the mechanism. The contract and the owner word are <locking/mutex.h>'s.
 *
 *	CPU 0, A		CPU 1, B			owner		wait_list
 *	has it							A
 *				trylock fails, A runs: spins	A
 *	goes to sleep			stops			A
 *				wait_lock; queue; WAITERS	A|W		B
 *				sleeps				A|W		B
 *	unlock: A -> 0, flags stay				W		B
 *	wait_lock; wakes B	C steals			C|W		B
 *				wakes, fails: HANDOFF		C|W|H		B
 *				spins or sleeps
 *	C: unlock: wait_lock; owner = B, PICKUP			B|W|P		B
 *	   wakes B		PICKUP -> taken			B|W
 *				leaves the queue, flags go	B
 *
 * No wake-up is lost: the sleeper sets WAITERS, then its state, then tries once more;
 * the owner frees the word, sees WAITERS in the value it replaced, and then wakes.
 * Whoever changes the owner word last sees the other (mutex/A is a release-acquire
 * chain of RMWs on one word), and sched/A does the rest.
 *
 * With HANDOFF set the owner does not free the word, so nobody can steal; PICKUP keeps
 * everybody else off while the new owner is on its way, and tells "I am to take it"
 * from "I have it", or a trylock of one's own mutex would succeed.
 *
 * Spinning: one task at a time spins on the owner (osq), beside the first sleeper,
 * which does not queue there. It ends when the owner changes, sleeps, or loses its
 * CPU, or when a reschedule is wanted here.
 *
 * The owner's task may be gone when we look whether it runs: see port_owner_on_cpu().
 *
 * Linux:   kernel/locking/mutex.c
 * Differs: a woken sleeper takes wait_lock before it tries, so that "am I the first"
 *	    is not a race.
 */
#include "mutex_internal.h"

static struct task_struct *mutex_blocked_owner(const void *lock)
{
	return __owner_task(atomic_long_read(&((const struct mutex *)lock)->owner));
}

const struct lock_kind mutex_kind = { .name = "mutex", .owner = mutex_blocked_owner };
static const struct lock_kind ww_mutex_kind = { .name = "ww_mutex", .owner = mutex_blocked_owner };

void __mutex_init(struct mutex *lock, const char *name)
{
	debug_mutex_init(lock, name);
	atomic_long_set(&lock->owner, 0);
	raw_spin_lock_init(&lock->wait_lock);
	osq_lock_init(&lock->osq);
	INIT_LIST_HEAD(&lock->wait_list);
}

/* ---- the owner word ----------------------------------------------------------------- */

/*
 * Take it if it is free, or was handed to us. @handoff: if not, ask for hand-off.
 * Return: NULL with the mutex, else its owner.
 */
static struct task_struct *mutex_trylock_common(struct mutex *lock, bool handoff)
{
	long owner = atomic_long_read(&lock->owner), curr = (long)current;

	for (;;) {
		long flags = owner & MUTEX_FLAGS, task = owner & ~(long)MUTEX_FLAGS;

		if (task) {
			if (flags & MUTEX_FLAG_PICKUP) {
				if (task != curr)
					break;
				flags &= ~MUTEX_FLAG_PICKUP;
			} else if (handoff && !(flags & MUTEX_FLAG_HANDOFF)) {
				flags |= MUTEX_FLAG_HANDOFF;
			} else {
				break;
			}
		} else {
			task = curr;
		}
		/* mutex/A: pairs with __mutex_unlock_fast(), mutex_free(), hand_off() */
		if (atomic_long_try_cmpxchg_acquire(&lock->owner, &owner, task | flags)) {
			if (task == curr)
				return NULL;
			lockevent_inc(mutex_handoff);
			break;
		}
	}
	return __owner_task(owner);
}

static bool mutex_try(struct mutex *lock)
{
	return !mutex_trylock_common(lock, false);
}

/* Free it, unless it must be handed over. Return: the owner word before. */
static long mutex_free(struct mutex *lock)
{
	long owner = atomic_long_read(&lock->owner);

	while (!(owner & MUTEX_FLAG_HANDOFF)) {
		/* mutex/A: pairs with __mutex_trylock_fast(), mutex_trylock_common() */
		if (atomic_long_try_cmpxchg_release(&lock->owner, &owner, owner & MUTEX_FLAGS))
			break;
	}
	return owner;
}

/* To @task, which picks it up; to nobody if the one that asked has left. wait_lock held. */
static void hand_off(struct mutex *lock, struct task_struct *task)
{
	long owner = atomic_long_read(&lock->owner), new;

	do {
		new = (owner & MUTEX_FLAG_WAITERS) | (long)task;
		if (task)
			new |= MUTEX_FLAG_PICKUP;
		/* mutex/A: pairs with __mutex_trylock_fast(), mutex_trylock_common() */
	} while (!atomic_long_try_cmpxchg_release(&lock->owner, &owner, new));
}

/* ---- spinning ------------------------------------------------------------------------- */

/* Preemption is off. Return: true when the owner has changed, false when to stop. */
static bool spin_on_owner(struct mutex *lock, struct task_struct *owner,
			  const struct mutex_ww *ww, struct mutex_waiter *waiter)
{
	for (;;) {
		port_await_begin();
		if (__mutex_owner(lock) != owner)
			return true;
		if (!port_owner_on_cpu(owner) || need_resched())
			return false;
		if (ww && !ww->may_spin(lock, ww->ctx, waiter))
			return false;
		cpu_relax();
	}
}

static bool can_spin(struct mutex *lock)
{
	struct task_struct *owner = __mutex_owner(lock);

	return !need_resched() && (!owner || port_owner_on_cpu(owner));
}

static bool spin_until_ours(struct mutex *lock, const struct mutex_ww *ww,
			    struct mutex_waiter *waiter)
{
	for (;;) {
		struct task_struct *owner = mutex_trylock_common(lock, false);

		if (!owner)
			return true;
		if (!spin_on_owner(lock, owner, ww, waiter))
			return false;
	}
}

/* @waiter: we are the first sleeper, which spins without queueing; or NULL. */
static bool optimistic_spin(struct mutex *lock, const struct mutex_ww *ww,
			    struct mutex_waiter *waiter)
{
	bool ours;

	if (!IS_ENABLED(CONFIG_SMP) || IS_ENABLED(MUTEX_NO_SPIN))
		return false;
	if (ww && !ww->may_spin(lock, ww->ctx, waiter))
		return false;
	if (waiter)
		return spin_until_ours(lock, ww, waiter);
	if (!can_spin(lock))
		return false;
	lockevent_inc(mutex_spin);
	if (!osq_lock(&lock->osq))
		return false;
	ours = spin_until_ours(lock, ww, NULL);
	osq_unlock(&lock->osq);
	return ours;
}

/* ---- sleeping --------------------------------------------------------------------------- */

static void sleep_preempt_disabled(bool io)
{
	if (!io) {
		schedule_preempt_disabled();
		return;
	}
	preempt_enable_no_resched();
	io_schedule();
	preempt_disable();
}

/*
 * Sleep in line until the mutex is ours, or the wait must end. wait_lock is held, and
 * held again on return. *@first: we were the first in line.
 */
static int sleep_in_line(struct mutex *lock, unsigned int state, bool io,
			 const struct mutex_ww *ww, struct mutex_waiter *waiter, bool *first)
{
	for (bool slept = false;; slept = true) {
		int ret;

		*first = waiter_is_first(lock, waiter);
		/* Before the try: an unlock that it misses finds this state. */
		set_current_state(state);
		if (!mutex_trylock_common(lock, slept && *first))
			return 0;
		if (signal_pending_state(state, current))
			return -EINTR;
		ret = ww ? ww->check_kill(lock, waiter) : 0;
		if (ret)
			return ret;
		raw_spin_unlock(&lock->wait_lock);
		if (slept && *first && optimistic_spin(lock, ww, waiter)) {
			raw_spin_lock(&lock->wait_lock);
			return 0;
		}
		lockevent_inc(mutex_sleep);
		sleep_preempt_disabled(io);
		raw_spin_lock(&lock->wait_lock);
	}
}

int mutex_lock_common(struct mutex *lock, unsigned int state, bool io, const struct mutex_ww *ww)
{
	struct mutex_waiter waiter;
	bool first = true;
	DEFINE_WAKE_Q(wake_q);
	int ret = 0;

	might_sleep();
	preempt_disable();
	if (mutex_try(lock) || optimistic_spin(lock, ww, NULL)) {
		if (ww)
			ww->acquired_fast(lock, ww->ctx);
		preempt_enable();
		return 0;
	}

	waiter.task = current;
	waiter.ww_ctx = ww ? ww->ctx : NULL;
	raw_spin_lock(&lock->wait_lock);
	if (ww)
		ret = ww->add_waiter(lock, &waiter, &wake_q);
	else
		mutex_add_waiter(lock, &waiter, &lock->wait_list);
	if (!ret) {
		port_set_blocked_on(ww ? &ww_mutex_kind : &mutex_kind, lock);
		ret = sleep_in_line(lock, state, io, ww, &waiter, &first);
		port_clear_blocked_on();
		__set_current_state(TASK_RUNNING);
		mutex_remove_waiter(lock, &waiter);
	}
	if (!ret && ww)
		ww->acquired(lock, ww->ctx, !first, &wake_q);
	raw_spin_unlock(&lock->wait_lock);
	wake_up_q(&wake_q);
	preempt_enable();
	return ret;
}

int __mutex_lock_slowpath(struct mutex *lock, unsigned int state, bool io)
{
	return mutex_lock_common(lock, state, io, NULL);
}

bool __mutex_trylock_slowpath(struct mutex *lock)
{
	return mutex_try(lock);
}

void __mutex_unlock_slowpath(struct mutex *lock)
{
	struct task_struct *next = NULL;
	DEFINE_WAKE_Q(wake_q);
	long owner = mutex_free(lock);

	if (!(owner & (MUTEX_FLAG_WAITERS | MUTEX_FLAG_HANDOFF)))
		return;
	lockevent_inc(mutex_wake);
	raw_spin_lock(&lock->wait_lock);
	if (!list_empty(&lock->wait_list)) {
		next = list_first_entry(&lock->wait_list, struct mutex_waiter, list)->task;
		wake_q_add(&wake_q, next);
	}
	if (owner & MUTEX_FLAG_HANDOFF)
		hand_off(lock, next);
	raw_spin_unlock(&lock->wait_lock);
	wake_up_q(&wake_q);
}
