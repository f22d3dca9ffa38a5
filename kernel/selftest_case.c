/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One selftest case: in a kthread of its own, in the context that it asks for, with what
 * fails counted, and what it must leave as it found it looked after.
 *
 *	runner (init or shell)			case's kthread "test/..."
 *	prepare: what is online, warned
 *	kthread_create(), wake			in task: fn(t)
 *	wait_event_idle_timeout(done) ..		else: run_in_context(ctx, fn(t))
 *	  ..					count and flags as before?
 *	  ..					done = true, wake_up()
 *	world check: CPUs answer ...
 *	returns: failures are in t
 *
 *	no answer in time: report, "not ok", panic. The thread still runs; whatever
 *	it broke, no later result would mean anything.
 *
 * Ordering: selftest/A. done releases what the case has written of t.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/bug.h>
#include <kernel/context.h>
#include <kernel/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <kernel/selftest.h>
#include <kernel/selftest_world.h>
#include <kernel/timer.h>
#include <kernel/wait.h>

#define TIMEOUT_MS	10000

/* One case in one context. */
struct test_run {
	struct selftest *t;
	enum context ctx;
	bool done;		/* the thread; the runner waits for it */
};

static DECLARE_WAIT_QUEUE_HEAD(done_wait);

/* ---- failures ----------------------------------------------------------------- */

static __printf(2, 0) void print_diagnostic(struct selftest *t, const char *what, va_list args)
{
	char text[256];

	vsnprintf(text, sizeof(text), what, args);
	con_printf("  # %s.%s: %s\n", t->suite, t->name, text);
}

void selftest_note(struct selftest *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_diagnostic(t, fmt, args);
	va_end(args);
}

void selftest_fail(struct selftest *t, const char *file, int line, const char *fmt, ...)
{
	char text[200];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	__atomic_fetch_add(&t->failures, 1, __ATOMIC_RELAXED);
	selftest_note(t, "%s:%d: %s", file, line, text);
}

void selftest_fail_eq(struct selftest *t, const char *file, int line, const char *a_text,
		      long long a, const char *b_text, long long b)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", b);
	if (strcmp(number, b_text))
		selftest_fail(t, file, line, "%s is %lld, expected %s = %lld", a_text, a,
			      b_text, b);
	else
		selftest_fail(t, file, line, "%s is %lld, expected %s", a_text, a, b_text);
}

#define fail(t, fmt, ...)	selftest_fail(t, __FILE__, __LINE__, fmt, ##__VA_ARGS__)

/* ---- one case, in its thread ---------------------------------------------------- */

/* Runs in the context that is tested; nothing of the case's may outlive it. */
static void run_checked(void *arg)
{
	struct test_run *run = arg;
	struct selftest *t = run->t;
	u32 count = context_count();
	bool irqs_off = irqs_disabled();

	if (current_context() != run->ctx)
		fail(t, "asked for %s context, runs in %s", context_names[run->ctx],
		     context_names[current_context()]);
	t->fn(t);
	if (context_count() != count) {
		fail(t, "returned with preempt_count %#x, began with %#x", context_count(), count);
		context_count_set(count);
	}
	if (irqs_disabled() != irqs_off) {
		fail(t, "returned with interrupts %s", irqs_off ? "on" : "off");
		if (irqs_off)
			local_irq_disable();
		else
			local_irq_enable();
	}
}

static int case_thread(void *arg)
{
	struct test_run *run = arg;
	int err;

	if (run->ctx == CTX_TASK) {
		run_checked(run);
	} else {
		migrate_disable();
		err = run_in_context(run->ctx, smp_processor_id(), run_checked, run);
		migrate_enable();
		if (err)
			fail(run->t, "run_in_context(%s) = %d", context_names[run->ctx], err);
	}
	/* selftest/A: pairs with selftest_run_case() */
	smp_store_release(&run->done, true);
	wake_up(&done_wait);
	return 0;
}

/* ---- seen by the runner -------------------------------------------------------- */

static __noreturn void report_hung(struct test_run *run, struct task_struct *p,
				   const char *name, unsigned int nr, unsigned int ms)
{
	struct selftest *t = run->t;

	con_printf("  # %s.%s: not done after %u ms; its thread:\n", t->suite, name, ms);
	show_task(p);
	con_printf("  not ok %u %s\n", nr, name);
	panic("selftest %s.%s hangs", t->suite, name);
}

void selftest_run_case(struct selftest *t, enum context ctx, const char *name, unsigned int nr)
{
	struct test_run run = { .t = t, .ctx = ctx };
	unsigned int ms = selftest_scale_ms(t->timeout_ms ? t->timeout_ms : TIMEOUT_MS);
	struct world before;
	struct task_struct *p;

	world_look(&before);
	p = kthread_create(case_thread, &run, "test/%s", t->name);
	if (IS_ERR(p)) {
		fail(t, "no thread for it (%ld)", PTR_ERR(p));
		return;
	}
	get_task_struct(p);
	wake_up_process(p);
	/* selftest/A: pairs with case_thread() */
	if (!wait_event_idle_timeout(done_wait, smp_load_acquire(&run.done),
				     msecs_to_jiffies(ms)))
		report_hung(&run, p, name, nr, ms);
	kthread_stop_put(p);
	world_check(&before, t);
}
