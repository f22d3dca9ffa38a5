/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The context driver: a function, now, in a chosen context, on a chosen CPU. The
 * contract is <kernel/context.h>.
 *
 *	calls[ctx]	calls that wait, per CPU	any CPU adds, the CPU takes all
 *	done		of a call			the CPU that ran it
 *	context_task	context/N			context_init()
 *	raise_work	raises CONTEXT_SOFTIRQ there	see below
 *
 * Each context has its list of calls on each CPU, and a bell that makes the CPU
 * look at it from that context:
 *
 *	context		bell				looks
 *	task		wake_up_process(context/N)	the kthread, FIFO 99
 *	softirq		irq_work: raises the softirq	CONTEXT_SOFTIRQ
 *	hardirq		arch_test_irq_raise(N)		IRQ_TEST's handler
 *	NMI		arch_send_nmi(N)		the NMI handler
 *
 * Task -> softirq -> hardirq -> NMI on one CPU, each call inside the one before:
 *
 *	f0() run_in_context(SOFTIRQ, here, f1)
 *	  | raises, local_bh_enable() serves:
 *	  | f1() run_in_context(HARDIRQ, here, f2)
 *	  |   | rings IRQ_TEST, which comes before the next instructions are done:
 *	  |   | f2() run_in_context(NMI, here, f3)
 *	  |   |   | f3()
 *	  |   |   |  done
 *	  |   |  done
 *	  |  done
 *	  goes on
 *
 * Ordering: context/A. done is released after the function returned, and acquired
 * by the waiter. context/B: a call is added (full barrier) before the bell rings,
 * and the list is taken after it rang: no call is left behind. Who finds calls in
 * the list already need not ring: whoever put the first one there does.
 * Limits: a call cannot be taken back; its caller waits, or keeps it until done.
 *
 * Linux: none
 */
#include <kernel/bug.h>
#include <kernel/context.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/softirq.h>
#include <base/errno.h>
#include <asm/cpu.h>

const char *const context_names[NR_CONTEXTS] = { "task", "softirq", "hardirq", "nmi" };

static DEFINE_PER_CPU(struct context_call *, calls)[NR_CONTEXTS];
static DEFINE_PER_CPU(struct irq_work, raise_work);
static DEFINE_PER_CPU(struct task_struct *, context_task);
static bool context_ready;		/* context_init(), last */

/* ---- the lists ---------------------------------------------------------------------- */

/* Return: true if the list was empty: the caller rings. */
static bool add_call(enum context ctx, unsigned int cpu, struct context_call *call)
{
	struct context_call **list = &per_cpu(calls, cpu)[ctx];
	struct context_call *first = READ_ONCE(*list);

	do {
		call->next = first;
		/* context/B: pairs with run_calls() */
	} while (!try_cmpxchg(list, &first, call));
	return !first;
}

/* Oldest first. Return: how many. */
static unsigned int run_calls(enum context ctx)
{
	struct context_call *call, *next, *oldest = NULL;
	unsigned int n = 0;

	/* context/B: pairs with add_call() */
	call = xchg(&(*this_cpu_ptr(&calls))[ctx], NULL);
	for (; call; call = next) {
		next = call->next;
		call->next = oldest;
		oldest = call;
	}
	for (call = oldest; call; call = next) {
		next = call->next;
		call->fn(call->arg);
		/*
		 * The caller may take it back at once.
		 * context/A: pairs with wait_call(), call_someone(), torture_thread()
		 */
		smp_store_release(&call->done, true);
		n++;
	}
	return n;
}

/* ---- who looks ------------------------------------------------------------------------ */

static int run_context_task(void *data)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!this_cpu_read(calls[CTX_TASK]))
			schedule();
		__set_current_state(TASK_RUNNING);
		run_calls(CTX_TASK);
	}
	return 0;
}

static void context_softirq(void)
{
	run_calls(CTX_SOFTIRQ);
}

static irqreturn_t context_hardirq(int irq, void *dev_id)
{
	/* Two pulls may arrive as one, and the second then finds nothing. */
	run_calls(CTX_HARDIRQ);
	return IRQ_HANDLED;
}

static int context_nmi(struct pt_regs *regs)
{
	/* One NMI was sent for all of them: see add_call(). */
	return run_calls(CTX_NMI) ? 1 : 0;
}

static struct nmi_handler context_nmi_handler = { .fn = context_nmi, .name = "context" };

static void raise_context_softirq(struct irq_work *work)
{
	__raise_softirq_irqoff(CONTEXT_SOFTIRQ);
}

static void ring(enum context ctx, unsigned int cpu)
{
	switch (ctx) {
	case CTX_TASK:
		wake_up_process(per_cpu(context_task, cpu));
		break;
	case CTX_SOFTIRQ:
		irq_work_queue_on(&per_cpu(raise_work, cpu), cpu);
		break;
	case CTX_HARDIRQ:
		arch_test_irq_raise(cpu, IRQ_TEST);
		break;
	default:
		arch_send_nmi(cpu);
		break;
	}
}

