/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Moving fair tasks between CPUs, so that none waits while a CPU idles.
 *
 *	when				who moves		what
 *	a task wakes up			the waker		that task, to an idle CPU
 *	a CPU runs out of tasks		that CPU pulls		one that waits elsewhere
 *	a tick, two or more here	this CPU pushes		one, to an idle CPU
 *	every BALANCE_NS, with a tick	this CPU pulls		one, from where the load
 *								is larger by two such tasks
 *
 * fair_overload_mask and idle_cpus_mask are hints, read without a lock; each move
 * is decided again with both run queues locked. A CPU that goes idle and one
 * that gets a second task at the same moment may miss each other: the next tick
 * of the second one repairs that.
 *
 * Cost: O(CPUs) where a CPU goes idle while others are overloaded, else one test.
 * Linux:   kernel/sched/fair.c: newidle_balance(), load_balance(), select_idle_sibling()
 * Differs: one level, no scheduling domains: all CPUs are alike here.
 */
#include "sched.h"
#include <kernel/irqflags.h>

#define BALANCE_NS	(32 * (u64)NSEC_PER_MSEC)

void move_queued_task(struct rq *src, struct rq *dst, struct task_struct *p)
{
	dequeue_task(src, p, 0);
	set_task_cpu(p, dst->cpu);
	enqueue_task(dst, p, ENQUEUE_MIGRATED);
	p->nr_migrations++;
}

static bool pull_one(struct rq *rq, struct rq *src)
{
	struct task_struct *p = fair_first_movable(src, rq->cpu);

	if (!p)
		return false;
	move_queued_task(src, rq, p);
	rq->nr_pulled++;
	check_preempt_curr(rq, p);
	return true;
}

void fair_pull_for_idle(struct rq *rq)
{
	unsigned int cpu;

	for_each_cpu_wrap(cpu, &fair_overload_mask, rq->cpu) {
		struct rq *src = cpu_rq(cpu);

		if (src == rq)
			continue;
		double_lock_balance(rq, src);
		/* Something may have come in while the lock was dropped. */
		if (!rq->nr_running && src->cfs.nr > 1)
			pull_one(rq, src);
		raw_spin_unlock(&src->lock);
		if (rq->nr_running)
			return;
	}
}

/* Two or more here, an idle CPU there: from the tick, so without dropping our lock. */
static void push_to_idle(struct rq *rq)
{
	unsigned int cpu;

	for_each_cpu_wrap(cpu, &idle_cpus_mask, rq->cpu) {
		struct rq *dst = cpu_rq(cpu);
		struct task_struct *p;

		if (dst == rq || READ_ONCE(dst->nr_running) || !cpu_online(cpu))
			continue;
		p = fair_first_movable(rq, cpu);
		if (!p || !raw_spin_trylock(&dst->lock))
			continue;
		if (!dst->nr_running) {
			move_queued_task(rq, dst, p);
			check_preempt_curr(dst, p);
		}
		raw_spin_unlock(&dst->lock);
		if (rq->cfs.nr < 2)
			return;
	}
}

/* The CPU with most load, if moving one average task of it makes the two more equal. */
static struct rq *find_busiest(struct rq *rq)
{
	unsigned long most = 0;
	struct rq *busiest = NULL;
	unsigned int cpu;

	for_each_cpu(cpu, &fair_overload_mask) {
		unsigned long load = READ_ONCE(cpu_rq(cpu)->cfs.load);

		if (cpu != rq->cpu && load > most) {
			most = load;
			busiest = cpu_rq(cpu);
		}
	}
	return busiest;
}

static void balance_loads(struct rq *rq)
{
	struct rq *src = find_busiest(rq);
	struct task_struct *p;

	if (!src || src->cfs.load <= rq->cfs.load || !raw_spin_trylock(&src->lock))
		return;
	p = fair_first_movable(src, rq->cpu);
	if (p && src->cfs.nr > 1 && src->cfs.load >= rq->cfs.load + 2 * p->se.weight)
		pull_one(rq, src);
	raw_spin_unlock(&src->lock);
}

void fair_balance_tick(struct rq *rq)
{
	u64 now;

	if (rq->cfs.nr > 1)
		push_to_idle(rq);
	now = local_clock();
	if ((s64)(now - rq->next_balance) < 0)
		return;
	rq->next_balance = now + BALANCE_NS;
	if (rq->curr != rq->idle)
		balance_loads(rq);
}
