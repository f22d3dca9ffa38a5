/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workqueues: queueing, and making queues. Fields: workqueue_internal.h; who runs
 * the works: workqueue_worker.c; waiting and cancelling: workqueue_flush.c.
 *
 *	queue_work()	claims WORK_PENDING
 *			locks the pool: the caller's CPU's, or the one asked for, or the
 *			one in which the work runs now, for it must not run beside itself
 *			worklist, if fewer than max_active of the queue are under way in
 *			this pool; else behind them, on the inactive list
 *	leave_pwq()	one ended: the first inactive one goes to the worklist
 *
 *	work	-  --queue_work()-->  PENDING, queued  --a worker takes it-->  runs  -->  -
 *		runs  --queue_work()-->  PENDING, queued in the same pool, and kept for
 *		the worker that runs it
 *
 * Ordering: workqueue/A. Claiming PENDING is a full barrier, and so is clearing it
 * before the function begins: who finds it set knows that a run is to come that
 * sees his stores.
 *
 * Linux: kernel/workqueue.c
 * Differs: no NUMA, no priorities, no freezing.
 */
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include "workqueue_internal.h"

struct workqueue_struct *system_wq;
struct workqueue_struct *system_unbound_wq;

static DEFINE_PER_CPU(struct worker_pool, cpu_pools);
static struct worker_pool unbound_pool;

static struct worker_pool *pool_of(unsigned int cpu)
{
	return cpu == WORK_CPU_UNBOUND ? &unbound_pool : &per_cpu(cpu_pools, cpu);
}

/* ---- queueing ------------------------------------------------------------ */

static void activate(struct pool_workqueue *pwq, struct work_struct *work)
{
	pwq->nr_active++;
	work->inactive = false;
	list_add_tail(&work->entry, &pwq->pool->worklist);
	if (need_worker(pwq->pool))
		wake_idle_worker(pwq->pool);
}

static void insert(struct pool_workqueue *pwq, struct work_struct *work)
{
	WARN_ONCE(!list_empty(&work->entry), "workqueue %s: work %pS is on a list already",
		  pwq->wq->name, (void *)work->func);
	work->pwq = pwq;
	WRITE_ONCE(work->pool, pwq->pool);
	work->color = pwq->color;
	pwq->nr_in_flight[work->color]++;
	if (pwq->nr_active < pwq->wq->max_active) {
		activate(pwq, work);
	} else {
		work->inactive = true;
		list_add_tail(&work->entry, &pwq->inactive);
	}
}

/* Where to queue, locked: the pool that runs it now, if it does, else @pwq's. */
static struct pool_workqueue *lock_pwq(struct pool_workqueue *pwq, struct work_struct *work)
{
	struct worker_pool *last = READ_ONCE(work->pool);

	if (last && last != pwq->pool) {
		struct worker *worker;

		raw_spin_lock(&last->lock);
		worker = find_worker(last, work);
		if (worker && worker->current_pwq->wq == pwq->wq)
			return worker->current_pwq;
		raw_spin_unlock(&last->lock);
	}
	raw_spin_lock(&pwq->pool->lock);
	return pwq;
}

void __queue_work(unsigned int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	struct worker *self = in_task() ? current_worker() : NULL;
	struct pool_workqueue *pwq;

	if (READ_ONCE(wq->draining) &&
	    WARN_ONCE(!self || !self->current_pwq || self->current_pwq->wq != wq,
		      "workqueue %s: %pS queued while it is drained", wq->name,
		      (void *)work->func)) {
		atomic_fetch_andnot(WORK_PENDING, &work->state);
		return;
	}
	if (wq->flags & WQ_UNBOUND)
		cpu = 0;
	else if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		cpu = smp_processor_id();

	pwq = lock_pwq(&wq->pwqs[cpu], work);
	insert(pwq, work);
	raw_spin_unlock(&pwq->pool->lock);
}

