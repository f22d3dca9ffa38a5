/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wait_event() and its variants: sleep until an expression is true. By name:
 *
 *	(none)		uninterruptible		_interruptible	kthread_interrupt() ends it
 *	_killable	kthread_kill() does	_idle		long, and no bug
 *	_exclusive	a wake_up() wakes one	_cmd		cmd1 before, cmd2 after the sleep
 *	_timeout	jiffies			_hrtimeout	nanoseconds
 *	_lock_irq	drops a spinlock while asleep
 *	_locked		the caller holds the queue's own lock, dropped while asleep
 *	io_		asleep for I/O
 *
 * What they return, @condition true on every way out that is not an error:
 *
 *	nothing			plain, _idle, _cmd, _lock_irq, _exclusive
 *	0, -EINTR		_interruptible, _killable		(-ERESTARTSYS in Linux)
 *	left >= 1, or 0		_timeout: 0 if time is up and it is false
 *	left, 0, -EINTR		_interruptible_timeout, _killable_timeout
 *	0, -ETIME, -EINTR	_hrtimeout, _interruptible_hrtimeout
 *
 * @condition is evaluated again after every wake-up, and once in state S, where it
 * must not sleep.
 *
 * Context: Task that may sleep; CONFIG_PREEMPT_RT: nor inside a spinlock_t, but for the one
 * that _lock_irq and _locked drop.
 *
 * Linux: include/linux/wait.h
 */
#ifndef LOCKING_WAIT_EVENT_H
#define LOCKING_WAIT_EVENT_H

#include <locking/wait.h>

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

/* ---- until it is true, or an interrupt comes ---- */

#define ___wait_event_ret(wq_head, condition, state, exclusive, cmd)	\
({									\
	long __r = 0;							\
	might_sleep();							\
	if (!(condition))						\
		__r = ___wait_event(wq_head, condition, state, exclusive, 0, cmd); \
	(int)__r;							\
})
#define ___wait_event_void(wq_head, condition, state, exclusive, cmd)	\
	((void)___wait_event_ret(wq_head, condition, state, exclusive, cmd))

#define wait_event(wq_head, condition)					\
	___wait_event_void(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, schedule())
#define io_wait_event(wq_head, condition)				\
	___wait_event_void(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, io_schedule())
#define wait_event_exclusive(wq_head, condition)			\
	___wait_event_void(wq_head, condition, TASK_UNINTERRUPTIBLE, 1, schedule())
#define wait_event_cmd(wq_head, condition, cmd1, cmd2)			\
	___wait_event_void(wq_head, condition, TASK_UNINTERRUPTIBLE, 0,	\
			   ({ cmd1; schedule(); cmd2; }))
#define wait_event_exclusive_cmd(wq_head, condition, cmd1, cmd2)	\
	___wait_event_void(wq_head, condition, TASK_UNINTERRUPTIBLE, 1,	\
			   ({ cmd1; schedule(); cmd2; }))
#define wait_event_idle(wq_head, condition)				\
	___wait_event_void(wq_head, condition, TASK_IDLE, 0, schedule())
#define wait_event_idle_exclusive(wq_head, condition)			\
	___wait_event_void(wq_head, condition, TASK_IDLE, 1, schedule())

#define wait_event_interruptible(wq_head, condition)			\
	___wait_event_ret(wq_head, condition, TASK_INTERRUPTIBLE, 0, schedule())
#define wait_event_interruptible_exclusive(wq_head, condition)		\
	___wait_event_ret(wq_head, condition, TASK_INTERRUPTIBLE, 1, schedule())
#define wait_event_killable(wq_head, condition)				\
	___wait_event_ret(wq_head, condition, TASK_KILLABLE, 0, schedule())
#define wait_event_killable_exclusive(wq_head, condition)		\
	___wait_event_ret(wq_head, condition, TASK_KILLABLE, 1, schedule())
#define wait_event_state(wq_head, condition, state)			\
	___wait_event_ret(wq_head, condition, state, 0, schedule())

/* ---- with a timeout ---- */

/* The condition, or time is up: then 0 is turned into 1 if it holds after all. */
#define ___wait_cond_timeout(condition)					\
({									\
	bool __cond = (condition);					\
	if (__cond && !__ret)						\
		__ret = 1;						\
	__cond || !__ret;						\
})

#define ___wait_event_timeout_ret(wq_head, condition, state, exclusive, timeout, cmd1, cmd2) \
({									\
	long __tmo = (timeout);						\
	long __ret = __tmo;						\
	might_sleep();							\
	if (!___wait_cond_timeout(condition))				\
		__ret = ___wait_event(wq_head, ___wait_cond_timeout(condition), \
				      state, exclusive, __tmo,		\
				      ({ cmd1; __ret = schedule_timeout(__ret); cmd2; })); \
	__ret;								\
})
#define wait_event_timeout(wq_head, condition, timeout)			\
	___wait_event_timeout_ret(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, timeout,,)
#define wait_event_idle_timeout(wq_head, condition, timeout)		\
	___wait_event_timeout_ret(wq_head, condition, TASK_IDLE, 0, timeout,,)
#define wait_event_idle_exclusive_timeout(wq_head, condition, timeout)	\
	___wait_event_timeout_ret(wq_head, condition, TASK_IDLE, 1, timeout,,)
