/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts and NMIs: from the entry code to their handlers and out again.
 *
 *	irq_desc[line]	handler, thread ...		irq_internal.h
 *	irq_regs	what was interrupted, per CPU	its CPU, put back on the way out
 *	irq_count	per CPU and line		its CPU
 *	nmi_chain	handlers, newest first		written under irq_lock, never shrinks
 *	nmi_credit	see below, per CPU		its CPU, in NMI
 *
 * The way of an interrupt, by preempt_count:
 *
 *	trap.S		irq_enter()			+HARDIRQ_OFFSET
 *			handle_irq(line, regs)
 *			  handler(line, dev_id)		in_hardirq(), interrupts off
 *			  IRQ_WAKE_THREAD: the rest is its thread's: irq_manage.c
 *			irq_exit()			-HARDIRQ_OFFSET
 *			  softirqs, interrupts on	+SOFTIRQ_OFFSET, only if now 0
 *			  (CONFIG_PREEMPT_RT: wakes the thread that serves them)
 *			preempt_schedule_irq()		if all is 0 and a reschedule is wanted
 *
 * An NMI has no sender's name on it, and two that come close together arrive as
 * one. So each NMI asks every handler, a handler serves all the events it finds,
 * and a later NMI may find that its event has been served. nmi_credit counts the
 * events served beyond one an NMI: that many may find nothing. One that finds
 * nothing without credit is unknown, and reported: the monitor's `nmi`, or a bug.
 *
 * Ordering: irq/A. install() publishes dev_id, name and thread with the handler;
 * handle_irq() acquires them. irq/B is the same for the NMI chain.
 * Limits: handlers do not nest (interrupts stay off).
 *
 * Linux: kernel/irq/handle.c, kernel/softirq.c, arch/x86/kernel/nmi.c
 * Differs: one handler a line.
 */
#include "irq_internal.h"
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/softirq.h>
#include <base/bits.h>

static struct nmi_handler *nmi_chain;

static DEFINE_PER_CPU(struct pt_regs *, irq_regs);
static DEFINE_PER_CPU(u64, irq_count)[NR_IRQS];
static DEFINE_PER_CPU(u64, nmi_total);
static DEFINE_PER_CPU(u64, irq_spurious);
static DEFINE_PER_CPU(u64, nmi_unknown);
static DEFINE_PER_CPU(unsigned int, nmi_credit);

static const char *const line_names[NR_IRQS] = {
	[IRQ_TIMER] = "timer",
	[IRQ_UART] = "uart",
	[IRQ_TEST] = "test",
	[IRQ_DEVICE] = "device",
	[IRQ_IPI_RESCHEDULE] = "ipi-reschedule",
	[IRQ_IPI_CALL] = "ipi-call",
	[IRQ_IPI_STOP] = "ipi-stop",
};

/* ---- calling a line's handler ---------------------------------------------------- */

static void report_unhandled(enum irq_line line, struct irq_desc *desc)
{
	this_cpu_inc(irq_spurious);
	if (desc->reported)
		return;
	desc->reported = true;
	pr_warn("irq: line %d (%s) on CPU %u: %s", line, irq_name(line), smp_processor_id(),
		READ_ONCE(desc->handler) ? "its handler says it is not its device's"
					 : "no handler");
}

void handle_irq(enum irq_line line, struct pt_regs *regs)
{
	struct irq_desc *desc = &irq_desc[line];
	struct pt_regs *outer = this_cpu_read(irq_regs);
	irqreturn_t ret = IRQ_NONE;
	irq_handler_t handler;

	this_cpu_write(irq_regs, regs);
	this_cpu_inc(irq_count[line]);

	/* irq/A: pairs with install() */
	handler = smp_load_acquire(&desc->handler);
	if (handler)
		ret = handler(line, desc->dev_id);
	if (ret == IRQ_WAKE_THREAD)
		wake_irq_thread(line, desc);
	else if (ret == IRQ_NONE)
		report_unhandled(line, desc);
	if (WARN_ONCE(!irqs_disabled(), "irq: the handler of line %d (%s) enabled interrupts",
		      line, irq_name(line)))
		local_irq_disable();

	this_cpu_write(irq_regs, outer);
}

struct pt_regs *get_irq_regs(void)
{
	return this_cpu_read(irq_regs);
}

/* ---- entry and exit ------------------------------------------------------------- */

void irq_enter(void)
{
	__preempt_count_add(HARDIRQ_OFFSET);
	barrier();
}

void irq_exit(void)
{
	barrier();
	__preempt_count_sub(HARDIRQ_OFFSET);
	softirq_irq_exit();
}

void nmi_enter(void)
{
	BUG_ON(nmi_count() == NMI_MASK);
	__preempt_count_add(NMI_OFFSET + HARDIRQ_OFFSET);
	barrier();
}

void nmi_exit(void)
{
	barrier();
	BUG_ON(!in_nmi());
	__preempt_count_sub(NMI_OFFSET + HARDIRQ_OFFSET);
}

/* ---- NMIs ------------------------------------------------------------------------- */

void register_nmi_handler(struct nmi_handler *handler)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&irq_lock, flags);
	handler->next = nmi_chain;
	/* irq/B: pairs with handle_nmi() */
	smp_store_release(&nmi_chain, handler);
	raw_spin_unlock_irqrestore(&irq_lock, flags);
}

/* Reported at the first, second, fourth, eighth ...: it may be a storm. */
static void report_unknown_nmi(struct pt_regs *regs)
{
	u64 n = this_cpu_read(nmi_unknown) + 1;

	this_cpu_write(nmi_unknown, n);
	if (is_power_of_2(n))
		pr_warn("nmi: unknown on CPU %u, at %pS (%llu so far)", smp_processor_id(),
			(void *)arch_regs_ip(regs), (unsigned long long)n);
}

void handle_nmi(struct pt_regs *regs)
{
	struct pt_regs *outer = this_cpu_read(irq_regs);
	struct nmi_handler *h;
	unsigned int events = 0;

	this_cpu_write(irq_regs, regs);
	this_cpu_inc(nmi_total);

	/* irq/B: pairs with register_nmi_handler() */
	for (h = smp_load_acquire(&nmi_chain); h; h = h->next)
		events += h->fn(regs);

	if (events)
		this_cpu_add(nmi_credit, events - 1);
	else if (this_cpu_read(nmi_credit))
		this_cpu_dec(nmi_credit);
	else
		report_unknown_nmi(regs);

	this_cpu_write(irq_regs, outer);
}

void send_nmi(unsigned int cpu)
{
	arch_send_nmi(cpu);
}

/* ---- counts ----------------------------------------------------------------------- */

const char *irq_name(unsigned int irq)
{
	const char *name;

	if (irq >= NR_IRQS)
		return "?";
	name = READ_ONCE(irq_desc[irq].name);
	return name ? name : line_names[irq];
}

u64 kstat_irqs_cpu(unsigned int irq, unsigned int cpu)
{
	return READ_ONCE(per_cpu(irq_count, cpu)[irq]);
}

u64 kstat_nmis_cpu(unsigned int cpu)
{
	return READ_ONCE(per_cpu(nmi_total, cpu));
}

u64 kstat_spurious_irqs(void)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(irq_spurious, cpu));
	return sum;
}

u64 kstat_unknown_nmis(void)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(nmi_unknown, cpu));
	return sum;
}

/* The lines that the kernel itself needs. */
void irq_init(void)
{
	ipi_init();
}
