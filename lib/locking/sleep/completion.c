/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completion, the mechanism. The contract is <locking/completion.h>.
 *
 * All of it happens under wait.lock, a raw lock: done is counted, waiters queue, and
 * the first is woken there. So there is no order to explain but the lock's own, and
 * one thing to see: the waiter cannot leave wait_for_completion(), and free x,
 * before complete() has dropped the lock, because it takes it again after its sleep.
 * try_wait_for_completion() and completion_done() look without the lock first, and
 * take it once they have seen something: for the same reason.
 *
 * Linux: kernel/sched/completion.c
 */
#include <locking/completion.h>

static const struct lock_kind completion_kind = { .name = "completion" };

void complete(struct completion *x)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&x->wait.lock, flags);
	if (x->done != COMPLETION_ALL)
		WRITE_ONCE(x->done, x->done + 1);
	swake_up_locked(&x->wait);
	raw_spin_unlock_irqrestore(&x->wait.lock, flags);
}

void complete_all(struct completion *x)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&x->wait.lock, flags);
	WRITE_ONCE(x->done, COMPLETION_ALL);
	swake_up_all_locked(&x->wait);
	raw_spin_unlock_irqrestore(&x->wait.lock, flags);
}

static void use_up(struct completion *x)
{
	if (x->done != COMPLETION_ALL)
		WRITE_ONCE(x->done, x->done - 1);
}

typedef long (*sleep_fn)(long timeout);

static long sleep_io(long timeout)
{
	return io_schedule_timeout(timeout);
}

static long sleep_plain(long timeout)
{
	return schedule_timeout(timeout);
}

/* wait.lock held. Return: what is left of @timeout, 0, or -EINTR. */
static long sleep_until_done(struct completion *x, sleep_fn sleep, long timeout,
			     unsigned int state)
{
	DECLARE_SWAITQUEUE(wait);

	do {
		if (signal_pending_state(state, current)) {
			timeout = -EINTR;
			break;
		}
		__prepare_to_swait(&x->wait, &wait);
		port_set_blocked_on(&completion_kind, x);
		__set_current_state(state);
		raw_spin_unlock_irq(&x->wait.lock);
		timeout = sleep(timeout);
		raw_spin_lock_irq(&x->wait.lock);
	} while (!x->done && timeout);
	__finish_swait(&x->wait, &wait);
	if (!x->done)
		return timeout;
	use_up(x);
	return timeout ? timeout : 1;
}

static long wait_common(struct completion *x, sleep_fn sleep, long timeout, unsigned int state)
{
	might_sleep();
	raw_spin_lock_irq(&x->wait.lock);
	if (x->done)
		use_up(x);
	else
		timeout = sleep_until_done(x, sleep, timeout, state);
	raw_spin_unlock_irq(&x->wait.lock);
	return timeout;
}

static int without_timeout(struct completion *x, unsigned int state)
{
	return wait_common(x, sleep_plain, MAX_SCHEDULE_TIMEOUT, state) == -EINTR ? -EINTR : 0;
}

void wait_for_completion(struct completion *x)
{
	without_timeout(x, TASK_UNINTERRUPTIBLE);
}

void wait_for_completion_io(struct completion *x)
{
	wait_common(x, sleep_io, MAX_SCHEDULE_TIMEOUT, TASK_UNINTERRUPTIBLE);
}

int wait_for_completion_interruptible(struct completion *x)
{
	return without_timeout(x, TASK_INTERRUPTIBLE);
}

int wait_for_completion_killable(struct completion *x)
{
	return without_timeout(x, TASK_KILLABLE);
}

int wait_for_completion_state(struct completion *x, unsigned int state)
{
	return without_timeout(x, state);
}

unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	return (unsigned long)wait_common(x, sleep_plain, (long)timeout, TASK_UNINTERRUPTIBLE);
}

unsigned long wait_for_completion_io_timeout(struct completion *x, unsigned long timeout)
{
	return (unsigned long)wait_common(x, sleep_io, (long)timeout, TASK_UNINTERRUPTIBLE);
}

long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout)
{
	return wait_common(x, sleep_plain, (long)timeout, TASK_INTERRUPTIBLE);
}

long wait_for_completion_killable_timeout(struct completion *x, unsigned long timeout)
{
	return wait_common(x, sleep_plain, (long)timeout, TASK_KILLABLE);
}

bool try_wait_for_completion(struct completion *x)
{
	unsigned long flags;
	bool done;

	if (!READ_ONCE(x->done))
		return false;
	raw_spin_lock_irqsave(&x->wait.lock, flags);
	done = x->done;
	if (done)
		use_up(x);
	raw_spin_unlock_irqrestore(&x->wait.lock, flags);
	return done;
}

bool completion_done(struct completion *x)
{
	unsigned long flags;

	if (!READ_ONCE(x->done))
		return false;
	/* Let complete() drop the lock before the caller may free @x. */
	raw_spin_lock_irqsave(&x->wait.lock, flags);
	raw_spin_unlock_irqrestore(&x->wait.lock, flags);
	return true;
}
