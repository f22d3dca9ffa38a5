/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run queues: locking one or two, joining one, leaving it, and telling its CPU.
 *
 *	wants p's queue				moves p from CPU 1 to CPU 2
 *	rq = task_rq(p): CPU 1's
 *						both locks held
 *						p->cpu = 2		(sched/D)
 *						drops them
 *	locks CPU 1's
 *	task_rq(p) is CPU 2's: drops it, again
 *
 * Two locks are taken in the order of CPU numbers; who holds the higher one and wants
 * the lower must let go, and look at everything again: double_lock_balance().
 *
 * Ordering pairs
 *	sched/C	on_rq = 0 after the state was read as a sleep; see sched_wake.c
 *	sched/D	p->cpu is the last thing a move writes; task_rq_lock() reads it first
 *
 * Linux: kernel/sched/core.c
 */
#include "sched.h"
#include <kernel/ipi.h>

DEFINE_PER_CPU_ALIGNED(struct rq, runqueues);

struct cpumask idle_cpus_mask, fair_overload_mask, rt_overload_mask;

/* ---- locks ------------------------------------------------------------------ */

struct rq *__task_rq_lock(struct task_struct *p)
{
	for (;;) {
		struct rq *rq = task_rq(p);

		/* sched/D: pairs with set_task_cpu() */
		raw_spin_lock(&rq->lock);
		if (likely(rq == task_rq(p)))
			return rq;
		raw_spin_unlock(&rq->lock);
	}
}

struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags)
{
	raw_spin_lock_irqsave(&p->pi_lock, *flags);
	return __task_rq_lock(p);
}

void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long *flags)
{
	raw_spin_unlock(&rq->lock);
	raw_spin_unlock_irqrestore(&p->pi_lock, *flags);
}

bool double_lock_balance(struct rq *this, struct rq *busiest)
{
	if (raw_spin_trylock(&busiest->lock))
		return false;
	if (this->cpu < busiest->cpu) {
		raw_spin_lock_nested(&busiest->lock, 1);
		return false;
	}
	raw_spin_unlock(&this->lock);
	raw_spin_lock(&busiest->lock);
	raw_spin_lock_nested(&this->lock, 1);
	return true;
}

/* ---- joining and leaving a run queue ----------------------------------------- */

void enqueue_task(struct rq *rq, struct task_struct *p, int flags)
{
	p->sched_class->enqueue(rq, p, flags);
	WRITE_ONCE(rq->nr_running, rq->nr_running + 1);
}

void dequeue_task(struct rq *rq, struct task_struct *p, int flags)
{
	WRITE_ONCE(rq->nr_running, rq->nr_running - 1);
	p->sched_class->dequeue(rq, p, flags);
}

void activate_task(struct rq *rq, struct task_struct *p, int flags)
{
	enqueue_task(rq, p, flags);
	WRITE_ONCE(p->on_rq, 1);
}

void deactivate_task(struct rq *rq, struct task_struct *p, int flags)
{
	dequeue_task(rq, p, flags);
	/* sched/C: pairs with try_to_wake_up() */
	smp_store_release(&p->on_rq, 0);
}

void resched_curr(struct rq *rq)
{
	if (rq->resched)
		return;
	WRITE_ONCE(rq->resched, true);
	if (rq->cpu == raw_smp_processor_id())
		set_preempt_need_resched();
	else if (cpu_online(rq->cpu))
		smp_send_reschedule(rq->cpu);
}

void check_preempt_curr(struct rq *rq, struct task_struct *p)
{
	struct task_struct *curr = rq->curr;

	if (!curr)
		WRITE_ONCE(rq->resched, true);	/* seen when the CPU starts */
	else if (p->sched_class->rank > curr->sched_class->rank ||
		 (p->sched_class == curr->sched_class && p->sched_class->preempts(rq, p)))
		resched_curr(rq);
}

void balance_callbacks(struct rq *rq)
{
	if (rq->pull_rt) {
		rq->pull_rt = false;
		rt_pull_tasks(rq);
	}
	if (rq->push_rt) {
		rq->push_rt = false;
		rt_push_tasks(rq);
	}
}
