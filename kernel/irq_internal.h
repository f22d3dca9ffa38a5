/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An interrupt line, shared by irq.c (entry, exit, calling the handler) and
 * irq_manage.c (installing it, and its thread).
 *
 *	handler		called in hardirq; NULL: nobody's	irq_lock; irq/A
 *	dev_id, name	as handed to request_irq()		irq_lock, before handler
 *	flags		IRQF_*					irq_lock, before handler
 *	forced_fn	a request_irq() handler that was moved to the thread
 *	thread_fn	the rest of the work, in the thread
 *	thread		irq/N-name, or NULL			irq_lock, before handler
 *	run_thread	bit 0: the thread has work		set by handle_irq(), cleared by
 *								the thread; irq/C
 *	threads_active	times it was asked and is not done	both, atomic
 *	reported	unhandled once				any CPU: a lost update is harmless
 */
#ifndef KERNEL_IRQ_INTERNAL_H
#define KERNEL_IRQ_INTERNAL_H

#include <kernel/irq.h>
#include <locking/atomic.h>
#include <locking/spinlock.h>

struct irq_desc {
	irq_handler_t handler;
	void *dev_id;
	const char *name;
	unsigned long flags;
	irq_handler_t forced_fn, thread_fn;
	struct task_struct *thread;
	unsigned long run_thread;
	atomic_t threads_active;
	bool reported;
};

extern struct irq_desc irq_desc[NR_IRQS];
extern raw_spinlock_t irq_lock;

/* The handler said IRQ_WAKE_THREAD. Hardirq. */
void wake_irq_thread(enum irq_line line, struct irq_desc *desc);

#endif
