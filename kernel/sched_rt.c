/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed priorities: FIFO and RR.
 *
 *	bitmap	bit n: queue[n] is not empty		rq->lock
 *	queue	a list a priority, 0 (most urgent) .. 99; the running task stays
 *		at its place
 *
 *	picked		first of the first list
 *	FIFO		stays first until it sleeps, yields, or is moved in priority
 *	RR		goes behind its equals when its slice is used up
 *	preempted	stays first of its list
 *
 * Over all CPUs the rule is: the N most urgent tasks run, on N CPUs. A CPU with
 * one to spare (two or more fixed-priority tasks) is in rt_overload_mask. It
 * pushes, when it could not run a newcomer or has just switched; a CPU that is
 * about to run something less urgent than before pulls. Between the two no
 * task waits while a less urgent one runs where it could (affinity permitting):
 *
 *	CPU 0 runs 10, queues 20		CPU 1 runs 15
 *						15 sleeps; next is fair
 *						rt_pull_tasks(): 20 from CPU 0
 *
 * Ordering: rt/A, store buffering. A CPU that becomes overloaded sets its bit,
 * then reads how urgent the others' work is; one whose work becomes less urgent
 * writes that, then reads the bits. One of them sees the other. cpumask_set_cpu()
 * is a full barrier.
 *
 * Cost: push and pull look at one word of every CPU in question: O(CPUs).
 * Linux:   kernel/sched/rt.c, cpupri.c
 * Differs: no throttling: a FIFO task that never sleeps keeps its CPU for ever.
 *	    No pushing of running tasks away from one that has migration disabled.
 */
#include "sched.h"


void init_rt_rq(struct rt_rq *rt)
{
	for (int i = 0; i < MAX_RT_PRIO; i++)
		INIT_LIST_HEAD(&rt->queue[i]);
	rt->highest = MAX_RT_PRIO;
}

static void rt_update(struct rq *rq)
{
	int first = find_first_bit(rq->rt.bitmap, MAX_RT_PRIO);
	bool overload = rq->rt.nr > 1;

	WRITE_ONCE(rq->rt.highest, first);
	if (overload != cpumask_test_cpu(rq->cpu, &rt_overload_mask)) {
		/* rt/A: pairs with rt_pull_tasks() */
		if (overload)
			cpumask_set_cpu(rq->cpu, &rt_overload_mask);
		else
			cpumask_clear_cpu(rq->cpu, &rt_overload_mask);
	}
}

static void rt_enqueue(struct rq *rq, struct task_struct *p, int flags)
{
	struct list_head *queue = &rq->rt.queue[p->prio];

	if (flags & ENQUEUE_HEAD)
		list_add(&p->rt.run_list, queue);
	else
		list_add_tail(&p->rt.run_list, queue);
	__set_bit(p->prio, rq->rt.bitmap);
	rq->rt.nr++;
	rt_update(rq);
	if (!task_current(rq, p))
		rq->push_rt = true;
}

static void rt_charge(struct task_struct *p)
{
	u64 now = local_clock();

	p->se.sum_exec_runtime += now - p->se.exec_start;
	p->se.exec_start = now;
}

static void rt_dequeue(struct rq *rq, struct task_struct *p, int flags)
{
	if (task_current(rq, p))
		rt_charge(p);
	list_del_init(&p->rt.run_list);
	if (list_empty(&rq->rt.queue[p->prio]))
		__clear_bit(p->prio, rq->rt.bitmap);
	rq->rt.nr--;
	rt_update(rq);
}

static void rt_yield(struct rq *rq)
{
	struct task_struct *p = rq->curr;

	list_move_tail(&p->rt.run_list, &rq->rt.queue[p->prio]);
}

static bool rt_preempts(struct rq *rq, struct task_struct *p)
{
	return p->prio < rq->curr->prio;
}

static struct task_struct *rt_pick(struct rq *rq)
{
	if (!rq->rt.nr)
		return NULL;
	return list_first_entry(&rq->rt.queue[rq->rt.highest], struct task_struct, rt.run_list);
}

static void rt_set_curr(struct rq *rq, struct task_struct *p)
{
	p->se.exec_start = local_clock();
	if (rq->rt.nr > 1)
		rq->push_rt = true;
}

static void rt_put_curr(struct rq *rq, struct task_struct *p)
{
	rt_charge(p);
}

static void rt_tick(struct rq *rq, struct task_struct *p)
{
	rt_charge(p);
	if (p->policy != SCHED_RR || --p->rt.time_slice)
		return;
	p->rt.time_slice = RR_TICKS;
	if (list_is_singular(&rq->rt.queue[p->prio]))
		return;
	list_move_tail(&p->rt.run_list, &rq->rt.queue[p->prio]);
	resched_curr(rq);
}

/* ---- over all CPUs ------------------------------------------------------------- */

