/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks, entries 15-20 of the port: who waits, how it sleeps, who wakes it. One
 * source uses them in three worlds, under the kernel's names:
 *
 *		kernel			pthread			check
 *	task	struct task_struct	of the thread		of the explorer's thread
 *	sleep	the scheduler		futex on __state	await __state == RUNNING
 *	wake	try_to_wake_up()	full barrier, cmpxchg, futex	full barrier, cmpxchg
 *	timeout	timer wheel		the futex's		chosen: up, or not
 *	runs?	on_cpu			on_cpu			chosen: yes, or no
 *
 * The part of struct task_struct that every world has, and who writes it:
 *
 *	__state		TASK_*		the task; wakers
 *	pending		interrupted, killed		others, atomic bits
 *	on_cpu		does it run?			the scheduler
 *	prio		what the scheduler obeys	pi_lock (and the scheduler's own)
 *	normal_prio	without inheritance		pi_lock
 *	pi_lock		raw; below every wait_lock
 *	pi_waiters	top waiter of each rt_mutex it holds	pi_lock
 *	pi_top_task	whose priority it runs at	pi_lock
 *	pi_blocked_on	the rt_mutex_waiter it sleeps as	pi_lock
 *	wake_q		its link in one wake_q_head	who owns that list
 *	blocked_on	for reports: <locking/blocked_on.h>
 *	rtlock_nesting	rt_spinlocks and rt_rwlocks it holds	the task
 *
 * A world gives:
 *
 *	15	current, get_task_struct(p), put_task_struct(p), task_pid_nr(p)
 *	16	set_current_state(s), __set_current_state(s), get_current_state()
 *	17	schedule(), schedule_timeout(jiffies), io_schedule(), io_schedule_timeout(),
 *		io_schedule_prepare(), io_schedule_finish(token),
 *		schedule_preempt_disabled(), schedule_hrtimeout_range(), HZ, jiffies,
 *		MAX_SCHEDULE_TIMEOUT, might_sleep(), kthread_interrupt(p), kthread_kill(p)
 *	18	try_to_wake_up(p, mode), wake_up_process(p), wake_up_state(p, mode),
 *		signal_pending(p), fatal_signal_pending(p), signal_pending_state(state, p)
 *	19	port_owner_on_cpu(p), need_resched()
 *	20	task_prio(p), rt_prio(prio), rt_task(p), rt_mutex_setprio(p, pi_task)
 *
 * Ordering, everywhere: set_current_state() has a full barrier behind the store,
 * a wake-up one before it looks at the state (sched/A), and what the waker wrote
 * before its call is seen by the task that it woke.
 *
 * Linux: include/linux/sched.h, sched/{signal,task,rt,wake_q}.h
 */
#ifndef LOCKING_TASK_H
#define LOCKING_TASK_H

#include <locking/spinlock.h>
#include <locking/task_types.h>

#if defined(PORT_CHECK)
#include "../../port/check/task.h"
#elif defined(PORT_PTHREAD)
#include "../../port/pthread/task.h"
#else
#include "../../port/kernel/task.h"
#endif

#ifndef set_current_state
#error "port entry 16 is missing: set_current_state"
#endif
#ifndef port_owner_on_cpu
#error "port entry 19 is missing: port_owner_on_cpu"
#endif

/*
 * might_sleep() of a lock's fast path. Without CONFIG_DEBUG_LOCKS it costs nothing, and
 * a caller in atomic context is reported when it has to wait, by schedule().
 * Linux: there an option of its own decides, DEBUG_ATOMIC_SLEEP
 */
#define lock_might_sleep()						\
	do {								\
		if (IS_ENABLED(CONFIG_DEBUG_LOCKS))			\
			might_sleep();					\
	} while (0)

#endif
