/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The context driver: run a function now, in a chosen context, on a chosen
 * CPU, on top of whatever runs there.
 *
 *	task	the CPU's context/N kthread, highest FIFO priority, preempts
 *	softirq	CONTEXT_SOFTIRQ, raised there and served on interrupt exit
 *	hardirq	the test device's interrupt (IRQ_TEST)
 *	NMI	a real NMI, where the machine has them
 *
 * On the own CPU a higher context nests at once: called from a task with
 * interrupts on, run_in_context(CTX_SOFTIRQ, smp_processor_id(), f, x) runs f on
 * top of the caller before it returns, and f may go one higher in the same way:
 * task -> softirq -> hardirq -> NMI is three nested calls.
 */
#ifndef KERNEL_CONTEXT_H
#define KERNEL_CONTEXT_H

#include <base/types.h>
#include <kernel/arch.h>
#include <kernel/preempt.h>

enum context { CTX_TASK, CTX_SOFTIRQ, CTX_HARDIRQ, CTX_NMI, NR_CONTEXTS };

#define CTX_BIT(ctx)	(1U << (ctx))
#define CTX_ALL		((1U << NR_CONTEXTS) - 1)

/* "task", "softirq", "hardirq", "nmi" */
extern const char *const context_names[NR_CONTEXTS];

/* How many contexts this machine has, from CTX_TASK up: one less without NMIs. */
static inline unsigned int nr_contexts(void)
{
	return arch_no_nmi() ? CTX_NMI : NR_CONTEXTS;
}

/* Which context the caller is in, from preempt_count. */
static inline enum context current_context(void)
{
	if (in_nmi())
		return CTX_NMI;
	if (in_hardirq())
		return CTX_HARDIRQ;
	return in_serving_softirq() ? CTX_SOFTIRQ : CTX_TASK;
}

/**
 * run_in_context() - run @fn(@arg) in context @ctx on @cpu and wait for its end
 * @ctx: context to run in
 * @cpu: an online CPU; the caller's own only for a context higher than the
 *       caller's, or CTX_TASK from a task
 * @fn: may do what @ctx allows
 * Context: Any that is lower than NMI. To another CPU it spins for the end, so
 *	    the caller must not hold what @fn or that CPU needs.
 * Return: 0, -ENODEV for a CPU that is not online, -EINVAL when @ctx cannot run
 *	   on top of the caller (interrupts off for HARDIRQ, softirqs off for
 *	   SOFTIRQ, a context that is not higher on the own CPU), -EOPNOTSUPP for NMI
 *	   on a machine that has none.
 */
int run_in_context(enum context ctx, unsigned int cpu, void (*fn)(void *), void *arg);

/*
 * The same, not waiting: @done becomes true (release) after @fn returned. On the own
 * CPU any context will do: @fn runs when that comes round.
 */
struct context_call {
	void (*fn)(void *);
	void *arg;
	bool done;
	struct context_call *next;
};
int run_in_context_async(enum context ctx, unsigned int cpu, struct context_call *call);

#endif
