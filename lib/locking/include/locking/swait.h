/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Simple wait queues: all waiters alike, woken in order of arrival, one call of
 * wake_up_process() each.
 *
 *	task_list	waiters			written under lock
 *
 * Against <locking/wait.h>: no functions of the entries' own, no shared and exclusive
 * waiters mixed, so a wake-up of one takes a bounded time, under a raw lock: it may be
 * done where PREEMPT_RT allows no sleeping lock. Waking all drops the lock in between.
 *
 * Linux: include/linux/swait.h, kernel/sched/swait.c
 */
#ifndef LOCKING_SWAIT_H
#define LOCKING_SWAIT_H

#include <base/list.h>
#include <locking/task.h>

struct swait_queue_head {
	raw_spinlock_t lock;
	struct list_head task_list;
};

struct swait_queue {
	struct task_struct *task;
	struct list_head task_list;	/* the queue's lock */
};

#define __SWAIT_QUEUE_HEAD_INITIALIZER(name) {				\
	.lock = __RAW_SPIN_LOCK_UNLOCKED((name).lock),			\
	.task_list = LIST_HEAD_INIT((name).task_list),			\
}
#define DECLARE_SWAIT_QUEUE_HEAD(name) \
	struct swait_queue_head name = __SWAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_SWAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_SWAIT_QUEUE_HEAD(name)
#define DECLARE_SWAITQUEUE(name)					\
	struct swait_queue name = {					\
		.task = current, .task_list = LIST_HEAD_INIT((name).task_list), \
	}

void init_swait_queue_head(struct swait_queue_head *q);

/* Wake the first. Context: Any but NMI. */
void swake_up_one(struct swait_queue_head *q);
/* Wake all that wait now. Context: Task, interrupts on: the lock is dropped in between. */
void swake_up_all(struct swait_queue_head *q);
/* With q->lock held: the first; all. */
void swake_up_locked(struct swait_queue_head *q);
void swake_up_all_locked(struct swait_queue_head *q);

/* Ordering: full barrier between setting the state and the caller's condition. */
void prepare_to_swait_exclusive(struct swait_queue_head *q, struct swait_queue *wait,
				unsigned int state);
/* Return: 0, or -EINTR when the wait must end: off the queue. */
long prepare_to_swait_event(struct swait_queue_head *q, struct swait_queue *wait,
			    unsigned int state);
void finish_swait(struct swait_queue_head *q, struct swait_queue *wait);
/* With q->lock held. */
void __prepare_to_swait(struct swait_queue_head *q, struct swait_queue *wait);
void __finish_swait(struct swait_queue_head *q, struct swait_queue *wait);

/* Anybody there? A hint without a barrier before it. */
static inline bool swait_active(struct swait_queue_head *q)
{
	return !list_empty(&q->task_list);
}

static inline bool swq_has_sleeper(struct swait_queue_head *q)
{
	/* wait/A: pairs with prepare_to_swait_exclusive(), prepare_to_swait_event() */
	smp_mb();
	return swait_active(q);
}

#define ___swait_event(q, condition, state, ret, cmd)			\
({									\
	__label__ __out;						\
	DECLARE_SWAITQUEUE(__wait);					\
	long __ret = (ret);						\
									\
	for (;;) {							\
		long __int = prepare_to_swait_event(&(q), &__wait, state); \
									\
		if (condition)						\
			break;						\
		if (((state) & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) && __int) { \
			__ret = __int;					\
			goto __out;					\
		}							\
		cmd;							\
	}								\
	finish_swait(&(q), &__wait);					\
__out:	__ret;								\
})
#define ___swait_event_ret(q, condition, state)				\
({									\
	long __r = 0;							\
	might_sleep();							\
	if (!(condition))						\
		__r = ___swait_event(q, condition, state, 0, schedule()); \
	(int)__r;							\
})
#define ___swait_cond_timeout(condition)				\
({									\
	bool __cond = (condition);					\
	if (__cond && !__ret)						\
		__ret = 1;						\
	__cond || !__ret;						\
})
#define ___swait_event_timeout(q, condition, timeout, state)		\
({									\
	long __tmo = (timeout);						\
	long __ret = __tmo;						\
	might_sleep();							\
	if (!___swait_cond_timeout(condition))				\
		__ret = ___swait_event(q, ___swait_cond_timeout(condition), state, __tmo, \
				       __ret = schedule_timeout(__ret)); \
	__ret;								\
})

/* Returns as the wait_event() of the same name: <locking/wait_event.h>. */
#define swait_event_exclusive(q, condition)				\
	((void)___swait_event_ret(q, condition, TASK_UNINTERRUPTIBLE))
#define swait_event_idle_exclusive(q, condition)			\
	((void)___swait_event_ret(q, condition, TASK_IDLE))
#define swait_event_interruptible_exclusive(q, condition)		\
	___swait_event_ret(q, condition, TASK_INTERRUPTIBLE)
#define swait_event_timeout_exclusive(q, condition, timeout)		\
	___swait_event_timeout(q, condition, timeout, TASK_UNINTERRUPTIBLE)
#define swait_event_interruptible_timeout_exclusive(q, condition, timeout) \
	___swait_event_timeout(q, condition, timeout, TASK_INTERRUPTIBLE)
#define swait_event_idle_timeout_exclusive(q, condition, timeout)	\
	___swait_event_timeout(q, condition, timeout, TASK_IDLE)

#endif
