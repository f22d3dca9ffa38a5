/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What others may ask the scheduler: who runs where, how busy a CPU is.
 *
 * All but sched_cpu_stats() are single loads without a lock: the answer may be
 * old when it arrives.
 *
 * Linux: kernel/sched/core.c, kernel/sched/debug.c
 */
#include "sched.h"

bool sched_needs_tick(void)
{
	return READ_ONCE(this_rq()->nr_running) > 1;
}

struct task_struct *cpu_curr(unsigned int cpu)
{
	return READ_ONCE(cpu_rq(cpu)->curr);
}

struct task_struct *idle_task(unsigned int cpu)
{
	return cpu_rq(cpu)->idle;
}

bool idle_cpu(unsigned int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	return READ_ONCE(rq->curr) == rq->idle && !READ_ONCE(rq->nr_running);
}

bool task_running(const struct task_struct *p)
{
	return READ_ONCE(p->on_rq) || READ_ONCE(p->on_cpu);
}

u64 sched_passes(unsigned int cpu)
{
	return READ_ONCE(cpu_rq(cpu)->nr_passes);
}

void sched_cpu_stats(unsigned int cpu, struct sched_cpu_stats *st)
{
	struct rq *rq = cpu_rq(cpu);
	unsigned long flags;

	raw_spin_lock_irqsave(&rq->lock, flags);
	*st = (struct sched_cpu_stats){
		.nr_running = rq->nr_running,
		.nr_rt = rq->rt.nr,
		.switches = rq->nr_switches,
		.pulled = rq->nr_pulled,
		.ticks = rq->nr_ticks,
		.idle_ns = rq->idle_ns,
	};
	if (rq->curr && rq->curr == rq->idle)
		st->idle_ns += local_clock() - rq->idle_since;
	raw_spin_unlock_irqrestore(&rq->lock, flags);
}
