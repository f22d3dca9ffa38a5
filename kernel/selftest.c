/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The selftest runner: choose, run case by case, report KTAP. How one case is run, and
 * what becomes of one that hangs, is in selftest_case.c.
 *
 * Fields of struct selftest are written by the runner before a case's thread starts
 * and after it is done; failures by any CPU, atomically. While a run is under way
 * the runner has the highest FIFO priority, so that a case that never sleeps does
 * not keep it from noticing.
 *
 * The report is KTAP version 1: suites at the top, one nested test a case:
 *
 *	KTAP version 1
 *	1..2
 *	  KTAP version 1
 *	  # Subtest: sched
 *	  1..2
 *	  ok 1 first_case
 *	  # sched.second_case: kernel/sched_test.c:12: a is 1, expected b = 2
 *	  not ok 2 second_case
 *	not ok 1 sched
 *	...
 *	# Totals: pass:7 fail:1 skip:0 total:8
 *
 * Each line goes to the console in one piece; records of the log stand between
 * lines, with their time stamps, where a KTAP parser passes over them.
 *
 * Linux:   lib/kunit, Documentation/dev-tools/ktap.rst
 * Differs: no fixtures, no mocks; cases run in contexts that the line asks for.
 */
#include <base/bits.h>
#include <base/errno.h>
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <kernel/selftest_world.h>
#include <kernel/timer.h>
#include <kernel/tty.h>

#define NR_SLOWEST	3

static bool running;		/* a run is under way; taken with xchg */

/* ---- one case ------------------------------------------------------------------ */

static void run_name(const struct selftest *t, enum context ctx, char *buf, size_t size)
{
	bool in_many = t->contexts & (t->contexts - 1);

	snprintf(buf, size, "%s%s%s", t->name, in_many ? "." : "",
		 in_many ? context_names[ctx] : "");
}

struct slow {
	char name[SELFTEST_NAME_MAX];
	u64 ns;
};

/* The state of one selftest_run(). */
struct runner {
	struct selftest **chosen;	/* by suite, then in source order */
	unsigned int nr_chosen;
	struct selftest_result res;
	struct slow slowest[NR_SLOWEST];
	bool interrupted;
};

static void note_duration(struct runner *r, const struct selftest *t, const char *name, u64 ns)
{
	for (int i = 0; i < NR_SLOWEST; i++) {
		if (ns <= r->slowest[i].ns)
			continue;
		for (int j = NR_SLOWEST - 1; j > i; j--)
			r->slowest[j] = r->slowest[j - 1];
		snprintf(r->slowest[i].name, sizeof(r->slowest[i].name), "%s.%s", t->suite, name);
		r->slowest[i].ns = ns;
		return;
	}
}

static bool count_result(struct runner *r, const struct selftest *t, const char *name,
			 unsigned int nr)
{
	if (t->failures) {
		con_printf("  not ok %u %s\n", nr, name);
		r->res.failed++;
		return false;
	}
	if (t->skip_reason) {
		con_printf("  ok %u %s # SKIP %s\n", nr, name, t->skip_reason);
		r->res.skipped++;
	} else {
		con_printf("  ok %u %s\n", nr, name);
		r->res.passed++;
	}
	return true;
}

/* Return: false if it failed. */
static bool run_variant(struct runner *r, struct selftest *t, enum context ctx, unsigned int nr)
{
	char name[SELFTEST_NAME_MAX], cpus[48];
	u64 start = ktime_get_ns();

	run_name(t, ctx, name, sizeof(name));
	t->failures = 0;
	t->skip_reason = NULL;
	if (tty_interrupted())
		r->interrupted = true;
	if (r->interrupted) {
		t->skip_reason = "interrupted";
	} else if (num_online_cpus() < t->min_cpus) {
		snprintf(cpus, sizeof(cpus), "needs %u CPUs, %u online", t->min_cpus,
			 num_online_cpus());
		t->skip_reason = cpus;
	} else if ((t->needs_nmi || ctx == CTX_NMI) && arch_no_nmi()) {
		t->skip_reason = arch_no_nmi();
	} else {
		selftest_run_case(t, ctx, name, nr);
		note_duration(r, t, name, ktime_get_ns() - start);
	}
	if (!count_result(r, t, name, nr))
		return false;
	t->skip_reason = NULL;
	return true;
}

/* ---- suites ------------------------------------------------------------------------ */

