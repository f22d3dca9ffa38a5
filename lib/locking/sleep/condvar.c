/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Condition variable, the mechanism. The contract is <locking/condvar.h>.
 *
 * A waiter whose time is up may be signalled at that moment: the signal took it off
 * the queue, and nobody else will get that signal. So what decides is the queue, under
 * its lock: off it means signalled, whatever ended the sleep.
 */
#include <base/errno.h>
#include <locking/condvar.h>

static const struct lock_kind condvar_kind = { .name = "condition variable" };

/* Return: was it signalled? */
static bool leave(struct condvar *cv, struct wait_queue_entry *wait)
{
	unsigned long flags;
	bool signalled;

	spin_lock_irqsave(&cv->wait.lock, flags);
	signalled = list_empty(&wait->entry);
	if (!signalled)
		list_del_init(&wait->entry);
	spin_unlock_irqrestore(&cv->wait.lock, flags);
	return signalled;
}

static int wait_in_state(struct condvar *cv, struct mutex *mutex, unsigned int state, long timeout)
{
	struct wait_queue_entry wait;
	bool signalled;

	might_sleep();
	init_wait_entry(&wait, WQ_FLAG_EXCLUSIVE);
	prepare_to_wait_exclusive(&cv->wait, &wait, state);
	port_set_blocked_on(&condvar_kind, cv);
	mutex_unlock(mutex);
	timeout = schedule_timeout(timeout);
	__set_current_state(TASK_RUNNING);
	port_clear_blocked_on();
	signalled = leave(cv, &wait);
	mutex_lock(mutex);
	if (signalled)
		return 0;
	if (signal_pending_state(state, current))
		return -EINTR;
	return timeout ? 0 : -ETIME;
}

void condvar_wait(struct condvar *cv, struct mutex *mutex)
{
	wait_in_state(cv, mutex, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

int condvar_wait_interruptible(struct condvar *cv, struct mutex *mutex)
{
	return wait_in_state(cv, mutex, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

int condvar_wait_timeout(struct condvar *cv, struct mutex *mutex, long timeout)
{
	return wait_in_state(cv, mutex, TASK_UNINTERRUPTIBLE, timeout);
}

void condvar_signal(struct condvar *cv)
{
	wake_up(&cv->wait);
}

void condvar_broadcast(struct condvar *cv)
{
	wake_up_all(&cv->wait);
}
