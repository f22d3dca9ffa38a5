/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end: one CPU reports, the others stop and are reported on.
 *
 *	panic_cpu	CPU + 1 that reports	free -> CPU: the first to panic
 *	panic_depth	panics inside the report	the reporting CPU
 *	stopped_at	per CPU: what it was doing	that CPU, until stopped is true
 *	panic_action	boot parameter
 *
 *	CPU 0 (first)			CPU 1			CPU 2
 *	panic(): panic_cpu = 1		runs			panic() too: too late
 *	NMI to all others
 *					NMI: stopped_at		says so in the log,
 *					halts for good		stopped_at, halts
 *	waits, not for ever
 *	takes the console
 *	reports on itself
 *	reports on CPU 1, 2 ... from stopped_at and their stacks
 *	ends the machine
 *
 * One CPU prints for all: a stopped CPU cannot fail at printing, and its stack
 * stays as it was. A CPU that does not stop within STOP_TIMEOUT_MS is named.
 *
 * A panic inside the report (a fault while walking a broken stack, say) prints its
 * message and ends at once; one inside that ends without a word. So the number of
 * steps to the end is bounded, and a lock that somebody holds is never waited for:
 * the console is taken away, the log needs none.
 *
 * Ordering: panic/A: stopped_at, from the CPU that stops to the one that reports.
 *
 * Linux:   kernel/panic.c
 * Differs: no kexec, no oops, no tainting; reports are made for stopped CPUs.
 */
#include <locking/atomic.h>
#include <kernel/arch.h>
#include <kernel/backtrace.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/param.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>

#define STOP_TIMEOUT_MS	3000
#define EXIT_PANIC	1

enum { PANIC_EXIT, PANIC_HALT, PANIC_REBOOT };
static int panic_action;
BOOT_PARAM_ENUM(panic, panic_action, "what to do after a panic's report", "exit", "halt", "reboot");

static DEFINE_PER_CPU(struct cpu_state, stopped_at);
static unsigned int panic_cpu;
static unsigned int panic_depth;
/* For tests: called in the middle of the report. */
void (*panic_report_hook)(void);

bool panic_in_progress(void)
{
	return READ_ONCE(panic_cpu) != 0;
}

/* ---- reports on CPUs -------------------------------------------------------------- */

static void report_state(unsigned int cpu, const struct cpu_state *state,
			 const struct pt_regs *regs)
{
	struct unwind_state u = state->unwind;
	char context[128];

	describe_cpu(context, sizeof(context), cpu, state);
	pr_emerg("%s", context);
	if (regs)
		arch_regs_print(regs);
	print_trace(LOGLEVEL_EMERG, &u);
}

/* ---- the other CPUs -------------------------------------------------------------- */

/* @count: preempt_count of what is stopped */
static __noreturn void stop_here(const struct pt_regs *regs, u32 count)
{
	struct cpu_state *state = raw_cpu_ptr(&stopped_at);

	/* The NMI comes to who has panicked, too, and the reporter may be reading. */
	if (state->stopped)
		arch_cpu_park();
	capture_cpu(state, regs, count, true);
	/* panic/A: pairs with has_stopped() */
	smp_store_release(&state->stopped, true);
	arch_cpu_park();
}

static int panic_nmi(struct pt_regs *regs)
{
	unsigned int reporter = READ_ONCE(panic_cpu);

	if (reporter && reporter != raw_smp_processor_id() + 1)
		stop_here(regs, context_count() - NMI_OFFSET - HARDIRQ_OFFSET);
	return 0;
}

static struct nmi_handler panic_nmi_handler = { .fn = panic_nmi, .name = "panic stop" };

void panic_init(void)
{
	register_nmi_handler(&panic_nmi_handler);
}

static bool has_stopped(unsigned int cpu)
{
	/* panic/A: pairs with stop_here() */
	return smp_load_acquire(&per_cpu(stopped_at, cpu).stopped);
}

/* By smp_send_stop(), for good: no NMI reaches it. */
static bool was_stopped(unsigned int cpu)
{
	return cpumask_test_cpu(cpu, &cpu_stopped_mask);
}

