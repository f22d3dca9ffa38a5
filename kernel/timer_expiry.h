/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for a timer's function to end, in a real-time kernel. There the function runs in
 * a task; who waits for it may be who preempted it, and would spin for ever.
 *
 *	lock		held while functions run; who waits for one to end waits for the
 *			lock, and so lends the task his priority
 *	waiters		how many do: they are let in between two functions
 *
 *	who runs the functions		who waits for f1
 *	expiry_begin()
 *	  f1, preempted by		expiry_wait(): sleeps for the lock
 *	  f1 goes on, ends
 *	  expiry_admit(): drops it
 *					has it: f1 is over; drops it
 *	    takes it again
 *	  f2
 *	expiry_end()
 *
 * In other kernels no task preempts a softirq: nothing of this is there, who waits spins.
 *
 * Linux: timer_expiry_lock, timer_waiters, softirq_expiry_lock of struct timer_base and
 *        struct hrtimer_cpu_base
 */
#ifndef KERNEL_TIMER_EXPIRY_H
#define KERNEL_TIMER_EXPIRY_H

#include <kernel/softirq.h>
#include <locking/spinlock.h>

struct expiry_gate {
	spinlock_t lock;
	atomic_t waiters;
};

static inline void expiry_init(struct expiry_gate *gate)
{
	spin_lock_init(&gate->lock);
	atomic_set(&gate->waiters, 0);
}

static inline void expiry_begin(struct expiry_gate *gate)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		spin_lock(&gate->lock);
}

static inline void expiry_end(struct expiry_gate *gate)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		spin_unlock(&gate->lock);
}

static inline bool expiry_has_waiters(struct expiry_gate *gate)
{
	return IS_ENABLED(CONFIG_PREEMPT_RT) && atomic_read(&gate->waiters);
}

/* No other lock held. */
static inline void expiry_admit(struct expiry_gate *gate)
{
	expiry_end(gate);
	expiry_begin(gate);
}

/* Asleep, until the function that runs has ended. */
static inline void expiry_wait(struct expiry_gate *gate)
{
	atomic_inc(&gate->waiters);
	spin_lock_bh(&gate->lock);
	atomic_dec(&gate->waiters);
	spin_unlock_bh(&gate->lock);
}

#endif
