/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the context driver, and with it of preempt_count's predicates at every
 * depth at which the machine can be.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/softirq.h>
#include <locking/atomic.h>
#include "test_util.h"

/* Everything one can ask, one bit each, in the order of the names below. */
enum {
	Q_TASK = 1, Q_SOFTIRQ = 2, Q_SERVING = 4, Q_HARDIRQ = 8, Q_NMI = 16,
	Q_ATOMIC = 32, Q_INTERRUPT = 64, Q_PREEMPTIBLE = 128, Q_IRQS_OFF = 256,
};

static const char *const question[] = {
	"in_task", "in_softirq", "in_serving_softirq", "in_hardirq", "in_nmi",
	"in_atomic", "in_interrupt", "preemptible", "irqs_disabled",
};

#define AT_TASK			(Q_TASK | Q_PREEMPTIBLE)
/* A real-time kernel serves softirqs, and turns them off, in tasks that may be preempted. */
#define SOFTIRQS		(Q_SOFTIRQ | Q_INTERRUPT | \
				 (IS_ENABLED(CONFIG_PREEMPT_RT) ? Q_PREEMPTIBLE : Q_ATOMIC))
#define AT_SOFTIRQ		(SOFTIRQS | Q_SERVING)
#define AT_HARDIRQ		(Q_HARDIRQ | Q_ATOMIC | Q_INTERRUPT | Q_IRQS_OFF)
#define AT_HARDIRQ_ON_SOFTIRQ	(AT_HARDIRQ | Q_SOFTIRQ | Q_SERVING)
#define AT_NMI			(AT_HARDIRQ | Q_NMI)
#define AT_NMI_ON_SOFTIRQ	(AT_NMI | Q_SOFTIRQ | Q_SERVING)

static unsigned int answers(void)
{
	return (in_task() ? Q_TASK : 0) | (in_softirq() ? Q_SOFTIRQ : 0) |
	       (in_serving_softirq() ? Q_SERVING : 0) | (in_hardirq() ? Q_HARDIRQ : 0) |
	       (in_nmi() ? Q_NMI : 0) | (in_atomic() ? Q_ATOMIC : 0) |
	       (in_interrupt() ? Q_INTERRUPT : 0) | (preemptible() ? Q_PREEMPTIBLE : 0) |
	       (irqs_disabled() ? Q_IRQS_OFF : 0);
}

static void check_answers(struct selftest *t, unsigned int got, unsigned int want,
			  const char *where, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(question); i++) {
		if ((got ^ want) & 1U << i)
			selftest_fail(t, __FILE__, __LINE__, "CPU %u, %s: %s() is %d", cpu, where,
				      question[i], (got >> i) & 1);
	}
}

/* A chain of contexts, each nested in the one before; what was seen at each. */
struct nest {
	enum context chain[NR_CONTEXTS];
	unsigned int depth, at;
	unsigned int cpu;
	unsigned int seen[NR_CONTEXTS], seen_cpu[NR_CONTEXTS];
	enum context seen_context[NR_CONTEXTS];
	int ret[NR_CONTEXTS];
	unsigned int count_before[NR_CONTEXTS], count_after[NR_CONTEXTS];
};

static void nest_one(void *arg)
{
	struct nest *n = arg;
	unsigned int at = n->at++;

	n->seen[at] = answers();
	n->seen_cpu[at] = raw_smp_processor_id();
	n->seen_context[at] = current_context();
	if (at + 1 == n->depth)
		return;
	n->count_before[at] = preempt_count();
	n->ret[at] = run_in_context(n->chain[at + 1], n->cpu, nest_one, n);
	n->count_after[at] = preempt_count();
}

/*
 * What the first of a chain may find beneath it. An interrupt comes on top of what
 * runs there: of a softirq, when the tick came first and raised one.
 */
static unsigned int beneath(const struct nest *n)
{
	if (n->chain[0] < CTX_HARDIRQ || !(n->seen[0] & Q_SOFTIRQ))
		return 0;
	return Q_SOFTIRQ | (n->seen[0] & Q_SERVING);
}

static void check_nest(struct selftest *t, struct nest *n, const unsigned int *want)
{
	unsigned int i;

	EXPECT_EQ(n->at, n->depth);
	for (i = 0; i < n->at; i++) {
		check_answers(t, n->seen[i], want[i] | beneath(n), context_names[n->chain[i]],
			      n->cpu);
		EXPECT_EQ(n->seen_cpu[i], n->cpu);
		EXPECT_EQ(n->seen_context[i], n->chain[i]);
		if (i + 1 < n->depth) {
			EXPECT_EQ(n->ret[i], 0);
			EXPECT_EQ(n->count_after[i], n->count_before[i]);
		}
	}
}

