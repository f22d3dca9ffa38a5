/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of what code is told about where it runs: every predicate of preempt_count, in
 * every context, on top of a task and nested as deep as the machine goes.
 *
 *	answers()	what all predicates say, here and now: a set of Q_ bits
 *	nest_one()	notes them, then has itself run in the chain's next context
 *
 *	task		Q_TASK Q_PREEMPTIBLE
 *	  softirq	  Q_SOFTIRQ Q_SERVING ...
 *	    hardirq	    the softirq's, Q_HARDIRQ ...
 *	      NMI	      the hardirq's, Q_NMI
 *
 * What the driver refuses, and calls by the hundred: context_test.c.
 */
#include <kernel/context.h>
#include <kernel/irqflags.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/softirq.h>
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
