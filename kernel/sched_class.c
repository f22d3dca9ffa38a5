/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The highest and the lowest class: each has one task a CPU.
 *
 *	stop	stopper/N, above every priority: it moves tasks off this CPU and
 *		stops the machine
 *	idle	idle/N, when there is nothing else; never on a queue
 *
 * Linux: kernel/sched/stop_task.c, kernel/sched/idle.c
 */
#include "sched.h"
#include <kernel/bug.h>

static void no_yield(struct rq *rq)
{
}

static bool no_preempts(struct rq *rq, struct task_struct *p)
{
	return false;
}

static void no_tick(struct rq *rq, struct task_struct *p)
{
}

static unsigned int same_cpu(struct task_struct *p, unsigned int prev_cpu)
{
	return prev_cpu;
}

/* ---- stop ----------------------------------------------------------------------- */

static void stop_enqueue(struct rq *rq, struct task_struct *p, int flags)
{
	rq->stop_queued = true;
}

static void stop_dequeue(struct rq *rq, struct task_struct *p, int flags)
{
	rq->stop_queued = false;
}

static struct task_struct *stop_pick(struct rq *rq)
{
	return rq->stop_queued ? rq->stop : NULL;
}

static void stop_set_curr(struct rq *rq, struct task_struct *p)
{
	p->se.exec_start = local_clock();
}

static void stop_put_curr(struct rq *rq, struct task_struct *p)
{
	p->se.sum_exec_runtime += local_clock() - p->se.exec_start;
}

const struct sched_class stop_class = {
	.name = "stop", .rank = 3,
	.enqueue = stop_enqueue, .dequeue = stop_dequeue,
	.yield = no_yield, .preempts = no_preempts,
	.pick = stop_pick, .set_curr = stop_set_curr, .put_curr = stop_put_curr,
	.tick = no_tick, .select_cpu = same_cpu,
};

void sched_set_stop_task(unsigned int cpu, struct task_struct *stop)
{
	unsigned long flags;
	struct rq *rq;

	rq = task_rq_lock(stop, &flags);
	BUG_ON(stop->on_rq || rq->cpu != cpu);
	stop->sched_class = &stop_class;
	stop->policy = SCHED_FIFO;
	stop->rt_priority = MAX_RT_PRIO - 1;
	stop->prio = stop->normal_prio = 0;
	rq->stop = stop;
	task_rq_unlock(rq, stop, &flags);
}

/* ---- idle ----------------------------------------------------------------------- */

static void idle_enqueue(struct rq *rq, struct task_struct *p, int flags)
{
	BUG();
}

static void idle_dequeue(struct rq *rq, struct task_struct *p, int flags)
{
	panic("the idle task of CPU %u sleeps", rq->cpu);
}

static struct task_struct *idle_pick(struct rq *rq)
{
	return rq->idle;
}

static void idle_set_curr(struct rq *rq, struct task_struct *p)
{
	rq->idle_since = local_clock();
	cpumask_set_cpu(rq->cpu, &idle_cpus_mask);
}

static void idle_put_curr(struct rq *rq, struct task_struct *p)
{
	rq->idle_ns += local_clock() - rq->idle_since;
	cpumask_clear_cpu(rq->cpu, &idle_cpus_mask);
}

const struct sched_class idle_class = {
	.name = "idle", .rank = 0,
	.enqueue = idle_enqueue, .dequeue = idle_dequeue,
	.yield = no_yield, .preempts = no_preempts,
	.pick = idle_pick, .set_curr = idle_set_curr, .put_curr = idle_put_curr,
	.tick = no_tick, .select_cpu = same_cpu,
};
