/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pthread world, entries 15-20: a thread that plays a CPU is one task, for
 * good: tasks are never freed, and a late wake-up meets another test's thread,
 * which looks at its condition again.
 *
 * Asleep is a futex wait on __state; all that is decided is in the atomic accesses
 * to that word, so the thread sanitizer sees what a sleep and a wake-up order.
 */
#ifndef PORT_PTHREAD_TASK_H
#define PORT_PTHREAD_TASK_H

#include <base/errno.h>
#include <base/rbtree.h>

struct rt_mutex_waiter;

struct task_struct {
	unsigned int __state;
	unsigned int saved_state;	/* pi_lock */
	unsigned long pending;
	int on_cpu;
	int pid;
	char comm[16];
	int prio, normal_prio;
	raw_spinlock_t pi_lock;
	struct rb_root_cached pi_waiters;
	struct task_struct *pi_top_task;
	struct rt_mutex_waiter *pi_blocked_on;
	struct wake_q_node wake_q;
	unsigned int rtlock_nesting;
};

extern struct task_struct port_tasks[NR_CPUS];

#define task_pid_nr(p)		((p)->pid)
#define task_state(p)		READ_ONCE((p)->__state)
static inline void get_task_struct(struct task_struct *p __maybe_unused) { }
static inline void put_task_struct(struct task_struct *p __maybe_unused) { }

/* ---- sleeping and waking ---- */

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
#define jiffies			((unsigned long)(local_clock() / TICK_NSEC))
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)

void schedule(void);
void schedule_rtlock(void);
void current_save_and_set_rtlock_wait_state(void);
void current_restore_rtlock_saved_state(void);
long schedule_timeout(long timeout);
void schedule_preempt_disabled(void);
#define io_schedule()			schedule()
#define io_schedule_timeout(timeout)	schedule_timeout(timeout)
#define io_schedule_prepare()		0
#define io_schedule_finish(token)	((void)(token))

enum hrtimer_mode { HRTIMER_MODE_ABS = 0, HRTIMER_MODE_REL = 1 };
int schedule_hrtimeout_range(ktime_t *expires, u64 delta, enum hrtimer_mode mode);
#define KTIME_MAX	((ktime_t)0x7fffffffffffffffLL)

bool try_to_wake_up(struct task_struct *p, unsigned int state);
static inline bool wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL);
}

static inline bool wake_up_state(struct task_struct *p, unsigned int state)
{
	return try_to_wake_up(p, state);
}

void kthread_interrupt(struct task_struct *p);
void kthread_kill(struct task_struct *p);
bool kthread_flush_signals(void);

static inline bool signal_pending(const struct task_struct *p)
{
	return READ_ONCE(p->pending) != 0;
}

static inline bool fatal_signal_pending(const struct task_struct *p)
{
	return (READ_ONCE(p->pending) & (1UL << TASK_PENDING_KILL)) != 0;
}

bool signal_pending_state(unsigned int state, struct task_struct *p);

void port_might_sleep(const char *file, int line);
#define might_sleep()		port_might_sleep(__FILE__, __LINE__)

/* A thread is a CPU: it cannot move. */
#define migrate_disable()	do { } while (0)
#define migrate_enable()	do { } while (0)

/* A sleeping form of a spinning lock: where a raw one is held it cannot sleep. */
void port_might_sleep_for_lock(const void *lock);
/* One that also a holder of such a form must not take. */
#define port_might_sleep_for_mutex(lock)	((void)(lock), might_sleep())

/* ---- who runs, how urgently ---- */

#define need_resched()		port_need_resched()
/* Asleep in here is known; that the host took its CPU away is not. */
#define port_owner_on_cpu(p)	(READ_ONCE((p)->on_cpu) != 0)

#define task_prio(p)		READ_ONCE((p)->prio)
static inline bool rt_prio(int prio)
{
	return prio < MAX_RT_PRIO;
}

static inline bool rt_task(const struct task_struct *p)
{
	return rt_prio(READ_ONCE(p->prio));
}

/* Only noted: no thread is scheduled by it. p->pi_lock held. */
void rt_mutex_setprio(struct task_struct *p, struct task_struct *pi_task);

#endif
