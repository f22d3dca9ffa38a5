/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workqueues: the workers. Fields: workqueue_internal.h.
 *
 * A bound pool lets one worker run at a time, so that its CPU switches no more
 * than it must; when that one sleeps in a work, the scheduler says so, and
 * another takes over:
 *
 *	worker A			worker B		nr_running
 *	takes work 1			idle			1
 *	  1 sleeps: wq_worker_sleeping()			0
 *	    work 2 waits: wakes B	takes work 2		1
 *	  1 wakes: wq_worker_running()				2
 *	  1 ends; work 3 waits, but	  2 goes on
 *	  B runs: A goes idle					1
 *					  takes work 3		1
 *
 * Before a worker runs anything it sees to it that there is an idle one: else B
 * would have to be created when memory, or the lock 1 sleeps on, may be short. The
 * unbound pool is the same without counting: each work wakes a worker.
 *
 * Limits: IDLE_KEEP idle workers are kept a pool; more end when they fall idle.
 *
 * Linux: kernel/workqueue.c
 * Differs: no rescuers: creating a worker may fail, then a sleeping work delays
 *          the next.
 */
#include <kernel/bug.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include "workqueue_internal.h"

#define IDLE_KEEP	3

/* ---- who runs next ------------------------------------------------------ */

bool need_worker(struct worker_pool *pool)
{
	return !list_empty(&pool->worklist) && !pool->nr_running;
}

void wake_idle_worker(struct worker_pool *pool)
{
	struct worker *worker = list_first_entry_or_null(&pool->idle, struct worker, entry);

	if (worker)
		wake_up_process(worker->task);
}

static void count_running(struct worker *worker, bool runs)
{
	worker->running = runs;
	if (worker->pool->cpu != WORK_CPU_UNBOUND)
		worker->pool->nr_running += runs ? 1 : -1;
}

struct worker *find_worker(struct worker_pool *pool, struct work_struct *work)
{
	struct worker *worker;

	list_for_each_entry(worker, &pool->busy, entry) {
		if (worker->current_work == work && worker->current_func == work->func)
			return worker;
	}
	return NULL;
}

struct worker *current_worker(void)
{
	return current->flags & PF_WQ_WORKER ? kthread_data(current) : NULL;
}

/* ---- workers ------------------------------------------------------------- */

static void check_left_clean(struct worker *worker)
{
	if (likely(!in_atomic() && !irqs_disabled()))
		return;
	WARN(1, "workqueue %s: %pS left with preempt_count %#x, interrupts %s",
	     worker->current_pwq->wq->name, (void *)worker->current_func, context_count(),
	     irqs_disabled() ? "off" : "on");
	preempt_count_set(0);
	local_irq_enable();
}

/* Pool locked; unlocked while the function runs. @work may be gone afterwards. */
static void run_work(struct worker *worker, struct work_struct *work)
{
	struct worker_pool *pool = worker->pool;
	struct pool_workqueue *pwq = work->pwq;
	struct work_waiter *waiter;
	unsigned int color = work->color;

	list_del_init(&work->entry);
	work->pwq = NULL;
	worker->current_work = work;
	worker->current_pwq = pwq;
	worker->current_func = work->func;
	list_add(&worker->entry, &pool->busy);
	list_for_each_entry(waiter, &pool->waiters, entry) {
		if (waiter->work == work && !waiter->worker)
			waiter->worker = worker;
	}
	/* workqueue/A: pairs with queue_work_on() */
	atomic_fetch_andnot(WORK_PENDING, &work->state);
	/* Unbound: the next work is another worker's. */
	if (need_worker(pool))
		wake_idle_worker(pool);
	raw_spin_unlock_irq(&pool->lock);

	worker->current_func(work);
	check_left_clean(worker);
	cond_resched();

	raw_spin_lock_irq(&pool->lock);
	list_del_init(&worker->entry);
	worker->current_work = NULL;
	worker->current_pwq = NULL;
	worker->current_func = NULL;
	wake_waiters(pool, work, worker);
	leave_pwq(pwq, color, true);
}

static void run_scheduled(struct worker *worker)
{
	while (!list_empty(&worker->scheduled))
		run_work(worker, list_first_entry(&worker->scheduled, struct work_struct, entry));
}