/* ---- callers --------------------------------------------------------------------------- */

int run_in_context_async(enum context ctx, unsigned int cpu, struct context_call *call)
{
	unsigned long flags;

	if ((unsigned int)ctx >= NR_CONTEXTS || !call->fn || in_nmi())
		return -EINVAL;
	if (cpu >= nr_cpu_ids || !cpu_online(cpu) || !READ_ONCE(context_ready))
		return -ENODEV;
	if (ctx >= nr_contexts())
		return -EOPNOTSUPP;

	call->done = false;
	/* Others count on the bell from now on, an interrupt of this CPU among them. */
	local_irq_save(flags);
	if (add_call(ctx, cpu, call))
		ring(ctx, cpu);
	local_irq_restore(flags);
	return 0;
}

/* Can @ctx nest on top of the caller, here? Preemption is off by one more than it was. */
static bool can_nest(enum context ctx)
{
	switch (ctx) {
	case CTX_SOFTIRQ:
		/* A real-time kernel's may sleep for a lock: not on top of preemption off. */
		if (IS_ENABLED(CONFIG_PREEMPT_RT) && preempt_count() != PREEMPT_OFFSET)
			return false;
		return !in_interrupt() && !irqs_disabled();
	case CTX_HARDIRQ:
		return !in_hardirq() && !irqs_disabled();
	case CTX_NMI:
		return !in_nmi();
	default:
		return in_task() && preempt_count() == PREEMPT_OFFSET && !irqs_disabled();
	}
}

static void wait_call(struct context_call *call, bool may_schedule)
{
	/* context/A: pairs with run_calls() */
	while (!smp_load_acquire(&call->done)) {
		if (panic_in_progress())
			return;
		if (may_schedule)
			cond_resched();
		cpu_relax();
	}
}

/* Higher than the caller, on this CPU, which it cannot leave. */
static int run_nested(enum context ctx, struct context_call *call)
{
	int ret;

	preempt_disable();
	ret = run_in_context_async(ctx, smp_processor_id(), call);
	if (!ret)
		wait_call(call, false);
	preempt_enable();
	return ret;
}

static int run_softirq_nested(struct context_call *call)
{
	if (!READ_ONCE(context_ready))
		return -ENODEV;
	add_call(CTX_SOFTIRQ, smp_processor_id(), call);
	/* Not until done at the first try, if the softirqs have had their share. */
	while (!READ_ONCE(call->done)) {
		local_bh_disable();
		local_irq_disable();
		__raise_softirq_irqoff(CONTEXT_SOFTIRQ);
		local_irq_enable();
		local_bh_enable();
	}
	wait_call(call, false);
	return 0;
}

int run_in_context(enum context ctx, unsigned int cpu, void (*fn)(void *), void *arg)
{
	struct context_call call = { .fn = fn, .arg = arg };
	bool may_schedule, nested;
	int ret;

	if ((unsigned int)ctx >= NR_CONTEXTS || !fn || in_nmi())
		return -EINVAL;
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -ENODEV;

	may_schedule = preemptible();
	preempt_disable();
	if (cpu == smp_processor_id() && !can_nest(ctx)) {
		preempt_enable();
		return -EINVAL;
	}
	nested = cpu == smp_processor_id() && ctx != CTX_TASK;
	if (nested && in_task())
		migrate_disable();
	preempt_enable();

	if (nested) {
		ret = ctx == CTX_SOFTIRQ ? run_softirq_nested(&call) : run_nested(ctx, &call);
		if (in_task())
			migrate_enable();
		return ret;
	}
	ret = run_in_context_async(ctx, cpu, &call);
	if (!ret)
		wait_call(&call, may_schedule);
	return ret;
}

void context_init(void)
{
	struct sched_param top = { .sched_priority = MAX_RT_PRIO - 1 };
	unsigned int cpu;
	int err;

	for_each_online_cpu(cpu) {
		struct task_struct *p = kthread_create_on_cpu(run_context_task, NULL, cpu,
							      "context/%u");

		if (IS_ERR(p))
			panic("context: no memory for context/%u", cpu);
		sched_setscheduler(p, SCHED_FIFO, &top);
		per_cpu(raise_work, cpu) =
			(struct irq_work)IRQ_WORK_INIT_HARD(raise_context_softirq);
		per_cpu(context_task, cpu) = p;
		wake_up_process(p);
	}
	open_softirq(CONTEXT_SOFTIRQ, context_softirq);
	register_nmi_handler(&context_nmi_handler);
	err = request_irq(IRQ_TEST, context_hardirq, IRQF_NO_THREAD, "context", NULL);
	BUG_ON(err);
	WRITE_ONCE(context_ready, true);
}
