/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lockup detectors on a machine without NMIs (arch_no_nmi()): a timer interrupt on
 * each CPU takes the samples, and each CPU watches the next one.
 *
 *	samples		taken by this CPU		its CPU; the one before it reads
 *	next		what it saw of the next one	its CPU
 *
 *	CPU 0			CPU 1 (interrupts off)		CPU 2
 *	timer: samples++	nothing comes			timer: samples++
 *	CPU 1's: the same				CPU 0's: more, fine
 *	...
 *	the same WATCHDOG_SAMPLES times: panic
 *
 * A soft lockup is seen by the CPU itself, whose timer still comes. A hard lockup is seen
 * from outside, so its report has the task, and no registers: nothing reaches that CPU.
 * CPUs that are locked up side by side are seen by the CPU before the first of them.
 *
 * Limits: one CPU has nobody who watches it; nor are there timers while the boot CPU is
 * alone.
 *
 * Linux: kernel/watchdog_buddy.c (6.5)
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/hrtimer.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/watchdog.h>

struct watch {
	struct hrtimer timer;
	unsigned int samples;
	struct watchdog_buddy next;
};

static DEFINE_PER_CPU(struct watch, watches);

enum watchdog_verdict watchdog_judge_buddy(struct watchdog_buddy *buddy, unsigned int samples,
					   u64 now, u64 period_ns)
{
	bool fresh = samples != buddy->samples || now - buddy->last > 2 * period_ns;

	buddy->unchanged = fresh ? 0 : buddy->unchanged + 1;
	buddy->samples = samples;
	buddy->last = now;
	return buddy->unchanged < WATCHDOG_SAMPLES ? WATCHDOG_FINE : WATCHDOG_HARD_LOCKUP;
}

static void look_at(struct watch *w, unsigned int cpu)
{
	unsigned int samples = READ_ONCE(per_cpu(watches, cpu).samples);
	const struct task_struct *p;

	if (watchdog_judge_buddy(&w->next, samples, ktime_get_ns(), watchdog_period_ns()) ==
	    WATCHDOG_FINE)
		return;
	p = cpu_curr(cpu);
	panic("hard lockup: CPU %u took no timer interrupt for %llu s in task %d %s, seen by CPU %u",
	      cpu, WATCHDOG_SAMPLES * watchdog_period_ns() / NSEC_PER_SEC, p->pid, p->comm,
	      smp_processor_id());
}

static enum hrtimer_restart take_sample(struct hrtimer *timer)
{
	struct watch *w = this_cpu_ptr(&watches);
	unsigned int cpu = smp_processor_id(), next = cpumask_next(cpu, cpu_online_mask);

	if (panic_in_progress())
		return HRTIMER_NORESTART;
	WRITE_ONCE(w->samples, w->samples + 1);
	watchdog_sample(get_irq_regs());
	if (next >= nr_cpu_ids)
		next = cpumask_first(cpu_online_mask);
	if (next != cpu)
		look_at(w, next);
	hrtimer_forward_now(timer, (ktime_t)watchdog_period_ns());
	return HRTIMER_RESTART;
}

static void start_here(void *unused)
{
	struct watch *w = this_cpu_ptr(&watches);

	hrtimer_setup(&w->timer, take_sample, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	hrtimer_start(&w->timer, (ktime_t)watchdog_period_ns(), HRTIMER_MODE_REL_HARD);
}

void watchdog_timers_start(void)
{
	on_each_cpu(start_here, NULL, true);
}
