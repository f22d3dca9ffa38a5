/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policy, priority, nice, and what a lock's waiters lend to its owner.
 *
 *	static_prio	100 .. 139, from nice			set_user_nice()
 *	rt_priority	1 .. 99, FIFO and RR only		sched_setscheduler()
 *	normal_prio	99 - rt_priority, or static_prio
 *	pi_top_task	most urgent waiter of a lock we hold	rt_mutex_setprio()
 *	prio		min(normal_prio, pi_top_task->prio)	decides the class
 *
 *	prio	0 ........ 98 | 100 ...... 139
 *		 fixed	      |	  fair
 *
 * A task changes while it is asleep, queued or running. Queued: it is taken off,
 * changed and put back; running: its class forgets it as the current one and the
 * new class takes it over. Afterwards its CPU looks whether it should go on.
 *
 * Linux: kernel/sched/core.c: __sched_setscheduler(), rt_mutex_setprio()
 */
#include "sched.h"
#include <kernel/bug.h>
#include <locking/rt_mutex_waiter.h>

static int normal_prio(int policy, unsigned int rt_priority, int static_prio)
{
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		return MAX_RT_PRIO - 1 - (int)rt_priority;
	return static_prio;
}

/* The parameters as they were, to compare with afterwards. */
struct change {
	bool queued, running;
	int prio;
	const struct sched_class *class;
};

static struct change change_begin(struct rq *rq, struct task_struct *p)
{
	struct change c = {
		.queued = p->on_rq, .running = task_current(rq, p),
		.prio = p->prio, .class = p->sched_class,
	};

	if (c.running)
		p->sched_class->put_curr(rq, p);
	if (c.queued)
		dequeue_task(rq, p, DEQUEUE_SAVE);
	return c;
}

/* Less urgent than before: perhaps others should run. More urgent: perhaps it should. */
static void change_end(struct rq *rq, struct task_struct *p, struct change c)
{
	if (c.queued)
		enqueue_task(rq, p, ENQUEUE_RESTORE | (p->prio > c.prio ? 0 : ENQUEUE_HEAD));
	if (c.running)
		p->sched_class->set_curr(rq, p);
	if (c.queued && c.running) {
		resched_curr(rq);
		if (rt_prio(c.prio) && p->prio > c.prio)
			rq->pull_rt = true;
	} else if (c.queued) {
		check_preempt_curr(rq, p);
	}
}

static void set_prio(struct task_struct *p, int prio)
{
	WRITE_ONCE(p->prio, prio);
	p->sched_class = rt_prio(prio) ? &rt_class : &fair_class;
}

static int boosted_prio(struct task_struct *p)
{
	return p->pi_top_task ? min(p->normal_prio, p->pi_top_task->prio) : p->normal_prio;
}

static bool params_valid(int policy, int priority)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return priority >= 1 && priority < MAX_RT_PRIO;
	case SCHED_NORMAL:
	case SCHED_IDLE:
		return priority == 0;
	default:
		return false;
	}
}

int sched_setscheduler(struct task_struct *p, int policy, const struct sched_param *param)
{
	unsigned long flags;
	struct change c;
	struct rq *rq;

	if (!params_valid(policy, param->sched_priority))
		return -EINVAL;

	rq = task_rq_lock(p, &flags);
	if (p->sched_class == &stop_class || p->sched_class == &idle_class) {
		task_rq_unlock(rq, p, &flags);
		return -EINVAL;
	}
	c = change_begin(rq, p);
	p->policy = policy;
	p->rt_priority = param->sched_priority;
	p->rt.time_slice = RR_TICKS;
	WRITE_ONCE(p->normal_prio, normal_prio(policy, p->rt_priority, p->static_prio));
	set_load_weight(p);
	set_prio(p, boosted_prio(p));
	change_end(rq, p, c);
	balance_callbacks(rq);
	task_rq_unlock(rq, p, &flags);
	rt_mutex_adjust_pi(p);
	return 0;
}

void sched_set_fifo(struct task_struct *p)
{
	WARN_ON(sched_setscheduler(p, SCHED_FIFO,
				   &(struct sched_param){ .sched_priority = MAX_RT_PRIO / 2 }));
}

void sched_set_fifo_low(struct task_struct *p)
{
	WARN_ON(sched_setscheduler(p, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 }));
}

void sched_set_normal(struct task_struct *p, int nice)
{
	set_user_nice(p, nice);
	WARN_ON(sched_setscheduler(p, SCHED_NORMAL, &(struct sched_param){ 0 }));
}

void set_user_nice(struct task_struct *p, long nice)
{
	unsigned long flags;
	struct change c;
	struct rq *rq;

	nice = clamp(nice, (long)MIN_NICE, (long)MAX_NICE);
	rq = task_rq_lock(p, &flags);
	c = change_begin(rq, p);
	p->static_prio = NICE_TO_PRIO((int)nice);
	if (p->sched_class == &fair_class || p->sched_class == &rt_class) {
		WRITE_ONCE(p->normal_prio,
			   normal_prio(p->policy, p->rt_priority, p->static_prio));
		set_load_weight(p);
		set_prio(p, boosted_prio(p));
	}
	change_end(rq, p, c);
	balance_callbacks(rq);
	task_rq_unlock(rq, p, &flags);
}

void rt_mutex_setprio(struct task_struct *p, struct task_struct *pi_task)
{
	struct change c;
	struct rq *rq;

	rq = __task_rq_lock(p);
	p->pi_top_task = pi_task;
	if (boosted_prio(p) != p->prio) {
		BUG_ON(p->sched_class == &stop_class || p->sched_class == &idle_class);
		c = change_begin(rq, p);
		set_prio(p, boosted_prio(p));
		change_end(rq, p, c);
	}
	balance_callbacks(rq);
	raw_spin_unlock(&rq->lock);
}
