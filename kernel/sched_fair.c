/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fair class: CPU time in proportion to weight.
 *
 *	vruntime	time run, times 1024, divided by weight: it advances at
 *			the same rate for all who get their share
 *	tasks		who waits, by vruntime; the leftmost has got least and is next
 *	min_vruntime	follows the smallest vruntime on the queue, forward only
 *	all written under rq->lock
 *
 *	vruntime ->    |--A(running)      B        C       D---|
 *			                  ^ next	    ^ last
 *
 * The running task is not in the tree. Off every queue, a task's vruntime is
 * relative to min_vruntime of the queue it left (its lag): so it means the same
 * on the next one, and a sleeper neither owes nor owns more than it did. A sleep
 * makes up for a debt, and earns at most half a period.
 *
 * A task runs at least MIN_SLICE, and about its share of PERIOD when few run.
 *
 * Wrap: vruntime is compared by difference; 2^63 ns of lead is 292 years.
 * Linux:   kernel/sched/fair.c before EEVDF (CFS), Documentation/scheduler/sched-design-CFS.rst
 * Differs: no groups, no per-entity load tracking: load is the sum of weights now.
 */
#include "sched.h"

#define PERIOD		(12 * (u64)NSEC_PER_MSEC)
#define MIN_SLICE	(2 * (u64)NSEC_PER_MSEC)
#define WAKEUP_GRAN	(1 * (s64)NSEC_PER_MSEC)
#define WEIGHT_0	1024UL		/* nice 0 */
#define WEIGHT_IDLE	3UL

/* A step of nice is a factor of 1.25 in weight: about 10 % of the CPU between two tasks. */
static const unsigned int nice_to_weight[] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	 9548,  7620,  6100,  4904,  3906,  3121,  2501,  1991,  1586,  1277,
	 1024,   820,   655,   526,   423,   335,   272,   215,   172,   137,
	  110,    87,    70,    56,    45,    36,    29,    23,    18,    15,
};

void set_load_weight(struct task_struct *p)
{
	p->se.weight = p->policy == SCHED_IDLE ? WEIGHT_IDLE :
		       nice_to_weight[p->static_prio - MAX_RT_PRIO];
}

void init_cfs_rq(struct cfs_rq *cfs)
{
	cfs->tasks = RB_ROOT_CACHED;
	/* Near the wrap, so that it is tested. */
	cfs->min_vruntime = (u64)-(1LL << 20);
}

void fair_task_init(struct task_struct *p)
{
	RB_CLEAR_NODE(&p->se.run_node);
	p->se.vruntime = 0;
	p->se.exec_start = local_clock();
	set_load_weight(p);
}

static struct task_struct *fair_task(struct rb_node *node)
{
	return rb_entry(node, struct task_struct, se.run_node);
}

static bool fair_less(struct rb_node *a, const struct rb_node *b)
{
	const struct task_struct *tb = rb_entry(b, struct task_struct, se.run_node);

	return (s64)(fair_task(a)->se.vruntime - tb->se.vruntime) < 0;
}

static struct task_struct *leftmost(struct cfs_rq *cfs)
{
	struct rb_node *node = rb_first_cached(&cfs->tasks);

	return node ? fair_task(node) : NULL;
}

static void tree_insert(struct cfs_rq *cfs, struct task_struct *p)
{
	rb_add_cached(&p->se.run_node, &cfs->tasks, fair_less);
}

static void tree_erase(struct cfs_rq *cfs, struct task_struct *p)
{
	if (RB_EMPTY_NODE(&p->se.run_node))
		return;
	rb_erase_cached(&p->se.run_node, &cfs->tasks);
	RB_CLEAR_NODE(&p->se.run_node);
}

static void update_min_vruntime(struct rq *rq)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct task_struct *first = leftmost(cfs), *curr = rq->curr;
	bool curr_counts = curr && curr->on_rq && curr->sched_class == &fair_class;
	u64 v;

	if (!first && !curr_counts)
		return;
	if (!curr_counts)
		v = first->se.vruntime;
	else if (!first || (s64)(curr->se.vruntime - first->se.vruntime) < 0)
		v = curr->se.vruntime;
	else
		v = first->se.vruntime;
	if ((s64)(v - cfs->min_vruntime) > 0)
		cfs->min_vruntime = v;
}

/* Charge the running task for the time since it was charged last. */
static void update_curr(struct rq *rq)
{
	struct sched_entity *se = &rq->curr->se;
	u64 now = local_clock(), delta = now - se->exec_start;

	se->exec_start = now;
	se->sum_exec_runtime += delta;
	se->vruntime += delta * WEIGHT_0 / se->weight;
	update_min_vruntime(rq);
}

static void update_overload(struct rq *rq)
{
	bool overload = rq->cfs.nr > 1;

	if (overload == cpumask_test_cpu(rq->cpu, &fair_overload_mask))
		return;
	if (overload)
		cpumask_set_cpu(rq->cpu, &fair_overload_mask);
	else
		cpumask_clear_cpu(rq->cpu, &fair_overload_mask);
}

