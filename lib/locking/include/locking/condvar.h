/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Condition variable: sleep for a condition that a mutex protects.
 *
 *	wait	who waits			its own lock
 *
 *	waiter				signaller
 *	mutex_lock(m)
 *	while (!CONDITION)
 *	  condvar_wait(cv, m)		mutex_lock(m)
 *	    queued, state set		CONDITION = true
 *	    mutex_unlock(m)		condvar_signal(cv)
 *	    schedule()			mutex_unlock(m)
 *	    mutex_lock(m)
 *	CONDITION holds, m is ours
 *
 * Queued before the mutex is dropped: who changes the condition afterwards finds the
 * waiter. It may wake for nothing, and others may have been faster: hence while.
 *
 * Why the kernel has wait queues instead:
 *
 *	a condition variable			a wait queue
 *	needs a mutex around the condition	no lock: the condition is any expression, the
 *						state and a full barrier order it (sched/A)
 *	is signalled by tasks			by interrupts too: the waker takes a spinlock
 *	wakes to sleep for the mutex		wakes to run: one switch less
 *	one way to wait				exclusive, interruptible, own wake functions,
 *						one task in many queues
 * What is left to a condition variable is code that has a mutex anyway; there it is a
 * wait queue and three lines.
 *
 * Linux:   none; POSIX has pthread_cond_wait()
 */
#ifndef LOCKING_CONDVAR_H
#define LOCKING_CONDVAR_H

#include <locking/mutex.h>
#include <locking/wait.h>

struct condvar {
	struct wait_queue_head wait;
};

#define CONDVAR_INITIALIZER(name)	{ __WAIT_QUEUE_HEAD_INITIALIZER((name).wait) }
#define DEFINE_CONDVAR(name)		struct condvar name = CONDVAR_INITIALIZER(name)

static inline void condvar_init(struct condvar *cv)
{
	init_waitqueue_head(&cv->wait);
}

/**
 * condvar_wait() - drop @mutex, sleep until signalled, take @mutex again
 * @mutex: held by the caller; the same one for all waiters at a time
 * Context: Task that may sleep; CONFIG_PREEMPT_RT: nor inside a spinlock_t.
 * Return: nothing; _interruptible: 0, or -EINTR; _timeout: 0, or -ETIME when @timeout
 *	   jiffies have passed. A signal is never lost to one that returns an error.
 */
void condvar_wait(struct condvar *cv, struct mutex *mutex);
int condvar_wait_interruptible(struct condvar *cv, struct mutex *mutex);
int condvar_wait_timeout(struct condvar *cv, struct mutex *mutex, long timeout);

/*
 * Wake one, the first to wait; all. With or without the mutex.
 * Context: Any but NMI; CONFIG_PREEMPT_RT: as wake_up().
 */
void condvar_signal(struct condvar *cv);
void condvar_broadcast(struct condvar *cv);

#endif