static void stop_others(void)
{
	unsigned int self = raw_smp_processor_id(), cpu, ms;
	bool all;

	for_each_online_cpu(cpu)
		if (cpu != self)
			send_nmi(cpu);
	for (ms = 0; ms < STOP_TIMEOUT_MS; ms++) {
		all = true;
		for_each_online_cpu(cpu)
			all = all && (cpu == self || has_stopped(cpu) || was_stopped(cpu));
		if (all)
			return;
		arch_udelay(1000);
	}
}

/* An idle CPU has nothing to tell that the next one has not. */
static bool was_idle(const struct cpu_state *state)
{
	return state->task && is_idle_task(state->task) && state->regs &&
	       arch_regs_irqs_on(state->regs) &&
	       !(state->preempt_count & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK));
}

static void report_others(void)
{
	unsigned int self = raw_smp_processor_id(), cpu;

	for_each_online_cpu(cpu) {
		const struct cpu_state *state = &per_cpu(stopped_at, cpu);

		if (cpu == self)
			continue;
		if (was_stopped(cpu))
			pr_emerg("CPU %u had been stopped", cpu);
		else if (!has_stopped(cpu))
			pr_emerg("CPU %u did not stop for the %s", cpu,
				 arch_no_nmi() ? "interrupt: it has them off" : "NMI");
		else if (was_idle(state))
			pr_emerg("CPU %u was idle at %pS", cpu, (void *)arch_regs_ip(state->regs));
		else
			report_state(cpu, state, state->regs);
	}
}

/* ---- panic ------------------------------------------------------------------------ */

static __noreturn void end_machine(void)
{
	if (panic_action == PANIC_HALT)
		arch_cpu_park();
	if (panic_action == PANIC_REBOOT)
		arch_reboot();
	arch_exit(EXIT_PANIC);
}

/* This CPU is inside a report already: its own report has gone wrong. */
static __noreturn void panic_inside_panic(const char *message)
{
	if (++panic_depth == 1) {
		console_panic_takeover();
		pr_emerg("Panic inside the panic: %s", message);
		if (panic_report_hook)
			panic_report_hook();
	}
	end_machine();
}

static __noreturn void panic_second(const struct pt_regs *regs, const char *message)
{
	pr_emerg("CPU %u panics as well, CPU %u was first: %s", raw_smp_processor_id(),
		 READ_ONCE(panic_cpu) - 1, message);
	stop_here(regs, context_count());
}

/* @regs: of what an exception ended, or NULL: then of the caller, who is called. */
static __noreturn void vpanic(const struct pt_regs *regs, const char *fmt, va_list args)
{
	bool irqs_off = irqs_disabled();
	unsigned int first = 0, self;
	struct cpu_state *state;
	struct pt_regs here;
	char message[256];

	arch_capture_regs(&here);
	arch_local_irq_disable();
	/* Until here the caller could move. */
	self = raw_smp_processor_id() + 1;
	state = raw_cpu_ptr(&stopped_at);
	vscnprintf(message, sizeof(message), fmt, args);
	if (!try_cmpxchg(&panic_cpu, &first, self)) {
		if (first == self)
			panic_inside_panic(message);
		panic_second(regs, message);
	}
	capture_cpu(state, regs, context_count(), irqs_off);
	stop_others();
	console_panic_takeover();
	pr_emerg("Kernel panic: %s", message);
	report_state(self - 1, state, regs ?: &here);
	if (panic_report_hook)
		panic_report_hook();
	report_others();
	pr_emerg("End of kernel panic: %s", message);
	end_machine();
}

static __printf(2, 3) __noreturn void panic_at(const struct pt_regs *regs, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vpanic(regs, fmt, args);
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vpanic(NULL, fmt, args);
}

void die(const char *what, struct pt_regs *regs)
{
	panic_at(regs, "%s at %pS", what, (void *)arch_regs_ip(regs));
}

void __bug(const char *file, int line, const char *what)
{
	if (what)
		panic_at(NULL, "BUG at %s:%d: %s", file, line, what);
	panic_at(NULL, "BUG at %s:%d", file, line);
}
