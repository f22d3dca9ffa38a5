/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Semaphore, the mechanism. The contract is <locking/semaphore.h>.
 *
 *	A				B, any context		count	wait_list
 *	down(): count is 0					0
 *	  queued; state set					0	A
 *	  unlock; sleeps					0	A
 *					up(): takes A off	0
 *					  A.up = true
 *					  unlock; wakes A
 *	  lock; up: it is ours					0
 *
 * All is decided under lock, with interrupts off because up() may come in one. A
 * waiter that is interrupted, or whose time is up, decides that under lock too: it
 * either was given the semaphore, and has it, or takes itself off. The wake-up comes
 * after the unlock, so that A does not wake only to wait for B's lock; A is kept by
 * the wake_q's reference.
 *
 * Linux: kernel/locking/semaphore.c
 */
#include <locking/lockevent.h>
#include <locking/semaphore.h>
#include <locking/wake_q.h>

struct semaphore_waiter {
	struct list_head list;		/* lock */
	struct task_struct *task;
	bool up;			/* lock: it was given to us */
};

/* ---- who has it: for reports ---- */

#ifdef CONFIG_DEBUG_LOCKS
static void note_taken(struct semaphore *sem)
{
	WRITE_ONCE(sem->last_holder, port_context() == CTX_TASK ? current : NULL);
}

static void note_given_back(struct semaphore *sem)
{
	if (port_context() == CTX_TASK && READ_ONCE(sem->last_holder) == current)
		WRITE_ONCE(sem->last_holder, NULL);
}

static struct task_struct *semaphore_owner(const void *lock)
{
	return READ_ONCE(((const struct semaphore *)lock)->last_holder);
}
#else
static void note_taken(struct semaphore *sem __maybe_unused) { }
static void note_given_back(struct semaphore *sem __maybe_unused) { }

static struct task_struct *semaphore_owner(const void *lock __maybe_unused)
{
	return NULL;
}
#endif

static const char *semaphore_owner_is(const void *lock)
{
	if (READ_ONCE(((const struct semaphore *)lock)->count))
		return NULL;
	return semaphore_owner(lock) ? "the last that took it" : "tasks, and nobody knows which";
}

static const struct lock_kind semaphore_kind = {
	.name = "semaphore", .owner = semaphore_owner, .owner_is = semaphore_owner_is,
};

/* lock is held, and held again on return. */
static int down_slow(struct semaphore *sem, unsigned int state, long timeout)
{
	struct semaphore_waiter waiter;
	int ret = 0;

	waiter.task = current;
	waiter.up = false;
	list_add_tail(&waiter.list, &sem->wait_list);
	port_set_blocked_on(&semaphore_kind, sem);
	while (!waiter.up) {
		if (signal_pending_state(state, current))
			ret = -EINTR;
		else if (timeout <= 0)
			ret = -ETIME;
		if (ret) {
			list_del(&waiter.list);
			break;
		}
		__set_current_state(state);
		raw_spin_unlock_irq(&sem->lock);
		lockevent_inc(sem_sleep);
		timeout = schedule_timeout(timeout);
		raw_spin_lock_irq(&sem->lock);
	}
	port_clear_blocked_on();
	return ret;
}

static __always_inline int down_common(struct semaphore *sem, unsigned int state, long timeout)
{
	int ret = 0;

	lock_might_sleep();
	raw_spin_lock_irq(&sem->lock);
	if (likely(sem->count > 0))
		sem->count--;
	else
		ret = down_slow(sem, state, timeout);
	if (!ret)
		note_taken(sem);
	raw_spin_unlock_irq(&sem->lock);
	return ret;
}

void down(struct semaphore *sem)
{
	down_common(sem, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

int down_interruptible(struct semaphore *sem)
{
	return down_common(sem, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

int down_killable(struct semaphore *sem)
{
	return down_common(sem, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT);
}

int down_timeout(struct semaphore *sem, long timeout)
{
	return down_common(sem, TASK_UNINTERRUPTIBLE, timeout);
}

int down_trylock(struct semaphore *sem)
{
	unsigned long flags;
	bool taken;

	raw_spin_lock_irqsave(&sem->lock, flags);
	taken = sem->count > 0;
	if (taken) {
		sem->count--;
		note_taken(sem);
	}
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return !taken;
}

void up(struct semaphore *sem)
{
	struct semaphore_waiter *waiter;
	DEFINE_WAKE_Q(wake_q);
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->lock, flags);
	note_given_back(sem);
	if (likely(list_empty(&sem->wait_list))) {
		sem->count++;
		raw_spin_unlock_irqrestore(&sem->lock, flags);
		return;
	}
	waiter = list_first_entry(&sem->wait_list, struct semaphore_waiter, list);
	list_del(&waiter->list);
	waiter->up = true;
	wake_q_add(&wake_q, waiter->task);
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	wake_up_q(&wake_q);
}
