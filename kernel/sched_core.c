/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler's heart: schedule(), the choice of the next task, the switch.
 *
 *	schedule()
 *	  __schedule()		a state other than RUNNING: off the queue
 *	    pick_next_task()	the highest class that has a task
 *	    context_switch()	other stack, other task
 *	      arch_switch_to()	<-- one task goes in, another comes out
 *	    finish_switch()	prev's stack is free; run queue unlocked
 *
 * Timeline of a sleep and a wake-up on another CPU:
 *
 *	CPU 0, task P			CPU 1				P: on_rq on_cpu
 *	set_current_state(S)						    1	1
 *	schedule()
 *	  off the queue							    0	1
 *	  switches to Q			try_to_wake_up(P)
 *					  state S, on_rq 0
 *					  waits for on_cpu 0
 *	finish_switch(): on_cpu = 0					    0	0
 *					  picks CPU 2, enqueues		    1	0
 *	CPU 2 picks P							    1	1
 *
 * Ordering pairs
 *	sched/A	state before condition | condition before state: see <kernel/sched.h>
 *	sched/B	on_cpu = 0 releases P's stack, registers and state; whoever sees
 *		0 may run P elsewhere
 *	sched/C	on_rq = 0 after the state was read as a sleep; see sched_wake.c
 *
 * The run queue's lock is handed over: prev takes it, next drops it. Run queues
 * themselves are in sched_rq.c.
 *
 * Linux: kernel/sched/core.c
 */
#include "sched.h"
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <kernel/workqueue.h>

static const struct sched_class *const classes[] = {
	&stop_class, &rt_class, &fair_class, &idle_class,
};

/* ---- choosing ----------------------------------------------------------------- */

/* Other CPUs may have something better for us than what is here. Before @prev is
 * put back: these may drop the lock, and prev must still be a proper rq->curr then. */
static void balance_before_pick(struct rq *rq, struct task_struct *prev)
{
	if (rt_task(prev) && rq->rt.highest > prev->prio)
		rt_pull_tasks(rq);
	if (!rq->nr_running)
		fair_pull_for_idle(rq);
}

static struct task_struct *pick_next_task(struct rq *rq, struct task_struct *prev)
{
	balance_before_pick(rq, prev);

	prev->sched_class->put_curr(rq, prev);
	for (unsigned int i = 0; i < ARRAY_SIZE(classes); i++) {
		struct task_struct *p = classes[i]->pick(rq);

		if (p) {
			classes[i]->set_curr(rq, p);
			return p;
		}
	}
	BUG();	/* the idle class always has one */
}

/* ---- switching ------------------------------------------------------------------ */

/* The first thing a task does after it was switched to. */
static void finish_switch(struct task_struct *prev)
{
	struct rq *rq = this_rq();
	bool dead = READ_ONCE(prev->__state) == TASK_DEAD;

	/* sched/B: pairs with try_to_wake_up(), task_is_asleep() */
	smp_store_release(&prev->on_cpu, 0);

	rq_lock_handed_over(rq);
	balance_callbacks(rq);
	raw_spin_unlock_irq(&rq->lock);

	if (unlikely(dead))
		put_task_struct(prev);
}

/* DOC: context_switch */
static void context_switch(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	WRITE_ONCE(next->on_cpu, 1);
	WRITE_ONCE(rq->curr, next);

	prev = arch_switch_to(prev, next);

	/* Another stack, and perhaps another CPU: rq and next are not ours any more. */
	finish_switch(prev);
}

void task_entry(struct task_struct *prev)
{
	finish_switch(prev);
	preempt_enable();
	kthread_main();
}

/* The caller's own preempt_disable() is counted; a preemption comes with count 0 only. */
static void schedule_debug(struct task_struct *prev, enum sched_mode mode)
{
	unsigned int count = preempt_count();

	if (unlikely(count != PREEMPT_OFFSET))
		panic("scheduling while atomic: task %d %s, preempt_count 0x%x%s",
		      prev->pid, prev->comm, count - PREEMPT_OFFSET,
		      preempt_site_text(preempt_disable_site()));
	if (unlikely(mode == SM_SLEEP && prev->rtlock_nesting))
		panic("scheduling while atomic: task %d %s%s", prev->pid, prev->comm,
		      rtlock_site_text());
	if (unlikely(irqs_disabled()))
		panic("scheduling with interrupts off: task %d %s", prev->pid, prev->comm);
	if (unlikely(is_idle_task(prev) && mode != SM_PREEMPT && READ_ONCE(prev->__state)))
		panic("the idle task of CPU %u sleeps", task_cpu(prev));
}

