/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * irq_work: from any context, NMI included, to hardirq context on a chosen CPU.
 *
 *	raised_list	to be run in the IPI			any CPU adds (llist), the
 *	lazy_list	at the next tick; CONFIG_PREEMPT_RT:	CPU takes all
 *			in irq_work/N
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
 *	works		else			CONFIG_PREEMPT_RT
 *	HARD_IRQ	hardirq, at once	hardirq, at once
 *	(no flag)	hardirq, at once	irq_work/N, woken at once
 *	LAZY		hardirq, with the tick	irq_work/N, woken with the tick
 *
 * irq_work/N is SCHED_FIFO 1: its works may take a spinlock_t, and delay nobody who is
 * more urgent. A CPU whose tick is stopped is sent the IPI for a lazy work as well.
 *
 * Ordering: irq_work/A. Claiming is a full barrier, and so is clearing PENDING:
 * who finds it set knows that a run is to come that sees his stores.
 * irq_work/C, store buffering: a lazy work is added, then the tick looked at; the tick
 * is stopped, then the list looked at: the work does not wait for a tick that never comes.
 * irq_work/B: clearing BUSY releases what func() did to irq_work_sync().
 * Limits: one that is queued on another CPU while it runs may run on both. The first that
 *	   ends clears BUSY: irq_work_sync() waits for works that are queued on one CPU.
 *
 * Linux: kernel/irq_work.c
 * Differs: queueing on another CPU is safe in NMI as well.
 */
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include <kernel/tick.h>
#include <kernel/timer.h>

static DEFINE_PER_CPU(struct llist_head, raised_list);
static DEFINE_PER_CPU(struct llist_head, lazy_list);
static DEFINE_PER_CPU(struct task_struct *, irq_workd);
static bool irq_work_ready;		/* irq_work_init() */

/* Is it the thread's? */
static bool for_thread(int flags)
{
	return IS_ENABLED(CONFIG_PREEMPT_RT) && !(flags & IRQ_WORK_HARD_IRQ);
}

bool irq_work_queue_on(struct irq_work *work, unsigned int cpu)
{
	struct llist_head *list;
	bool lazy, first;
	int flags;

	if (!READ_ONCE(irq_work_ready))
		return false;
	/* irq_work/A: pairs with run_one_work() */
	flags = atomic_fetch_or(IRQ_WORK_PENDING | IRQ_WORK_BUSY, &work->flags);
	if (flags & IRQ_WORK_PENDING)
		return false;

	lazy = flags & IRQ_WORK_LAZY;
	list = lazy || for_thread(flags) ? &per_cpu(lazy_list, cpu) : &per_cpu(raised_list, cpu);
	preempt_disable();
	/* irq_work/C: pairs with tick_nohz_idle_stop_tick(); llist_add() is a full barrier */
	first = llist_add(&work->llist, list);
	/* An IPI is on its way for what is there, unless all of it can wait for the tick. */
	if (lazy ? first && tick_nohz_tick_stopped_cpu(cpu) : first || for_thread(flags))
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
	/* Unless it was claimed anew.
	 * irq_work/B: pairs with irq_work_sync(),
	 * is_busy() */
	atomic_cmpxchg_release(&work->flags, flags, flags & ~IRQ_WORK_BUSY);
}

static void run_list(struct llist_head *list)
{
	struct llist_node *node, *next;

	if (llist_empty(list))
		return;
	node = llist_reverse_order(llist_del_all(list));
	for (; node; node = next) {
		next = node->next;
		run_one_work(llist_entry(node, struct irq_work, llist));
	}
}

/* Interrupts off: the lazy ones, or who runs them. */
static void run_lazy(void)
{
	struct llist_head *list = this_cpu_ptr(&lazy_list);

	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		run_list(list);
	else if (!llist_empty(list) && this_cpu_read(irq_workd))
		wake_up_process(this_cpu_read(irq_workd));
}

void irq_work_run(void)
{
	run_list(this_cpu_ptr(&raised_list));
	run_lazy();
}

bool irq_work_needs_cpu(void)
{
	return !llist_empty(this_cpu_ptr(&lazy_list));
}

static bool is_busy(struct irq_work *work)
{
	/* irq_work/B: pairs with run_one_work() */
	return atomic_read_acquire(&work->flags) & IRQ_WORK_BUSY;
}

void irq_work_sync(struct irq_work *work)
{
	WARN_ONCE(!in_task() || irqs_disabled(), "irq_work_sync(%pS) where it could wait forever",
		  (void *)work->func);
	/* Its thread may be less urgent than we are, and may not have begun. */
	while (for_thread(atomic_read(&work->flags)) && is_busy(work))
		schedule_timeout_uninterruptible(1);
	/* irq_work/B: pairs with run_one_work() */
	smp_cond_load_acquire(&work->flags.counter, !(VAL & IRQ_WORK_BUSY));
}

static int run_irq_workd(void *data)
{
	struct llist_head *list = data;

	for (;;) {
		set_current_state(TASK_IDLE);
		if (llist_empty(list)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		run_list(list);
	}
	return 0;
}

void irq_work_init(void)
{
	WRITE_ONCE(irq_work_ready, true);
}

void irq_work_rt_init(void)
{
	unsigned int cpu;

	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		return;
	for_each_online_cpu(cpu) {
		struct task_struct *p = kthread_create_on_cpu(run_irq_workd,
							      &per_cpu(lazy_list, cpu), cpu,
							      "irq_work/%u");

		if (IS_ERR(p))
			panic("irq_work: no memory for irq_work/%u", cpu);
		sched_set_fifo_low(p);
		WRITE_ONCE(per_cpu(irq_workd, cpu), p);
		wake_up_process(p);
	}
}
