/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks: struct task_struct, references to it, and finding one.
 *
 * A task is RUNNING (on a CPU, or queued on one), or in a sleep state, or DEAD:
 *
 *	            set_current_state(), schedule()
 *	RUNNING ---------------------------------------> asleep
 *	   ^                                                |
 *	   |    enqueued on its CPU           WAKING  <-----'
 *	   '------------------------------------'   try_to_wake_up(), state matches
 *	RUNNING ----task_exit()----> DEAD, freed by the reaper after the last switch
 *
 *	on_rq	on_cpu
 *	1	0	queued
 *	1	1	running
 *	0	1	switching away, still on its stack
 *	0	0	asleep; may be put on any CPU
 *
 * Who writes what, and under which lock, is said at each field. Sleeping, waking and
 * priorities are in <kernel/sched.h>, which includes this page.
 *
 * Linux:   include/linux/sched.h, include/linux/sched/task.h
 * Differs: one struct a thread, no thread groups.
 */
#ifndef KERNEL_TASK_H
#define KERNEL_TASK_H

#include <base/compiler.h>
#include <base/list.h>
#include <base/rbtree.h>
#include <base/types.h>
#include <locking/blocked_on.h>
#include <locking/held.h>
#include <locking/refcount.h>
#include <locking/spinlock.h>
#include <locking/task_types.h>
#include <kernel/cpumask.h>
#include <asm/thread.h>		/* struct arch_thread, current */

/* ---- policies and priorities ------------------------------------------------ */

#define SCHED_NORMAL		0	/* fair, by weight */
#define SCHED_FIFO		1	/* fixed priority, until it sleeps */
#define SCHED_RR		2	/* fixed priority, in turns */
#define SCHED_IDLE		5	/* fair, with the least weight */

struct sched_param {
	int sched_priority;		/* 1 (lowest) .. 99 for FIFO and RR, else 0 */
};

/* A fair task's place in its run queue. */
struct sched_entity {
	struct rb_node run_node;	/* rq->lock */
	u64 vruntime;			/* rq->lock: CPU time got, divided by weight, ns */
	u64 exec_start;			/* rq->lock: when it was last charged */
	u64 sum_exec_runtime;		/* rq->lock: CPU time got, ns */
	u64 prev_sum_exec_runtime;	/* rq->lock: the same, when it was last picked */
	unsigned long weight;		/* rq->lock */
};

/* A fixed-priority task's place in its run queue. */
struct sched_rt_entity {
	struct list_head run_list;	/* rq->lock */
	unsigned int time_slice;	/* rq->lock: ticks left, RR */
};

struct rq;
struct rt_mutex_waiter;
struct sched_class;

#define TASK_COMM_LEN		20

/* task_struct.flags, written by the task itself or before it first runs */
#define PF_IDLE			0x0002
#define PF_EXITING		0x0004
#define PF_WQ_WORKER		0x0010	/* of a workqueue: see wq_worker_sleeping() */
#define PF_KTHREAD		0x0020
#define PF_NO_SETAFFINITY	0x0400	/* bound for good */

struct kthread;				/* kernel/kthread.c's own */

struct task_struct {
	struct arch_thread thread;	/* first: switch.S uses offset 0 */

	/* The task itself with set_current_state(); wakers with pi_lock held. */
	unsigned int __state;
	unsigned int saved_state;	/* pi_lock: its state beneath a TASK_RTLOCK_WAIT */
	int on_rq;			/* rq->lock: queued or running on task_cpu() */
	int on_cpu;			/* the scheduler: still needs its stack and registers */
	unsigned int cpu;		/* pi_lock and rq->lock: its run queue */
	int wake_cpu;			/* where it ran last */
	unsigned int flags;		/* PF_* */
	unsigned long pending;		/* TASK_PENDING_* bits */

	void *stack;			/* lowest address, THREAD_SIZE bytes */
	refcount_t usage;		/* get_task_struct(), put_task_struct() */
	int pid;			/* creator */
	char comm[TASK_COMM_LEN];	/* creator */

	/* Priorities: lower is more urgent. Under pi_lock and rq->lock. */
	int prio;			/* what the scheduler obeys: normal_prio or boosted */
	int static_prio;		/* 100 + nice + 20 */
	int normal_prio;		/* without inheritance */
	unsigned int rt_priority;	/* 0, or 1..99, higher is more urgent */
	int policy;			/* SCHED_* */
	const struct sched_class *sched_class;
	struct sched_entity se;
	struct sched_rt_entity rt;

