/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutex, the counter form: waiting. The contract and the count are <locking/mutex_v4.h>.
 *
 *	CPU 0, A		CPU 1, B			count	wait_list
 *	lock: 1 -> 0						0
 *				lock: 0 -> -1: must wait	-1
 *				A runs: spins on owner
 *	goes to sleep			stops			-1
 *				wait_lock; queues; not 1	-1	B
 *				sleeps
 *	unlock: -1 -> 0: not free yet				0	B
 *	sets 1							1	B
 *	wait_lock; wakes B	C: lock: 1 -> 0, steals		0	B
 *				wakes; swaps in -1: it was 0	-1	B
 *				sleeps again, however often
 *	C: unlock: -1 -> 0; sets 1; wakes B			1	B
 *				swaps in -1: it was 1: its	-1	B
 *				leaves the list, was the last	0
 *
 * No wake-up is lost: a sleeper swaps in -1 under wait_lock before it sleeps, so the
 * unlock that follows finds a count below 0, and takes wait_lock to wake. Whoever finds
 * the count at 1 with sleepers in the list, and takes it by the fast path, leaves 0
 * behind: one of the sleepers has then been woken, or is about to be, and swaps in -1.
 *
 * Stealing without end: nothing reserves the mutex for the sleeper that was woken.
 *
 * Spinning without an owner: it was taken and its holder has not said so, or is being
 * let go of. A holder that loses its CPU there keeps the spinners, so they leave when
 * they are wanted elsewhere, or are real-time tasks, whom nobody would preempt.
 *
 * Linux:   kernel/locking/mutex.c, v4.0
 * Differs: no third try before it queues; a waiter tries first thing in line.
 */
#include <locking/lockevent.h>
#include <locking/mutex_v4.h>
#include <locking/wake_q.h>

/* On the sleeper's stack; wait_lock. */
struct waiter {
	struct list_head list;
	struct task_struct *task;
};

static struct task_struct *mutex_v4_blocked_owner(const void *lock)
{
	return READ_ONCE(((const struct mutex_v4 *)lock)->owner);
}

const struct lock_kind mutex_v4_kind = { .name = "mutex_v4", .owner = mutex_v4_blocked_owner };

/* ---- spinning, with preemption off ---- */

/* Return: true when the owner has let go; false when to stop. */
static bool spin_on_owner(struct mutex_v4 *lock, struct task_struct *owner)
{
	for (;;) {
		struct task_struct *now;

		port_await_begin();
		now = READ_ONCE(lock->owner);
		if (now != owner)
			return !now;
		if (!port_owner_on_cpu(owner) || need_resched())
			return false;
		cpu_relax();
	}
}

static bool try_to_acquire(struct mutex_v4 *lock)
{
	int count = atomic_read(&lock->count);

	/* mutex_v4/A: pairs with mutex_v4_unlock(), __mutex_v4_unlock_slowpath() */
	return count == 1 && atomic_try_cmpxchg_acquire(&lock->count, &count, 0);
}

static bool spin_until_ours(struct mutex_v4 *lock)
{
	for (;;) {
		struct task_struct *owner;

		port_await_begin();
		owner = READ_ONCE(lock->owner);
		if (owner && !spin_on_owner(lock, owner))
			return false;
		if (try_to_acquire(lock))
			return true;
		if (!owner && (need_resched() || rt_task(current)))
			return false;
		cpu_relax();
	}
}

static bool optimistic_spin(struct mutex_v4 *lock)
{
	struct task_struct *owner;
	bool ours;

	if (!IS_ENABLED(CONFIG_SMP) || IS_ENABLED(MUTEX_NO_SPIN))
		return false;
	owner = READ_ONCE(lock->owner);
	if (need_resched() || (owner && !port_owner_on_cpu(owner)))
		return false;
	lockevent_inc(mutex_v4_spin);
	if (!osq_lock(&lock->osq))
		return false;
	ours = spin_until_ours(lock);
	osq_unlock(&lock->osq);
	return ours;
}

/* ---- sleeping, under wait_lock ---- */

/* Ours if it is free; if not, the count says now that somebody sleeps. */
static bool take_in_line(struct mutex_v4 *lock)
{
	/* mutex_v4/A: pairs with mutex_v4_unlock(), __mutex_v4_unlock_slowpath() */
	return atomic_read(&lock->count) >= 0 && atomic_xchg_acquire(&lock->count, -1) == 1;
}

static int sleep_in_line(struct mutex_v4 *lock, unsigned int state)
{
	while (!take_in_line(lock)) {
		if (signal_pending_state(state, current))
			return -EINTR;
		__set_current_state(state);
		raw_spin_unlock(&lock->wait_lock);
		lockevent_inc(mutex_v4_sleep);
		schedule_preempt_disabled();
		raw_spin_lock(&lock->wait_lock);
	}
	return 0;
}

int __mutex_v4_lock_slowpath(struct mutex_v4 *lock, unsigned int state)
{
	struct waiter waiter;
	int ret = 0;

	might_sleep();
	preempt_disable();
	if (!optimistic_spin(lock)) {
		waiter.task = current;
		raw_spin_lock(&lock->wait_lock);
		list_add_tail(&waiter.list, &lock->wait_list);
		port_set_blocked_on(&mutex_v4_kind, lock);
		ret = sleep_in_line(lock, state);
		port_clear_blocked_on();
		list_del(&waiter.list);
		/* Who gave up leaves the count: at worst an unlock looks for nobody. */
		if (!ret && list_empty(&lock->wait_list))
			atomic_set(&lock->count, 0);
		raw_spin_unlock(&lock->wait_lock);
	}
	if (!ret)
		mutex_v4_set_owner(lock);
	preempt_enable();
	return ret;
}

void __mutex_v4_unlock_slowpath(struct mutex_v4 *lock)
{
	DEFINE_WAKE_Q(wake_q);

	/*
	 * mutex_v4/A: pairs with __mutex_v4_lock(), mutex_v4_trylock(), try_to_acquire(),
	 * take_in_line()
	 */
	atomic_set_release(&lock->count, 1);
	raw_spin_lock(&lock->wait_lock);
	if (!list_empty(&lock->wait_list)) {
		lockevent_inc(mutex_v4_wake);
		wake_q_add(&wake_q, list_first_entry(&lock->wait_list, struct waiter, list)->task);
	}
	raw_spin_unlock(&lock->wait_lock);
	wake_up_q(&wake_q);
}