/* The state says sleep: take @prev off the queue, unless a signal says otherwise. */
static void try_to_sleep(struct rq *rq, struct task_struct *prev, unsigned int state)
{
	if (signal_pending_state(state, prev))
		WRITE_ONCE(prev->__state, TASK_RUNNING);
	else
		deactivate_task(rq, prev, DEQUEUE_SLEEP);
}

/* DOC: schedule */
void __schedule(enum sched_mode mode)
{
	struct rq *rq = this_rq();
	struct task_struct *prev = rq->curr, *next;
	unsigned int state;
	u64 *switches;

	schedule_debug(prev, mode);

	local_irq_disable();
	WRITE_ONCE(rq->nr_passes, rq->nr_passes + 1);
	raw_spin_lock(&rq->lock);
	/* signal/A: pairs with kthread_interrupt(), kthread_kill() */
	smp_mb__after_spinlock();

	state = READ_ONCE(prev->__state);
	if (mode != SM_PREEMPT && state)
		try_to_sleep(rq, prev, state);
	switches = prev->on_rq ? &prev->nivcsw : &prev->nvcsw;

	next = pick_next_task(rq, prev);
	WRITE_ONCE(rq->resched, false);
	clear_preempt_need_resched();

	if (prev != next) {
		rq->nr_switches++;
		++*switches;
		prev->last_switched_out = local_clock();
		context_switch(rq, prev, next);		/* unlocks */
	} else {
		balance_callbacks(rq);
		raw_spin_unlock_irq(&rq->lock);
	}
}

void schedule(void)
{
	bool worker = current->flags & PF_WQ_WORKER;

	/* A workqueue keeps as many workers runnable as it wants: tell it. */
	if (worker && get_current_state() != TASK_RUNNING)
		wq_worker_sleeping(current);
	do {
		preempt_disable();
		__schedule(SM_SLEEP);
		preempt_enable_no_resched();
	} while (need_resched());
	if (worker)
		wq_worker_running(current);
}

void schedule_rtlock(void)
{
	do {
		preempt_disable();
		__schedule(SM_RTLOCK);
		preempt_enable_no_resched();
	} while (need_resched());
}

void schedule_preempt_disabled(void)
{
	preempt_enable_no_resched();
	schedule();
	preempt_disable();
}

void io_schedule(void)
{
	current->in_iowait = true;
	schedule();
	current->in_iowait = false;
}

long io_schedule_timeout(long timeout)
{
	current->in_iowait = true;
	timeout = schedule_timeout(timeout);
	current->in_iowait = false;
	return timeout;
}

void yield(void)
{
	struct rq *rq;

	__set_current_state(TASK_RUNNING);
	local_irq_disable();
	rq = this_rq();
	raw_spin_lock(&rq->lock);
	current->sched_class->yield(rq);
	raw_spin_unlock_irq(&rq->lock);
	schedule();
}

void scheduler_tick(void)
{
	struct rq *rq = this_rq();

	raw_spin_lock(&rq->lock);
	rq->nr_ticks++;
	rq->curr->sched_class->tick(rq, rq->curr);
	fair_balance_tick(rq);
	raw_spin_unlock(&rq->lock);
}

void scheduler_ipi(void)
{
	if (READ_ONCE(this_rq()->resched))
		set_preempt_need_resched();
}

/* ---- start-up -------------------------------------------------------------------- */

void sched_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		raw_spin_lock_init(&rq->lock);
		rq->cpu = cpu;
		init_cfs_rq(&rq->cfs);
		init_rt_rq(&rq->rt);
	}
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && preempt_mode != PREEMPT_MODE_FULL) {
		pr_warn("sched: preempt=%s: a real-time kernel has only full\n",
			preempt_mode_names[preempt_mode]);
		preempt_mode = PREEMPT_MODE_FULL;
	}
	cpu_rq(0)->idle = &init_task;
	task_init();
}

void sched_cpu_init(void)
{
	struct rq *rq = this_rq();

	raw_spin_lock(&rq->lock);
	rq->idle = current;
	rq->idle_since = local_clock();
	current->on_cpu = 1;
	current->cpu = rq->cpu;
	WRITE_ONCE(rq->curr, current);
	idle_class.set_curr(rq, current);
	raw_spin_unlock(&rq->lock);
}