static unsigned int case_contexts(const struct selftest *t)
{
	return t->contexts ? t->contexts : CTX_BIT(CTX_TASK);
}

/* Run chosen[first] and all that follow it in its suite. Return: how many these are. */
static unsigned int run_suite(struct runner *r, unsigned int first, unsigned int nr_suite)
{
	const char *suite = r->chosen[first]->suite;
	unsigned int end = first, plan = 0, nr = 0, skipped = r->res.skipped;
	bool ok = true;

	for (; end < r->nr_chosen && !strcmp(r->chosen[end]->suite, suite); end++)
		plan += hweight32(case_contexts(r->chosen[end]) & CTX_ALL);
	con_printf("  KTAP version 1\n");
	con_printf("  # Subtest: %s\n", suite);
	con_printf("  1..%u\n", plan);
	for (unsigned int i = first; i < end; i++)
		for (enum context ctx = CTX_TASK; ctx < NR_CONTEXTS; ctx++)
			if (case_contexts(r->chosen[i]) & CTX_BIT(ctx))
				ok &= run_variant(r, r->chosen[i], ctx, ++nr);
	con_printf("%s %u %s%s\n", ok ? "ok" : "not ok", nr_suite, suite,
		   r->res.skipped - skipped == plan ? " # SKIP all cases skipped" : "");
	return end - first;
}

static void print_times(const struct runner *r, u64 ms)
{
	char line[64 + NR_SLOWEST * (SELFTEST_NAME_MAX + 16)];
	int n = scnprintf(line, sizeof(line), "# Time: %llu.%03llu s on %u CPU%s; slowest:",
			  ms / 1000, ms % 1000, num_online_cpus(), num_online_cpus() > 1 ? "s" : "");

	for (int i = 0; i < NR_SLOWEST && r->slowest[i].ns; i++)
		n += scnprintf(line + n, sizeof(line) - n, "%s %s %llu ms", i ? "," : "",
			       r->slowest[i].name, r->slowest[i].ns / NSEC_PER_MSEC);
	con_printf("%s\n", line);
}

static void run_suites(struct runner *r)
{
	unsigned int suites = 0, nr = 0;
	u64 start = ktime_get_ns();

	for (unsigned int i = 0; i < r->nr_chosen; i++)
		suites += !i || strcmp(r->chosen[i - 1]->suite, r->chosen[i]->suite);
	con_printf("KTAP version 1\n");
	con_printf("1..%u\n", suites);
	for (unsigned int i = 0; i < r->nr_chosen;)
		i += run_suite(r, i, ++nr);
	con_printf("# Totals: pass:%u fail:%u skip:%u total:%u\n", r->res.passed, r->res.failed,
		   r->res.skipped, r->res.passed + r->res.failed + r->res.skipped);
	print_times(r, (ktime_get_ns() - start) / NSEC_PER_MSEC);
}

/* ---- a run ------------------------------------------------------------------------------ */

static int run_chosen(struct runner *r, const char *glob)
{
	struct sched_param urgent = { .sched_priority = MAX_RT_PRIO - 1 };

	if (!r->nr_chosen) {
		con_printf("selftest: nothing is called '%s'; 'selftest -l' lists all cases\n",
			   glob);
		return -ENOENT;
	}
	world_calibrate();
	sched_setscheduler(current, SCHED_FIFO, &urgent);
	tty_command_begin();
	run_suites(r);
	tty_command_end();
	sched_set_normal(current, 0);
	if (r->interrupted)
		return -EINTR;
	if (!r->res.failed && !r->res.passed)
		con_printf("# Nothing ran: every case was skipped\n");
	return r->res.failed || !r->res.passed ? -EIO : 0;
}

int selftest_run(const char *glob, struct selftest_result *res)
{
	struct runner *r;
	int ret;

	/* selftest/B: pairs with selftest_run() */
	if (xchg(&running, true))
		return -EBUSY;
	if (!glob)
		glob = "*";
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	ret = r ? selftest_choose(glob, &r->chosen, &r->nr_chosen) : -ENOMEM;
	if (!ret)
		ret = run_chosen(r, glob);
	if (res)
		*res = r ? r->res : (struct selftest_result){ };
	if (r)
		kfree(r->chosen);
	kfree(r);
	/* selftest/B: pairs with selftest_run() */
	smp_store_release(&running, false);
	return ret;
}
