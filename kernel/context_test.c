/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the context driver: what it refuses, that a function may do what its context
 * allows, and calls from all CPUs to all CPUs in all contexts at once. What the function
 * finds when it runs is context_nest_test.c's.
 */
#include <base/errno.h>
#include <kernel/context.h>
#include <kernel/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/preempt.h>
#include <kernel/softirq.h>
#include <locking/atomic.h>
#include "test_util.h"

/* ---- what is refused ----------------------------------------------------------------- */

static void nothing(void *arg)
{
}

struct refusals {
	int ret[NR_CONTEXTS];
};

static void try_all(void *arg)
{
	struct refusals *r = arg;
	int ctx;

	for (ctx = CTX_TASK; ctx < (int)nr_contexts(); ctx++)
		r->ret[ctx] = run_in_context(ctx, raw_smp_processor_id(), nothing, NULL);
}

static void expect_refusals(struct selftest *t, const struct refusals *r, unsigned int allowed,
			    const char *from)
{
	int ctx;

	for (ctx = CTX_TASK; ctx < (int)nr_contexts(); ctx++) {
		int want = allowed & CTX_BIT(ctx) ? 0 : -EINVAL;

		if (r->ret[ctx] != want)
			selftest_fail(t, __FILE__, __LINE__, "%s from %s: %d, expected %d",
				      context_names[ctx], from, r->ret[ctx], want);
	}
}

SELFTEST(context, what_cannot_nest_is_refused)
{
	struct refusals r;

	pin_to(raw_smp_processor_id());
	try_all(&r);
	expect_refusals(t, &r, CTX_ALL, "a task");
	preempt_disable();
	try_all(&r);
	preempt_enable();
	expect_refusals(t, &r, CTX_BIT(CTX_HARDIRQ) | CTX_BIT(CTX_NMI) |
			(IS_ENABLED(CONFIG_PREEMPT_RT) ? 0 : CTX_BIT(CTX_SOFTIRQ)),
			"a task, preemption off");
	local_bh_disable();
	try_all(&r);
	local_bh_enable();
	expect_refusals(t, &r, CTX_BIT(CTX_HARDIRQ) | CTX_BIT(CTX_NMI) |
			(IS_ENABLED(CONFIG_PREEMPT_RT) ? CTX_BIT(CTX_TASK) : 0),
			"a task, softirqs off");
	local_irq_disable();
	try_all(&r);
	local_irq_enable();
	expect_refusals(t, &r, CTX_BIT(CTX_NMI), "a task, interrupts off");
	run_in_context(CTX_SOFTIRQ, raw_smp_processor_id(), try_all, &r);
	expect_refusals(t, &r, CTX_BIT(CTX_HARDIRQ) | CTX_BIT(CTX_NMI), "softirq");
	run_in_context(CTX_HARDIRQ, raw_smp_processor_id(), try_all, &r);
	expect_refusals(t, &r, CTX_BIT(CTX_NMI), "hardirq");
	if (!run_in_context(CTX_NMI, raw_smp_processor_id(), try_all, &r))
		expect_refusals(t, &r, 0, "NMI");
	unpin();
}

SELFTEST(context, bad_arguments_are_refused)
{
	struct context_call call = { .fn = nothing };

	EXPECT_EQ(run_in_context(NR_CONTEXTS, 0, nothing, NULL), -EINVAL);
	EXPECT_EQ(run_in_context(CTX_NMI, 0, NULL, NULL), -EINVAL);
	EXPECT_EQ(run_in_context(CTX_NMI, nr_cpu_ids, nothing, NULL), -ENODEV);
	EXPECT_EQ(run_in_context(CTX_TASK, NR_CPUS + 1, nothing, NULL), -ENODEV);
	EXPECT_EQ(run_in_context_async(CTX_TASK, nr_cpu_ids, &call), -ENODEV);
	EXPECT_EQ(run_in_context_async(NR_CONTEXTS, 0, &call), -EINVAL);
	if (arch_no_nmi()) {
		EXPECT_EQ(run_in_context(CTX_NMI, 0, nothing, NULL), -EOPNOTSUPP);
		EXPECT_EQ(run_in_context_async(CTX_NMI, 0, &call), -EOPNOTSUPP);
	}
}

