/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of interrupts, timers and workqueues share.
 *
 *	wait_until(c)	sleep until c holds	the case's timeout bounds it
 *	spin_until(c)	the same, where one may not sleep
 *	pin_to(cpu)	this task runs on @cpu from now on
 *	on_all_cpus()	a task on each CPU, all let go at once, and wait for all
 *	wake_early()	a task out of its sleep, and wait for what it does then
 */
#ifndef KERNEL_TEST_UTIL_H
#define KERNEL_TEST_UTIL_H

#include <kernel/cpumask.h>
#include <kernel/hrtimer.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <kernel/timer.h>
#include <asm/cpu.h>

/*
 * Sleep a jiffy. By a hard timer: in a real-time kernel the others are served by a thread
 * of SCHED_FIFO 1, which a test's own threads may keep from its CPU for ever.
 */
static inline void test_nap(void)
{
	ktime_t until = ktime_get() + TICK_NSEC;

	__set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout(&until, HRTIMER_MODE_ABS_HARD);
}

#define wait_until(cond)						\
	do {								\
		while (!(cond))						\
			test_nap();					\
	} while (0)

#define spin_until(cond)						\
	do {								\
		while (!(cond))						\
			cpu_relax();					\
	} while (0)

static inline void pin_to(unsigned int cpu)
{
	set_cpus_allowed_ptr(current, cpumask_of(cpu));
}

static inline void unpin(void)
{
	set_cpus_allowed_ptr(current, cpu_online_mask);
}

/* Another online CPU than @cpu, round and round; @cpu itself if there is no other. */
static inline unsigned int other_cpu(unsigned int cpu)
{
	return cpumask_next_wrap(cpu, cpu_online_mask);
}

/* @fn runs pinned to each online CPU, in parallel. Return: when all have returned. */
void on_all_cpus(void (*fn)(unsigned int cpu, void *arg), void *arg);

/* A task on @cpu, running @fn; stop_busy() waits for its end. */
struct busy_task {
	bool stop;			/* stop_busy() */
	bool runs;			/* the task: it has begun */
	bool ended;			/* the task, last */
	bool irqs_off;			/* spin with interrupts off */
};
void start_busy(struct busy_task *busy, unsigned int cpu, bool irqs_off);
void stop_busy(struct busy_task *busy);

/* @p sets @sleeps, sleeps, and sets @ended with release. Returns when it has. */
void wake_early(struct task_struct *p, const bool *sleeps, const bool *ended);

/* The caller sleeps for ever: what ends the machine is elsewhere. */
void __noreturn leave_it_to_others(void);

/* Three tasks that wait for one that sleeps, and for each other: lock_chain_test.c. */
void hang_in_a_chain(void);
void hang_in_a_circle(void);
/* One that waits for one that runs, on CPU 1. */
void hang_behind_a_busy_one(void);
/* For each type of lock, a task that waits for another: lock_chain_kinds_test.c. */
void hang_in_each_lock(void);

#endif
