/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between kernel/backtrace.c and kernel/panic.c. Everybody else uses <kernel/bug.h>.
 */
#ifndef KERNEL_BACKTRACE_H
#define KERNEL_BACKTRACE_H

#include <kernel/arch.h>
#include <kernel/sched.h>
#include <kernel/unwind.h>
#include <kernel/unwind.h>

/* What a CPU is in the middle of. */
struct cpu_state {
	const struct task_struct *task;
	const struct pt_regs *regs;	/* of what was interrupted, or NULL */
	struct unwind_state unwind;	/* where a walk starts */
	u32 preempt_count;
	bool irqs_off;
	bool stopped;			/* the rest is complete and stays so */
};

/* Inline, because a walk may start at the caller's frame, which must outlive this. */
static __always_inline void capture_cpu(struct cpu_state *state, const struct pt_regs *regs,
					u32 count, bool irqs_off)
{
	state->task = current;
	state->regs = regs;
	state->preempt_count = count;
	state->irqs_off = regs ? !arch_regs_irqs_on(regs) : irqs_off;
	unwind_start(&state->unwind, NULL, regs);
}

/* "CPU 3, task 12 foo, hardirq context ..." into @buf. Return: the length. */
int describe_cpu(char *buf, size_t size, unsigned int cpu, const struct cpu_state *state);

/* Print the walk from where @u is, at @level. Any context. */
void print_trace(int level, struct unwind_state *u);

#endif
