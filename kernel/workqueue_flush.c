/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workqueues: waiting for works, taking them back, delayed works.
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
 * cancel_work_sync() makes WORK_PENDING its own: by taking W off its list or
 * timer, or by claiming it as queue_work() would. While it has that, nobody can
 * queue W, W itself included. It may find somebody else between claiming and
 * queueing, for some instructions: it tries again. Or another canceller, asleep:
 * WORK_CANCELING says so, and it sleeps as well.
 *
 * Ordering: workqueue/B. Giving WORK_PENDING back releases; claiming is full.
 * workqueue/C: one flush of a queue releases it to the next.
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
#include <base/errno.h>
#include <asm/cpu.h>
#include "workqueue_internal.h"

/* Cancellers that wait for another one to be done with the same work. */
static DECLARE_WAIT_QUEUE_HEAD(cancel_wait);

/* ---- one work ------------------------------------------------------------ */

/* The pool that @work was last queued in, locked; NULL if it never was. Interrupts off. */
static struct worker_pool *lock_work_pool(struct work_struct *work)
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

static bool queued_in(struct worker_pool *pool, struct work_struct *work)
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

/* Wait for the last queueing, or, if not @queued_too, for the run that has begun. */
static bool wait_work(struct work_struct *work, bool queued_too, const char *what)
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
	if (!queued_too || !queued_in(pool, work))
		waiter.worker = find_worker(pool, work);
	wait = waiter.worker || (queued_too && queued_in(pool, work));
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

/* ---- cancelling ---------------------------------------------------------- */

/*
 * After -EAGAIN: wait, without a lock, until it is worth another try. Many may do so,
 * and whoever has WORK_PENDING must not stand in line behind them for a lock.
 */
static void wait_for_hands(struct work_struct *work, struct timer_list *timer)
{
	while ((atomic_read(&work->state) & (WORK_PENDING | WORK_CANCELING)) == WORK_PENDING &&
	       !READ_ONCE(work->pwq) && !(timer && timer_pending(timer)))
		cpu_relax();
}

/*
 * Make WORK_PENDING ours. Return: 1 it was pending, 0 it was not, -EAGAIN somebody is
 * queueing it, -ENOENT it is being cancelled. Interrupts off if >= 0.
 */
static int grab_pending(struct work_struct *work, struct timer_list *timer, unsigned long *flags)
{
	struct worker_pool *pool;
	int ret = -EAGAIN;

	local_irq_save(*flags);
	if (timer && timer_pending(timer) && timer_delete(timer))
		return 1;
	/* workqueue/B: pairs with give_back() */
	if (!(atomic_fetch_or(WORK_PENDING, &work->state) & WORK_PENDING))
		return 0;

	pool = READ_ONCE(work->pwq) ? lock_work_pool(work) : NULL;
	if (pool) {
		if (queued_in(pool, work)) {
			dequeue_work(pool, work);
			ret = 1;
		}
		raw_spin_unlock(&pool->lock);
	}
	if (ret == 1)
		return ret;
	local_irq_restore(*flags);
	return atomic_read(&work->state) & WORK_CANCELING ? -ENOENT : -EAGAIN;
}

static void give_back(struct work_struct *work, int bits)
{
	/* workqueue/B: pairs with grab_pending() */
	atomic_fetch_andnot(bits, &work->state);
}

static bool cancel_sync(struct work_struct *work, struct timer_list *timer, const char *what)
{
	unsigned long flags;
	int ret;

	might_sleep();
	while ((ret = grab_pending(work, timer, &flags)) < 0) {
		if (ret == -ENOENT)
			wait_event(cancel_wait, !(atomic_read(&work->state) & WORK_CANCELING));
		wait_for_hands(work, timer);
	}
	atomic_fetch_or(WORK_CANCELING, &work->state);
	local_irq_restore(flags);

	wait_work(work, false, what);

	give_back(work, WORK_PENDING | WORK_CANCELING);
	if (wq_has_sleeper(&cancel_wait))
		wake_up_all(&cancel_wait);
	return ret;
}

bool cancel_work_sync(struct work_struct *work)
{
	return cancel_sync(work, NULL, "cancel_work_sync");
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return cancel_sync(&dwork->work, &dwork->timer, "cancel_delayed_work_sync");
}

static bool cancel_only(struct work_struct *work, struct timer_list *timer)
{
	unsigned long flags;
	int ret;

	while ((ret = grab_pending(work, timer, &flags)) == -EAGAIN)
		wait_for_hands(work, timer);
	if (ret < 0)
		return false;
	give_back(work, WORK_PENDING);
	local_irq_restore(flags);
	return ret;
}

bool cancel_work(struct work_struct *work)
{
	return cancel_only(work, NULL);
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	return cancel_only(&dwork->work, &dwork->timer);
}

/* ---- delayed works ------------------------------------------------------- */

void delayed_work_timer_fn(struct timer_list *timer)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);

	__queue_work(dwork->cpu, dwork->wq, &dwork->work);
}

/* WORK_PENDING is ours, interrupts are off. */
static void start_delay(unsigned int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	if (!delay) {
		__queue_work(cpu, wq, &dwork->work);
		return;
	}
	dwork->wq = wq;
	dwork->cpu = cpu;
	dwork->timer.expires = jiffies + delay;
	if (cpu < nr_cpu_ids && cpu_online(cpu))
		add_timer_on(&dwork->timer, cpu);
	else
		add_timer(&dwork->timer);
}

bool queue_delayed_work_on(unsigned int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	bool claimed;

	local_irq_save(flags);
	claimed = !(atomic_fetch_or(WORK_PENDING, &dwork->work.state) & WORK_PENDING);
	if (claimed)
		start_delay(cpu, wq, dwork, delay);
	local_irq_restore(flags);
	return claimed;
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	return queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}

bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work(system_wq, dwork, delay);
}

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay)
{
	unsigned long flags;
	int ret;

	while ((ret = grab_pending(&dwork->work, &dwork->timer, &flags)) == -EAGAIN)
		wait_for_hands(&dwork->work, &dwork->timer);
	if (ret < 0)
		return false;
	start_delay(WORK_CPU_UNBOUND, wq, dwork, delay);
	local_irq_restore(flags);
	return ret;
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
