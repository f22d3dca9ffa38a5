/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler: sleeping and waking, preemption, priorities, affinity. What a task is:
 * <kernel/task.h>.
 *
 * Lock order: p->pi_lock, then rq->lock; two run queues by CPU number. Both are
 * taken with interrupts off. A wake-up takes both, so nothing may be woken (and
 * nothing printed that wakes) under either.
 *
 * Linux:   include/linux/sched.h
 * Differs: no signals; a task that waits interruptibly is interrupted by
 *	    kthread_interrupt().
 */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H

#include <base/errno.h>
#include <kernel/preempt.h>
#include <kernel/task.h>
#include <kernel/timer.h>		/* schedule_timeout() */

/* ---- sleeping and waking ---------------------------------------------------- */

/*
 *	set_current_state(TASK_UNINTERRUPTIBLE)		CONDITION = true
 *	  smp_mb()					wake_up_process(p)
 *	if (!CONDITION)					  smp_mb()
 *		schedule()				  if (p->__state & ...)
 *							    make it runnable
 *
 * Store buffering with a full barrier on both sides: the sleeper sees the
 * condition or the waker sees the state, never neither. sched/A.
 */
#define __set_current_state(state_value) \
	WRITE_ONCE(current->__state, (state_value))

#define set_current_state(state_value)					\
	do {								\
		WRITE_ONCE(current->__state, (state_value));		\
		/* sched/A: pairs with try_to_wake_up() */		\
		smp_mb();						\
	} while (0)

#define get_current_state()	READ_ONCE(current->__state)

/**
 * schedule() - give the CPU to the next task; sleep if the state is not RUNNING
 * Context: Task, preemption on, interrupts on. BUG otherwise.
 * Ordering: full barrier between the caller's stores before and loads after.
 */
void schedule(void);
/* The same once, called and returning with preemption off. */
void schedule_preempt_disabled(void);
/* The same for I/O that will come: ps says so. */
void io_schedule(void);
long io_schedule_timeout(long timeout);

/**
 * try_to_wake_up() - make @p runnable if its state is in @state
 * @p: a task that cannot be freed meanwhile
 * @state: states to wake from, e.g. TASK_NORMAL
 * Context: Any but NMI; not under a run queue lock or a pi_lock.
 * Ordering: full barrier before @p's state is read; the woken task sees all
 *	     stores that came before the call. Also when it does not wake.
 * Return: true if this call woke it.
 */
bool try_to_wake_up(struct task_struct *p, unsigned int state);
/* try_to_wake_up(p, TASK_NORMAL) */
bool wake_up_process(struct task_struct *p);
bool wake_up_state(struct task_struct *p, unsigned int state);

/*
 * Sleeping for a lock in the middle of another sleep: under PREEMPT_RT a spinlock_t
 * may be taken between set_current_state() and schedule(), and must not lose that
 * state, nor a wake-up that arrives for it meanwhile.
 *
 *	task				__state		saved_state
 *	set_current_state(S)		S		RUNNING
 *	save_and_set			RTLOCK_WAIT	S
 *	  schedule_rtlock()
 *	  wake-up in S by others	RTLOCK_WAIT	RUNNING		kept for later
 *	  wake-up by the lock		RUNNING		RUNNING
 *	restore				RUNNING		RUNNING		schedule() returns at once
 *
 * Context: of the first two: task, interrupts off. schedule_rtlock(): as schedule(),
 * whatever the state of a workqueue's worker, and inside a spinlock_t of PREEMPT_RT.
 */
void current_save_and_set_rtlock_wait_state(void);
void current_restore_rtlock_saved_state(void);
void schedule_rtlock(void);

/* Let others of the same priority (fair: the leftmost) go first. Context: as schedule(). */
void yield(void);
#define sched_yield()	yield()

/* Wants a waiter of @p's state to go on: an interrupt or a kill is pending. */
bool signal_pending_state(unsigned int state, struct task_struct *p);
static inline bool signal_pending(const struct task_struct *p)
{
	return READ_ONCE(p->pending) != 0;
}

static inline bool fatal_signal_pending(const struct task_struct *p)
{
	return (READ_ONCE(p->pending) & (1UL << TASK_PENDING_KILL)) != 0;
}

/* ---- preemption ------------------------------------------------------------- */

/* preempt=none|voluntary|full: where a task may be preempted.
 *	none		only where it sleeps, yields or calls cond_resched()
 *	voluntary	and where it might sleep
 *	full		and wherever preempt_count is 0 and interrupts are on
 */
enum preempt_mode { PREEMPT_MODE_NONE, PREEMPT_MODE_VOLUNTARY, PREEMPT_MODE_FULL };
extern int preempt_mode;
extern const char *const preempt_mode_names[];

static __always_inline bool need_resched(void)
{
	return test_preempt_need_resched();
}

