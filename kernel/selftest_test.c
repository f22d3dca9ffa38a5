/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runner tested by itself. Suite selftest is for every run; suite meta is
 * hidden: its cases misbehave on purpose, and tests/qemu boots them one by one
 * and checks that the run fails as it should.
 */
#include <base/errno.h>
#include <kernel/bug.h>
#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <kernel/softirq.h>

SELFTEST(selftest, a_case_runs_in_a_task_of_its_own)
{
	EXPECT(in_task());
	EXPECT(!in_atomic());
	EXPECT(!irqs_disabled());
	EXPECT_EQ(current->policy, SCHED_NORMAL);
}

SELFTEST(selftest, a_case_runs_in_each_context_it_asks_for, .contexts = CTX_ALL)
{
	static unsigned int seen;

	EXPECT_EQ(seen, CTX_BIT(current_context()) - 1);
	seen |= CTX_BIT(current_context());
	if (current_context() + 1 == nr_contexts())
		seen = 0;
}

SELFTEST(selftest, failures_are_counted_in_the_case)
{
	struct selftest other = { .suite = "selftest", .name = "this_failure_is_meant" };

	selftest_fail(&other, __FILE__, __LINE__, "not counted for the run");
	EXPECT_EQ(other.failures, 1);
	EXPECT_EQ(t->failures, 0);
}

SELFTEST(selftest, runs_do_not_nest)
{
	EXPECT_EQ(selftest_run("selftest.*", NULL), -EBUSY);
}

SELFTEST(selftest, warnings_can_be_announced, .warnings = 1)
{
	WARN(true, "selftest: a warning that is meant");
}

SELFTEST(selftest, deadlines_are_scaled_up_only)
{
	EXPECT(selftest_scale_ms(100) >= 100);
	EXPECT_EQ(selftest_scale_ms(200), 2 * selftest_scale_ms(100));
}

/* ---- meta: what a run must find ---------------------------------------------- */

#define META(name, ...)	SELFTEST(meta, name, .hidden = true, ##__VA_ARGS__)

META(passes)
{
}

META(skips)
{
	SELFTEST_SKIP("on purpose");
}

META(needs_more_cpus_than_there_are, .min_cpus = 100000)
{
}

META(fails)
{
	EXPECT_EQ(1 + 1, 3);
}

META(fails_in_nmi, .contexts = CTX_BIT(CTX_NMI))
{
	EXPECT(!in_nmi());
}

META(leaves_preemption_off)
{
	preempt_disable();
}

META(leaves_softirqs_off)
{
	local_bh_disable();
}

META(leaves_interrupts_off)
{
	local_irq_disable();
}

META(warns)
{
	WARN(true, "meta: not announced");
}

META(warns_less_than_announced, .warnings = 1)
{
}

META(sleeps_for_ever, .timeout_ms = 100)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		schedule();
	}
}

META(spins_for_ever, .timeout_ms = 100, .min_cpus = 2)
{
	for (;;)
		cpu_relax();
}

static void spin_with_interrupts_off(void *unused)
{
	for (;;)
		cpu_relax();
}

META(loses_a_cpu, .min_cpus = 2)
{
	unsigned int here = get_cpu();

	smp_call_function_single(cpumask_any_but(cpu_online_mask, here),
				 spin_with_interrupts_off, NULL, false);
	put_cpu();
}
