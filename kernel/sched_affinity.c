/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which CPUs a task may use, and making it obey.
 *
 *	cpus_mask		what set_cpus_allowed_ptr() said	pi_lock and rq->lock
 *	migration_disabled	> 0: only where it is			the task itself
 *	migration_pending	must move when that ends; set by who changes the mask,
 *				with pi_lock held; cleared by the task itself, or by
 *				who changes the mask again
 *
 * After the mask changed, a task on a CPU outside of it is
 *
 *	queued		moved, here and now, with both run queues locked
 *	running		the CPU's stopper preempts it, and moves it as a queued task
 *	asleep		left alone: its wake-up chooses an allowed CPU
 *	pinned		left until migrate_enable(), where it moves itself
 *
 * Linux:   kernel/sched/core.c: set_cpus_allowed_ptr(), migrate_disable()
 * Differs: waiters for a pinned task wait on one queue, not on the task.
 */
#include "sched.h"
#include <kernel/bug.h>
#include <locking/swait.h>

static DECLARE_SWAIT_QUEUE_HEAD(affinity_wait);

bool task_cpu_allowed(const struct task_struct *p, unsigned int cpu)
{
	if (READ_ONCE(p->migration_disabled))
		return cpu == task_cpu(p);
	if (!cpumask_test_cpu(cpu, &p->cpus_mask))
		return false;
	/* What is bound to a CPU for good may wait there for it to start. */
	return cpu_online(cpu) || (p->flags & PF_NO_SETAFFINITY);
}

unsigned int task_any_cpu(struct task_struct *p)
{
	unsigned int cpu;

	for_each_cpu_wrap(cpu, &p->cpus_mask, task_cpu(p))
		if (task_cpu_allowed(p, cpu))
			return cpu;
	panic("task %d %s may run on no CPU", p->pid, p->comm);
}

void set_task_cpu(struct task_struct *p, unsigned int cpu)
{
	/* sched/D: pairs with __task_rq_lock() */
	smp_store_release(&p->cpu, cpu);
}

/* A task that waits here and must not. */
static struct task_struct *first_stray(struct rq *rq)
{
	struct task_struct *p;
	struct rb_node *node;
	int i;

	for (node = rb_first(&rq->cfs.tasks.rb_root); node; node = rb_next(node)) {
		p = rb_entry(node, struct task_struct, se.run_node);
		if (!task_cpu_allowed(p, rq->cpu))
			return p;
	}
	for_each_set_bit(i, rq->rt.bitmap, MAX_RT_PRIO)
		list_for_each_entry(p, &rq->rt.queue[i], rt.run_list)
			if (!task_cpu_allowed(p, rq->cpu))
				return p;
	return NULL;
}

/*
 * @p waits on @rq, locked, where it must not: send it where it may run. The lock may be
 * dropped meanwhile, and @p begin to run, or wait elsewhere: then nothing is done.
 */
static void move_away(struct rq *rq, struct task_struct *p)
{
	struct rq *dst = cpu_rq(task_any_cpu(p));

	get_task_struct(p);
	double_lock_balance(rq, dst);
	if (task_rq(p) == rq && p->on_rq && !p->on_cpu && task_cpu_allowed(p, dst->cpu)) {
		move_queued_task(rq, dst, p);
		check_preempt_curr(dst, p);
	}
	raw_spin_unlock(&dst->lock);
	put_task_struct(p);
}

/* In the stopper: no other task runs on this CPU, so all of them can be moved. */
static int move_strays(void *unused)
{
	struct rq *rq = this_rq();
	struct task_struct *p;

	WRITE_ONCE(rq->stray_queued, false);
	raw_spin_lock_irq(&rq->lock);
	while ((p = first_stray(rq)))
		move_away(rq, p);
	raw_spin_unlock_irq(&rq->lock);
	return 0;
}

enum todo { DONE, LOOK_AGAIN, STOP_IT, WAIT_FOR_IT };