	/* Affinity. cpus_mask: pi_lock and rq->lock. migration_disabled: the task itself. */
	struct cpumask cpus_mask;
	unsigned int migration_disabled;
	bool migration_pending;		/* its mask changed meanwhile: see sched_affinity.c */
	u32 softirq_disable_cnt;	/* CONFIG_PREEMPT_RT: itself; softirq_rt.c */
	unsigned int rtlock_nesting;	/* itself: lib/locking/sleep/rtlock.h */

	/* Priority inheritance, for rt_mutex. pi_lock protects the waiters of what we hold. */
	raw_spinlock_t pi_lock;
	struct rb_root_cached pi_waiters; /* pi_lock: top waiter of each rt_mutex held */
	struct task_struct *pi_top_task; /* pi_lock and rq->lock: whose priority we run at */
	struct rt_mutex_waiter *pi_blocked_on; /* pi_lock: what we wait for */
	struct wake_q_node wake_q;	/* <locking/wake_q.h> */
	bool in_iowait;			/* itself */

	/* Statistics. rq->lock, except where a reader needs no precision. */
	u64 nvcsw, nivcsw;		/* switches: slept, was preempted */
	u64 nr_migrations;
	u64 start_time;			/* ns */
	u64 last_switched_out;		/* ns, when it last left a CPU */

	struct blocked_on blocked_on;	/* the task itself: what it waits for, for reports */
#ifdef CONFIG_DEBUG_LOCKS
	struct held_locks held_locks;	/* the task itself, for reports */
#endif
	u64 hung_switches;		/* hung task detector: nvcsw + nivcsw seen last */
	bool hung_reported;

	struct kthread *kthread;	/* creator; NULL for idle tasks */
	int exit_code;			/* itself, before PF_EXITING */

	struct list_head tasks;		/* tasklist_lock */
	struct task_struct *reap_next;	/* the reaper's list */
};

/* The boot CPU's first thread, later its idle task; runs on the boot stack. */
extern struct task_struct init_task;

static inline int task_pid_nr(const struct task_struct *p)
{
	return p->pid;
}

static inline unsigned int task_cpu(const struct task_struct *p)
{
	return READ_ONCE(p->cpu);
}

static inline bool is_idle_task(const struct task_struct *p)
{
	return p->flags & PF_IDLE;
}

static inline int task_nice(const struct task_struct *p)
{
	return PRIO_TO_NICE(p->static_prio);
}

static inline bool rt_prio(int prio)
{
	return prio < MAX_RT_PRIO;
}

static inline bool rt_task(const struct task_struct *p)
{
	return rt_prio(READ_ONCE(p->prio));
}

/* What the scheduler obeys, 0 (most urgent) .. 139. A snapshot. */
static inline int task_prio(const struct task_struct *p)
{
	return READ_ONCE(p->prio);
}

/* Is @p, the owner of a lock that we wait for, making progress right now? A snapshot;
 * the caller makes sure that @p is not freed. */
static inline bool owner_on_cpu(const struct task_struct *p)
{
	return READ_ONCE(p->on_cpu);
}

static inline unsigned int task_state(const struct task_struct *p)
{
	return READ_ONCE(p->__state);
}

/* Has @p gone to sleep, and is not about to: has it left its CPU, and all it wrote is here? */
static inline bool task_is_asleep(const struct task_struct *p)
{
	/* sched/B: pairs with finish_switch() */
	return !smp_load_acquire(&p->on_cpu) && !READ_ONCE(p->on_rq) &&
	       task_state(p) != TASK_RUNNING;
}

/* For ps: R running, S interruptible, D uninterruptible, I idle kthread, P parked, X dead. */
char task_state_char(const struct task_struct *p);

/* ---- references, and finding one ---------------------------------------------- */

/**
 * get_next_task() - the task with the lowest pid that is at least @pid
 * Walk all, sleeping as you like in between:
 *	for (p = get_next_task(0); p; p = next_task_put(p)) ...
 * Idle tasks (pid 0) are not among them: see idle_task().
 * Return: the task, with a reference to put, or NULL.
 */
struct task_struct *get_next_task(int pid);
struct task_struct *next_task_put(struct task_struct *p);
/* With a reference, or NULL. */
struct task_struct *find_get_task(int pid);
/* @p itself with a reference, if it is (still, or again) a task; @p is not followed. */
struct task_struct *find_get_task_struct(const struct task_struct *p);

void get_task_struct(struct task_struct *p);
/* Context: any but NMI, run queue locks included; the last reference hands @p to the reaper. */
void put_task_struct(struct task_struct *p);

/* Tasks whose memory is not freed yet, idle tasks of other CPUs included; for leak checks. */
unsigned int nr_tasks(void);

/* The lowest and one past the highest address of @p's stack. */
static inline unsigned long task_stack_low(const struct task_struct *p)
{
	return (unsigned long)p->stack;
}

unsigned long task_stack_high(const struct task_struct *p);

#endif