/* A place to be preempted under none and voluntary. Return: 1 if another task ran. */
int cond_resched(void);

void __might_sleep(const char *file, int line);
/* Annotation of a function that may sleep; reports callers that must not. A preemption
 * point under voluntary. */
#define might_sleep()		__might_sleep(__FILE__, __LINE__)
#define might_sleep_if(cond)	do { if (cond) might_sleep(); } while (0)

/* ---- priority and affinity -------------------------------------------------- */

/**
 * sched_setscheduler() - set policy and priority
 * Context: Any but NMI, hardirq included; not under pi_lock or rq->lock.
 * Return: 0, or -EINVAL for a policy or a priority outside the policy's range.
 */
int sched_setscheduler(struct task_struct *p, int policy, const struct sched_param *param);
/* FIFO at 50, at 1, back to normal with @nice. */
void sched_set_fifo(struct task_struct *p);
void sched_set_fifo_low(struct task_struct *p);
void sched_set_normal(struct task_struct *p, int nice);
/* @nice outside -20..19 is clamped. */
void set_user_nice(struct task_struct *p, long nice);

/**
 * set_cpus_allowed_ptr() - let @p run on @mask only
 * @mask: at least one online CPU
 * When it returns, @p does not run outside @mask. Waits while @p has
 * migration disabled, unless @p is the caller: that moves in migrate_enable().
 * Context: Task, may sleep.
 * Return: 0; -EINVAL when no CPU in @mask is online or @p is bound for good.
 */
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *mask);

/* The caller stays on this CPU, preemptible. Nests. Context: task. */
void migrate_disable(void);
void migrate_enable(void);

/* Is @p on a CPU, or queued? Snapshots. */
bool task_running(const struct task_struct *p);
/* The task that @cpu runs. A snapshot: hold the CPU still, or print only its address. */
struct task_struct *cpu_curr(unsigned int cpu);
struct task_struct *idle_task(unsigned int cpu);
bool idle_cpu(unsigned int cpu);

/* ---- priority inheritance --------------------------------------------------- */

/**
 * rt_mutex_setprio() - run @p at the better of its own and @pi_task's priority
 * @p: owner of the lock
 * @pi_task: its most urgent waiter; NULL takes the boost away
 * Works for a running, a queued and a sleeping @p, and requeues it.
 * Context: p->pi_lock held, interrupts off.
 */
void rt_mutex_setprio(struct task_struct *p, struct task_struct *pi_task);

/* ---- for locks --------------------------------------------------------------- */

/* What the task is about to wait for, for reports and ps: <locking/blocked_on.h>. */
static inline void port_set_blocked_on(const struct lock_kind *kind, const void *lock)
{
	WRITE_ONCE(current->blocked_on.lock, lock);
	WRITE_ONCE(current->blocked_on.kind, kind);
}

static inline void port_clear_blocked_on(void)
{
	WRITE_ONCE(current->blocked_on.kind, NULL);
}

/* A wait inside another: what that one is for goes to @outer until the pop. */
static inline void port_push_blocked_on(struct blocked_on *outer, const struct lock_kind *kind,
					const void *lock)
{
	*outer = current->blocked_on;
	port_set_blocked_on(kind, lock);
}

static inline void port_pop_blocked_on(const struct blocked_on *outer)
{
	port_set_blocked_on(outer->kind, outer->lock);
}

/* As io_schedule() around calls that sleep. @token: what prepare returned. */
static inline int io_schedule_prepare(void)
{
	int token = current->in_iowait;

	current->in_iowait = true;
	return token;
}

static inline void io_schedule_finish(int token)
{
	current->in_iowait = token;
}

/* ---- for the timer code ------------------------------------------------------ */

/* On each tick, from the timer interrupt, interrupts off. */
void scheduler_tick(void);
/* Does this CPU need the tick: is more than one task here that it must choose from? */
bool sched_needs_tick(void);

/* ---- for the interrupt code -------------------------------------------------- */

/* Handler of IRQ_IPI_RESCHEDULE: the work is done on the way out. */
void scheduler_ipi(void);

/* ---- for start-up ------------------------------------------------------------ */

/* This CPU's current task becomes its idle task, for good. */
__noreturn void cpu_idle_loop(void);
/* An idle task for @cpu, not yet running; NULL without memory. */
struct task_struct *idle_task_create(unsigned int cpu);

/* A line a CPU: what runs, queue lengths, switches, migrations. */
struct sched_cpu_stats {
	unsigned int nr_running, nr_rt;
	u64 switches, pulled, idle_ns;
	u64 ticks;
};
void sched_cpu_stats(unsigned int cpu, struct sched_cpu_stats *st);
/* How often @cpu has been through the scheduler, whether it switched or not. Any context. */
u64 sched_passes(unsigned int cpu);

#endif
