/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * printk() from everywhere at once: what went in is in the log, whole, once, and
 * in the order in which each context printed it. At debug level, which the console
 * does not show.
 */
#include <base/string.h>
#include <locking/testing.h>
#include <kernel/arch.h>
#include <kernel/context.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/selftest.h>

#define PER_CONTEXT	4
#define MAX_CPUS	64
#define TAIL		"the quick brown fox jumps over the lazy dog, " \
			"and what is long enough takes a second slot of the log"

static struct log_record rec;
static u64 first_seq;
/* [cpu][context]: how many there must be, how many the log had */
static unsigned int printed[MAX_CPUS][NR_CONTEXTS], found[MAX_CPUS][NR_CONTEXTS];

static void remember_the_log(void)
{
	struct log_stats stats;

	log_stats(&stats);
	first_seq = stats.slots_used;
	memset(printed, 0, sizeof(printed));
	memset(found, 0, sizeof(found));
}

static void print_some(unsigned int cpu, enum context ctx)
{
	int i;

	for (i = 0; i < PER_CONTEXT; i++)
		pr_debug("printk test %u %d %u " TAIL "\n", cpu, ctx, printed[cpu][ctx]++);
}

/* Return: the number at *@s, which moves past it and a blank. */
static unsigned int number(const char **s)
{
	unsigned int n = 0;

	while (**s >= '0' && **s <= '9')
		n = n * 10 + *(*s)++ - '0';
	*s += **s == ' ';
	return n;
}

static void check_record(struct selftest *t)
{
	static const char head[] = "printk test ";
	const char *s = rec.text + sizeof(head) - 1;
	unsigned int cpu, ctx, n;

	if (strncmp(rec.text, head, sizeof(head) - 1))
		return;
	cpu = number(&s);
	ctx = number(&s);
	n = number(&s);
	if (!EXPECT(cpu < MAX_CPUS && ctx < NR_CONTEXTS))
		return;
	EXPECT_EQ(n, found[cpu][ctx]++);
	EXPECT_STREQ(s, TAIL);
	EXPECT_EQ(rec.level, LOGLEVEL_DEBUG);
}

static void check_log(struct selftest *t)
{
	u64 seq = first_seq, lost = 0;
	unsigned int cpu, ctx;

	while (log_read(&seq, &rec, &lost))
		check_record(t);
	EXPECT_EQ(lost, 0);
	for (cpu = 0; cpu < MAX_CPUS; cpu++)
		for (ctx = 0; ctx < NR_CONTEXTS; ctx++)
			EXPECT_EQ(found[cpu][ctx], printed[cpu][ctx]);
}

/* task -> softirq -> hardirq -> NMI, each printing before and after the next. */
static void print_and_nest(void *arg)
{
	enum context ctx = current_context();
	unsigned int cpu = raw_smp_processor_id();

	print_some(cpu, ctx);
	if (ctx + 1 < nr_contexts() && !test_in_context(ctx + 1, print_and_nest, NULL))
		selftest_fail(arg, __FILE__, __LINE__, "no context %d here", ctx + 1);
	print_some(cpu, ctx);
}

static void nest_here(unsigned int index, void *arg)
{
	print_and_nest(arg);
}

SELFTEST(printk, keeps_lines_whole_from_four_contexts_on_all_cpus)
{
	remember_the_log();
	/* Half a log full: what others print meanwhile has room. */
	test_on_cpus(test_cpus(MAX_CPUS / 4), nest_here, t);
	check_log(t);
}

/* An NMI lands wherever it lands: in a reservation, in a copy, in the console. */
static void print_in_nmi(void *arg)
{
	print_some(raw_smp_processor_id(), CTX_NMI);
}

static void print_under_fire(unsigned int index, void *arg)
{
	const unsigned int *cpus = arg;
	unsigned int cpu = raw_smp_processor_id(), i;

	if (index == 0) {
		for (i = 0; i < 8; i++)
			run_in_context(CTX_NMI, (cpu + 1 + i % (*cpus - 1)) % *cpus,
				       print_in_nmi, NULL);
		return;
	}
	for (i = 0; i < 8; i++)
		print_some(cpu, CTX_TASK);
}

SELFTEST(printk, nmis_on_top_of_printing_cpus_lose_nothing, .min_cpus = 2, .needs_nmi = true)
{
	unsigned int cpus = test_cpus(8);

	remember_the_log();
	test_on_cpus(cpus, print_under_fire, &cpus);
	check_log(t);
}

static bool find_record(const char *text)
{
	u64 seq = first_seq;

	while (log_read(&seq, &rec, NULL))
		if (!strcmp(rec.text, text))
			return true;
	return false;
}

SELFTEST(printk, records_carry_level_cpu_and_time)
{
	u64 before = arch_clock_ns();
	int was = console_loglevel;
	char prefix[32];

	console_loglevel = 0;
	remember_the_log();
	pr_err("an error\n");
	pr_info("a piece of information\n");
	printk("of no level\n");
	console_loglevel = was;

	EXPECT(find_record("an error"));
	EXPECT_EQ(rec.level, LOGLEVEL_ERR);
	EXPECT(rec.ts_ns >= before && rec.ts_ns <= arch_clock_ns());
	EXPECT(find_record("a piece of information"));
	EXPECT_EQ(rec.level, LOGLEVEL_INFO);
	EXPECT(find_record("of no level"));
	EXPECT_EQ(rec.level, LOGLEVEL_DEFAULT);

	rec.ts_ns = 12 * 1000000000ULL + 3456789;
	log_prefix(&rec, prefix, sizeof(prefix));
	EXPECT_STREQ(prefix, "[   12.003456] ");
}

SELFTEST(printk, one_record_may_have_several_lines)
{
	remember_the_log();
	EXPECT_EQ(pr_debug("one\ntwo\n"), 7);
	EXPECT(find_record("one\ntwo"));
}
