/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues: sleep until a condition holds; whoever makes it hold wakes the queue.
 *
 *	head	waiters, exclusive ones behind the others	written under lock
 *
 *	sleeper				waker
 *	prepare_to_wait()		CONDITION = true
 *	  queued, state set, smp_mb()	wake_up()
 *	if (!CONDITION) schedule()	  lock, try_to_wake_up() each
 *	finish_wait()
 *
 * A waker that calls wake_up() always is safe. One that first looks whether
 * anybody waits must put a full barrier before that look: wq_has_sleeper().
 *
 * wake_up() wakes all non-exclusive waiters and the first exclusive one. An entry's
 * func decides what waking it means, so that one task can wait for many queues.
 *
 * The wait_event() family is <locking/wait_event.h>; it is included from here.
 *
 * Linux:   include/linux/wait.h, kernel/sched/wait.c
 * Differs: no bookmarks, no keyed bits (wait_on_bit).
 */
#ifndef LOCKING_WAIT_H
#define LOCKING_WAIT_H

#include <base/list.h>
#include <locking/task.h>

struct wait_queue_entry;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wq_entry, unsigned int mode,
				 int flags, void *key);

#define WQ_FLAG_EXCLUSIVE	0x01
#define WQ_FLAG_WOKEN		0x02

struct wait_queue_entry {
	unsigned int flags;
	void *private;			/* the task */
	wait_queue_func_t func;		/* returns: 1 woken, 0 not, < 0 stop */
	struct list_head entry;		/* the queue's lock */
};

struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;		/* lock */
};
typedef struct wait_queue_head wait_queue_head_t;
typedef struct wait_queue_entry wait_queue_entry_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) {				\
	.lock = __SPIN_LOCK_UNLOCKED((name).lock),			\
	.head = LIST_HEAD_INIT((name).head),				\
}
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD(name)

void init_waitqueue_head(struct wait_queue_head *wq_head);

#define DEFINE_WAIT_FUNC(name, function)				\
	struct wait_queue_entry name = {				\
		.private = current,					\
		.func = function,					\
		.entry = LIST_HEAD_INIT((name).entry),			\
	}
#define DEFINE_WAIT(name)	DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define DECLARE_WAITQUEUE(name, tsk)					\
	struct wait_queue_entry name = {				\
		.private = tsk,						\
		.func = default_wake_function,				\
		.entry = LIST_HEAD_INIT((name).entry),			\
	}

void init_wait_entry(struct wait_queue_entry *wq_entry, int flags);

/* Wake the task; leave it queued, or take it off when it was woken. */
int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode,
			  int flags, void *key);
int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode,
			     int flags, void *key);

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void add_wait_queue_exclusive(struct wait_queue_head *wq_head,
			      struct wait_queue_entry *wq_entry);
void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
/* The same with wq_head->lock held by the caller. */
void __add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void __add_wait_queue_entry_tail(struct wait_queue_head *wq_head,
				 struct wait_queue_entry *wq_entry);
void __remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

/**
 * prepare_to_wait() - queue @wq_entry unless it is, and set the state
 * Context: Task, which sleeps next; CONFIG_PREEMPT_RT: preemption and interrupts on.
 * Ordering: full barrier between setting the state and the caller's condition.
 */
void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
		     unsigned int state);
/* At the tail, exclusive. Return: true if the queue was empty. */
bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head,
			       struct wait_queue_entry *wq_entry, unsigned int state);
/* The same by @wq_entry's flags. Return: 0, or -EINTR when the wait must end. */
long prepare_to_wait_event(struct wait_queue_head *wq_head,
			   struct wait_queue_entry *wq_entry, unsigned int state);
/* State RUNNING, off the queue. */
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

/**
 * wait_woken() - sleep until woken_wake_function() has been called for @wq_entry
 * For conditions that sleep themselves: the entry remembers a wake-up that comes
 * while the condition is computed in state RUNNING.
 *	DEFINE_WAIT_FUNC(wait, woken_wake_function);
 *	add_wait_queue(&wq, &wait);
 *	while (!CONDITION)
 *		wait_woken(&wait, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
 *	remove_wait_queue(&wq, &wait);
 * Return: as schedule_timeout(); @timeout unchanged if it did not have to sleep.
 */
long wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout);
int woken_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			void *key);

/**
 * __wake_up() - wake waiters of @wq_head whose state is in @mode
 * @nr_exclusive: how many exclusive waiters, 0 for all
 * @key: handed to each entry's func
 * Context: Any but NMI. CONFIG_PREEMPT_RT: task or softirq, preemption and interrupts on:
 *	    the queue's lock is a spinlock_t. Elsewhere <locking/swait.h>, complete().
 * Ordering: as try_to_wake_up(), if it wakes anybody.
 * Return: how many exclusive waiters were woken.
 */
int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive, void *key);
/* The caller holds wq_head->lock. */
int __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive,
		     void *key);

#define wake_up(x)			__wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr)		__wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x)			__wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_locked(x)		__wake_up_locked(x, TASK_NORMAL, 1, NULL)
#define wake_up_all_locked(x)		__wake_up_locked(x, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(x)	__wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(x, nr)	__wake_up(x, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(x)	__wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)

static inline bool waitqueue_active(struct wait_queue_head *wq_head)
{
	return !list_empty(&wq_head->head);
}

static inline bool wq_has_sleeper(struct wait_queue_head *wq_head)
{
	/* wait/A: pairs with prepare_to_wait(), prepare_to_wait_exclusive(),
	 * prepare_to_wait_event(), do_wait_intr() */
	smp_mb();
	return waitqueue_active(wq_head);
}

static inline bool wq_has_single_sleeper(struct wait_queue_head *wq_head)
{
	return list_is_singular(&wq_head->head);
}

#include <locking/wait_event.h>

#endif
