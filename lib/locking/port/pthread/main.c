/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host-test: run the selftests that lib/locking registers, report in KTAP.
 *
 *	host-test [-l] [-c CPUS] [GLOB...]
 */
#include <fnmatch.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/testing.h>

extern struct selftest __start_selftests[], __stop_selftests[];

static unsigned int cpus = 4;

unsigned int test_cpus(unsigned int max)
{
	return cpus < max ? cpus : max;
}

void test_set_prio(struct task_struct *p, int prio)
{
	raw_spin_lock(&p->pi_lock);
	WRITE_ONCE(p->normal_prio, prio);
	rt_mutex_setprio(p, p->pi_top_task);
	raw_spin_unlock(&p->pi_lock);
	rt_mutex_adjust_pi(p);
}

/* The last CPUs' tasks: no test has so many threads. */
struct task_struct *test_puppet(unsigned int i, int prio)
{
	struct task_struct *p = &port_tasks[NR_CPUS - 1 - i];

	test_set_prio(p, prio);
	return p;
}

void test_put_puppets(void)
{
}

void selftest_fail(struct selftest *t, const char *file, int line, const char *fmt, ...)
{
	va_list args;

	if (__atomic_fetch_add(&t->failures, 1, __ATOMIC_RELAXED))
		return;
	va_start(args, fmt);
	printf("# %s.%s: %s:%d: ", t->suite, t->name, file, line);
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
}

static bool chosen(const struct selftest *t, char **globs)
{
	char name[256];

	snprintf(name, sizeof(name), "%s.%s", t->suite, t->name);
	if (!*globs)
		return true;
	for (; *globs; globs++)
		if (!fnmatch(*globs, name, 0))
			return true;
	return false;
}

static int usage(const char *argv0)
{
	fprintf(stderr, "usage: %s [-l] [-c CPUS] [GLOB...]\n"
		"	-l	list the cases\n"
		"	-c	1 to %d threads, each a CPU\n"
		"	GLOB	over suite.case, as in 'qspinlock.*'\n", argv0, NR_CPUS);
	return 2;
}

static void run_here(void *arg)
{
	struct selftest *t = arg;

	t->fn(t);
}

/* A case that names contexts runs once in each. */
static void run(struct selftest *t)
{
	unsigned int contexts = t->contexts ? t->contexts : CTX_BIT(CTX_TASK);

	for (enum context ctx = CTX_TASK; ctx < NR_CONTEXTS; ctx++)
		if (contexts & CTX_BIT(ctx))
			test_in_context(ctx, run_here, t);
}

static unsigned int run_all(char **globs, bool list, unsigned int *ran)
{
	unsigned int failed = 0;

	for (struct selftest *t = __start_selftests; t < __stop_selftests; t++) {
		if (!chosen(t, globs))
			continue;
		++*ran;
		if (list) {
			printf("%s.%s\n", t->suite, t->name);
			continue;
		}
		if (t->min_cpus > cpus)
			t->skip_reason = "more CPUs needed";
		else
			run(t);
		failed += t->failures != 0;
		printf("%s %u %s.%s%s%s\n", t->failures ? "not ok" : "ok", *ran, t->suite, t->name,
		       t->skip_reason ? " # SKIP " : "", t->skip_reason ? t->skip_reason : "");
	}
	return failed;
}

int main(int argc, char **argv)
{
	unsigned int ran = 0, failed;
	bool list = false;
	int opt;

	while ((opt = getopt(argc, argv, "lc:")) != -1) {
		if (opt == 'l')
			list = true;
		else if (opt == 'c')
			cpus = (unsigned int)atoi(optarg);
		else
			return usage(argv[0]);
	}
	if (cpus < 1 || cpus > NR_CPUS)
		return usage(argv[0]);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!list)
		printf("KTAP version 1\n");
	failed = run_all(argv + optind, list, &ran);
	if (!list)
		printf("1..%u\n# %u passed, %u failed\n", ran, ran - failed, failed);
	if (!ran)
		fprintf(stderr, "no case matches\n");
	return !ran || failed;
}
