/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completion: wait until somebody says that something is done.
 *
 *	done	how many waits may still return at once		written under wait.lock
 *	wait	who waits
 *
 *	0			not done
 *	n			complete() was called n times more than waited for
 *	COMPLETION_ALL		complete_all(): done for good, until reinit_completion()
 *
 *	waiter				completer
 *	wait_for_completion(&x)		x.done++, wake the first
 *	  x.done--
 *	returns; may free x		has dropped wait.lock: does not touch x again
 *
 * A semaphore that starts at 0 would do, but for the last line: here the waiter takes
 * wait.lock after the completer dropped it, so x may live on the waiter's stack.
 *
 * Linux:   include/linux/completion.h, kernel/sched/completion.c
 * Differs: -EINTR where Linux has -ERESTARTSYS.
 */
#ifndef LOCKING_COMPLETION_H
#define LOCKING_COMPLETION_H

#include <locking/swait.h>

struct completion {
	unsigned int done;
	struct swait_queue_head wait;
};

#define COMPLETION_ALL	(~0U)

#define COMPLETION_INITIALIZER(work) \
	{ 0, __SWAIT_QUEUE_HEAD_INITIALIZER((work).wait) }
#define DECLARE_COMPLETION(work) \
	struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work)	DECLARE_COMPLETION(work)

static inline void init_completion(struct completion *x)
{
	x->done = 0;
	init_swait_queue_head(&x->wait);
}

/* To be used again; nobody waits or completes meanwhile. */
static inline void reinit_completion(struct completion *x)
{
	x->done = 0;
}

/**
 * complete() - let one waiter go: the first, or the next to come
 * Context: Any but NMI, with CONFIG_PREEMPT_RT too: the lock is a raw one.
 * Ordering: what was written before is seen by the waiter that goes.
 */
void complete(struct completion *x);
/* All waiters, and all that will come. CONFIG_PREEMPT_RT: under that lock, however many. */
void complete_all(struct completion *x);

/**
 * wait_for_completion() - sleep until @x is completed; uses up one complete()
 * Context: Task that may sleep; CONFIG_PREEMPT_RT: nor inside a spinlock_t.
 * Return: nothing; _interruptible, _killable, _state: 0 or -EINTR; _timeout: jiffies
 *	   left, at least 1, or 0 if time was up, or -EINTR.
 */
void wait_for_completion(struct completion *x);
void wait_for_completion_io(struct completion *x);
int wait_for_completion_interruptible(struct completion *x);
int wait_for_completion_killable(struct completion *x);
int wait_for_completion_state(struct completion *x, unsigned int state);
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout);
unsigned long wait_for_completion_io_timeout(struct completion *x, unsigned long timeout);
long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout);
long wait_for_completion_killable_timeout(struct completion *x, unsigned long timeout);

/* Use up one complete() if that needs no wait. Context: Any but NMI. */
bool try_wait_for_completion(struct completion *x);
/* Would a wait return at once? After true, @x may be freed. Context: Any but NMI. */
bool completion_done(struct completion *x);

#endif