bool queue_work_on(unsigned int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;
	bool claimed;

	local_irq_save(flags);
	/* workqueue/A: pairs with run_work() */
	claimed = !(atomic_fetch_or(WORK_PENDING, &work->state) & WORK_PENDING);
	if (claimed)
		__queue_work(cpu, wq, work);
	local_irq_restore(flags);
	return claimed;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	return queue_work_on(WORK_CPU_UNBOUND, wq, work);
}

bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}

bool schedule_work_on(unsigned int cpu, struct work_struct *work)
{
	return queue_work_on(cpu, system_wq, work);
}

/* ---- the end of a work --------------------------------------------------- */

void leave_pwq(struct pool_workqueue *pwq, unsigned int color, bool was_active)
{
	struct work_struct *next;

	pwq->nr_in_flight[color]--;
	if (was_active) {
		pwq->nr_active--;
		next = list_first_entry_or_null(&pwq->inactive, struct work_struct, entry);
		if (next) {
			list_del_init(&next->entry);
			activate(pwq, next);
		}
	}
	if (pwq->flush_color == color && !pwq->nr_in_flight[color]) {
		pwq->flush_color = NO_COLOR;
		if (atomic_dec_and_test(&pwq->wq->flush_left))
			swake_up_one(&pwq->wq->flush_wait);
	}
}

void wake_waiters(struct worker_pool *pool, struct work_struct *work, struct worker *worker)
{
	struct work_waiter *waiter, *next;

	list_for_each_entry_safe(waiter, next, &pool->waiters, entry) {
		if (waiter->work != work || waiter->worker != worker)
			continue;
		list_del(&waiter->entry);
		waiter->done = true;
		wake_up_process(waiter->task);
	}
}

void dequeue_work(struct worker_pool *pool, struct work_struct *work)
{
	struct pool_workqueue *pwq = work->pwq;

	list_del_init(&work->entry);
	work->pwq = NULL;
	wake_waiters(pool, work, NULL);
	leave_pwq(pwq, work->color, !work->inactive);
}

unsigned int wq_pool_workers(unsigned int cpu)
{
	return READ_ONCE(pool_of(cpu)->nr_workers);
}

/* ---- making workqueues --------------------------------------------------- */

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	unsigned int i;
	va_list args;

	if (!wq)
		return NULL;
	wq->nr_pwqs = flags & WQ_UNBOUND ? 1 : nr_cpu_ids;
	wq->pwqs = kzalloc(wq->nr_pwqs * sizeof(*wq->pwqs), GFP_KERNEL);
	if (!wq->pwqs) {
		kfree(wq);
		return NULL;
	}

	va_start(args, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	wq->flags = flags;
	wq->max_active = max_active > 0 ? min(max_active, (int)WQ_MAX_ACTIVE) : WQ_DFL_ACTIVE;
	init_waitqueue_head(&wq->flush_turn);
	init_swait_queue_head(&wq->flush_wait);
	for (i = 0; i < wq->nr_pwqs; i++) {
		struct pool_workqueue *pwq = &wq->pwqs[i];

		pwq->pool = pool_of(flags & WQ_UNBOUND ? WORK_CPU_UNBOUND : i);
		pwq->wq = wq;
		pwq->flush_color = NO_COLOR;
		INIT_LIST_HEAD(&pwq->inactive);
	}
	return wq;
}

static void init_pool(struct worker_pool *pool, unsigned int cpu)
{
	raw_spin_lock_init(&pool->lock);
	pool->cpu = cpu;
	INIT_LIST_HEAD(&pool->worklist);
	INIT_LIST_HEAD(&pool->idle);
	INIT_LIST_HEAD(&pool->busy);
	INIT_LIST_HEAD(&pool->waiters);
	if (!create_worker(pool))
		panic("workqueue: no memory for the first worker of a pool");
}

void workqueue_init(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		init_pool(pool_of(cpu), cpu);
	init_pool(&unbound_pool, WORK_CPU_UNBOUND);
	system_wq = alloc_workqueue("events", 0, 0);
	system_unbound_wq = alloc_workqueue("events_unbound", WQ_UNBOUND, 0);
	if (!system_wq || !system_unbound_wq)
		panic("workqueue: no memory for the system's workqueues");
}
