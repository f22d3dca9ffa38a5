/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stress command: load of several kinds on every CPU at once, for a while.
 *
 *	shell				worker, one for each kind on each CPU
 *	makes all workers
 *	wakes them			one operation after another, until
 *	sleeps, or Ctrl-C		kthread_stop()
 *	stops them, adds up
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/cpumask.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/readline.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/stress.h>
#include <kernel/timer.h>

#define SECONDS_DEFAULT	5
#define SECONDS_MAX	86400

static int stress_thread(void *arg)
{
	struct stress_worker *w = arg;

	while (!kthread_should_stop()) {
		w->errors += !w->kind->one(w);
		WRITE_ONCE(w->ops, w->ops + 1);
		cond_resched();
	}
	if (w->kind->end)
		w->errors += !w->kind->end(w);
	return 0;
}

/* ---- choosing -------------------------------------------------------------------- */

static bool parse_kind(const char *name, u32 *kinds)
{
	for (unsigned int i = 0; i < nr_stress_kinds; i++) {
		if (!strcmp(name, stress_kinds[i].name)) {
			*kinds |= 1U << i;
			return true;
		}
	}
	return false;
}

static bool parse_arguments(int argc, char **argv, long *seconds, u32 *kinds)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] >= '0' && argv[i][0] <= '9') {
			if (!shell_parse_int(argv[i], "seconds", 1, SECONDS_MAX, seconds))
				return false;
		} else if (!parse_kind(argv[i], kinds)) {
			shell_printf("kind '%s': accepted are\n", argv[i]);
			for (unsigned int k = 0; k < nr_stress_kinds; k++)
				shell_printf("  %-8s %s\n", stress_kinds[k].name,
					     stress_kinds[k].what);
			return false;
		}
	}
	if (!*kinds)
		*kinds = (1U << nr_stress_kinds) - 1;
	return true;
}

/* ---- running --------------------------------------------------------------------- */

static unsigned int start_workers(struct stress_worker *w, u32 kinds)
{
	unsigned int n = 0, cpu;

	for_each_online_cpu(cpu) {
		for (unsigned int k = 0; k < nr_stress_kinds; k++) {
			if (!(kinds & (1U << k)))
				continue;
			w[n].kind = &stress_kinds[k];
			w[n].cpu = cpu;
			w[n].random = 88172645463325252ULL + cpu * 6364136223846793005ULL + k;
			w[n].task = kthread_create_on_cpu(stress_thread, &w[n], cpu, "stress/%u");
			if (IS_ERR(w[n].task)) {
				shell_printf("stress: no more threads after %u\n", n);
				return n;
			}
			n++;
		}
	}
	return n;
}

static u64 report_kind(const struct stress_kind *kind, const struct stress_worker *w,
		       unsigned int nr, u64 ms)
{
	u64 ops = 0, errors = 0, least = ~0ULL, most = 0;

	for (unsigned int i = 0; i < nr; i++) {
		if (w[i].kind != kind)
			continue;
		ops += w[i].ops;
		errors += w[i].errors;
		least = min(least, w[i].ops);
		most = max(most, w[i].ops);
	}
	if (least != ~0ULL)
		shell_printf("%-8s  %10llu  %10llu  %10llu  %10llu  %6llu\n", kind->name, ops,
			     ops * 1000 / max(ms, 1ULL), least, most, errors);
	return errors;
}

static int run_stress(struct stress_worker *w, unsigned int nr, unsigned int seconds)
{
	u64 start = ktime_get_ns(), errors = 0, ms;

	for (unsigned int i = 0; i < nr; i++)
		wake_up_process(w[i].task);
	shell_sleep(seconds * 1000);
	for (unsigned int i = 0; i < nr; i++)
		kthread_stop(w[i].task);
	ms = (ktime_get_ns() - start) / NSEC_PER_MSEC;
	shell_printf("KIND             OPS       OPS/S   LEAST/CPU    MOST/CPU  ERRORS\n");
	for (unsigned int k = 0; k < nr_stress_kinds; k++)
		errors += report_kind(&stress_kinds[k], w, nr, ms);
	return errors ? -EIO : 0;
}

static int cmd_stress(int argc, char **argv)
{
	struct stress_worker *w;
	long seconds = SECONDS_DEFAULT;
	unsigned int nr;
	u32 kinds = 0;
	int ret;

	if (!parse_arguments(argc, argv, &seconds, &kinds))
		return -EINVAL;
	w = vzalloc(sizeof(*w) * num_online_cpus() * nr_stress_kinds);
	if (!w)
		return -ENOMEM;
	nr = start_workers(w, kinds);
	shell_printf("stress: %u workers on %u CPUs for %ld s\n", nr, num_online_cpus(), seconds);
	ret = run_stress(w, nr, (unsigned int)seconds);
	vfree(w);
	return ret;
}

static void complete_stress(struct completion_list *list, int arg)
{
	for (unsigned int k = 0; k < nr_stress_kinds; k++)
		completion_offer(list, stress_kinds[k].name);
}
SHELL_COMMAND(stress, "stress [SECONDS] [KIND]...", "load all CPUs, check results", cmd_stress,
	      .complete = complete_stress,
	      .details = "KIND: threads timers ipis alloc locks work; all unless some are named.\n"
			 "ERRORS counts operations whose result was wrong.\n");
