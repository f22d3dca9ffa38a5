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

typedef enum irqreturn { IRQ_NONE, IRQ_HANDLED } irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

/**
 * request_irq() - install the handler of a line and unmask it
 * @irq: an enum irq_line
 * @handler: runs in hardirq context, interrupts off; IRQ_NONE says "not mine"
 * @flags: 0
 * @name: shown by the `irqs` command; not copied
 * @dev_id: passed to @handler, names the owner for free_irq()
 * Context: Any but NMI.
 * Return: 0, -EINVAL for a bad line or handler, -EBUSY when the line has one.
 */
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
		const char *name, void *dev_id);

/**
 * free_irq() - remove a line's handler
 * Context: Task. Waits until the handler runs on no CPU.
 * Return: the name given to request_irq(), or NULL when @dev_id is not the owner.
 */
const char *free_irq(unsigned int irq, void *dev_id);

/* Wait until @irq's handler runs on no CPU. Context: Task. */
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