/* One look at @p: do what can be done under the locks, say what remains. */
static enum todo make_it_obey(struct task_struct *p, unsigned int *cpu)
{
	enum todo todo = DONE;
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);

	*cpu = rq->cpu;
	if (cpumask_test_cpu(rq->cpu, &p->cpus_mask)) {
		p->migration_pending = false;
	} else if (p->migration_disabled) {
		/* affinity/A: pairs with migrate_enable() */
		smp_store_mb(p->migration_pending, true);
		todo = p == current ? DONE : WAIT_FOR_IT;
	} else if (p->on_rq) {
		todo = task_current(rq, p) || p->on_cpu ? STOP_IT : LOOK_AGAIN;
		if (todo == LOOK_AGAIN)
			move_away(rq, p);
	}
	task_rq_unlock(rq, p, &flags);
	return todo;
}

static bool still_pinned(struct task_struct *p)
{
	return READ_ONCE(p->migration_pending) && READ_ONCE(p->migration_disabled) &&
	       !(READ_ONCE(p->flags) & PF_EXITING);
}

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *mask)
{
	unsigned long flags;
	unsigned int cpu;
	enum todo todo;
	struct rq *rq;

	might_sleep();
	if (p->flags & PF_NO_SETAFFINITY || !cpumask_intersects(mask, cpu_online_mask))
		return -EINVAL;

	rq = task_rq_lock(p, &flags);
	cpumask_and(&p->cpus_mask, mask, cpu_possible_mask);
	if (p->on_rq)
		rq->push_rt = true;
	balance_callbacks(rq);
	task_rq_unlock(rq, p, &flags);

	while ((todo = make_it_obey(p, &cpu)) != DONE) {
		if (todo == STOP_IT)
			stop_one_cpu(cpu, move_strays, NULL);
		else if (todo == WAIT_FOR_IT)
			swait_event_exclusive(affinity_wait, !still_pinned(p));
	}
	return 0;
}

/* ---- migrate_disable() ----------------------------------------------------------- */

void migrate_disable(void)
{
	struct task_struct *p = current;

	preempt_disable();
	WRITE_ONCE(p->migration_disabled, p->migration_disabled + 1);
	preempt_enable();
}

/* The mask changed while we were pinned: have the stopper move us, once it may preempt us. */
static void ask_to_be_moved(struct task_struct *p)
{
	struct rq *rq = this_rq();

	WRITE_ONCE(p->migration_pending, false);
	/* One work a CPU: a queued one that has not begun will find us too. */
	if (!cpumask_test_cpu(rq->cpu, &p->cpus_mask) && !xchg(&rq->stray_queued, true))
		stop_one_cpu_nowait(rq->cpu, move_strays, NULL, &rq->stray_work);
}

/* From anywhere, also where a spinlock_t is dropped: so under a raw lock, and at once. */
static void wake_affinity_waiters(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&affinity_wait.lock, flags);
	swake_up_all_locked(&affinity_wait);
	raw_spin_unlock_irqrestore(&affinity_wait.lock, flags);
}

/*
 * affinity/A, store buffering, a full barrier on both sides:
 *	pinned task			set_cpus_allowed_ptr()
 *	migration_disabled = 0		migration_pending = true
 *	migration_pending?		still migration_disabled?
 * One of the two sees that the task must move.
 */
void migrate_enable(void)
{
	struct task_struct *p = current;
	bool pending;

	if (WARN_ONCE(!p->migration_disabled, "migrate_enable() without migrate_disable()"))
		return;
	preempt_disable();
	WRITE_ONCE(p->migration_disabled, p->migration_disabled - 1);
	/* affinity/A: pairs with make_it_obey() */
	smp_mb();
	pending = !p->migration_disabled && READ_ONCE(p->migration_pending);
	if (pending)
		ask_to_be_moved(p);
	preempt_enable();
	if (!pending)
		return;
	if (preemptible())
		preempt_schedule_now();
	wake_affinity_waiters();
}
