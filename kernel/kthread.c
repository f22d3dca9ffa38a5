/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel threads.
 *
 *	flags	SHOULD_STOP, SHOULD_PARK	set by others, atomic
 *		PARKED				set and cleared by the thread
 *		EXITED				set by the thread, last
 *	result	written by the thread before EXITED (release)
 *
 *	stopper					kthread
 *	set SHOULD_STOP				while (!kthread_should_stop())
 *	unpark, wake				  sleep with a condition
 *	wait for EXITED				return result
 *	  result  <---------------------------- kthread/A: EXITED
 *
 * The thread must test kthread_should_stop() after set_current_state(), as any
 * other condition: then the wake-up cannot be lost.
 *
 * Linux: kernel/kthread.c
 */
#include "sched.h"
#include <stdarg.h>
#include <locking/bitops.h>
#include <locking/held.h>
#include <kernel/bug.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <locking/swait.h>

enum { SHOULD_STOP, SHOULD_PARK, PARKED, EXITED };

struct kthread {
	unsigned long flags;
	int (*fn)(void *data);			/* creator */
	void *data;				/* creator */
	int result;				/* the thread */
	struct swait_queue_head wait;		/* for PARKED and EXITED */
};

/* ---- creating ------------------------------------------------------------------ */

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data,
				   const char *namefmt, ...)
{
	struct kthread *k = kzalloc(sizeof(*k), GFP_KERNEL);
	char comm[TASK_COMM_LEN];
	struct task_struct *p;
	va_list args;

	if (!k)
		return ERR_PTR(-ENOMEM);
	va_start(args, namefmt);
	vsnprintf(comm, sizeof(comm), namefmt, args);
	va_end(args);

	p = task_create(comm);
	if (!p) {
		kfree(k);
		return ERR_PTR(-ENOMEM);
	}
	k->fn = threadfn;
	k->data = data;
	init_swait_queue_head(&k->wait);
	p->kthread = k;
	return p;
}

struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data,
					  unsigned int cpu, const char *namefmt)
{
	char comm[TASK_COMM_LEN];
	struct task_struct *p;

	snprintf(comm, sizeof(comm), namefmt, cpu);
	p = kthread_create(threadfn, data, "%s", comm);
	if (!IS_ERR(p))
		kthread_bind(p, cpu);
	return p;
}

void kthread_bind_mask(struct task_struct *p, const struct cpumask *mask)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	if (!(p->__state & TASK_NEW))
		panic("kthread_bind() of task %d %s, which has run", p->pid, p->comm);
	cpumask_copy(&p->cpus_mask, mask);
	p->flags |= PF_NO_SETAFFINITY;
	if (!cpumask_test_cpu(task_cpu(p), mask))
		set_task_cpu(p, cpumask_first(mask));
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
}

void kthread_bind(struct task_struct *p, unsigned int cpu)
{
	kthread_bind_mask(p, cpumask_of(cpu));
}

void kthread_free(struct kthread *k)
{
	kfree(k);
}

/* ---- running and ending --------------------------------------------------------- */

void kthread_main(void)
{
	struct kthread *k = current->kthread;

	kthread_exit(test_bit(SHOULD_STOP, &k->flags) ? -EINTR : k->fn(k->data));
}

void kthread_exit(int result)
{
	struct kthread *k = current->kthread;

	if (in_atomic() || in_softirq() || irqs_disabled())
		panic("task %d %s ends with preempt_count 0x%x, interrupts %s", current->pid,
		      current->comm, context_count(), irqs_disabled() ? "off" : "on");
	debug_check_no_locks_held();
	k->result = result;
	current->flags |= PF_EXITING;
	/* kthread/A: pairs with kthread_stop() */
	smp_mb__before_atomic();
	set_bit(EXITED, &k->flags);
	swake_up_all(&k->wait);
	task_exit();
}

int kthread_stop(struct task_struct *p)
{
	struct kthread *k = p->kthread;
	int result;

	get_task_struct(p);
	set_bit(SHOULD_STOP, &k->flags);
	kthread_unpark(p);
	wake_up_process(p);
	/* kthread/A: pairs with kthread_exit() */
	swait_event_exclusive(k->wait, test_bit_acquire(EXITED, &k->flags));
	result = k->result;
	put_task_struct(p);
	return result;
}

int kthread_stop_put(struct task_struct *p)
{
	int result = kthread_stop(p);

	put_task_struct(p);
	return result;
}

bool kthread_should_stop(void)
{
	return test_bit(SHOULD_STOP, &current->kthread->flags);
}

/* ---- parking --------------------------------------------------------------------- */

bool kthread_should_park(void)
{
	return test_bit(SHOULD_PARK, &current->kthread->flags);
}

void kthread_parkme(void)
{
	struct kthread *k = current->kthread;

	for (;;) {
		/* An ordinary wake-up that is still on its way must not end it. */
		set_special_state(TASK_PARKED);
		if (!test_bit(SHOULD_PARK, &k->flags))
			break;
		if (!test_and_set_bit(PARKED, &k->flags)) {
			/* The parker waits for our state; do not sleep in it here. */
			preempt_disable();
			swake_up_all(&k->wait);
			preempt_enable_no_resched();
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	clear_bit(PARKED, &k->flags);
}

/* PARKED may be left from an earlier time: the state tells, off the CPU. */
static bool really_parked(struct task_struct *p)
{
	return task_state(p) == TASK_PARKED && !READ_ONCE(p->on_rq) && !READ_ONCE(p->on_cpu);
}

int kthread_park(struct task_struct *p)
{
	struct kthread *k = p->kthread;

	if (test_bit(EXITED, &k->flags))
		return -ENOSYS;
	if (test_and_set_bit(SHOULD_PARK, &k->flags))
		return -EBUSY;
	if (p == current)
		return 0;
	wake_up_process(p);
	swait_event_exclusive(k->wait, test_bit_acquire(PARKED, &k->flags) ||
				       test_bit_acquire(EXITED, &k->flags));
	while (!really_parked(p)) {
		if (test_bit(EXITED, &k->flags))
			return -ENOSYS;
		schedule_timeout_uninterruptible(1);
	}
	return 0;
}

void kthread_unpark(struct task_struct *p)
{
	struct kthread *k = p->kthread;

	if (test_and_clear_bit(SHOULD_PARK, &k->flags))
		wake_up_state(p, TASK_PARKED);
}

/* ---- asking, interrupting ---------------------------------------------------------- */

void *kthread_data(struct task_struct *p)
{
	return p->kthread->data;
}

void *kthread_func(struct task_struct *p)
{
	return (void *)p->kthread->fn;
}

void kthread_interrupt(struct task_struct *p)
{
	set_bit(TASK_PENDING_INTR, &p->pending);
	/* signal/A: pairs with __schedule() */
	smp_mb__after_atomic();
	wake_up_state(p, TASK_INTERRUPTIBLE);
}

void kthread_kill(struct task_struct *p)
{
	set_bit(TASK_PENDING_KILL, &p->pending);
	/* signal/A: pairs with __schedule() */
	smp_mb__after_atomic();
	wake_up_state(p, TASK_INTERRUPTIBLE | TASK_WAKEKILL);
}

bool kthread_flush_signals(void)
{
	return xchg(&current->pending, 0UL) != 0;
}
