/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workqueues: queueing, and the workers. Fields: workqueue_internal.h.
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
 *	work	-  --queue_work()-->  PENDING, queued  --a worker takes it-->  runs  -->  -
 *		runs  --queue_work()-->  PENDING, queued in the same pool, and kept for
 *		the worker that runs it: so no work runs twice at a time
 *
 * Ordering: workqueue/A. Claiming PENDING is a full barrier, and so is clearing it
 * before the function begins: who finds it set knows that a run is to come that
 * sees his stores.
 * Limits: IDLE_KEEP idle workers are kept a pool; more end when they fall idle.
 *
 * Linux: kernel/workqueue.c
 * Differs: no rescuers (creating a worker may fail, then a sleeping work delays
 *          the next), no NUMA, no priorities, no freezing.
 */
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include "workqueue_internal.h"

#define IDLE_KEEP	3

struct workqueue_struct *system_wq;
struct workqueue_struct *system_unbound_wq;

static DEFINE_PER_CPU(struct worker_pool, cpu_pools);
static struct worker_pool unbound_pool;

static struct worker_pool *pool_of(unsigned int cpu)
{
	return cpu == WORK_CPU_UNBOUND ? &unbound_pool : &per_cpu(cpu_pools, cpu);
}

/* ---- pools: who runs next ------------------------------------------------ */

/* There is work, and nobody is at it. */
static bool need_worker(struct worker_pool *pool)
{
	return !list_empty(&pool->worklist) && !pool->nr_running;
}

static void wake_idle_worker(struct worker_pool *pool)
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

/* One of @color less; the next inactive one may go, and a flush may be over. */
static void leave_pwq(struct pool_workqueue *pwq, unsigned int color, bool was_active)
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
			wake_up_all(&pwq->wq->flush_wait);
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

/* ---- workers ------------------------------------------------------------- */

static void check_left_clean(struct worker *worker)
{
	if (likely(!in_atomic() && !irqs_disabled()))
		return;
	WARN(1, "workqueue %s: %pS left with preempt_count %#x, interrupts %s",
	     worker->current_pwq->wq->name, (void *)worker->current_func, preempt_count(),
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

static struct worker *create_worker(struct worker_pool *pool);

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

static struct worker *create_worker(struct worker_pool *pool)
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
	init_waitqueue_head(&wq->flush_wait);
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
