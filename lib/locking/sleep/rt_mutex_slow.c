/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex, the slow paths that all locks on it share: take, and release to a waiter.
 * In between is rt_mutex_block.c.
 *
 *	task L, owner			task H					lock->owner
 *	holds it							L
 *					slow path, wait_lock
 *					mark_has_waiters()		L | 1
 *					task_blocks_on_rt_mutex():
 *					queued, L at H's priority
 *					drop wait_lock, sleep
 *	unlock: cmpxchg fails
 *	wait_lock
 *	mark_wakeup_next_waiter():
 *	L at its own priority						0 | 1
 *	drop wait_lock, wake H
 *					try_to_take_rt_mutex()		H, | 1 if others wait
 *
 * The lock is not handed over: between the last two steps whoever is more urgent
 * than H may take it. H stays queued, at the top or behind the thief's successors,
 * and its urgency is lent to the thief: try_to_take_rt_mutex() sees to that.
 *
 * No wake-up is lost: H sets its state before it looks at the owner, both under
 * wait_lock, and L gives the lock up under wait_lock before it wakes.
 * The owner is lowered before it wakes, and preemption is off from one to the
 * other: else a task of middle priority could come between, and H would wait for it.
 *
 * Ordering: rt_mutex/A, the owner word. Taking it is an ACQUIRE also under wait_lock,
 * since the last owner may have released it by cmpxchg alone. Setting and clearing
 * bit 0 publishes nothing, and is relaxed.
 *
 * Linux:   kernel/locking/rtmutex.c
 * Differs: bit 0 is set by a fetch_or, not a cmpxchg loop, and cleared by a store; who
 *	    takes the lock is at once lent the priority of those that still wait.
 */
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>

/* ---- the owner word ---------------------------------------------------------------- */

/* From here on the owner's unlock comes through wait_lock. wait_lock held. */
static void mark_has_waiters(struct rt_mutex_base *lock)
{
	port_fetch_or(relaxed, (unsigned long *)&lock->owner, RT_MUTEX_HAS_WAITERS);
}

static unsigned long owner_word(struct rt_mutex_base *lock, struct task_struct *owner)
{
	return (unsigned long)owner | (rt_mutex_top_waiter(lock) ? RT_MUTEX_HAS_WAITERS : 0);
}

static void set_owner(struct rt_mutex_base *lock, struct task_struct *owner)
{
	/* rt_mutex/A: pairs with rt_mutex_unlock_fast(), unlock_without_waiters() */
	xchg_acquire((unsigned long *)&lock->owner, owner_word(lock, owner));
}

/*
 * Bit 0 was set to look, and nobody waits. Only while it is set, under wait_lock, is
 * the word ours to write: without it an owner may be releasing by cmpxchg right now.
 */
void fixup_rt_mutex_waiters(struct rt_mutex_base *lock)
{
	unsigned long owner = (unsigned long)READ_ONCE(lock->owner);

	if (rt_mutex_top_waiter(lock) || !(owner & RT_MUTEX_HAS_WAITERS))
		return;
	lockevent_inc(rtmutex_fixup);
	/* ww/C: pairs with ww_mutex_unlock() */
	smp_store_release(&lock->owner, (struct task_struct *)(owner & ~RT_MUTEX_HAS_WAITERS));
}

/* ---- taking -------------------------------------------------------------------------- */

/*
 * May one of urgency @prio pass @top, woken or about to be? Only a more urgent one.
 * An rt_spinlock lets fair tasks pass their equals, which keeps the CPU busy; among
 * real-time tasks that would be a wait without bound.
 */
static bool rt_mutex_steal(int prio, bool lateral, struct rt_mutex_waiter *top)
{
	if (prio < top->tree.prio)
		return true;
	return lateral && !rt_prio(prio) && prio == top->tree.prio;
}

/* May @task take the free lock now? A waiter is taken out of the tree if so. */
static bool may_take(struct rt_mutex_base *lock, struct task_struct *task,
		     struct rt_mutex_waiter *waiter)
{
	struct rt_mutex_waiter *top = rt_mutex_top_waiter(lock);
	bool lateral = top && (top->wake_state & TASK_RTLOCK_WAIT);

	if (!top)
		return true;
	if (top != waiter) {
		int prio = waiter ? waiter->tree.prio : rt_waiter_prio(task);

		if (!rt_mutex_steal(prio, lateral, top))
			return false;
		lockevent_inc(rtmutex_steal);
	}
	if (waiter)
		rt_mutex_dequeue(lock, waiter);
	return true;
}

bool try_to_take_rt_mutex(struct rt_mutex_base *lock, struct task_struct *task,
			  struct rt_mutex_waiter *waiter)
{
	struct rt_mutex_waiter *top;

	mark_has_waiters(lock);
	if (rt_mutex_owner(lock) || !may_take(lock, task, waiter))
		return false;

	top = rt_mutex_top_waiter(lock);
	if (waiter || top) {
		/* Chain walks come by pi_blocked_on, and priorities by pi_waiters. */
		raw_spin_lock(&task->pi_lock);
		if (waiter)
			task->pi_blocked_on = NULL;
		if (top) {
			rt_mutex_enqueue_pi(task, top);
			rt_mutex_adjust_prio(task);
		}
		raw_spin_unlock(&task->pi_lock);
	}
	set_owner(lock, task);
	return true;
}

/* ---- releasing ----------------------------------------------------------------------- */

void rt_mutex_wake_q_add_task(struct rt_wake_q_head *wqh, struct task_struct *task,
			      unsigned int wake_state)
{
	if (wake_state & TASK_RTLOCK_WAIT) {
		get_task_struct(task);
		wqh->rtlock_task = task;
	} else {
		wake_q_add(&wqh->head, task);
	}
}

void mark_wakeup_next_waiter(struct rt_wake_q_head *wqh, struct rt_mutex_base *lock)
{
	struct rt_mutex_waiter *waiter = rt_mutex_top_waiter(lock);

	/* It keeps its place in the lock's tree, but lends us nothing any more. */
	raw_spin_lock(&current->pi_lock);
	rt_mutex_dequeue_pi(current, waiter);
	rt_mutex_adjust_prio(current);

	/* As ours is the slow path, nobody else writes the word. */
	WRITE_ONCE(lock->owner, (struct task_struct *)RT_MUTEX_HAS_WAITERS);

	/* Less urgent from here on: not to be preempted before the waiter is awake. */
	preempt_disable();
	rt_mutex_wake_q_add_task(wqh, waiter->task, waiter->wake_state);
	raw_spin_unlock(&current->pi_lock);
}

void rt_mutex_wake_up_q(struct rt_wake_q_head *wqh)
{
	if (wqh->rtlock_task) {
		wake_up_state(wqh->rtlock_task, TASK_RTLOCK_WAIT);
		put_task_struct(wqh->rtlock_task);
		wqh->rtlock_task = NULL;
	}
	if (!wake_q_empty(&wqh->head))
		wake_up_q(&wqh->head);
	/* mark_wakeup_next_waiter() turned it off. */
	preempt_enable();
}
