/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workqueues: taking works back, and delayed works, which wait for a timer first.
 *
 * cancel_work_sync() makes WORK_PENDING its own: by taking W off its list or
 * timer, or by claiming it as queue_work() would. While it has that, nobody can
 * queue W, W itself included. It may find somebody else between claiming and
 * queueing, for some instructions: it tries again. Or another canceller, asleep:
 * WORK_CANCELING says so, and it sleeps as well.
 *
 *	cancel_work_sync(W)		worker, running W	queue_work(W)
 *	PENDING is ours
 *	CANCELING				.		false: it is pending
 *	wait_work(): a note			.
 *						W ends: answers
 *	both bits given back						true
 *
 * Ordering: workqueue/B. Giving WORK_PENDING back releases; claiming is full.
 *
 * Linux: kernel/workqueue.c
 * Differs: a work that cancels itself is reported; in Linux it hangs.
 */
#include <base/errno.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <asm/cpu.h>
#include "workqueue_internal.h"

/* Cancellers that wait for another one to be done with the same work. */
static DECLARE_WAIT_QUEUE_HEAD(cancel_wait);

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
		if (is_queued_in(pool, work)) {
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
