/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt lines: whose they are, and the threads that do their work.
 *
 *	request_irq(handler)			handler in hardirq
 *	request_threaded_irq(handler, fn)	handler in hardirq; if it says
 *						IRQ_WAKE_THREAD, fn in irq/N-name, FIFO 50
 *	request_threaded_irq(NULL, fn, ONESHOT)	nothing but the waking in hardirq
 *
 * Forced threading (CONFIG_PREEMPT_RT, or the boot parameter threadirqs) makes of the
 * first form the third: a handler then may sleep for a spinlock_t, and what it does
 * delays only tasks that are less urgent than 50. IRQF_NO_THREAD, IRQF_PERCPU and
 * IRQF_ONESHOT lines are left alone: the timer, the IPIs, the context driver.
 *
 *	device		hardirq				irq/N-name
 *	pulls the line	default_primary(): WAKE_THREAD
 *			  level: mask the line
 *			  run_thread = 1, wake		run_thread = 0
 *							handler(): serves the device
 *							level: unmask
 *	pulls again	(edge: at any time)
 *			  run_thread = 1, wake		... runs once more
 *
 * A level line stays pulled until its device is served, so it must be masked until the
 * thread has done that (IRQF_ONESHOT). An edge is never masked: one that came while
 * masked would be lost. It makes the thread run again instead.
 *
 * A forced handler finds what it relies on: softirqs off; and interrupts off, except in
 * a real-time kernel, where nothing that it shares data with runs in hardirq either.
 *
 * Ordering: irq/C. Setting run_thread and clearing it are full barriers: the thread that
 * finds it set sees what the handler did, and what it does not see sets it again.
 * Limits: a thread whose thread_fn() frees its own line waits for itself.
 *
 * Linux:   kernel/irq/manage.c
 * Differs: one thread a line runs both halves of a forced handler (Linux makes a second
 *          one); threads have no affinity of their own; no sharing.
 */
#include "irq_internal.h"
#include <base/errno.h>
#include <locking/bitops.h>
#include <kernel/bug.h>
#include <kernel/ipi.h>
#include <kernel/kthread.h>
#include <kernel/param.h>
#include <kernel/softirq.h>
#include <kernel/wait.h>

#define IRQF_KNOWN	(IRQF_ONESHOT | IRQF_PERCPU | IRQF_NO_THREAD | IRQF_TIMER)
#define RUN_THREAD	0

struct irq_desc irq_desc[NR_IRQS];
DEFINE_RAW_SPINLOCK(irq_lock);

bool threadirqs;
BOOT_PARAM_BOOL(threadirqs, threadirqs, "run interrupt handlers in threads, as far as possible");

static DECLARE_WAIT_QUEUE_HEAD(threads_wait);

/* ---- the thread ------------------------------------------------------------------ */

static irqreturn_t default_primary(int irq, void *dev_id)
{
	return IRQ_WAKE_THREAD;
}

void wake_irq_thread(enum irq_line line, struct irq_desc *desc)
{
	if (WARN_ONCE(!desc->thread, "irq: line %d (%s) says IRQ_WAKE_THREAD and has no thread",
		      line, desc->name))
		return;
	if (desc->flags & IRQF_ONESHOT && !arch_irq_is_edge(line))
		arch_irq_mask(line);
	/* irq/C: pairs with wait_for_interrupt() */
	if (test_and_set_bit(RUN_THREAD, &desc->run_thread))
		return;
	atomic_inc(&desc->threads_active);
	wake_up_process(desc->thread);
}

