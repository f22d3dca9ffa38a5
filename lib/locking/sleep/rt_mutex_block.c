/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex, waiting: queue and lend, spin or sleep, leave and take back.
 *
 *	                    task_blocks_on_rt_mutex()
 *	slow path ----------> queued, owner boosted ----> top, owner runs: spins
 *	   | free                |    ^   |  not top, or        | owner let go
 *	   v                     |    |   v  owner sleeps       v
 *	taken <--- try_to_take_rt_mutex() woken <--- sleeps    try_to_take_rt_mutex()
 *	                         | -EINTR, -ETIMEDOUT, -EDEADLK
 *	                         v
 *	                      remove_waiter(): owner as urgent as the next waiter makes it
 *
 * Queueing and leaving change the owner's priority under its pi_lock; if it waits
 * itself, the rest of the chain is told without any lock held, and wait_lock is
 * dropped for that. So whoever comes back from there looks anew: the lock may be free.
 *
 * Spinning: only the top waiter, only as long as the owner runs, and nothing says that
 * this CPU should do something else. It stays queued, with its sleep state set, so
 * that an unlock treats it as a sleeper; a wake-up that finds it running is cheap.
 *
 * Linux:   kernel/locking/rtmutex.c
 * Differs: a spinner notices signals and its deadline, too.
 */
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>

/* ---- queueing ------------------------------------------------------------------------ */

static bool detects_deadlocks(enum rtmutex_chainwalk chwalk)
{
	return chwalk == RT_MUTEX_FULL_CHAINWALK || IS_ENABLED(CONFIG_DEBUG_LOCKS);
}

static void enqueue_waiter(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
			   struct task_struct *task)
{
	raw_spin_lock(&task->pi_lock);
	waiter->task = task;
	waiter->lock = lock;
	rt_mutex_enqueue(lock, waiter);
	task->pi_blocked_on = waiter;
	raw_spin_unlock(&task->pi_lock);
}

/* @old was the top waiter, or NULL. Return: what @owner waits for, if the walk must go on. */
static struct rt_mutex_base *lend_priority(struct task_struct *owner, struct rt_mutex_base *lock,
					   struct rt_mutex_waiter *old,
					   struct rt_mutex_waiter *waiter, bool always)
{
	struct rt_mutex_base *next_lock = NULL;

	raw_spin_lock(&owner->pi_lock);
	if (waiter == rt_mutex_top_waiter(lock)) {
		if (old)
			rt_mutex_dequeue_pi(owner, old);
		rt_mutex_enqueue_pi(owner, waiter);
		rt_mutex_adjust_prio(owner);
		always = true;
	}
	if (always)
		next_lock = task_blocked_on_lock(owner);
	raw_spin_unlock(&owner->pi_lock);
	return next_lock;
}

int task_blocks_on_rt_mutex(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
			    struct task_struct *task, enum rtmutex_chainwalk chwalk)
{
	struct task_struct *owner = rt_mutex_owner(lock);
	struct rt_mutex_waiter *top = rt_mutex_top_waiter(lock);
	struct rt_mutex_base *next_lock;
	int ret;

	if (owner == task)
		return -EDEADLK;
	enqueue_waiter(lock, waiter, task);
	if (!owner)
		return 0;
	next_lock = lend_priority(owner, lock, top, waiter, detects_deadlocks(chwalk));
	if (!next_lock)
		return 0;

	/* The owner cannot let go while we hold wait_lock: so it is still there. */
	get_task_struct(owner);
	raw_spin_unlock_irq(&lock->wait_lock);
	ret = rt_mutex_adjust_prio_chain(owner, chwalk, lock, next_lock, waiter, task);
	raw_spin_lock_irq(&lock->wait_lock);
	return ret;
}

/* @waiter lends @owner no more; the next one does. Return: what @owner waits for. */
static struct rt_mutex_base *take_priority_back(struct task_struct *owner,
						struct rt_mutex_base *lock,
						struct rt_mutex_waiter *waiter)
{
	struct rt_mutex_waiter *top = rt_mutex_top_waiter(lock);
	struct rt_mutex_base *next_lock;

	raw_spin_lock(&owner->pi_lock);
	rt_mutex_dequeue_pi(owner, waiter);
	if (top)
		rt_mutex_enqueue_pi(owner, top);
	rt_mutex_adjust_prio(owner);
	next_lock = task_blocked_on_lock(owner);
	raw_spin_unlock(&owner->pi_lock);
	return next_lock;
}