/* ---- what a function may do ----------------------------------------------------------- */

static void sleep_a_little(void *arg)
{
	msleep(1);
	*(bool *)arg = true;
}

SELFTEST(context, a_function_in_task_context_may_sleep)
{
	bool slept = false;

	EXPECT_EQ(run_in_context(CTX_TASK, cpumask_first(cpu_online_mask), sleep_a_little, &slept),
		  0);
	EXPECT(slept);
}

/* ---- many calls ----------------------------------------------------------------------- */

/* As many calls a CPU as make the case last about as long on any number of them. */
static unsigned int storm_rounds(void)
{
	return clamp(32 / num_online_cpus(), 1U, 8U);
}

struct storm {
	atomic_t wrong;			/* ran elsewhere, or in another context */
	atomic_t ran[NR_CONTEXTS];
};

struct storm_call {
	struct context_call call;
	struct storm *storm;
	enum context ctx;
	unsigned int cpu;
};

static void storm_ran(void *arg)
{
	struct storm_call *c = arg;

	if (raw_smp_processor_id() != c->cpu || current_context() != c->ctx)
		atomic_inc(&c->storm->wrong);
	atomic_inc(&c->storm->ran[c->ctx]);
}

/* One call to each CPU in each context under way at a time; then all waited for. */
static void storm_member(unsigned int self, void *arg)
{
	struct storm_call *calls = kmalloc(nr_cpu_ids * sizeof(*calls), GFP_KERNEL);
	unsigned int round, cpu;

	for (round = 0; round < storm_rounds() * nr_contexts() && calls; round++) {
		enum context ctx = round % nr_contexts();

		for_each_cpu_wrap(cpu, cpu_online_mask, self) {
			struct storm_call *c = &calls[cpu];

			*c = (struct storm_call){
				.call = { .fn = storm_ran, .arg = c },
				.storm = arg, .ctx = ctx, .cpu = cpu,
			};
			run_in_context_async(ctx, cpu, &c->call);
		}
		for_each_online_cpu(cpu) {
			while (!smp_load_acquire(&calls[cpu].call.done))
				cond_resched();
		}
	}
	kfree(calls);
}

SELFTEST(context, all_cpus_reach_all_cpus_in_all_contexts_exactly_once, .timeout_ms = 30000)
{
	struct storm storm = { .wrong = ATOMIC_INIT(0) };
	unsigned int n = num_online_cpus();
	int ctx;

	on_all_cpus(storm_member, &storm);
	EXPECT_EQ(atomic_read(&storm.wrong), 0);
	for (ctx = CTX_TASK; ctx < (int)nr_contexts(); ctx++)
		EXPECT_EQ(atomic_read(&storm.ran[ctx]), storm_rounds() * n * n);
}

static int give_way(void *unused)
{
	while (!kthread_should_stop())
		yield();
	return 0;
}

static void count_nmi(void *ran)
{
	(*(unsigned int *)ran)++;
}

/*
 * As many as half a second has room for. tests/qemu/test_boot.py also boots this in QEMU's
 * deterministic mode, where an NMI may come between any two instructions of arch_switch_to().
 */
SELFTEST(context, nmis_come_at_any_point_of_a_switch, .min_cpus = 2, .needs_nmi = true)
{
	unsigned int cpu = cpumask_last(cpu_online_mask), sent = 0, ran = 0;
	struct task_struct *tasks[2];
	ktime_t end;

	pin_to(other_cpu(cpu));
	for (unsigned int i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = kthread_run_on_cpu(give_way, NULL, cpu, "gives-way/%u");
	end = ktime_get() + 500 * NSEC_PER_MSEC;
	do {
		EXPECT_EQ(run_in_context(CTX_NMI, cpu, count_nmi, &ran), 0);
		sent++;
	} while (ktime_get() < end);
	for (unsigned int i = 0; i < ARRAY_SIZE(tasks); i++)
		kthread_stop(tasks[i]);
	unpin();
	EXPECT_EQ(ran, sent);
}