#define wait_event_interruptible_timeout(wq_head, condition, timeout)	\
	___wait_event_timeout_ret(wq_head, condition, TASK_INTERRUPTIBLE, 0, timeout,,)
#define wait_event_killable_timeout(wq_head, condition, timeout)	\
	___wait_event_timeout_ret(wq_head, condition, TASK_KILLABLE, 0, timeout,,)

/* One deadline for the whole wait: an early wake-up does not start it anew. */
#define ___wait_event_hrtimeout(wq_head, condition, timeout, state)	\
({									\
	ktime_t __end = (timeout);					\
	int __hr = 0;							\
	long __r = 0;							\
	might_sleep();							\
	if (!(condition)) {						\
		if (__end != KTIME_MAX)					\
			__end += (ktime_t)local_clock();		\
		__r = ___wait_event(wq_head, (condition) || __hr, state, 0, 0, \
			__hr = schedule_hrtimeout_range(__end == KTIME_MAX ? NULL : &__end, 0, \
							HRTIMER_MODE_ABS) ? 0 : -ETIME); \
		if (!__r && __hr && !(condition))			\
			__r = __hr;					\
	}								\
	(int)__r;							\
})
#define wait_event_hrtimeout(wq_head, condition, timeout)		\
	___wait_event_hrtimeout(wq_head, condition, timeout, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_hrtimeout(wq_head, condition, timeout)	\
	___wait_event_hrtimeout(wq_head, condition, timeout, TASK_INTERRUPTIBLE)

/* ---- with a lock dropped while asleep ---- */

/* @lock, a spinlock_t taken with interrupts off; @cmd runs without it. */
#define wait_event_lock_irq_cmd(wq_head, condition, lock, cmd)		\
	___wait_event_lock_irq(wq_head, condition, lock, cmd, TASK_UNINTERRUPTIBLE)
#define ___wait_event_lock_irq(wq_head, condition, lock, cmd, state)	\
({									\
	long __r = 0;							\
	if (!(condition))						\
		__r = ___wait_event(wq_head, condition, state, 0, 0, ({	\
			spin_unlock_irq(&(lock));			\
			cmd;						\
			schedule();					\
			spin_lock_irq(&(lock)); }));			\
	(int)__r;							\
})
#define wait_event_lock_irq(wq_head, condition, lock)			\
	((void)___wait_event_lock_irq(wq_head, condition, lock,, TASK_UNINTERRUPTIBLE))
#define wait_event_interruptible_lock_irq(wq_head, condition, lock)	\
	___wait_event_lock_irq(wq_head, condition, lock,, TASK_INTERRUPTIBLE)
#define wait_event_interruptible_lock_irq_cmd(wq_head, condition, lock, cmd) \
	___wait_event_lock_irq(wq_head, condition, lock, cmd, TASK_INTERRUPTIBLE)

#define ___wait_event_lock_irq_timeout(wq_head, condition, lock, timeout, state) \
({									\
	long __tmo = (timeout);						\
	long __ret = __tmo;						\
	if (!___wait_cond_timeout(condition))				\
		__ret = ___wait_event(wq_head, ___wait_cond_timeout(condition), \
				      state, 0, __tmo, ({		\
			spin_unlock_irq(&(lock));			\
			__ret = schedule_timeout(__ret);		\
			spin_lock_irq(&(lock)); }));			\
	__ret;								\
})
#define wait_event_lock_irq_timeout(wq_head, condition, lock, timeout)	\
	___wait_event_lock_irq_timeout(wq_head, condition, lock, timeout, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_lock_irq_timeout(wq_head, condition, lock, timeout) \
	___wait_event_lock_irq_timeout(wq_head, condition, lock, timeout, TASK_INTERRUPTIBLE)

/* The caller holds wq_head.lock, with interrupts off in the _irq form, and does so
 * again when this returns. */
int do_wait_intr(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
		 unsigned int state, bool irq);
#define ___wait_event_locked(wq_head, condition, state, exclusive, irq)	\
({									\
	int __ret = 0;							\
	DEFINE_WAIT(__wait);						\
									\
	if (exclusive)							\
		__wait.flags |= WQ_FLAG_EXCLUSIVE;			\
	while (!(condition) && !__ret)					\
		__ret = do_wait_intr(&(wq_head), &__wait, state, irq);	\
	__remove_wait_queue(&(wq_head), &__wait);			\
	__set_current_state(TASK_RUNNING);				\
	port_clear_blocked_on();					\
	__ret;								\
})
#define wait_event_locked(wq_head, condition)				\
	((void)___wait_event_locked(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, false))
#define wait_event_locked_irq(wq_head, condition)			\
	((void)___wait_event_locked(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, true))
#define wait_event_interruptible_locked(wq_head, condition)		\
	___wait_event_locked(wq_head, condition, TASK_INTERRUPTIBLE, 0, false)
#define wait_event_interruptible_locked_irq(wq_head, condition)		\
	___wait_event_locked(wq_head, condition, TASK_INTERRUPTIBLE, 0, true)
#define wait_event_interruptible_exclusive_locked(wq_head, condition)	\
	___wait_event_locked(wq_head, condition, TASK_INTERRUPTIBLE, 1, false)
#define wait_event_interruptible_exclusive_locked_irq(wq_head, condition) \
	___wait_event_locked(wq_head, condition, TASK_INTERRUPTIBLE, 1, true)

#endif