void remove_waiter(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter)
{
	bool was_top = waiter == rt_mutex_top_waiter(lock);
	struct task_struct *owner = rt_mutex_owner(lock);
	struct rt_mutex_base *next_lock;

	raw_spin_lock(&waiter->task->pi_lock);
	rt_mutex_dequeue(lock, waiter);
	waiter->task->pi_blocked_on = NULL;
	raw_spin_unlock(&waiter->task->pi_lock);

	if (!owner || !was_top)
		return;
	next_lock = take_priority_back(owner, lock, waiter);
	if (!next_lock)
		return;
	get_task_struct(owner);
	raw_spin_unlock_irq(&lock->wait_lock);
	rt_mutex_adjust_prio_chain(owner, RT_MUTEX_MIN_CHAINWALK, lock, next_lock, NULL,
				   waiter->task);
	raw_spin_lock_irq(&lock->wait_lock);
}

/* ---- waiting ------------------------------------------------------------------------- */

/* What a sleep would end for, or should be left for. */
static bool should_not_spin(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
			    unsigned int state, const ktime_t *deadline)
{
	return need_resched() || signal_pending_state(state, current) ||
	       data_race(READ_ONCE(lock->waiters.rb_leftmost)) != &waiter->tree.entry ||
	       (deadline && (ktime_t)local_clock() >= *deadline);
}

/* The owner, running, is worth waiting for. wait_lock not held. Return: it let go. */
static bool rtmutex_spin_on_owner(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
				  struct task_struct *owner, unsigned int state,
				  const ktime_t *deadline)
{
	for (;;) {
		port_await_begin();
		if (rt_mutex_owner(lock) != owner) {
			lockevent_inc(rtmutex_spin);
			return true;
		}
		if (!port_owner_on_cpu(owner) || should_not_spin(lock, waiter, state, deadline))
			return false;
		cpu_relax();
	}
}

/* Only the next one. wait_lock held. */
static bool may_spin(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter)
{
	return waiter == rt_mutex_top_waiter(lock) && (!waiter->ww || waiter->ww->may_spin);
}

/* Return: -ETIMEDOUT at the deadline, else 0. */
static int sleep_once(unsigned int state, const ktime_t *deadline)
{
	ktime_t expires;

	lockevent_inc(rtmutex_sleep);
	if (state & TASK_RTLOCK_WAIT) {
		schedule_rtlock();
		return 0;
	}
	if (!deadline) {
		schedule();
		return 0;
	}
	expires = *deadline;
	return schedule_hrtimeout_range(&expires, 0, HRTIMER_MODE_ABS) ? 0 : -ETIMEDOUT;
}

int rt_mutex_slowlock_block(struct rt_mutex_base *lock, unsigned int state,
			    const ktime_t *deadline, struct rt_mutex_waiter *waiter)
{
	struct task_struct *owner;
	int late = 0;

	for (;;) {
		if (try_to_take_rt_mutex(lock, current, waiter))
			return 0;
		if (late)
			return late;
		if (signal_pending_state(state, current))
			return -EINTR;
		if (waiter->ww && waiter->ww->check_kill(lock, waiter))
			return -EDEADLK;

		owner = may_spin(lock, waiter) ? rt_mutex_owner(lock) : NULL;
		raw_spin_unlock_irq(&lock->wait_lock);

		if (!owner || !rtmutex_spin_on_owner(lock, waiter, owner, state, deadline))
			late = sleep_once(state, deadline);

		raw_spin_lock_irq(&lock->wait_lock);
		set_current_state(state);
	}
}

void rt_mutex_sleep_begin(unsigned int state)
{
	if (state & TASK_RTLOCK_WAIT)
		current_save_and_set_rtlock_wait_state();
	else
		set_current_state(state);
}

void rt_mutex_sleep_end(unsigned int state)
{
	if (state & TASK_RTLOCK_WAIT)
		current_restore_rtlock_saved_state();
	else
		__set_current_state(TASK_RUNNING);
}

int rt_mutex_slowlock_locked(struct rt_mutex_base *lock, unsigned int state,
			     const ktime_t *deadline, enum rtmutex_chainwalk chwalk,
			     const struct rt_mutex_ww *ww)
{
	struct rt_mutex_waiter waiter;
	int ret;

	lockevent_inc(rtmutex_slowlock);
	if (try_to_take_rt_mutex(lock, current, NULL)) {
		fixup_rt_mutex_waiters(lock);
		return 0;
	}
	rt_mutex_init_waiter(&waiter);
	waiter.ww = ww;
	if (state & TASK_RTLOCK_WAIT)
		waiter.wake_state = TASK_RTLOCK_WAIT;
	rt_mutex_sleep_begin(state);

	ret = task_blocks_on_rt_mutex(lock, &waiter, current, chwalk);
	/* The owner left while we walked: then there was no cycle, and it may have woken us. */
	if (!ret || !rt_mutex_owner(lock))
		ret = rt_mutex_slowlock_block(lock, state, deadline, &waiter);
	rt_mutex_sleep_end(state);
	if (ret && waiter.task)
		remove_waiter(lock, &waiter);
	fixup_rt_mutex_waiters(lock);
	return ret;
}
