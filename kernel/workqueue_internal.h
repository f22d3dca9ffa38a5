/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workqueues inside: what is said of a workqueue's fields, once for its four pages.
 *
 *	workqueue_struct	a user's queue: name, flags, max_active
 *	  pool_workqueue	its part in one pool: counts, works behind max_active
 *	    worker_pool		one a CPU, and one unbound: list of works, its workers
 *	      worker		a kthread; runs one work at a time
 *
 *	queue_work()	work -> worklist, or -> inactive if max_active run already
 *	worker		worklist -> function, without the pool's lock
 *
 * workqueue.c queues; workqueue_worker.c runs; workqueue_flush.c waits; workqueue_cancel.c
 * takes back, and has the delayed works.
 *
 * All of it is under pool->lock, interrupts off, except what says otherwise.
 */
#ifndef KERNEL_WORKQUEUE_INTERNAL_H
#define KERNEL_WORKQUEUE_INTERNAL_H

#include <kernel/wait.h>
#include <locking/swait.h>
#include <kernel/workqueue.h>
#include <locking/spinlock.h>

#define WQ_NAME_LEN	16
#define NO_COLOR	0xff

struct worker {
	struct list_head entry;		/* pool->idle, or pool->busy while it runs a work */
	struct worker_pool *pool;	/* creator */
	struct task_struct *task;	/* creator */
	struct work_struct *current_work;
	struct pool_workqueue *current_pwq;
	work_func_t current_func;
	struct list_head scheduled;	/* works to run next: they ran here when queued anew */
	bool running;			/* counted in nr_running; itself, pool->lock */
	bool sleeping;			/* not counted while it sleeps in a work; itself */
};

struct worker_pool {
	raw_spinlock_t lock;
	unsigned int cpu;		/* WORK_CPU_UNBOUND: none */
	struct list_head worklist;
	struct list_head idle;
	struct list_head busy;
	struct list_head waiters;	/* struct work_waiter */
	unsigned int nr_workers;
	unsigned int nr_idle;
	unsigned int nr_running;	/* busy and not asleep; bound pools only */
	unsigned int next_id;
	bool managed;			/* a worker is creating another */
};

struct pool_workqueue {
	struct worker_pool *pool;
	struct workqueue_struct *wq;
	unsigned int color;		/* of works queued now: 0 or 1 */
	unsigned int flush_color;	/* that a flush waits for, or NO_COLOR */
	unsigned int nr_in_flight[2];	/* queued or running, by color */
	unsigned int nr_active;
	struct list_head inactive;
};

struct workqueue_struct {
	char name[WQ_NAME_LEN];
	unsigned int flags;
	unsigned int max_active;
	unsigned int nr_pwqs;
	struct pool_workqueue *pwqs;	/* one a CPU, or one in all */
	atomic_t flushing;		/* 1: a flush is at work */
	atomic_t flush_left;		/* pools it waits for, plus itself */
	bool draining;			/* only its own works may queue */
	struct wait_queue_head flush_turn; /* flushes that wait for theirs, one woken at a time */
	struct swait_queue_head flush_wait; /* the flush at work */
};

/*
 * Who waits for one queueing of a work to end.
 *	worker	NULL: it is still queued; else: this one runs it
 */
struct work_waiter {
	struct list_head entry;
	struct work_struct *work;
	struct worker *worker;
	struct task_struct *task;
	bool done;
};

/* Queue @work, whose WORK_PENDING is the caller's. Interrupts off. */
void __queue_work(unsigned int cpu, struct workqueue_struct *wq, struct work_struct *work);
/* The worker that runs @work, or NULL. */
struct worker *find_worker(struct worker_pool *pool, struct work_struct *work);
/* @work, queued in @pool, leaves it without having run. */
void dequeue_work(struct worker_pool *pool, struct work_struct *work);
/* Wake those whose work and worker these are. */
void wake_waiters(struct worker_pool *pool, struct work_struct *work, struct worker *worker);
/* One of @color less in @pwq; the next inactive work may go, and a flush may be over. */
void leave_pwq(struct pool_workqueue *pwq, unsigned int color, bool was_active);
/* The pool that @work was last queued in, locked; NULL if it never was. Interrupts off. */
struct worker_pool *lock_work_pool(struct work_struct *work);
/* Is @work, last queued in @pool, still queued there? @pool locked. */
bool is_queued_in(struct worker_pool *pool, struct work_struct *work);
/* Wait for the last queueing, or, if not @queued_too, for the run that has begun.
 * @what: the caller, for a report. Return: false if there was nothing to wait for. */
bool wait_work(struct work_struct *work, bool queued_too, const char *what);
/* There is work, and nobody is at it. */
bool need_worker(struct worker_pool *pool);
void wake_idle_worker(struct worker_pool *pool);
/* Pool not locked. Return: the new worker, awake, or NULL without memory. */
struct worker *create_worker(struct worker_pool *pool);
/* The caller's worker, if it is one. */
struct worker *current_worker(void);

#endif
