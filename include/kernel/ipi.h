/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU to CPU: run a function there, make it reschedule, stop it; and irq_work:
 * run a function in hardirq context soon, asked for from anywhere, NMI included.
 *
 * Linux: include/linux/{smp,irq_work}.h, kernel/{smp,irq_work}.c
 */
#ifndef KERNEL_IPI_H
#define KERNEL_IPI_H

#include <base/types.h>
#include <kernel/cpumask.h>
#include <kernel/llist.h>

typedef void (*smp_call_func_t)(void *info);

/*
 * One call to one CPU.
 *	func, info	written by the sender while it owns the call
 *	flags		CSD_LOCK from the sender's claim until the target is done with it
 */
typedef struct call_single_data {
	struct llist_node llist;
	smp_call_func_t func;
	void *info;
	unsigned int flags;
} call_single_data_t;

enum { CSD_LOCK = 1, CSD_SYNC = 2 };

#define INIT_CSD(csd_, func_, info_) \
	do { *(csd_) = (call_single_data_t){ .func = (func_), .info = (info_) }; } while (0)

/**
 * smp_call_function_single() - run @func(@info) on @cpu, in hardirq context
 * @wait: return only after @func returned
 * Context: Task, interrupts on (reported otherwise: two CPUs that wait for each
 *	    other with interrupts off never get out). On the own CPU @func is
 *	    called directly, interrupts off.
 * Ordering: stores before the call are visible to @func; with @wait, those of
 *	     @func are visible after the call.
 * Return: 0, or -ENODEV when @cpu is not online.
 */
int smp_call_function_single(unsigned int cpu, smp_call_func_t func, void *info, bool wait);

/**
 * smp_call_function_single_async() - send @csd, which the caller keeps, without waiting
 * Context: Any.
 * Return: 0, -EBUSY while an earlier use of @csd has not begun, -ENODEV.
 */
int smp_call_function_single_async(unsigned int cpu, call_single_data_t *csd);

/* Run @func on every online CPU of @mask but this one. Context: as above, preemption off. */
void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info,
			    bool wait);
/* On all online CPUs but this one. */
void smp_call_function(smp_call_func_t func, void *info, bool wait);
/* On all online CPUs, this one included (interrupts off, last). */
void on_each_cpu(smp_call_func_t func, void *info, bool wait);
void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);

/* Make @cpu look at need_resched. Context: Any. */
void smp_send_reschedule(unsigned int cpu);

/**
 * smp_send_stop() - halt all other CPUs for good
 * Asks by IPI, then insists by NMI. Context: Any.
 */
void smp_send_stop(void);
/* CPUs that stopped. */
extern struct cpumask cpu_stopped_mask;

/*
 * irq_work. A queued work runs once, on the CPU that was asked, in hardirq
 * context (under CONFIG_PREEMPT_RT in a thread, unless IRQ_WORK_HARD_IRQ); it may be
 * queued again as soon as its function begins.
 *
 *	flags	IRQ_WORK_PENDING	queued, not begun	set by the queuer
 *		IRQ_WORK_BUSY		queued or running	set by the queuer
 *		both cleared by the CPU that runs it
 *		IRQ_WORK_LAZY		the next tick will do	set by init
 *		IRQ_WORK_HARD_IRQ	in hardirq under CONFIG_PREEMPT_RT too, where others
 *					run in a thread		set by init
 */
struct irq_work {
	struct llist_node llist;
	atomic_t flags;
	void (*func)(struct irq_work *work);
};

enum { IRQ_WORK_PENDING = 1, IRQ_WORK_BUSY = 2, IRQ_WORK_LAZY = 4, IRQ_WORK_HARD_IRQ = 32 };

#define IRQ_WORK_INIT(func_)			{ .func = (func_) }
#define __IRQ_WORK_INIT(func_, flags_)		{ .func = (func_), .flags = ATOMIC_INIT(flags_) }
#define IRQ_WORK_INIT_LAZY(func_)		__IRQ_WORK_INIT(func_, IRQ_WORK_LAZY)
#define IRQ_WORK_INIT_HARD(func_)		__IRQ_WORK_INIT(func_, IRQ_WORK_HARD_IRQ)
#define DEFINE_IRQ_WORK(name_, func_)		struct irq_work name_ = IRQ_WORK_INIT(func_)

static inline void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *))
{
	*work = (struct irq_work)IRQ_WORK_INIT(func);
}

/**
 * irq_work_queue() - run @work on this CPU as soon as interrupts are on
 * Context: Any, NMI included.
 * Ordering: full; stores before are visible to the function, also when it was pending.
 * Return: false if it was pending already, or before interrupts are set up.
 */
bool irq_work_queue(struct irq_work *work);
/* The same on @cpu, which is online. */
bool irq_work_queue_on(struct irq_work *work, unsigned int cpu);
/* Wait until @work neither waits nor runs. Context: Task, interrupts on. */
void irq_work_sync(struct irq_work *work);
/* Run what is queued here, or wake who does. Interrupts off. */
void irq_work_run(void);
/* Is there work here that waits for a tick? Interrupts off. */
bool irq_work_needs_cpu(void);

#endif
