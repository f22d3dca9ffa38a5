/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workqueues: functions queued from any context, run by kthreads, in task context.
 *
 * Linux: include/linux/workqueue.h, kernel/workqueue.c
 */
#ifndef KERNEL_WORKQUEUE_H
#define KERNEL_WORKQUEUE_H

#include <base/list.h>
#include <base/types.h>
#include <kernel/timer.h>
#include <locking/atomic.h>

struct pool_workqueue;
struct task_struct;
struct work_struct;
struct worker_pool;
struct workqueue_struct;

typedef void (*work_func_t)(struct work_struct *work);

/*
 *	state	WORK_PENDING	set by whoever queues it or cancels it: its owner;
 *				cleared when the function begins, or by the owner
 *		WORK_CANCELING	set by cancel_work_sync() until it returns
 *	entry	on a list while pwq is set		the pool's lock
 *	pwq	where it is queued, or NULL		the pool's lock
 *	pool	where it was queued last		the pool's lock
 */
struct work_struct {
	atomic_t state;
	unsigned char color;		/* which flush counts it; the pool's lock */
	bool inactive;			/* behind max_active; the pool's lock */
	struct list_head entry;
	struct pool_workqueue *pwq;
	struct worker_pool *pool;
	work_func_t func;
};

enum { WORK_PENDING = 1, WORK_CANCELING = 2 };

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
	unsigned int cpu;
};

enum wq_flags {
	WQ_UNBOUND = 1 << 1,		/* not tied to a CPU */
	WQ_HIGHPRI = 1 << 4,		/* accepted; workers are all of one priority */
	WQ_MAX_ACTIVE = 512,
	WQ_DFL_ACTIVE = 256,
};

#define WORK_CPU_UNBOUND	0xffffU

#define __WORK_INITIALIZER(n, f)	{ .entry = LIST_HEAD_INIT((n).entry), .func = (f) }
#define DECLARE_WORK(n, f)		struct work_struct n = __WORK_INITIALIZER(n, f)

#define INIT_WORK(work_, func_)						\
	do {								\
		struct work_struct *_w = (work_);			\
		*_w = (struct work_struct){ .func = (func_) };		\
		INIT_LIST_HEAD(&_w->entry);				\
	} while (0)
#define INIT_WORK_ONSTACK(work, func)	INIT_WORK(work, func)
#define destroy_work_on_stack(work)	((void)(work))

void delayed_work_timer_fn(struct timer_list *timer);

#define INIT_DELAYED_WORK(dwork_, func_)				\
	do {								\
		INIT_WORK(&(dwork_)->work, func_);			\
		timer_setup(&(dwork_)->timer, delayed_work_timer_fn, TIMER_IRQSAFE); \
	} while (0)

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

static inline bool work_pending(const struct work_struct *work)
{
	return atomic_read(&work->state) & WORK_PENDING;
}

#define delayed_work_pending(dwork)	work_pending(&(dwork)->work)

/* One worker at a time a CPU unless works sleep; and without a CPU. */
extern struct workqueue_struct *system_wq;
extern struct workqueue_struct *system_unbound_wq;

/**
 * alloc_workqueue() - make a workqueue
 * @fmt: its name
 * @flags: WQ_*
 * @max_active: works of it that may run at once, on a CPU or (WQ_UNBOUND) in all;
 *	        0 is WQ_DFL_ACTIVE
 * Context: Task.
 * Return: the workqueue, or NULL.
 */
__printf(1, 4)
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
					 int max_active, ...);
#define alloc_ordered_workqueue(fmt, flags, args...) \
	alloc_workqueue(fmt, WQ_UNBOUND | (flags), 1, ##args)
/* Runs what is queued, then frees. Context: Task; nobody queues any more. */
void destroy_workqueue(struct workqueue_struct *wq);

/**
 * queue_work_on() - queue @work on @cpu's workers
 * A work runs on one worker at a time, however often it is queued. Queued again
 * while it runs, it runs once more.
 * Context: Any but NMI.
 * Ordering: full, if it returns true: stores before are visible to the function.
 *	     If false, the function that is still to begin sees them as well.
 * Return: false if it was queued already, or is being cancelled.
 */
bool queue_work_on(unsigned int cpu, struct workqueue_struct *wq, struct work_struct *work);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool schedule_work(struct work_struct *work);
bool schedule_work_on(unsigned int cpu, struct work_struct *work);

/* Queue when @delay jiffies have passed. mod_: replace an earlier delay; true if it was pending. */
bool queue_delayed_work_on(unsigned int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay);
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay);
bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay);

/**
 * flush_work() - wait for the last queueing of @work to end
 * Context: Task. From @work's own function it is reported and does not wait.
 * Return: true if it waited, false if @work was idle.
 */
bool flush_work(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *dwork);
/* Wait for all works queued on @wq before the call. Not from one of them (reported). */
void flush_workqueue(struct workqueue_struct *wq);
/* The same until it is empty, works that re-queue themselves included. */
void drain_workqueue(struct workqueue_struct *wq);

/**
 * cancel_work_sync() - dequeue @work and wait until its function is not running
 * It may re-queue itself: that fails while this waits.
 * Context: Task. From @work's own function it does not wait (reported).
 * Return: true if it was pending.
 */
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work_sync(struct delayed_work *dwork);
/* Dequeue only. Context: Any but NMI. */
bool cancel_work(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);

/* The scheduler's calls, for a task with PF_WQ_WORKER: about to sleep; running again. */
void wq_worker_sleeping(struct task_struct *task);
void wq_worker_running(struct task_struct *task);

/* Workers of @cpu's pool, or with WORK_CPU_UNBOUND of the unbound one. A snapshot. */
unsigned int wq_pool_workers(unsigned int cpu);

#endif
