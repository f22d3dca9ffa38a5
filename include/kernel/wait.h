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
 * wake_up() wakes all non-exclusive waiters and the first exclusive one.
 *
 * Linux:   include/linux/wait.h, kernel/sched/wait.c
 * Differs: no bookmarks, no keyed bits (wait_on_bit).
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include <base/list.h>
#include <locking/spinlock.h>
#include <kernel/sched.h>

struct wait_queue_entry;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wq_entry, unsigned int mode,
				 int flags, void *key);

#define WQ_FLAG_EXCLUSIVE	0x01

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

/**
 * prepare_to_wait() - queue @wq_entry unless it is, and set the state
 * Context: Any but NMI; the caller sleeps next.
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
 * __wake_up() - wake waiters of @wq_head whose state is in @mode
 * @nr_exclusive: how many exclusive waiters, 0 for all
 * @key: handed to each entry's func
 * Context: Any but NMI.
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
	 * prepare_to_wait_event() */
	smp_mb();
	return waitqueue_active(wq_head);
}

/* ---- wait_event and its variants -------------------------------------------- */

#define ___wait_is_interruptible(state)	((state) & (TASK_INTERRUPTIBLE | TASK_WAKEKILL))

#define ___wait_event(wq_head, condition, state, exclusive, ret, cmd)	\
({									\
	__label__ __out;						\
	struct wait_queue_entry __wq_entry;				\
	long __ret = (ret);						\
									\
	init_wait_entry(&__wq_entry, (exclusive) ? WQ_FLAG_EXCLUSIVE : 0); \
	for (;;) {							\
		long __int = prepare_to_wait_event(&(wq_head), &__wq_entry, state); \
									\
		if (condition)						\
			break;						\
		if (___wait_is_interruptible(state) && __int) {		\
			__ret = __int;					\
			goto __out;					\
		}							\
		cmd;							\
	}								\
	finish_wait(&(wq_head), &__wq_entry);				\
__out:	__ret;								\
})

/* The condition, or time is up: then 0 is turned into 1 if it holds after all. */
#define ___wait_cond_timeout(condition)					\
({									\
	bool __cond = (condition);					\
	if (__cond && !__ret)						\
		__ret = 1;						\
	__cond || !__ret;						\
})

/* Sleep, uninterruptibly, until @condition is true. Context: task. */
#define wait_event(wq_head, condition)					\
do {									\
	might_sleep();							\
	if (condition)							\
		break;							\
	(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, schedule()); \
} while (0)

/* As wait_event(), but a long sleep is no bug (idle kthreads). */
#define wait_event_idle(wq_head, condition)				\
do {									\
	might_sleep();							\
	if (!(condition))						\
		(void)___wait_event(wq_head, condition, TASK_IDLE, 0, 0, schedule()); \
} while (0)

/* Return: 0 if the time (jiffies) ran out with @condition false, else what is left, at least 1. */
#define wait_event_timeout(wq_head, condition, timeout)			\
	___wait_event_timeout_ret(wq_head, condition, TASK_UNINTERRUPTIBLE, timeout)

#define ___wait_event_ret(wq_head, condition, state, exclusive)		\
({									\
	long __r = 0;							\
	might_sleep();							\
	if (!(condition))						\
		__r = ___wait_event(wq_head, condition, state, exclusive, 0, schedule()); \
	(int)__r;							\
})

/* Return: 0, or -EINTR if it was interrupted with @condition false. */
#define wait_event_interruptible(wq_head, condition)			\
	___wait_event_ret(wq_head, condition, TASK_INTERRUPTIBLE, 0)
#define wait_event_interruptible_exclusive(wq_head, condition)		\
	___wait_event_ret(wq_head, condition, TASK_INTERRUPTIBLE, 1)
#define wait_event_killable(wq_head, condition)				\
	___wait_event_ret(wq_head, condition, TASK_KILLABLE, 0)
#define wait_event_killable_exclusive(wq_head, condition)		\
	___wait_event_ret(wq_head, condition, TASK_KILLABLE, 1)
#define wait_event_exclusive(wq_head, condition)			\
	((void)___wait_event_ret(wq_head, condition, TASK_UNINTERRUPTIBLE, 1))

/* Return: as wait_event_timeout(), or -EINTR. */
#define ___wait_event_timeout_ret(wq_head, condition, state, timeout)	\
({									\
	long __tmo = (timeout);						\
	long __ret = __tmo;						\
	might_sleep();							\
	if (!___wait_cond_timeout(condition))				\
		__ret = ___wait_event(wq_head, ___wait_cond_timeout(condition), \
				      state, 0, __tmo, __ret = schedule_timeout(__ret)); \
	__ret;								\
})
#define wait_event_interruptible_timeout(wq_head, condition, timeout)	\
	___wait_event_timeout_ret(wq_head, condition, TASK_INTERRUPTIBLE, timeout)
#define wait_event_killable_timeout(wq_head, condition, timeout)	\
	___wait_event_timeout_ret(wq_head, condition, TASK_KILLABLE, timeout)

/* The caller holds wq_head.lock, with interrupts off in the _irq form; it is dropped
 * while asleep, and held again when this returns. */
#define ___wait_event_locked(wq_head, condition, lock_fn, unlock_fn)	\
do {									\
	DEFINE_WAIT(__wait);						\
									\
	while (!(condition)) {						\
		if (list_empty(&__wait.entry))				\
			list_add_tail(&__wait.entry, &(wq_head).head);	\
		set_current_state(TASK_UNINTERRUPTIBLE);		\
		unlock_fn(&(wq_head).lock);				\
		schedule();						\
		lock_fn(&(wq_head).lock);				\
	}								\
	list_del_init(&__wait.entry);					\
	__set_current_state(TASK_RUNNING);				\
} while (0)
#define wait_event_locked(wq_head, condition) \
	___wait_event_locked(wq_head, condition, spin_lock, spin_unlock)
#define wait_event_locked_irq(wq_head, condition) \
	___wait_event_locked(wq_head, condition, spin_lock_irq, spin_unlock_irq)

/* Drops @lock while asleep. */
#define wait_event_lock_irq(wq_head, condition, lock)			\
do {									\
	if (condition)							\
		break;							\
	(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, \
		({ spin_unlock_irq(&(lock)); schedule(); spin_lock_irq(&(lock)); })); \
} while (0)

#endif
