/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Saying where a CPU or a task is: its context, and the calls that led there.
 *
 * A backtrace is a walk by frame pointers (unwind_next()), with a name from the
 * symbol table for each step. It crosses interrupts, NMIs and exceptions, whose
 * frames carry the registers of what they interrupted:
 *
 *	Backtrace, innermost first:
 *	  [ffffffff8010aabb] handler+0x1b/0x40		the handler that asks
 *	  [ffffffff8010ccdd] irq_entry+0x25/0x4e
 *	  -- interrupted here:				and, in a panic, the registers
 *	  [ffffffff8010eeff] victim+0x2/0x10
 *	  [ffffffff80110011] ? caller+0x3c/0xc0		perhaps: victim had no frame yet
 *	  [ffffffff80112233] thread_start+0x8/0x10
 *
 * Linux:   arch/x86/kernel/dumpstack.c, kernel/panic.c (warnings)
 */
#include <locking/atomic.h>
#include <kernel/arch.h>
#include <kernel/backtrace.h>
#include <kernel/bug.h>
#include <kernel/irqflags.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/symbols.h>

#define MAX_FRAMES	48

static atomic_t warnings;

/* ---- describing a CPU --------------------------------------------------------- */

static const char *context_of(u32 count)
{
	if (count & NMI_MASK)
		return "nmi";
	if (count & HARDIRQ_MASK)
		return "hardirq";
	return count & SOFTIRQ_OFFSET ? "softirq" : "task";
}

int describe_cpu(char *buf, size_t size, unsigned int cpu, const struct cpu_state *state)
{
	return scnprintf(buf, size,
			 "CPU %u, task %d %s, %s context, preempt_count 0x%x, interrupts %s", cpu,
			 state->task ? state->task->pid : -1,
			 state->task ? state->task->comm : "(none)",
			 context_of(state->preempt_count), state->preempt_count,
			 state->irqs_off ? "off" : "on");
}

int describe_context(char *buf, size_t size)
{
	struct cpu_state state;

	capture_cpu(&state, NULL, context_count(), irqs_disabled());
	return describe_cpu(buf, size, raw_smp_processor_id(), &state);
}

/* ---- backtraces ----------------------------------------------------------------- */

static void print_frame(int level, const struct unwind_state *u)
{
	if (u->after_call)
		printk_level(level, "  [%016lx] %pB", u->ip, (void *)u->ip);
	else
		printk_level(level, "  [%016lx] %pS", u->ip, (void *)u->ip);
}

/*
 * What was interrupted before it made itself a frame, or does without one, has its
 * return address on top of the stack: the walk steps over its caller. A guess, since
 * it may be a stray number, so it is marked.
 */
static void print_guess(int level, const struct pt_regs *regs, unsigned long next_ip)
{
	unsigned long word;

	if (arch_probe_read((void *)arch_regs_sp(regs), &word) || !is_kernel_text(word) ||
	    word == next_ip)
		return;
	printk_level(level, "  [%016lx] ? %pB", word, (void *)word);
}

/* An interrupt frame comes with the registers of what was interrupted. */
void print_trace(int level, struct unwind_state *u)
{
	const struct pt_regs *regs;
	int i;

	printk_level(level, "Backtrace, innermost first:");
	for (i = 0; u->ip && i < MAX_FRAMES; i++) {
		regs = u->regs;
		if (i > 0 && regs) {
			printk_level(level, "  -- interrupted here:");
			if (level == LOGLEVEL_EMERG)
				arch_regs_print(regs);
		}
		print_frame(level, u);
		if (!unwind_next(u))
			u->ip = 0;
		if (regs)
			print_guess(level, regs, u->ip);
	}
	if (u->ip)
		printk_level(level, "  ... more than %d frames", MAX_FRAMES);
}

void show_trace(const struct pt_regs *regs)
{
	struct unwind_state u;

	unwind_start(&u, NULL, regs);
	print_trace(LOGLEVEL_WARNING, &u);
}

void show_task(const struct task_struct *task)
{
	struct unwind_state u;

	pr_warn("task %d %s, state %c, CPU %u", task->pid, task->comm, task_state_char(task),
		task_cpu(task));
	unwind_start(&u, task, NULL);
	print_trace(LOGLEVEL_WARNING, &u);
}

void dump_stack(void)
{
	struct unwind_state u;
	char context[128];

	describe_context(context, sizeof(context));
	pr_warn("%s", context);
	unwind_start(&u, NULL, NULL);
	print_trace(LOGLEVEL_WARNING, &u);
}

/* ---- warnings --------------------------------------------------------------------- */

unsigned int warn_count(void)
{
	return atomic_read(&warnings);
}

void __warn(const char *file, int line, const char *fmt, ...)
{
	char message[128];
	va_list args;

	atomic_inc(&warnings);
	va_start(args, fmt);
	vscnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	pr_warn("WARNING at %s:%d: %s", file, line, message);
	dump_stack();
}
