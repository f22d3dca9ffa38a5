/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts and NMIs: handlers, entry and exit, counts.
 *
 * Linux: include/linux/{interrupt,hardirq,nmi}.h
 * Differs: lines are the few of enum irq_line, one handler each, no sharing.
 */
#ifndef KERNEL_IRQ_H
#define KERNEL_IRQ_H

#include <base/types.h>
#include <kernel/arch.h>
#include <kernel/irqflags.h>
#include <kernel/preempt.h>

typedef enum irqreturn { IRQ_NONE, IRQ_HANDLED, IRQ_WAKE_THREAD } irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

/* The line comes again only when its thread is done. Its handler is never forced into it. */
#define IRQF_ONESHOT	0x2000
/* Always in hardirq: per-CPU lines, or handlers that hardirqs depend on. */
#define IRQF_PERCPU	0x0400
#define IRQF_NO_THREAD	0x10000
#define __IRQF_TIMER	0x0200
#define IRQF_TIMER	(__IRQF_TIMER | IRQF_NO_THREAD)

/* Are handlers moved to threads? Boot parameter threadirqs; tests set it around a request. */
extern bool threadirqs;
#define force_irqthreads()	(IS_ENABLED(CONFIG_PREEMPT_RT) || READ_ONCE(threadirqs))

/**
 * request_threaded_irq() - install the handler of a line and unmask it
 * @irq: an enum irq_line
 * @handler: runs in hardirq context, interrupts off; IRQ_NONE says "not mine",
 *	     IRQ_WAKE_THREAD leaves the rest to @thread_fn. NULL: always that one
 * @thread_fn: runs in the line's own thread, SCHED_FIFO 50; may sleep; or NULL
 * @flags: IRQF_*; without @handler, IRQF_ONESHOT is a must
 * @name: shown by the `irqs` command; not copied
 * @dev_id: passed to the functions, names the owner for free_irq()
 * With forced threading (see irq_manage.c) @handler runs in the thread too.
 * Context: Task; what cannot have a thread, also start-up.
 * Return: 0, -EINVAL for a bad line, function or flag, -EBUSY when the line has an
 *	   owner, -ENOMEM.
 */
int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
			 unsigned long flags, const char *name, void *dev_id);

/* Without a thread, unless that is forced. @handler must not be NULL. */
static inline int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
			      const char *name, void *dev_id)
{
	return request_threaded_irq(irq, handler, NULL, flags, name, dev_id);
}

/**
 * free_irq() - remove a line's handler
 * Context: Task; not the line's own thread. Waits until handler and thread are done.
 * Return: the name given to request_irq(), or NULL when @dev_id is not the owner.
 */
const char *free_irq(unsigned int irq, void *dev_id);

/* Wait until @irq's handler and thread run nowhere. Context: as free_irq(). */
void synchronize_irq(unsigned int irq);

/* The line's name: its handler's, or its fixed one. Never NULL. */
const char *irq_name(unsigned int irq);
/* How often CPU @cpu took line @irq; how often it took an NMI. Any context. */
u64 kstat_irqs_cpu(unsigned int irq, unsigned int cpu);
u64 kstat_nmis_cpu(unsigned int cpu);
/* Interrupts without a handler, and NMIs nobody claimed, over all CPUs. */
u64 kstat_spurious_irqs(void);
u64 kstat_unknown_nmis(void);

/* Registers of what the innermost interrupt on this CPU interrupted, or NULL. */
struct pt_regs *get_irq_regs(void);

/*
 * The entry code's calls (see arch.h, trap.c). irq_enter() marks hardirq context;
 * irq_exit() leaves it and serves softirqs. Interrupts off around all of them.
 */
void irq_enter(void);
void irq_exit(void);
void handle_irq(enum irq_line line, struct pt_regs *regs);

/* An NMI counts as a hardirq as well: in_hardirq() is true in it. */
void nmi_enter(void);
void nmi_exit(void);
void handle_nmi(struct pt_regs *regs);

/*
 * NMI handlers. An NMI does not say who sent it, so each one asks every handler;
 * a handler returns how many of its events it found and served, 0 for "not mine".
 */
struct nmi_handler {
	int (*fn)(struct pt_regs *regs);
	const char *name;
	struct nmi_handler *next;	/* written by register_nmi_handler() */
};

/**
 * register_nmi_handler() - add @handler to the chain for good
 * Context: Any but NMI.
 * Ordering: all earlier stores are visible to the handler.
 */
void register_nmi_handler(struct nmi_handler *handler);

/* Send @cpu an NMI. Any context. Ordering: all earlier stores are visible to its handlers. */
void send_nmi(unsigned int cpu);

#endif