/* How little @cpu's present work matters: larger is a better victim. */
static int cpu_cost(unsigned int cpu)
{
	int highest = READ_ONCE(cpu_rq(cpu)->rt.highest);

	if (highest < MAX_RT_PRIO)
		return highest;
	return cpumask_test_cpu(cpu, &idle_cpus_mask) ? MAX_PRIO + 1 : MAX_PRIO;
}

/* The CPU whose work matters least, if less than @p; the one @p is on if several do. */
static unsigned int find_lowest_cpu(struct task_struct *p)
{
	unsigned int home = task_cpu(p), best = NR_CPUS, cpu;
	int best_cost = p->prio;

	for_each_cpu_wrap(cpu, cpu_online_mask, home) {
		int cost = cpu_cost(cpu);

		if (!task_cpu_allowed(p, cpu))
			continue;
		if (cost > best_cost || (cost == best_cost && cpu == home && best < NR_CPUS)) {
			best = cpu;
			best_cost = cost;
		}
	}
	return best;
}

static unsigned int rt_select_cpu(struct task_struct *p, unsigned int prev_cpu)
{
	unsigned int cpu;

	if (task_cpu_allowed(p, prev_cpu) && cpu_cost(prev_cpu) > MAX_PRIO)
		return prev_cpu;
	cpu = find_lowest_cpu(p);
	return cpu < NR_CPUS ? cpu : prev_cpu;
}

/* The most urgent task of @src that waits, may run on @dst, and is more urgent than @prio. */
static struct task_struct *rt_first_movable(struct rq *src, unsigned int dst, int prio)
{
	int i;

	for_each_set_bit(i, src->rt.bitmap, MAX_RT_PRIO) {
		struct task_struct *p;

		if (i >= prio)
			break;
		list_for_each_entry(p, &src->rt.queue[i], rt.run_list)
			if (!task_current(src, p) && !p->on_cpu && task_cpu_allowed(p, dst))
				return p;
	}
	return NULL;
}

/* The most urgent waiting task that has somewhere to go, and where. */
static struct task_struct *rt_first_pushable(struct rq *rq, unsigned int *cpu)
{
	int i;

	for_each_set_bit(i, rq->rt.bitmap, MAX_RT_PRIO) {
		struct task_struct *p;

		list_for_each_entry(p, &rq->rt.queue[i], rt.run_list) {
			if (task_current(rq, p) || p->on_cpu)
				continue;
			*cpu = find_lowest_cpu(p);
			if (*cpu < NR_CPUS && *cpu != rq->cpu)
				return p;
		}
	}
	return NULL;
}

/* Is it all as it was before the lock was dropped? */
static bool rt_still_pushable(struct rq *rq, struct rq *dst, struct task_struct *p)
{
	return task_rq(p) == rq && p->on_rq && !task_current(rq, p) && !p->on_cpu &&
	       p->sched_class == &rt_class && task_cpu_allowed(p, dst->cpu) &&
	       dst->rt.highest > p->prio;
}

void rt_push_tasks(struct rq *rq)
{
	/* Each round moves one, or finds that another CPU did something. */
	for (unsigned int tries = 0; rq->curr && rq->rt.nr > 1 && tries < 2 * nr_cpu_ids; tries++) {
		unsigned int cpu;
		struct task_struct *p = rt_first_pushable(rq, &cpu);
		struct rq *dst;

		if (!p)
			return;
		if (p->prio < rq->curr->prio && rq->curr->sched_class->rank <= rt_class.rank) {
			resched_curr(rq);	/* it runs here, next */
			return;
		}
		dst = cpu_rq(cpu);
		get_task_struct(p);
		double_lock_balance(rq, dst);
		if (rt_still_pushable(rq, dst, p)) {
			move_queued_task(rq, dst, p);
			check_preempt_curr(dst, p);
		}
		raw_spin_unlock(&dst->lock);
		put_task_struct(p);
	}
}

void rt_pull_tasks(struct rq *rq)
{
	unsigned int cpu;

	/* rt/A: pairs with rt_update() */
	smp_mb();
	for_each_cpu(cpu, &rt_overload_mask) {
		struct rq *src = cpu_rq(cpu);
		struct task_struct *p;

		if (src == rq)
			continue;
		double_lock_balance(rq, src);
		p = rt_first_movable(src, rq->cpu, rq->rt.highest);
		/* More urgent than what runs there: it is about to, let it. */
		if (p && src->curr && !(p->prio < src->curr->prio &&
					src->curr->sched_class->rank <= rt_class.rank)) {
			move_queued_task(src, rq, p);
			rq->nr_pulled++;
			if (rq->curr != p)
				check_preempt_curr(rq, p);
		}
		raw_spin_unlock(&src->lock);
	}
}

const struct sched_class rt_class = {
	.name = "rt", .rank = 2,
	.enqueue = rt_enqueue, .dequeue = rt_dequeue,
	.yield = rt_yield, .preempts = rt_preempts,
	.pick = rt_pick, .set_curr = rt_set_curr, .put_curr = rt_put_curr,
	.tick = rt_tick, .select_cpu = rt_select_cpu,
};
