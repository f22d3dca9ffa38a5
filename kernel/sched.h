/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler's inside: the run queue and the classes. One page a subject:
 *
 *	sched_core.c	schedule(), picking, the context switch	(read first)
 *	sched_rq.c	run queues: locks, joining, leaving
 *	sched_wake.c	try_to_wake_up()
 *	sched_fair.c	the fair class		sched_rt.c	fixed priorities
 *	sched_class.c	the stop and idle classes
 *	sched_balance.c	moving fair tasks between CPUs
 *	sched_affinity.c which CPUs a task may use, and making it obey
 *	sched_prio.c	policy, nice, inheritance
 *	sched_preempt.c	where a task may be preempted, might_sleep()
 *	sched_idle.c	the idle loop		sched_stats.c	questions from outside
 *
 * Classes, from the top: stop > rt > fair > idle. A CPU runs a task of the
 * highest class that has one.
 *
 * Linux: kernel/sched/sched.h
 */
#ifndef KERNEL_SCHED_INTERNAL_H
#define KERNEL_SCHED_INTERNAL_H

#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/stop_machine.h>

/* All fields: rq->lock, unless said otherwise. */
struct cfs_rq {
	struct rb_root_cached tasks;	/* queued, not running, by vruntime */
	u64 min_vruntime;		/* never goes back; newcomers start near it */
	unsigned int nr;		/* queued and running */
	unsigned long load;		/* sum of their weights */
};

struct rt_rq {
	unsigned long bitmap[BITS_TO_LONGS(MAX_RT_PRIO)]; /* lists that are not empty */
	struct list_head queue[MAX_RT_PRIO];	/* the running task stays at its place */
	unsigned int nr;
	int highest;			/* most urgent, MAX_RT_PRIO for none; others read it too */
};

struct rq {
	raw_spinlock_t lock;
	unsigned int cpu;
	unsigned int nr_running;	/* all classes; read without the lock as a hint */
	bool resched;			/* curr should give way; the IPI tells its CPU */
	bool push_rt;			/* look for a CPU for the second most urgent RT task */
	bool pull_rt;			/* look for a more urgent RT task elsewhere */
	struct task_struct *curr;	/* NULL before the CPU starts */
	struct task_struct *idle, *stop;
	bool stop_queued;
	struct cfs_rq cfs;
	struct rt_rq rt;
	u64 next_balance;		/* ns */
	struct cpu_stop_work stray_work; /* moves tasks that must leave; one at a time, see below */
	bool stray_queued;		/* set by who queues it, cleared by it as it begins */

	u64 nr_passes;			/* through __schedule(); its CPU, read by anybody */
	u64 nr_switches, nr_pulled, nr_ticks;
	u64 idle_since, idle_ns;
} ____cacheline_aligned;

DECLARE_PER_CPU_ALIGNED(struct rq, runqueues);
#define cpu_rq(cpu)	per_cpu_ptr(&runqueues, cpu)
#define this_rq()	raw_cpu_ptr(&runqueues)
#define task_rq(p)	cpu_rq(task_cpu(p))

/* CPUs that run their idle task; that have a fair, a fixed-priority task to spare. Hints. */
extern struct cpumask idle_cpus_mask, fair_overload_mask, rt_overload_mask;

/* flags of enqueue and dequeue */
#define ENQUEUE_WAKEUP		0x01	/* was asleep */
#define ENQUEUE_MIGRATED	0x02	/* comes from another run queue, or is new */
#define ENQUEUE_HEAD		0x04	/* RT: before its equals */
#define ENQUEUE_RESTORE		0x08	/* only taken out for a change */
#define DEQUEUE_SLEEP		0x01
#define DEQUEUE_SAVE		0x08

/*
 * A scheduling class. Every call with rq->lock held, interrupts off.
 *	enqueue, dequeue	p joins or leaves; it may be the running task
 *	yield			the running task lets its equals go first
 *	preempts		should p, of this class, replace rq->curr, of this class?
 *	pick			the one to run next, or NULL
 *	set_curr, put_curr	p starts or stops being rq->curr
 *	tick			rq->curr got a tick
 *	select_cpu		where p, which wakes up, should run; p->pi_lock only
 */
struct sched_class {
	const char *name;
	int rank;
	void (*enqueue)(struct rq *rq, struct task_struct *p, int flags);
	void (*dequeue)(struct rq *rq, struct task_struct *p, int flags);
	void (*yield)(struct rq *rq);
	bool (*preempts)(struct rq *rq, struct task_struct *p);
	struct task_struct *(*pick)(struct rq *rq);
	void (*set_curr)(struct rq *rq, struct task_struct *p);
	void (*put_curr)(struct rq *rq, struct task_struct *p);
	void (*tick)(struct rq *rq, struct task_struct *p);
	unsigned int (*select_cpu)(struct task_struct *p, unsigned int prev_cpu);
};

extern const struct sched_class stop_class, rt_class, fair_class, idle_class;

