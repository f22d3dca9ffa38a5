/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check world, entries 15-20: a thread of the explorer is a task.
 *
 *	schedule()		goes on only in executions where its state is read as
 *				RUNNING: a wake-up that is lost is reported as a hang
 *	schedule_timeout()	both: like schedule(), and "time is up"
 *	port_owner_on_cpu()	both answers
 *	preemption		happens anyway: threads take any turn
 *
 * schedule() orders less than the kernel's: an acquire. What is correct with that
 * needs no more.
 */
#ifndef PORT_CHECK_TASK_H
#define PORT_CHECK_TASK_H

#include <base/errno.h>
#include <base/rbtree.h>

struct rt_mutex_waiter;

struct task_struct {
	unsigned int __state;
	unsigned int saved_state;	/* pi_lock */
	unsigned long pending;
	int prio, normal_prio;
	raw_spinlock_t pi_lock;
	struct rb_root_cached pi_waiters;
	struct task_struct *pi_top_task;
	struct rt_mutex_waiter *pi_blocked_on;
	struct wake_q_node wake_q;
	unsigned int rtlock_nesting;
};

extern struct task_struct port_tasks[MC_MAX_THREADS];
#define current		(&port_tasks[mc_thread()])

#define task_pid_nr(p)		((int)((p) - port_tasks))
#define task_state(p)		READ_ONCE((p)->__state)
#define get_task_struct(p)	((void)(p))
#define put_task_struct(p)	((void)(p))

#define __set_current_state(state)	WRITE_ONCE(current->__state, (state))
#define set_current_state(state)					\
	do {								\
		WRITE_ONCE(current->__state, (state));			\
		/* sched/A: pairs with try_to_wake_up() */		\
		smp_mb();						\
	} while (0)
#define get_current_state()		READ_ONCE(current->__state)

#define HZ			250
#define TICK_NSEC		(1000000000ULL / HZ)
#define MAX_SCHEDULE_TIMEOUT	__LONG_MAX__
#define jiffies			0UL
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)

void schedule(void);
#define schedule_rtlock()		schedule()
void current_save_and_set_rtlock_wait_state(void);
void current_restore_rtlock_saved_state(void);
/* Return: 0 if time is up, else 1 (all of it for MAX_SCHEDULE_TIMEOUT). */
long schedule_timeout(long timeout);
#define schedule_preempt_disabled()	schedule()
enum hrtimer_mode { HRTIMER_MODE_ABS, HRTIMER_MODE_REL };
#define schedule_hrtimeout_range(expires, delta, mode) \
	((void)(expires), schedule_timeout(1) ? -EINTR : 0)
#define io_schedule()			schedule()
#define io_schedule_timeout(timeout)	schedule_timeout(timeout)
#define io_schedule_prepare()		0
#define io_schedule_finish(token)	((void)(token))

bool try_to_wake_up(struct task_struct *p, unsigned int state);
#define wake_up_process(p)		try_to_wake_up(p, TASK_NORMAL)
#define wake_up_state(p, state)		try_to_wake_up(p, state)

/* What the kernel's do: set the bit, then a full barrier and a wake-up. */
void kthread_interrupt(struct task_struct *p);
void kthread_kill(struct task_struct *p);
bool signal_pending_state(unsigned int state, struct task_struct *p);

/* Nobody looks: to read rtlock_nesting each time would be an event each time. */
#define might_sleep()		do { } while (0)

#define migrate_disable()	do { } while (0)
#define migrate_enable()	do { } while (0)
#define port_might_sleep_for_lock(lock)	((void)(lock))
#define port_might_sleep_for_mutex(lock) ((void)(lock))

#define need_resched()		port_need_resched()
#define port_owner_on_cpu(p)	((void)(p), mc_choose(2) == 0)

#define task_prio(p)		READ_ONCE((p)->prio)
#define rt_prio(prio)		((prio) < MAX_RT_PRIO)
#define rt_task(p)		rt_prio(READ_ONCE((p)->prio))
/* p->pi_lock held. */
void rt_mutex_setprio(struct task_struct *p, struct task_struct *pi_task);

#endif