/* Return: false if the thread is to end. */
static bool wait_for_interrupt(struct irq_desc *desc)
{
	bool run;

	for (;;) {
		set_current_state(TASK_IDLE);
		/* irq/C: pairs with wake_irq_thread() */
		run = test_and_clear_bit(RUN_THREAD, &desc->run_thread);
		if (run || kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return run;
}

/* The thread has served the device: let the line come again, if it is still ours. */
static void end_oneshot(enum irq_line line, struct irq_desc *desc)
{
	unsigned long flags;

	if (!(desc->flags & IRQF_ONESHOT) || arch_irq_is_edge(line))
		return;
	raw_spin_lock_irqsave(&irq_lock, flags);
	if (desc->handler)
		arch_irq_unmask(line);
	raw_spin_unlock_irqrestore(&irq_lock, flags);
}

static void run_forced(enum irq_line line, struct irq_desc *desc)
{
	irqreturn_t ret;

	local_bh_disable();
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		local_irq_disable();
	ret = desc->forced_fn(line, desc->dev_id);
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		local_irq_enable();
	local_bh_enable();
	if (ret == IRQ_WAKE_THREAD && desc->thread_fn)
		desc->thread_fn(line, desc->dev_id);
}

static int irq_thread(void *data)
{
	struct irq_desc *desc = data;
	enum irq_line line = desc - irq_desc;

	sched_set_fifo(current);
	while (wait_for_interrupt(desc)) {
		if (desc->forced_fn)
			run_forced(line, desc);
		else
			desc->thread_fn(line, desc->dev_id);
		end_oneshot(line, desc);
		if (atomic_dec_and_test(&desc->threads_active))
			wake_up_all(&threads_wait);
	}
	return 0;
}

/* ---- handlers of lines -------------------------------------------------------------- */

static bool must_force(irq_handler_t handler, unsigned long flags)
{
	return force_irqthreads() && handler &&
	       !(flags & (IRQF_NO_THREAD | IRQF_PERCPU | IRQF_ONESHOT));
}

/* @new, which has no handler yet, becomes @desc's, then @handler. Return: 0, or -EBUSY. */
static int install(struct irq_desc *desc, const struct irq_desc *new, irq_handler_t handler)
{
	unsigned long flags;
	int ret = -EBUSY;

	raw_spin_lock_irqsave(&irq_lock, flags);
	if (!desc->handler && !desc->thread) {
		*desc = *new;
		/* irq/A: pairs with handle_irq() */
		smp_store_release(&desc->handler, handler);
		ret = 0;
	}
	raw_spin_unlock_irqrestore(&irq_lock, flags);
	return ret;
}

/* Never woken unless an interrupt does; the name needs the line's number. */
static struct task_struct *make_thread(unsigned int irq, const char *name)
{
	struct task_struct *p = kthread_create(irq_thread, &irq_desc[irq], "irq/%u-%s", irq, name);

	if (!IS_ERR(p))
		get_task_struct(p);
	return p;
}

int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
			 unsigned long flags, const char *name, void *dev_id)
{
	struct irq_desc new = {
		.thread_fn = thread_fn, .flags = flags, .name = name, .dev_id = dev_id,
	};
	int ret;

	if (irq >= NR_IRQS || flags & ~IRQF_KNOWN || (!handler && !thread_fn))
		return -EINVAL;
	/* A level line would come again and again before its thread runs. */
	if (!handler && !(flags & IRQF_ONESHOT))
		return -EINVAL;
	if (must_force(handler, flags)) {
		new.forced_fn = handler;
		new.flags |= IRQF_ONESHOT;
		handler = NULL;
	}
	if (new.forced_fn || new.thread_fn) {
		new.thread = make_thread(irq, name);
		if (IS_ERR(new.thread))
			return (int)PTR_ERR(new.thread);
	}

	ret = install(&irq_desc[irq], &new, handler ? handler : default_primary);
	if (!ret)
		arch_irq_unmask(irq);
	else if (new.thread)
		kthread_stop_put(new.thread);
	return ret;
}

const char *free_irq(unsigned int irq, void *dev_id)
{
	const char *name = NULL;
	struct irq_desc *desc;
	unsigned long flags;

	if (irq >= NR_IRQS)
		return NULL;

	desc = &irq_desc[irq];
	raw_spin_lock_irqsave(&irq_lock, flags);
	if (desc->handler && desc->dev_id == dev_id) {
		arch_irq_mask(irq);
		name = desc->name;
		WRITE_ONCE(desc->handler, NULL);
	}
	raw_spin_unlock_irqrestore(&irq_lock, flags);
	if (!name)
		return NULL;

	synchronize_irq(irq);
	if (desc->thread)
		kthread_stop_put(desc->thread);
	raw_spin_lock_irqsave(&irq_lock, flags);
	desc->thread = NULL;
	raw_spin_unlock_irqrestore(&irq_lock, flags);
	return name;
}

static void answer(void *info)
{
}

/* Handlers do not nest, so a CPU that answers is in none. Then nobody wakes the thread. */
void synchronize_irq(unsigned int irq)
{
	on_each_cpu(answer, NULL, true);
	wait_event(threads_wait, !atomic_read(&irq_desc[irq].threads_active));
}