/* Without NMIs: the three levels that there are. */
SELFTEST(context, task_softirq_hardirq_nmi_nest_on_every_cpu)
{
	static const unsigned int want[] = {
		AT_TASK, AT_SOFTIRQ, AT_HARDIRQ_ON_SOFTIRQ, AT_NMI_ON_SOFTIRQ,
	};
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct nest n = {
			.chain = { CTX_TASK, CTX_SOFTIRQ, CTX_HARDIRQ, CTX_NMI },
			.depth = nr_contexts(), .cpu = cpu,
		};

		pin_to(cpu);
		nest_one(&n);
		check_nest(t, &n, want);
	}
	unpin();
}

SELFTEST(context, each_context_comes_on_top_of_a_task)
{
	static const unsigned int want[NR_CONTEXTS] = { AT_TASK, AT_SOFTIRQ, AT_HARDIRQ, AT_NMI };
	unsigned int cpu;
	int ctx;

	for_each_online_cpu(cpu) {
		pin_to(cpu);
		for (ctx = CTX_TASK; ctx < (int)nr_contexts(); ctx++) {
			struct nest n = { .chain = { ctx }, .depth = 1, .cpu = cpu };

			EXPECT_EQ(run_in_context(ctx, cpu, nest_one, &n), 0);
			check_nest(t, &n, &want[ctx]);
		}
	}
	unpin();
}

SELFTEST(context, another_cpu_is_reached_on_top_of_a_busy_loop, .min_cpus = 2)
{
	static const unsigned int want[NR_CONTEXTS] = { AT_TASK, AT_SOFTIRQ, AT_HARDIRQ, AT_NMI };
	static const unsigned int want_chain[] = {
		AT_SOFTIRQ, AT_HARDIRQ_ON_SOFTIRQ, AT_NMI_ON_SOFTIRQ,
	};
	struct busy_task busy;
	unsigned int cpu;
	int ctx;

	for_each_online_cpu(cpu) {
		struct nest chain = {
			.chain = { CTX_SOFTIRQ, CTX_HARDIRQ, CTX_NMI },
			.depth = nr_contexts() - 1, .cpu = cpu,
		};

		pin_to(other_cpu(cpu));
		start_busy(&busy, cpu, false);
		for (ctx = CTX_TASK; ctx < (int)nr_contexts(); ctx++) {
			struct nest n = { .chain = { ctx }, .depth = 1, .cpu = cpu };

			EXPECT_EQ(run_in_context(ctx, cpu, nest_one, &n), 0);
			check_nest(t, &n, &want[ctx]);
		}
		EXPECT_EQ(run_in_context(CTX_SOFTIRQ, cpu, nest_one, &chain), 0);
		check_nest(t, &chain, want_chain);
		stop_busy(&busy);
	}
	unpin();
}

SELFTEST(context, an_nmi_gets_through_to_a_cpu_with_interrupts_off, .min_cpus = 2,
	 .needs_nmi = true)
{
	static const unsigned int want = AT_NMI;
	struct busy_task busy;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct nest n = { .chain = { CTX_NMI }, .depth = 1, .cpu = cpu };

		pin_to(other_cpu(cpu));
		start_busy(&busy, cpu, true);
		EXPECT_EQ(run_in_context(CTX_NMI, cpu, nest_one, &n), 0);
		check_nest(t, &n, &want);
		stop_busy(&busy);
	}
	unpin();
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

SELFTEST(context, predicates_know_disabled_softirqs_preemption_and_interrupts)
{
	unsigned long flags;

	check_answers(t, answers(), AT_TASK, "task", 0);
	local_bh_disable();
	check_answers(t, answers(), Q_TASK | SOFTIRQS, "bh disabled", 0);
	local_bh_enable();
	preempt_disable();
	check_answers(t, answers(), Q_TASK | Q_ATOMIC, "preempt disabled", 0);
	preempt_enable();
	local_irq_save(flags);
	check_answers(t, answers(), Q_TASK | Q_IRQS_OFF, "irqs off", 0);
	local_irq_restore(flags);
	check_answers(t, answers(), AT_TASK, "task again", 0);
}

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

/* ---- many at once ----------------------------------------------------------------------- */

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
