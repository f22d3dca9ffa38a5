/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * irq_work: from any context, NMI included, to hardirq context on a chosen CPU.
 *
 *	irq_work_list	queued, per CPU		any CPU adds (llist), the CPU takes all
 *	flags		see <kernel/ipi.h>
 *
 *	0 --claim--> PENDING|BUSY --run--> BUSY, func runs --end--> 0
 *	                  ^                   |
 *	                  `------claim--------'	queued anew while it runs: BUSY stays
 *
 *	NMI on CPU 0			CPU 0
 *	irq_work_queue()		(interrupts off)
 *	  claims, adds, IPI to itself
 *					interrupts on: IRQ_IPI_CALL
 *					  irq_work_run(): clears PENDING, func()
 *
 * Ordering: irq_work/A. Claiming is a full barrier, and so is clearing PENDING:
 * who finds it set knows that a run is to come that sees his stores.
 * irq_work/B: clearing BUSY releases what func() did to irq_work_sync().
 *
 * Linux: kernel/irq_work.c
 * Differs: no lazy works. Queueing on another CPU is safe in NMI as well.
 */
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>

static DEFINE_PER_CPU(struct llist_head, irq_work_list);
static bool irq_work_ready;		/* irq_work_init() */

bool irq_work_queue_on(struct irq_work *work, unsigned int cpu)
{
	if (!READ_ONCE(irq_work_ready))
		return false;
	/* irq_work/A: pairs with run_one_work() */
	if (atomic_fetch_or(IRQ_WORK_PENDING | IRQ_WORK_BUSY, &work->flags) & IRQ_WORK_PENDING)
		return false;

	/* Whoever made the list non-empty sends the IPI, at once: others count on it. */
	preempt_disable();
	if (llist_add(&work->llist, &per_cpu(irq_work_list, cpu)))
		arch_send_ipi(cpu, IRQ_IPI_CALL);
	preempt_enable();
	return true;
}

bool irq_work_queue(struct irq_work *work)
{
	bool queued;

	preempt_disable();
	queued = irq_work_queue_on(work, smp_processor_id());
	preempt_enable();
	return queued;
}

static void run_one_work(struct irq_work *work)
{
	int flags;

	/* irq_work/A: pairs with irq_work_queue_on() */
	flags = atomic_fetch_andnot(IRQ_WORK_PENDING, &work->flags) & ~IRQ_WORK_PENDING;
	work->func(work);
	/* Unless it was claimed anew. irq_work/B: pairs with irq_work_sync() */
	atomic_cmpxchg_release(&work->flags, flags, flags & ~IRQ_WORK_BUSY);
}

void irq_work_run(void)
{
	struct llist_head *list = this_cpu_ptr(&irq_work_list);
	struct llist_node *node, *next;

	if (llist_empty(list))
		return;
	node = llist_reverse_order(llist_del_all(list));
	for (; node; node = next) {
		next = node->next;
		run_one_work(llist_entry(node, struct irq_work, llist));
	}
}

void irq_work_sync(struct irq_work *work)
{
	WARN_ONCE(!in_task() || irqs_disabled(), "irq_work_sync(%pS) where it could wait forever",
		  (void *)work->func);
	/* irq_work/B: pairs with run_one_work() */
	smp_cond_load_acquire(&work->flags.counter, !(VAL & IRQ_WORK_BUSY));
}

void irq_work_init(void)
{
	WRITE_ONCE(irq_work_ready, true);
}
