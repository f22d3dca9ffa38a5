/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waking up: the other half of schedule().
 *
 * A waker finds the sleeper in one of four places, told apart by the state and
 * two flags, read in this order:
 *
 *	state no match			nothing to do: it will see the condition itself
 *	on_rq 1				not asleep yet, or preempted: set RUNNING, done
 *	on_rq 0, on_cpu 1		between its queue and the switch: wait for 0
 *	on_rq 0, on_cpu 0		asleep: choose a CPU, enqueue
 *
 *	P, CPU 0					waker, CPU 1
 *	state = S	(A)				CONDITION = true
 *	smp_mb()					lock p->pi_lock; full barrier
 *	if (CONDITION) don't sleep			state == S?	(A)
 *	__schedule(): lock rq, read state
 *	on_rq = 0	(C, release)			on_rq == 0?	(C, rmb)
 *	switch to Q
 *	on_cpu = 0	(B, release)			wait on_cpu == 0  (B, acquire)
 *
 * Without (A) either the sleeper misses the condition or the waker the state.
 * Without (C) the waker may see the new state with the on_rq of an earlier
 * sleep, and enqueue a task that is still queued. Without (B) P could run on two
 * CPUs with one stack.
 *
 * pi_lock makes wakers of one task take turns. The wait for on_cpu is short: the
 * other CPU is inside __schedule() with interrupts off, and may only wait for run
 * queue locks, none of which we hold.
 *
 * A task that sleeps for a lock in the middle of another sleep has two states, the
 * other one in saved_state: a wake-up for that one is noted there, and wakes nobody.
 *
 * Linux:   try_to_wake_up(), ttwu_state_match(), kernel/sched/core.c
 * Differs: no queue of remote wake-ups: the waker takes the target's rq->lock.
 *	    saved_state is there in every build.
 */
#include "sched.h"
#include <locking/port.h>
#include <kernel/bug.h>

/*
 * @p is on a run queue after all: it has not slept yet, or was preempted on its
 * way to schedule(). Nothing but the state needs a change.
 */
static bool wake_queued(struct task_struct *p)
{
	struct rq *rq = __task_rq_lock(p);
	bool queued = p->on_rq;

	if (queued) {
		if (!task_current(rq, p))
			check_preempt_curr(rq, p);
		WRITE_ONCE(p->__state, TASK_RUNNING);
	}
	raw_spin_unlock(&rq->lock);
	return queued;
}

static unsigned int select_cpu(struct task_struct *p)
{
	unsigned int cpu = task_cpu(p);

	if (p->migration_disabled || (p->flags & PF_NO_SETAFFINITY && task_cpu_allowed(p, cpu)))
		return cpu;
	cpu = p->sched_class->select_cpu(p, cpu);
	return task_cpu_allowed(p, cpu) ? cpu : task_any_cpu(p);
}

/* @p is on no queue and no CPU: put it on @cpu's. */
static void wake_on(struct task_struct *p, unsigned int cpu)
{
	int flags = ENQUEUE_WAKEUP;
	struct rq *rq;

	if (task_cpu(p) != cpu) {
		flags |= ENQUEUE_MIGRATED;
		set_task_cpu(p, cpu);
	}
	rq = cpu_rq(cpu);
	raw_spin_lock(&rq->lock);
	activate_task(rq, p, flags);
	check_preempt_curr(rq, p);
	WRITE_ONCE(p->__state, TASK_RUNNING);
	balance_callbacks(rq);
	raw_spin_unlock(&rq->lock);
}

/*
 * p->pi_lock held, or @p is current. Return: must it be woken? *@woken: the wake-up has
 * an effect, now or when it has its lock.
 */
static bool state_match(struct task_struct *p, unsigned int state, bool *woken)
{
	if (READ_ONCE(p->__state) & state) {
		*woken = true;
		return true;
	}
	if (unlikely(p->saved_state & state)) {
		p->saved_state = TASK_RUNNING;
		*woken = true;
	}
	return false;
}

/* Of the running task by itself, or by an interrupt on top of it: it is on its
 * queue and will look at its state again in __schedule(). */
static bool wake_current(unsigned int state)
{
	bool woken = false;

	if (state_match(current, state, &woken))
		WRITE_ONCE(current->__state, TASK_RUNNING);
	return woken;
}

/* DOC: try_to_wake_up */
bool try_to_wake_up(struct task_struct *p, unsigned int state)
{
	unsigned long flags;
	bool woken = false;

	if (unlikely(in_nmi())) {
		port_report("wake-up of task %d %s in NMI context", p->pid, p->comm);
		return false;
	}
	if (p == current)
		return wake_current(state);

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	/* sched/A: pairs with set_current_state() */
	smp_mb__after_spinlock();
	if (!state_match(p, state, &woken))
		goto out;

	/* sched/C: pairs with deactivate_task() */
	smp_rmb();
	if (READ_ONCE(p->on_rq) && wake_queued(p))
		goto out;

	/* From here on it cannot go back to sleep: other wakers see WAKING. */
	WRITE_ONCE(p->__state, TASK_WAKING);
	/* sched/B: pairs with finish_switch() */
	smp_cond_load_acquire(&p->on_cpu, !VAL);
	wake_on(p, select_cpu(p));
out:
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return woken;
}

void current_save_and_set_rtlock_wait_state(void)
{
	raw_spin_lock(&current->pi_lock);
	current->saved_state = current->__state;
	WRITE_ONCE(current->__state, TASK_RTLOCK_WAIT);
	raw_spin_unlock(&current->pi_lock);
}

void current_restore_rtlock_saved_state(void)
{
	raw_spin_lock(&current->pi_lock);
	WRITE_ONCE(current->__state, current->saved_state);
	current->saved_state = TASK_RUNNING;
	raw_spin_unlock(&current->pi_lock);
}

bool wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL);
}

bool wake_up_state(struct task_struct *p, unsigned int state)
{
	return try_to_wake_up(p, state);
}

bool signal_pending_state(unsigned int state, struct task_struct *p)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) || !signal_pending(p))
		return false;
	return (state & TASK_INTERRUPTIBLE) || fatal_signal_pending(p);
}

void set_special_state(unsigned int state)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&current->pi_lock, flags);
	WRITE_ONCE(current->__state, state);
	raw_spin_unlock_irqrestore(&current->pi_lock, flags);
}
