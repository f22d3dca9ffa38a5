/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasklets: softirq work made at run time. The contract is <kernel/softirq.h>.
 *
 *	tasklet_vec	queued, per CPU, in order	its CPU, interrupts off
 *	tasklet_hi_vec	the same, served by HI_SOFTIRQ
 *
 *	state (S scheduled, R running, P parked)
 *
 *	-  --schedule-->  S, on this CPU's list  --its softirq-->  R  --end-->  -
 *	R  --schedule (any CPU)-->  SR, on that CPU's list: goes round until R is gone
 *	S  --its softirq, count > 0-->  SP, on no list  --tasklet_enable()-->  S
 *
 *	CPU 0				CPU 1
 *	callback runs		R
 *				schedule: sets S, queues	SR
 *				its softirq: R is set, again	SR
 *	end: clears R		S
 *				its softirq: takes R, clears S	R
 *
 * Ordering: tasklet/A. Clearing R releases the run; taking R, and waiting for
 * its end, acquires it: runs on two CPUs are ordered, one after the other.
 * tasklet/B: setting S is a full barrier, and so is clearing it before the
 * callback: who finds S set knows that a run is to come that sees his stores.
 * tasklet/C: store buffering between parking (sets P, then looks at count) and
 * enabling (lowers count, then looks at P): one of them sees the other.
 * tasklet/D: store buffering between disabling (raises count, then looks
 * at R) and the run (sets R, then looks at count).
 *
 * Linux: kernel/softirq.c
 * Differs: a disabled tasklet is parked; Linux keeps its softirq spinning.
 */
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/softirq.h>
#include <locking/spinlock.h>

struct tasklet_head {
	struct tasklet_struct *head;
	struct tasklet_struct **tail;
};

static DEFINE_PER_CPU(struct tasklet_head, tasklet_vec);
static DEFINE_PER_CPU(struct tasklet_head, tasklet_hi_vec);

/* S is ours: put it on this CPU's list. */
static void enqueue(struct tasklet_struct *t)
{
	struct tasklet_head *list;
	unsigned long flags;

	local_irq_save(flags);
	list = this_cpu_ptr(t->hi ? &tasklet_hi_vec : &tasklet_vec);
	t->next = NULL;
	*list->tail = t;
	list->tail = &t->next;
	raise_softirq_irqoff(t->hi ? HI_SOFTIRQ : TASKLET_SOFTIRQ);
	local_irq_restore(flags);
}

static void schedule_on(struct tasklet_struct *t, bool hi)
{
	/* tasklet/B: pairs with run_one() */
	if (atomic_fetch_or(TASKLET_STATE_SCHED, &t->state) & TASKLET_STATE_SCHED)
		return;
	t->hi = hi;
	enqueue(t);
}

void tasklet_schedule(struct tasklet_struct *t)
{
	schedule_on(t, false);
}

void tasklet_hi_schedule(struct tasklet_struct *t)
{
	schedule_on(t, true);
}

/* R is ours. Return: false if whoever enables it has to queue it now. */
static bool park(struct tasklet_struct *t)
{
	/* tasklet/C: pairs with tasklet_enable() */
	atomic_fetch_or(TASKLET_STATE_PARKED, &t->state);
	if (atomic_read(&t->count))
		return true;
	return !(atomic_fetch_andnot(TASKLET_STATE_PARKED, &t->state) & TASKLET_STATE_PARKED);
}

static void end_run(struct tasklet_struct *t)
{
	/* tasklet/A: pairs with run_one(), tasklet_unlock_wait() */
	atomic_fetch_andnot_release(TASKLET_STATE_RUN, &t->state);
}

/* Return: true if it has to be queued again. */
static bool run_one(struct tasklet_struct *t)
{
	bool again = false;

	/* tasklet/A: pairs with end_run(); tasklet/D: pairs with tasklet_disable_nosync() */
	if (atomic_fetch_or(TASKLET_STATE_RUN, &t->state) & TASKLET_STATE_RUN)
		return true;

	if (atomic_read(&t->count)) {
		again = !park(t);
	} else {
		/* tasklet/B: pairs with schedule_on() */
		int was = atomic_fetch_andnot(TASKLET_STATE_SCHED, &t->state);

		WARN_ONCE(!(was & TASKLET_STATE_SCHED), "tasklet %pS queued, but not scheduled",
			  (void *)t->callback);
		t->callback(t);
	}
	end_run(t);
	return again;
}

static void run_list(struct tasklet_head *list)
{
	struct tasklet_struct *t, *next;

	local_irq_disable();
	t = list->head;
	list->head = NULL;
	list->tail = &list->head;
	local_irq_enable();

	for (; t; t = next) {
		next = t->next;
		if (run_one(t))
			enqueue(t);
	}
}

static void tasklet_action(void)
{
	run_list(this_cpu_ptr(&tasklet_vec));
}

static void tasklet_hi_action(void)
{
	run_list(this_cpu_ptr(&tasklet_hi_vec));
}

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *t))
{
	*t = (struct tasklet_struct){ .callback = callback };
}

void tasklet_disable_nosync(struct tasklet_struct *t)
{
	/* tasklet/D: pairs with run_one() */
	atomic_inc(&t->count);
	smp_mb__after_atomic();
}

void tasklet_unlock_wait(struct tasklet_struct *t)
{
	/* It may be a task that we preempt: who wants softirqs off waits for it, asleep. */
	while (IS_ENABLED(CONFIG_PREEMPT_RT) && in_task() &&
	       atomic_read(&t->state) & TASKLET_STATE_RUN) {
		local_bh_disable();
		local_bh_enable();
	}
	/* tasklet/A: pairs with end_run() */
	smp_cond_load_acquire(&t->state.counter, !(VAL & TASKLET_STATE_RUN));
}

void tasklet_disable(struct tasklet_struct *t)
{
	tasklet_disable_nosync(t);
	tasklet_unlock_wait(t);
}

void tasklet_enable(struct tasklet_struct *t)
{
	int count;

	/* tasklet/C: pairs with park() */
	count = atomic_dec_return(&t->count);
	WARN_ONCE(count < 0, "tasklet %pS enabled, but not disabled", (void *)t->callback);
	if (count == 0 &&
	    atomic_fetch_andnot(TASKLET_STATE_PARKED, &t->state) & TASKLET_STATE_PARKED)
		enqueue(t);
}

/* Sleeps a jiffy at a time: the softirq that must run may be ksoftirqd's on this CPU. */
void tasklet_kill(struct tasklet_struct *t)
{
	if (WARN_ONCE(in_interrupt(), "tasklet_kill(%pS) from an interrupt", (void *)t->callback))
		return;
	while (atomic_fetch_or(TASKLET_STATE_SCHED, &t->state) & TASKLET_STATE_SCHED)
		schedule_timeout_uninterruptible(1);
	tasklet_unlock_wait(t);
	atomic_andnot(TASKLET_STATE_SCHED, &t->state);
}

void tasklet_init(void)
{
	open_softirq(TASKLET_SOFTIRQ, tasklet_action);
	open_softirq(HI_SOFTIRQ, tasklet_hi_action);
}

void tasklet_cpu_init(void)
{
	this_cpu_ptr(&tasklet_vec)->tail = &this_cpu_ptr(&tasklet_vec)->head;
	this_cpu_ptr(&tasklet_hi_vec)->tail = &this_cpu_ptr(&tasklet_hi_vec)->head;
}
