/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex: what its users call, when the fast path failed. The contract is
 * <locking/rt_mutex.h>; the steps are rt_mutex_slow.c's, the order of waiters
 * rt_mutex_tree.c's, the chain of owners rt_mutex_chain.c's.
 *
 * The last step of an unlock that found bit 0 set, and no waiter after all: someone
 * looked and left, or is about to queue. The word may be changed under wait_lock only
 * while bit 0 is set, and touched not at all once it is released:
 *
 *	owner L					taker H
 *	wait_lock
 *	no waiters: bit 0 away			spins on wait_lock
 *	drop wait_lock				wait_lock: sets bit 0, owner is L
 *	cmpxchg L -> 0 fails: again		queues
 *
 *	and if H comes later: cmpxchg L -> 0 goes through, H finds it free.
 *
 * A plain store of 0 there would wipe out bit 0, and H would sleep for ever.
 *
 * Linux: kernel/locking/rtmutex_api.c
 */
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>

static struct task_struct *rt_mutex_blocked_owner(const void *lock)
{
	return rt_mutex_owner((struct rt_mutex_base *)lock);
}

const struct lock_kind rt_mutex_kind = { .name = "rt_mutex", .owner = rt_mutex_blocked_owner };

void rt_mutex_report_deadlock(struct rt_mutex_base *lock)
{
	struct task_struct *owner __maybe_unused = rt_mutex_owner(lock);

	lockevent_inc(rtmutex_deadlock);
	port_report("rt_mutex %p: deadlock: task %d %s would wait for itself, owner is %d %s",
		    (void *)lock, task_pid_nr(current), port_task_name(current),
		    owner ? task_pid_nr(owner) : 0, port_task_name(owner));
}

void rt_mutex_report_interrupt(const void *lock)
{
	port_report("lock " PORT_SYMBOL ": trylock in an interrupt: its owner would be %s",
		    (void *)lock, port_task_name(current));
}

int __rt_mutex_lock_slow(struct rt_mutex *lock, unsigned int state, const ktime_t *deadline)
{
	struct rt_mutex_base *base = &lock->rtmutex;
	int ret;

	might_sleep();
	port_set_blocked_on(&rt_mutex_kind, base);
	raw_spin_lock_irq(&base->wait_lock);
	ret = rt_mutex_slowlock_locked(base, state, deadline,
				       deadline ? RT_MUTEX_FULL_CHAINWALK
						: RT_MUTEX_MIN_CHAINWALK, NULL);
	raw_spin_unlock_irq(&base->wait_lock);
	port_clear_blocked_on();

	if (unlikely(ret == -EDEADLK && state == TASK_UNINTERRUPTIBLE))
		rt_mutex_report_deadlock(base);
	if (ret)
		mutex_release(lock, _RET_IP_);
	return ret;
}

#ifdef CONFIG_DEBUG_LOCKS
void debug_rt_mutex_locked(struct rt_mutex *lock)
{
	/* By a trylock: who waits is reported before. */
	if (unlikely(port_context() != CTX_TASK))
		port_report("rt_mutex %p: taken in an interrupt: its owner would be %s",
			    (void *)lock, port_task_name(current));
	held_lock_add(lock, "rt_mutex", NULL, _RET_IP_);
}
#endif

bool rt_mutex_trylock_slow(struct rt_mutex_base *lock)
{
	unsigned long flags;
	bool taken;

	/* A hint: most that come here find it held. */
	if (rt_mutex_owner(lock))
		return false;
	raw_spin_lock_irqsave(&lock->wait_lock, flags);
	taken = try_to_take_rt_mutex(lock, current, NULL);
	fixup_rt_mutex_waiters(lock);
	raw_spin_unlock_irqrestore(&lock->wait_lock, flags);
	return taken;
}

/* No waiters; drops wait_lock. Return: released. False: someone came, once more. */
static bool unlock_without_waiters(struct rt_mutex_base *lock, unsigned long flags)
{
	struct task_struct *owner = current;

	WRITE_ONCE(lock->owner, owner);
	raw_spin_unlock_irqrestore(&lock->wait_lock, flags);
	/* rt_mutex/A: pairs with rt_mutex_try_fast(), set_owner() */
	return try_cmpxchg_release(&lock->owner, &owner, NULL);
}

void rt_mutex_unlock_slow(struct rt_mutex_base *lock)
{
	struct rt_wake_q_head wqh;
	unsigned long flags;

	if (unlikely(rt_mutex_owner(lock) != current)) {
		port_report("rt_mutex %p: task %d %s unlocks what %s holds", (void *)lock,
			    task_pid_nr(current), port_task_name(current),
			    port_task_name(rt_mutex_owner(lock)));
		return;
	}
	raw_spin_lock_irqsave(&lock->wait_lock, flags);
	while (!rt_mutex_top_waiter(lock)) {
		if (unlock_without_waiters(lock, flags))
			return;
		raw_spin_lock_irqsave(&lock->wait_lock, flags);
	}
	lockevent_inc(rtmutex_slowunlock);
	rt_wake_q_init(&wqh);
	mark_wakeup_next_waiter(&wqh, lock);
	raw_spin_unlock_irqrestore(&lock->wait_lock, flags);
	rt_mutex_wake_up_q(&wqh);
}