/* Lag of a task that slept: the debt shrinks with time, credit is bounded. */
static s64 lag_after_sleep(struct task_struct *p)
{
	s64 slept = (s64)(local_clock() - p->se.exec_start);
	s64 lag = (s64)p->se.vruntime - slept;

	return max(lag, -(s64)PERIOD / 2);
}

static void fair_enqueue(struct rq *rq, struct task_struct *p, int flags)
{
	bool running = task_current(rq, p);

	if (rq->curr && rq->curr->sched_class == &fair_class && !running)
		update_curr(rq);
	if (flags & ENQUEUE_WAKEUP)
		p->se.vruntime = (u64)lag_after_sleep(p);
	p->se.vruntime += rq->cfs.min_vruntime;
	rq->cfs.nr++;
	rq->cfs.load += p->se.weight;
	if (!running)
		tree_insert(&rq->cfs, p);
	update_overload(rq);
}

static void fair_dequeue(struct rq *rq, struct task_struct *p, int flags)
{
	if (rq->curr && rq->curr->sched_class == &fair_class)
		update_curr(rq);
	tree_erase(&rq->cfs, p);
	rq->cfs.nr--;
	rq->cfs.load -= p->se.weight;
	p->se.vruntime -= rq->cfs.min_vruntime;
	if (flags & DEQUEUE_SLEEP)
		p->se.exec_start = local_clock();
	update_overload(rq);
}

/* Behind the one who is next, no further. */
static void fair_yield(struct rq *rq)
{
	struct task_struct *p = rq->curr, *first = leftmost(&rq->cfs);

	update_curr(rq);
	if (first && (s64)(first->se.vruntime - p->se.vruntime) >= 0)
		p->se.vruntime = first->se.vruntime + 1;
}

static bool fair_preempts(struct rq *rq, struct task_struct *p)
{
	struct task_struct *curr = rq->curr;

	if (p->policy == SCHED_IDLE)
		return false;
	if (curr->policy == SCHED_IDLE)
		return true;
	update_curr(rq);
	return (s64)(curr->se.vruntime - p->se.vruntime) > WAKEUP_GRAN;
}

static struct task_struct *fair_pick(struct rq *rq)
{
	return leftmost(&rq->cfs);
}

static void fair_set_curr(struct rq *rq, struct task_struct *p)
{
	tree_erase(&rq->cfs, p);
	p->se.exec_start = local_clock();
	p->se.prev_sum_exec_runtime = p->se.sum_exec_runtime;
}

static void fair_put_curr(struct rq *rq, struct task_struct *p)
{
	if (!p->on_rq)
		return;
	update_curr(rq);
	tree_insert(&rq->cfs, p);
}

static void fair_tick(struct rq *rq, struct task_struct *p)
{
	u64 ran, slice;

	update_curr(rq);
	if (rq->cfs.nr < 2)
		return;
	ran = p->se.sum_exec_runtime - p->se.prev_sum_exec_runtime;
	slice = max(PERIOD * p->se.weight / rq->cfs.load, MIN_SLICE);
	if (ran >= slice)
		resched_curr(rq);
}

/* An idle CPU: the last one, or any; else where fewer tasks are, of the last and ours. */
static unsigned int fair_select_cpu(struct task_struct *p, unsigned int prev_cpu)
{
	unsigned int cpu, here = raw_smp_processor_id();

	if (cpumask_test_cpu(prev_cpu, &idle_cpus_mask) && task_cpu_allowed(p, prev_cpu))
		return prev_cpu;
	for_each_cpu_wrap(cpu, &idle_cpus_mask, prev_cpu)
		if (task_cpu_allowed(p, cpu) && !READ_ONCE(cpu_rq(cpu)->nr_running))
			return cpu;
	if (task_cpu_allowed(p, here) &&
	    READ_ONCE(cpu_rq(here)->nr_running) < READ_ONCE(cpu_rq(prev_cpu)->nr_running))
		return here;
	return prev_cpu;
}

/* A waiting task that may go to @dst_cpu: the last in line, its cache is coldest. */
struct task_struct *fair_first_movable(struct rq *src, unsigned int dst_cpu)
{
	struct rb_node *node;

	for (node = rb_last(&src->cfs.tasks.rb_root); node; node = rb_prev(node)) {
		struct task_struct *p = fair_task(node);

		if (!p->on_cpu && task_cpu_allowed(p, dst_cpu))
			return p;
	}
	return NULL;
}

const struct sched_class fair_class = {
	.name = "fair", .rank = 1,
	.enqueue = fair_enqueue, .dequeue = fair_dequeue,
	.yield = fair_yield, .preempts = fair_preempts,
	.pick = fair_pick, .set_curr = fair_set_curr, .put_curr = fair_put_curr,
	.tick = fair_tick, .select_cpu = fair_select_cpu,
};
