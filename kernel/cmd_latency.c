/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The latency command: how late the most urgent task of each CPU wakes up, while the
 * CPU is busy with what a real-time kernel can preempt, and another cannot.
 *
 *	sampler, SCHED_FIFO 99, one a CPU	burdens, fair, one of each kind a CPU:
 *	sleeps until t, by a hard timer		latency_burden.c
 *	late = now - t
 *	t += 1 ms
 *
 * Lateness goes into bins, eight to each power of two: a percentile is known to one
 * part in eight; the worst is known exactly.
 *
 * Limits: a host that runs fewer CPUs at a time than there are vCPUs adds its own
 * delays, which are longer than all of these: measure with --accel icount.
 *
 * Linux: cyclictest of rt-tests
 */
#include <base/errno.h>
#include <kernel/cpumask.h>
#include <kernel/hrtimer.h>
#include <kernel/human.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/readline.h>
#include <kernel/shell.h>
#include <kernel/timer.h>
#include "latency.h"

#define SECONDS_DEFAULT	5
#define SECONDS_MAX	86400
#define INTERVAL_NS	(1 * NSEC_PER_MSEC)
#define NR_BINS		(64 * 8)

/* ---- the samplers ------------------------------------------------------------------ */

struct latency {
	struct task_struct *sampler;
	struct burden burdens[NR_BURDENS];
	u64 samples, sum, worst;	/* ns */
	u32 bins[NR_BINS];
};

/* Eight bins to a power of two. */
static unsigned int bin_of(u64 ns)
{
	unsigned int log = ns ? 63 - (unsigned int)__builtin_clzll(ns) : 0;

	return log < 3 ? (unsigned int)ns : log * 8 + ((ns >> (log - 3)) & 7);
}

static u64 upper_end(unsigned int bin)
{
	unsigned int log = bin / 8;

	return log < 3 ? bin : ((u64)(8 + bin % 8 + 1) << (log - 3)) - 1;
}

static void note(struct latency *l, u64 ns)
{
	l->samples++;
	l->sum += ns;
	l->worst = max(l->worst, ns);
	l->bins[bin_of(ns)]++;
}

static int sampler_thread(void *data)
{
	struct latency *l = data;
	ktime_t next = ktime_get() + INTERVAL_NS, now;

	while (!kthread_should_stop()) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (schedule_hrtimeout(&next, HRTIMER_MODE_ABS))
			continue;
		now = ktime_get();
		note(l, (u64)(now - next));
		next = max(next, now - INTERVAL_NS / 2) + INTERVAL_NS;
	}
	return 0;
}

/* The least bin's end that @permille of all samples are below. */
static u64 percentile(const struct latency *all, unsigned int cpus, unsigned int permille)
{
	u64 samples = 0, seen = 0, worst = 0;

	for (unsigned int i = 0; i < cpus; i++) {
		samples += all[i].samples;
		worst = max(worst, all[i].worst);
	}
	for (unsigned int bin = 0; bin < NR_BINS; bin++) {
		for (unsigned int i = 0; i < cpus; i++)
			seen += all[i].bins[bin];
		if (seen * 1000 >= samples * permille)
			return min(upper_end(bin), worst);
	}
	return 0;
}

/* ---- the command ------------------------------------------------------------------- */

static bool start_sampler(struct latency *l, unsigned int cpu)
{
	struct sched_param top = { .sched_priority = MAX_RT_PRIO - 1 };
	struct task_struct *p = kthread_create_on_cpu(sampler_thread, l, cpu, "latency/%u");

	if (IS_ERR(p))
		return false;
	l->sampler = p;
	sched_setscheduler(p, SCHED_FIFO, &top);
	wake_up_process(p);
	return true;
}

static bool start_all(struct latency *all, bool burdened)
{
	unsigned int cpu, i = 0;

	for_each_online_cpu(cpu) {
		struct latency *l = &all[i++];

		for (unsigned int k = 0; burdened && k < NR_BURDENS; k++)
			if (!burden_start(&l->burdens[k], k, cpu))
				return false;
		if (!start_sampler(l, cpu))
			return false;
	}
	return true;
}

static void stop_all(struct latency *all, unsigned int cpus)
{
	for (unsigned int i = 0; i < cpus; i++) {
		if (all[i].sampler)
			kthread_stop(all[i].sampler);
		for (unsigned int k = 0; k < NR_BURDENS; k++)
			burden_stop(&all[i].burdens[k]);
	}
}

static void report(const struct latency *all, unsigned int cpus, bool burdened)
{
	u64 samples = 0, sum = 0, worst = 0;
	struct human h[5];

	for (unsigned int i = 0; i < cpus; i++) {
		samples += all[i].samples;
		sum += all[i].sum;
		worst = max(worst, all[i].worst);
	}
	shell_printf("latency: %s kernel, %u CPUs, %s, %llu wake-ups\n",
		     IS_ENABLED(CONFIG_PREEMPT_RT) ? "real-time" : preempt_mode_names[preempt_mode],
		     cpus, burdened ? "busy" : "idle", samples);
	shell_printf("latency: mean %s, 50%% %s, 99%% %s, 99.9%% %s, worst %s\n",
		     human_ns(&h[0], samples ? sum / samples : 0),
		     human_ns(&h[1], percentile(all, cpus, 500)),
		     human_ns(&h[2], percentile(all, cpus, 990)),
		     human_ns(&h[3], percentile(all, cpus, 999)), human_ns(&h[4], worst));
}

static int measure(struct latency *all, unsigned int seconds, bool burdened)
{
	unsigned int cpus = num_online_cpus();
	int ret;

	ret = burdens_begin();
	if (ret)
		return ret;
	if (start_all(all, burdened))
		shell_sleep(seconds * 1000);
	else
		ret = -ENOMEM;
	stop_all(all, cpus);
	burdens_end();
	if (!ret)
		report(all, cpus, burdened);
	return ret;
}

static int cmd_latency(int argc, char **argv)
{
	static const char *const words[] = { "idle", "busy", NULL };
	long seconds = SECONDS_DEFAULT;
	struct latency *all;
	int busy = true, ret;

	if (shell_too_many(argc, argv, 2))
		return -EINVAL;
	if (argc > 1 && !shell_parse_int(argv[1], "seconds", 1, SECONDS_MAX, &seconds))
		return -EINVAL;
	if (argc > 2 && !shell_parse_word(argv[2], "load", words, &busy))
		return -EINVAL;
	all = vzalloc(num_online_cpus() * sizeof(*all));
	if (!all)
		return -ENOMEM;
	ret = measure(all, (unsigned int)seconds, busy);
	vfree(all);
	return ret;
}

static void complete_latency(struct completion_list *list, int arg)
{
	if (arg == 2) {
		completion_offer(list, "idle");
		completion_offer(list, "busy");
	}
}
SHELL_COMMAND(latency, "latency [SECONDS [idle|busy]]", "how late urgent tasks wake",
	      cmd_latency, .complete = complete_latency,
	      .details = "A SCHED_FIFO task on each CPU sleeps a millisecond at a time, while others\n"
			 "hold locks, have softirqs off, run tasklets, timers and interrupts. Ever so\n"
			 "late under preempt=none, less so in a real-time kernel.\n");
