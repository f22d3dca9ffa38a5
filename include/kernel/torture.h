/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lock torture: one type of lock, every CPU, every context, for a while.
 */
#ifndef KERNEL_TORTURE_H
#define KERNEL_TORTURE_H

#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <locking/lock_ops.h>
#include <locking/mutex_v4.h>
#include <locking/osq_lock.h>
#include <locking/percpu_rwsem.h>
#include <locking/rt_mutex.h>
#include <locking/rwlock.h>
#include <locking/rwsem.h>
#include <locking/rwsem_v4.h>
#include <locking/semaphore.h>
#include <locking/seqlock.h>
#include <locking/spinlock.h>
#include <locking/ww_mutex.h>

#define TORTURE_WW	3	/* wound/wait mutexes that a task takes two or all of */

/*
 * A lock and what it guards.
 *
 *	inside	writers in the section		written under the lock
 *	a, b	equal, but inside a section	written under the lock
 */
struct torture_lock {
	union any_lock word;
	spinlock_t spin;
	rwlock_t rw;
	seqlock_t seq;
	struct optimistic_spin_queue osq;
	struct rw_semaphore rwsem;
	struct rwsem_v4 rwsem_v4;
	struct percpu_rw_semaphore percpu_rwsem;	/* its counters: one lock at a time */
	struct rt_mutex rt_mutex;
	struct mutex mutex;
	struct mutex_v4 mutex_v4;
	struct semaphore semaphore;
	struct ww_mutex wound[TORTURE_WW], die[TORTURE_WW];
	unsigned long bits;
	unsigned int inside;
	unsigned long a, b;
	union any_lock_node nodes[NR_CPUS][NR_CONTEXTS];
};

/* One acquisition, from acquire() to release(). */
struct torture_grip {
	struct torture_lock *l;
	const struct lock_ops *ops;
	enum context ctx;
	unsigned int cpu;
	bool shared;		/* @l is taken from all contexts, else from @ctx only */
	bool read;
	unsigned int variant;	/* 0: plainly; else how it is taken and let go, at random */
	unsigned long flags;
	struct ww_acquire_ctx ww_ctx;
	unsigned int ww_held;	/* which of the TORTURE_WW, a bit each */
};

/* How a grip waits, of its variant: most plainly. */
enum torture_how { TORTURE_PLAIN, TORTURE_INTERRUPTIBLE, TORTURE_KILLABLE, TORTURE_TRY };
enum torture_how torture_how(const struct torture_grip *g);

struct torture_type {
	const char *name;
	const char *what;
	const struct lock_ops *ops;	/* of an algorithm of locks.def */
	bool readers;			/* acquire() takes ->read */
	bool sleeps;			/* acquire() may sleep: tasks only, interrupts on */
	/* Return: false if it could not be had; then nothing is held. */
	bool (*acquire)(struct torture_grip *g);
	void (*release)(struct torture_grip *g);
	/* Instead of both for a reader. Return: true if what it saw was whole. */
	bool (*read)(struct torture_grip *g);
};

/* Of the types that sleep: torture_sleep.c, torture_mutex.c */
extern const struct torture_type torture_sleeping[], torture_mutexes[];
extern const unsigned int torture_nr_sleeping, torture_nr_mutexes;
extern const struct torture_type torture_busted_rwsem, torture_busted_mutex,
	torture_busted_wakeup;
void torture_init_sleeping(struct torture_lock *l);
void torture_init_mutexes(struct torture_lock *l);
/* Interrupt, move or reprioritise a task that is tortured. @r: random. Context: task. */
void torture_disturb(struct task_struct *p, u32 r);

/* By name, algorithms first; NULL: no such type. */
const struct torture_type *torture_find(const char *name);
/* The i-th that "all" means; NULL after the last. Broken ones are not among them. */
const struct torture_type *torture_nth(unsigned int i);

/* Make every lock in @l new and free. */
void torture_init_lock(struct torture_lock *l);

struct torture_result {
	unsigned long acquired[NR_CONTEXTS];
	unsigned long refused;		/* trylocks that failed */
	unsigned long errors;
	unsigned long least, most;	/* acquisitions of a CPU's task */
	u64 ns;
};

/**
 * torture_run() - torture one type
 * @seconds: at most so long, or till the first error
 * @count: end when each CPU's task has acquired so often; 0: no such end
 * Context: Task, may sleep.
 * Return: 0; -EIO for an error; -ETIMEDOUT if @count was not reached; -ENOMEM.
 */
int torture_run(const struct torture_type *type, unsigned int seconds, unsigned long count,
		struct torture_result *result);

#endif