/* While there is work and no other worker of this pool is at it. */
static void run_worklist(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;

	do {
		struct work_struct *work = list_first_entry(&pool->worklist, struct work_struct,
							    entry);
		struct worker *runs = find_worker(pool, work);

		if (runs) {
			list_move_tail(&work->entry, &runs->scheduled);
			continue;
		}
		run_work(worker, work);
		run_scheduled(worker);
	} while (!list_empty(&pool->worklist) && pool->nr_running <= 1);
}

/* Make sure that somebody is idle when we run works. Drops the lock. */
static void manage(struct worker_pool *pool)
{
	if (pool->nr_idle || pool->managed)
		return;
	pool->managed = true;
	raw_spin_unlock_irq(&pool->lock);
	create_worker(pool);
	raw_spin_lock_irq(&pool->lock);
	pool->managed = false;
}

/* Pool locked; unlocked while asleep. Return: false if this worker is not needed any more. */
static bool wait_for_work(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;

	if (pool->nr_idle >= IDLE_KEEP)
		return false;
	list_add(&worker->entry, &pool->idle);
	pool->nr_idle++;
	while (!need_worker(pool)) {
		__set_current_state(TASK_IDLE);
		raw_spin_unlock_irq(&pool->lock);
		schedule();
		raw_spin_lock_irq(&pool->lock);
	}
	__set_current_state(TASK_RUNNING);
	list_del_init(&worker->entry);
	pool->nr_idle--;
	return true;
}

static int worker_thread(void *data)
{
	struct worker *worker = data;
	struct worker_pool *pool = worker->pool;

	current->flags |= PF_WQ_WORKER;
	raw_spin_lock_irq(&pool->lock);
	while (wait_for_work(worker)) {
		manage(pool);
		if (!need_worker(pool))
			continue;
		count_running(worker, true);
		run_worklist(worker);
		count_running(worker, false);
		/* Works that came while another ran, if that one sleeps now. */
		if (need_worker(pool))
			wake_idle_worker(pool);
	}
	pool->nr_workers--;
	raw_spin_unlock_irq(&pool->lock);

	current->flags &= ~PF_WQ_WORKER;
	kfree(worker);
	return 0;
}

struct worker *create_worker(struct worker_pool *pool)
{
	struct worker *worker = kzalloc(sizeof(*worker), GFP_KERNEL);
	unsigned int id;

	if (!worker)
		return NULL;
	INIT_LIST_HEAD(&worker->entry);
	INIT_LIST_HEAD(&worker->scheduled);
	worker->pool = pool;

	raw_spin_lock_irq(&pool->lock);
	id = pool->next_id++;
	pool->nr_workers++;
	raw_spin_unlock_irq(&pool->lock);

	if (pool->cpu == WORK_CPU_UNBOUND)
		worker->task = kthread_create(worker_thread, worker, "kworker/u:%u", id);
	else
		worker->task = kthread_create(worker_thread, worker, "kworker/%u:%u", pool->cpu,
					      id);
	if (IS_ERR(worker->task)) {
		raw_spin_lock_irq(&pool->lock);
		pool->nr_workers--;
		raw_spin_unlock_irq(&pool->lock);
		kfree(worker);
		return NULL;
	}
	if (pool->cpu != WORK_CPU_UNBOUND)
		kthread_bind(worker->task, pool->cpu);
	wake_up_process(worker->task);
	return worker;
}

void wq_worker_sleeping(struct task_struct *task)
{
	struct worker *worker = kthread_data(task);
	struct worker_pool *pool = worker->pool;
	unsigned long flags;

	if (!worker->running || worker->sleeping || pool->cpu == WORK_CPU_UNBOUND)
		return;
	raw_spin_lock_irqsave(&pool->lock, flags);
	worker->sleeping = true;
	pool->nr_running--;
	if (need_worker(pool))
		wake_idle_worker(pool);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
}

void wq_worker_running(struct task_struct *task)
{
	struct worker *worker = kthread_data(task);
	unsigned long flags;

	if (!worker->sleeping)
		return;
	raw_spin_lock_irqsave(&worker->pool->lock, flags);
	worker->sleeping = false;
	worker->pool->nr_running++;
	raw_spin_unlock_irqrestore(&worker->pool->lock, flags);
}
