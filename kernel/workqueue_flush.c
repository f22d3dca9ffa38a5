/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workqueues: waiting for one work, and for all works of a queue.
 *
 * flush_work() leaves a note (struct work_waiter) in the pool: "work W, still
 * queued" or "work W, as worker X runs it". Who takes W writes its name into the
 * first kind; who ends it answers the second.
 *
 *	flush_work(W)			worker X
 *	W is queued: note (W, -)
 *	sleeps				takes W: note (W, X)
 *					W queued anew: a later run, no concern of the note
 *					W ends: answers (W, X)
 *	returns
 *
 * flush_workqueue() counts in two colors. It gives new works the other color and
 * waits, in each pool, for those of the old one. The next flush begins when this
 * one is over, so the color it turns to has no works left.
 *
 * Ordering: workqueue/C: one flush of a queue releases it to the next.
 *
 * Linux: kernel/workqueue.c
 * Differs: notes in place of barrier works; two colors in place of fifteen and a
 *          list of flushers. A work that waits for itself is reported; in Linux
 *          it hangs.
 */
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include "workqueue_internal.h"

/* ---- one work ------------------------------------------------------------ */

struct worker_pool *lock_work_pool(struct work_struct *work)
{
	for (;;) {
		struct worker_pool *pool = READ_ONCE(work->pool);

		if (!pool)
			return NULL;
		raw_spin_lock(&pool->lock);
		if (READ_ONCE(work->pool) == pool)
			return pool;
		raw_spin_unlock(&pool->lock);
	}
}

bool is_queued_in(struct worker_pool *pool, struct work_struct *work)
{
	struct pool_workqueue *pwq = READ_ONCE(work->pwq);

	return pwq && pwq->pool == pool;
}

static void sleep_until_done(struct worker_pool *pool, struct work_waiter *waiter)
{
	for (;;) {
		bool done;

		set_current_state(TASK_UNINTERRUPTIBLE);
		raw_spin_lock_irq(&pool->lock);
		done = waiter->done;
		raw_spin_unlock_irq(&pool->lock);
		if (done)
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

bool wait_work(struct work_struct *work, bool queued_too, const char *what)
{
	struct work_waiter waiter = { .work = work, .task = current };
	struct worker_pool *pool;
	bool wait;

	local_irq_disable();
	pool = lock_work_pool(work);
	if (!pool) {
		local_irq_enable();
		return false;
	}
	if (!queued_too || !is_queued_in(pool, work))
		waiter.worker = find_worker(pool, work);
	wait = waiter.worker || (queued_too && is_queued_in(pool, work));
	if (wait && waiter.worker && waiter.worker->task == current) {
		raw_spin_unlock_irq(&pool->lock);
		WARN_ONCE(1, "%s() of %pS from within it would wait for itself", what,
			  (void *)work->func);
		return false;
	}
	if (wait)
		list_add_tail(&waiter.entry, &pool->waiters);
	raw_spin_unlock_irq(&pool->lock);

	if (wait)
		sleep_until_done(pool, &waiter);
	return wait;
}

bool flush_work(struct work_struct *work)
{
	might_sleep();
	return wait_work(work, true, "flush_work");
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	local_irq_disable();
	if (timer_delete_sync(&dwork->timer))
		__queue_work(dwork->cpu, dwork->wq, &dwork->work);
	local_irq_enable();
	return flush_work(&dwork->work);
}

/* ---- whole queues -------------------------------------------------------- */

static bool waits_for_itself(struct workqueue_struct *wq, const char *what)
{
	struct worker *worker = current_worker();

	return WARN_ONCE(worker && worker->current_pwq && worker->current_pwq->wq == wq,
			 "%s(%s) from a work of it would wait for itself", what, wq->name);
}

static void turn_color(struct pool_workqueue *pwq)
{
	unsigned int old = pwq->color;

	raw_spin_lock_irq(&pwq->pool->lock);
	pwq->color = !old;
	if (pwq->nr_in_flight[old]) {
		pwq->flush_color = old;
		atomic_inc(&pwq->wq->flush_left);
	}
	raw_spin_unlock_irq(&pwq->pool->lock);
}

void flush_workqueue(struct workqueue_struct *wq)
{
	unsigned int i;

	might_sleep();
	if (waits_for_itself(wq, "flush_workqueue"))
		return;
	/* workqueue/C: pairs with flush_workqueue() */
	wait_event_exclusive(wq->flush_turn, !atomic_xchg(&wq->flushing, 1));

	atomic_set(&wq->flush_left, 1);
	for (i = 0; i < wq->nr_pwqs; i++)
		turn_color(&wq->pwqs[i]);
	if (!atomic_dec_and_test(&wq->flush_left))
		swait_event_exclusive(wq->flush_wait, !atomic_read(&wq->flush_left));

	/* workqueue/C: pairs with flush_workqueue() */
	atomic_set_release(&wq->flushing, 0);
	wake_up(&wq->flush_turn);
}

static bool is_empty(struct workqueue_struct *wq)
{
	unsigned int i, works = 0;

	for (i = 0; i < wq->nr_pwqs; i++) {
		struct pool_workqueue *pwq = &wq->pwqs[i];

		raw_spin_lock_irq(&pwq->pool->lock);
		works += pwq->nr_in_flight[0] + pwq->nr_in_flight[1];
		raw_spin_unlock_irq(&pwq->pool->lock);
	}
	return !works;
}

void drain_workqueue(struct workqueue_struct *wq)
{
	if (waits_for_itself(wq, "drain_workqueue"))
		return;
	WRITE_ONCE(wq->draining, true);
	do {
		flush_workqueue(wq);
	} while (!is_empty(wq));
	WRITE_ONCE(wq->draining, false);
}

/* Looking at each pool once more, under its lock, outlives the last waker of flush_wait. */
void destroy_workqueue(struct workqueue_struct *wq)
{
	if (waits_for_itself(wq, "destroy_workqueue"))
		return;
	drain_workqueue(wq);
	kfree(wq->pwqs);
	kfree(wq);
}