/* The lock that prev took is ours to drop: tell the spinlock's debugging. */
#ifdef CONFIG_DEBUG_LOCKS
#define rq_lock_handed_over(rq)	((void)((rq)->lock.owner = current))
#else
#define rq_lock_handed_over(rq)	((void)(rq))
#endif

/* ---- sched_core.c ----------------------------------------------------------- */

/*
 * SM_SLEEP: the caller's state counts. SM_RTLOCK: the same, for a lock that is also waited for
 * inside a spinlock_t. SM_PREEMPT: it stays runnable whatever its state.
 */
enum sched_mode { SM_SLEEP, SM_RTLOCK, SM_PREEMPT };
void __schedule(enum sched_mode mode);

/* ---- sched_rq.c ------------------------------------------------------------- */

/* @p becomes runnable on @rq, or stops being so; on_rq and the counts follow. */
void activate_task(struct rq *rq, struct task_struct *p, int flags);
void deactivate_task(struct rq *rq, struct task_struct *p, int flags);
/* The same around a change of @p's parameters: on_rq stays. */
void enqueue_task(struct rq *rq, struct task_struct *p, int flags);
void dequeue_task(struct rq *rq, struct task_struct *p, int flags);

/* rq->curr should give way: mark it, tell its CPU. */
void resched_curr(struct rq *rq);
/* @p was enqueued: does it replace rq->curr? */
void check_preempt_curr(struct rq *rq, struct task_struct *p);
/* What must be done with two run queues, now that this one is consistent; may drop
 * and retake the lock. */
void balance_callbacks(struct rq *rq);

/*
 * p->pi_lock and the lock of the run queue it is on. The queue may change until
 * both are held, so look again.
 */
struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags);
void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long *flags);
/* The same with p->pi_lock held already. */
struct rq *__task_rq_lock(struct task_struct *p);

/* Take @busiest's lock with @this's held, in the order of CPU numbers.
 * Return: true if @this's was dropped meanwhile. */
bool double_lock_balance(struct rq *this, struct rq *busiest);

static inline bool task_current(const struct rq *rq, const struct task_struct *p)
{
	return rq->curr == p;
}

/* ---- sched_wake.c ----------------------------------------------------------- */

/* A state that a late wake-up from an earlier sleep must not overwrite. */
void set_special_state(unsigned int state);

/* ---- the other pages -------------------------------------------------------- */

/* May @p run on @cpu? p->pi_lock or its rq->lock held, or a hint. */
bool task_cpu_allowed(const struct task_struct *p, unsigned int cpu);
/* Some CPU that @p may run on, whatever it takes. p->pi_lock held. */
unsigned int task_any_cpu(struct task_struct *p);
/* Only while @p is on no run queue, or both run queues are locked. */
void set_task_cpu(struct task_struct *p, unsigned int cpu);
/* Move a queued task that does not run. Both locked. */
void move_queued_task(struct rq *src, struct rq *dst, struct task_struct *p);

void init_cfs_rq(struct cfs_rq *cfs);
void init_rt_rq(struct rt_rq *rt);
/* p->se.weight from policy and nice. */
void set_load_weight(struct task_struct *p);
/* A new task's fair state. */
void fair_task_init(struct task_struct *p);
/* A waiting task that may run on @dst_cpu, or NULL. */
struct task_struct *fair_first_movable(struct rq *src, unsigned int dst_cpu);

/* The second most urgent task, and so on, may find a CPU elsewhere. May drop rq->lock. */
void rt_push_tasks(struct rq *rq);
/* This CPU is about to run something less urgent: look for better elsewhere. */
void rt_pull_tasks(struct rq *rq);

/* Nothing to run: take a fair task from another CPU. May drop rq->lock. */
void fair_pull_for_idle(struct rq *rq);
void fair_balance_tick(struct rq *rq);

/* Ticks an RR task runs before its equals have their turn. */
#define RR_TICKS	(HZ / 10)

void sched_set_stop_task(unsigned int cpu, struct task_struct *stop);

/* The caller is preempted here and now if another task should run; its state is kept. */
void preempt_schedule_now(void);
/* Where the caller's preempt_disable() is; 0 if preemption is on, or that is not tracked. */
unsigned long preempt_disable_site(void);
/* ", preemption off since foo+0x1/0x2", or "" for 0. For a panic: one at a time. */
const char *preempt_site_text(unsigned long site);
/* ", inside spinlock foo, taken at bar+0x1/0x2", "" if the caller holds none. For a panic. */
const char *rtlock_site_text(void);

/* ---- task.c, kthread.c -------------------------------------------------------- */

void task_init(void);
/* Listed, on no queue, asleep as TASK_NEW; or NULL. */
struct task_struct *task_create(const char *comm);
/* Off the list, DEAD, switched away from for the last time. */
__noreturn void task_exit(void);
/* What a new task runs. */
__noreturn void kthread_main(void);
void kthread_free(struct kthread *k);

#endif
