/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex by proxy: one task takes a lock, or queues for it, on behalf of another.
 *
 * A PI futex is a word in user memory. As long as nobody waits for it there is no
 * rt_mutex; the first waiter makes one, and says who holds it already:
 *
 *	user L				H					the rt_mutex
 *	word = L, no system call
 *					rt_mutex_init_proxy_locked(L)		L
 *					rt_mutex_start_proxy_lock(H): L boosted L | 1
 *					rt_mutex_wait_proxy_lock()
 *	word = 0 fails: system call
 *	  rt_mutex_futex_unlock()						0 | 1
 *					returns 0				H
 *
 * A requeue does the second step for a task that sleeps on another futex; that one
 * wakes up owning the lock, or queued for it.
 *
 * A wait that fails (signal, time) is undone in a step of its own, since the caller
 * has locks to take first; meanwhile the lock may still come, and then is kept:
 * rt_mutex_cleanup_proxy_lock().
 *
 * The fast paths are never used: here the futex word is the fast path, and the
 * rt_mutex has an owner only while it has waiters.
 *
 * Linux: kernel/locking/rtmutex_api.c
 */
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>

void rt_mutex_init_proxy_locked(struct rt_mutex_base *lock, struct task_struct *proxy_owner)
{
	rt_mutex_base_init(lock);
	WRITE_ONCE(lock->owner, proxy_owner);
}

void rt_mutex_proxy_unlock(struct rt_mutex_base *lock)
{
	WRITE_ONCE(lock->owner, NULL);
}

int __rt_mutex_start_proxy_lock(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
				struct task_struct *task)
{
	int ret;

	if (try_to_take_rt_mutex(lock, task, NULL)) {
		fixup_rt_mutex_waiters(lock);
		return 1;
	}
	ret = task_blocks_on_rt_mutex(lock, waiter, task, RT_MUTEX_FULL_CHAINWALK);
	/* The owner left while we walked: no cycle; the waiter sorts it out. */
	return ret && !rt_mutex_owner(lock) ? 0 : ret;
}

int rt_mutex_start_proxy_lock(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
			      struct task_struct *task)
{
	int ret;

	raw_spin_lock_irq(&lock->wait_lock);
	ret = __rt_mutex_start_proxy_lock(lock, waiter, task);
	if (ret < 0) {
		lockevent_inc(rtmutex_deadlock);
		if (waiter->task)
			remove_waiter(lock, waiter);
		fixup_rt_mutex_waiters(lock);
	}
	raw_spin_unlock_irq(&lock->wait_lock);
	return ret;
}

int rt_mutex_wait_proxy_lock(struct rt_mutex_base *lock, const ktime_t *deadline,
			     struct rt_mutex_waiter *waiter)
{
	int ret;

	raw_spin_lock_irq(&lock->wait_lock);
	set_current_state(TASK_INTERRUPTIBLE);
	ret = rt_mutex_slowlock_block(lock, TASK_INTERRUPTIBLE, deadline, waiter);
	__set_current_state(TASK_RUNNING);
	fixup_rt_mutex_waiters(lock);
	raw_spin_unlock_irq(&lock->wait_lock);
	return ret;
}

bool rt_mutex_cleanup_proxy_lock(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter)
{
	bool cleanup = false;

	raw_spin_lock_irq(&lock->wait_lock);
	/* An owner that left meanwhile counts on us. */
	if (!try_to_take_rt_mutex(lock, current, waiter) && rt_mutex_owner(lock) != current) {
		remove_waiter(lock, waiter);
		cleanup = true;
	}
	fixup_rt_mutex_waiters(lock);
	raw_spin_unlock_irq(&lock->wait_lock);
	return cleanup;
}

bool __rt_mutex_futex_trylock(struct rt_mutex_base *lock)
{
	bool taken = !rt_mutex_owner(lock) && try_to_take_rt_mutex(lock, current, NULL);

	fixup_rt_mutex_waiters(lock);
	return taken;
}

bool rt_mutex_futex_trylock(struct rt_mutex_base *lock)
{
	unsigned long flags;
	bool taken;

	raw_spin_lock_irqsave(&lock->wait_lock, flags);
	taken = __rt_mutex_futex_trylock(lock);
	raw_spin_unlock_irqrestore(&lock->wait_lock, flags);
	return taken;
}

bool __rt_mutex_futex_unlock(struct rt_mutex_base *lock, struct rt_wake_q_head *wqh)
{
	if (!rt_mutex_top_waiter(lock)) {
		WRITE_ONCE(lock->owner, NULL);
		return false;
	}
	mark_wakeup_next_waiter(wqh, lock);
	return true;
}

void rt_mutex_futex_unlock(struct rt_mutex_base *lock)
{
	DEFINE_RT_WAKE_Q(wqh);
	unsigned long flags;
	bool wake;

	raw_spin_lock_irqsave(&lock->wait_lock, flags);
	wake = __rt_mutex_futex_unlock(lock, &wqh);
	raw_spin_unlock_irqrestore(&lock->wait_lock, flags);
	if (wake)
		rt_mutex_wake_up_q(&wqh);
}
