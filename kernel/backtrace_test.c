/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Backtraces cross interrupt frames: from each context the walk finds the function
 * that was interrupted, and the interrupt's registers on the way.
 */
#include <base/string.h>
#include <locking/testing.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/context.h>
#include <kernel/kthread.h>
#include <kernel/preempt.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <kernel/symbols.h>
#include <kernel/timer.h>
#include <kernel/unwind.h>

struct walk {
	bool found;			/* the function of that name is on the stack */
	unsigned int interrupts;	/* frames that came with registers */
	unsigned int frames;
};

static struct walk take_walk(struct unwind_state *u, const char *name)
{
	struct walk w = { 0 };

	do {
		const char *here = symbol_name(u->ip - u->after_call, NULL, NULL);

		w.frames++;
		w.found |= here && !strcmp(here, name);
		w.interrupts += u->regs != NULL;
	} while (unwind_next(u) && w.frames < 100);
	return w;
}

static void walk_from_here(void *arg)
{
	struct unwind_state u;

	unwind_start(&u, NULL, NULL);
	*(struct walk *)arg = take_walk(&u, "interrupted_function");
}

static noinline bool interrupted_function(enum context ctx, struct walk *w)
{
	bool ran = test_in_context(ctx, walk_from_here, w);

	barrier();
	return ran;
}

SELFTEST(backtrace, crosses_softirq_hardirq_and_nmi_frames)
{
	enum context ctx;

	if (!symbol_count())
		SELFTEST_SKIP("no symbol table");
	for (ctx = CTX_TASK; ctx < nr_contexts(); ctx++) {
		struct walk w = { 0 };

		if (ctx == CTX_TASK)
			continue;
		EXPECT(interrupted_function(ctx, &w));
		if (!w.found)
			selftest_fail(t, __FILE__, __LINE__,
				"from %s: not among %u frames, %u interrupts",
				context_names[ctx], w.frames, w.interrupts);
		if (ctx != CTX_SOFTIRQ)
			EXPECT(w.interrupts > 0);
	}
}

static int sleeping_function(void *unused)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

SELFTEST(backtrace, shows_where_a_task_sleeps)
{
	struct task_struct *p = kthread_run(sleeping_function, NULL, "sleeper");
	struct unwind_state u;

	if (!EXPECT(!IS_ERR(p)))
		return;
	while (task_state(p) != TASK_INTERRUPTIBLE || task_running(p))
		msleep(1);
	unwind_start(&u, p, NULL);
	EXPECT(take_walk(&u, "sleeping_function").found);
	kthread_stop(p);
}

SELFTEST(backtrace, ends_on_nonsense)
{
	struct unwind_state u = { .ip = (unsigned long)interrupted_function, .fp = 0x1238 };

	EXPECT_EQ(take_walk(&u, "interrupted_function").frames, 1);
	u = (struct unwind_state){ .ip = (unsigned long)interrupted_function,
				  .fp = (unsigned long)&u };
	EXPECT(take_walk(&u, "interrupted_function").frames < 100);
}

SELFTEST(bug, warnings_are_counted_and_go_on, .warnings = 2)
{
	unsigned int before = warn_count();
	int i;

	for (i = 0; i < 3; i++)
		EXPECT_EQ(WARN_ON_ONCE(i >= 0), true);
	EXPECT_EQ(warn_count(), before + 1);
	EXPECT(WARN(i == 3, "provoked: i is %d", i));
	EXPECT(!WARN(i == 4, "not printed"));
	EXPECT_EQ(warn_count(), before + 2);
}

SELFTEST(bug, context_is_described)
{
	char buf[128];

	preempt_disable();
	describe_context(buf, sizeof(buf));
	preempt_enable();
	EXPECT(strstr(buf, "CPU "));
	EXPECT(strstr(buf, "task context, preempt_count 0x1, interrupts on"));
}
