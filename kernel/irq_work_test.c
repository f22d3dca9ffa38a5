/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of irq_work: queued from any context, NMIs included, a function runs once, on
 * the CPU asked, in the context that its flags and the kernel's kind say.
 */
#include <kernel/context.h>
#include <kernel/ipi.h>
#include <kernel/percpu.h>
#include <locking/atomic.h>
#include "test_util.h"

struct work_trace {
	struct irq_work work;
	atomic_t runs;
	unsigned int cpu;
	enum context context;
	int again;			/* the function queues itself that often */
	bool queued;			/* what irq_work_queue() said */
};

static void work_ran(struct irq_work *work)
{
	struct work_trace *tr = container_of(work, struct work_trace, work);

	tr->cpu = raw_smp_processor_id();
	tr->context = current_context();
	if (tr->again-- > 0)
		irq_work_queue(work);
	atomic_inc(&tr->runs);
}

static void queue_it(void *arg)
{
	struct work_trace *tr = arg;

	tr->queued = irq_work_queue(&tr->work);
}

/* @flags, queued from each context on each CPU, runs in @where. */
static void runs_there(struct selftest *t, int flags, enum context where)
{
	unsigned int cpu;
	int ctx;

	for_each_online_cpu(cpu) {
		for (ctx = CTX_TASK; ctx < (int)nr_contexts(); ctx++) {
			struct work_trace tr = { .work = __IRQ_WORK_INIT(work_ran, flags) };

			EXPECT_EQ(run_in_context(ctx, cpu, queue_it, &tr), 0);
			EXPECT(tr.queued);
			irq_work_sync(&tr.work);
			EXPECT_EQ(atomic_read(&tr.runs), 1);
			EXPECT_EQ(tr.cpu, cpu);
			EXPECT_EQ(tr.context, where);
		}
	}
}

SELFTEST(irq_work, queued_from_any_context_it_runs_once_in_hardirq_context)
{
	runs_there(t, IRQ_WORK_HARD_IRQ, CTX_HARDIRQ);
}

/* Unless it must be hardirq, it is a task's in a real-time kernel. */
#define EASY	(IS_ENABLED(CONFIG_PREEMPT_RT) ? CTX_TASK : CTX_HARDIRQ)

SELFTEST(irq_work, in_a_real_time_kernel_a_thread_runs_it)
{
	runs_there(t, 0, EASY);
}

SELFTEST(irq_work, a_lazy_one_waits_for_a_tick_that_comes)
{
	runs_there(t, IRQ_WORK_LAZY, EASY);
}

SELFTEST(irq_work, pending_it_is_not_queued_twice)
{
	struct work_trace tr = { .work = IRQ_WORK_INIT(work_ran) };

	local_irq_disable();
	EXPECT(irq_work_queue(&tr.work));
	EXPECT(!irq_work_queue(&tr.work));
	EXPECT_EQ(atomic_read(&tr.runs), 0);
	local_irq_enable();
	irq_work_sync(&tr.work);
	EXPECT_EQ(atomic_read(&tr.runs), 1);
}

SELFTEST(irq_work, its_function_may_queue_it_again)
{
	struct work_trace tr = { .work = IRQ_WORK_INIT(work_ran), .again = 5 };

	irq_work_queue(&tr.work);
	wait_until(atomic_read(&tr.runs) == 6);
	irq_work_sync(&tr.work);
	EXPECT_EQ(atomic_read(&tr.runs), 6);
}

static struct irq_work shared_work;
static atomic_t shared_runs, shared_queued;

static void shared_ran(struct irq_work *work)
{
	atomic_inc(&shared_runs);
}

static void queue_shared(unsigned int self, void *arg)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		if (irq_work_queue_on(&shared_work, (self + i) % num_online_cpus()))
			atomic_inc(&shared_queued);
		cond_resched();
	}
}

SELFTEST(irq_work, queued_by_all_cpus_it_runs_as_often_as_it_was_queued)
{
	atomic_set(&shared_runs, 0);
	atomic_set(&shared_queued, 0);
	init_irq_work(&shared_work, shared_ran);
	on_all_cpus(queue_shared, NULL);
	/* Queued anew elsewhere while it ran, it runs twice: the first to end says it is idle. */
	irq_work_sync(&shared_work);
	wait_until(atomic_read(&shared_runs) >= atomic_read(&shared_queued));
	EXPECT(atomic_read(&shared_queued) > 0);
	EXPECT_EQ(atomic_read(&shared_runs), atomic_read(&shared_queued));
}
