/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Detectors of CPUs and tasks that get nowhere. The mechanism is in
 * kernel/watchdog.c and watchdog_timer.c (CPUs) and in kernel/hung_task.c (tasks).
 */
#ifndef KERNEL_WATCHDOG_H
#define KERNEL_WATCHDOG_H

#include <base/types.h>

struct pt_regs;
struct task_struct;

/* What an NMI tick sees of its CPU. */
struct watchdog_view {
	u64 now;		/* ns */
	u64 irqs;		/* interrupts that it has taken */
	u64 passes;		/* times that it has been through the scheduler */
	bool irqs_on;		/* in what the NMI interrupted */
	bool idle;		/* the idle task, halted or about to */
};

/* What it remembers. */
struct watchdog_state {
	u64 last;		/* ns: the sample before */
	u64 irqs, passes;	/* as they were then */
	unsigned int irqs_off_samples;	/* in a row: interrupts off, none taken */
	unsigned int no_pass_samples;	/* in a row: busy, not through the scheduler */
	bool soft_reported;
};

enum watchdog_verdict { WATCHDOG_FINE, WATCHDOG_SOFT_LOCKUP, WATCHDOG_HARD_LOCKUP };

/* Samples that make a hard lockup; a soft one takes twice as many. */
#define WATCHDOG_SAMPLES	5

/**
 * watchdog_judge() - add a sample
 * @period_ns: how far apart samples are meant to be
 * Context: any; the CPU's own.
 * Return: WATCHDOG_SOFT_LOCKUP once a lockup, WATCHDOG_HARD_LOCKUP on each sample.
 */
enum watchdog_verdict watchdog_judge(struct watchdog_state *state,
				     const struct watchdog_view *view, u64 period_ns);

/* Look at this CPU now, in an NMI or a timer interrupt that interrupted @regs. */
void watchdog_sample(struct pt_regs *regs);
u64 watchdog_period_ns(void);

/* What a CPU remembers of the next one. */
struct watchdog_buddy {
	u64 last;		/* ns: when it last looked */
	unsigned int samples;	/* that the other had taken then */
	unsigned int unchanged;	/* looks in a row at which it had taken no more */
};

/* As watchdog_judge(), of another CPU, which has taken @samples. */
enum watchdog_verdict watchdog_judge_buddy(struct watchdog_buddy *buddy, unsigned int samples,
					   u64 now, u64 period_ns);
/* On every CPU that is online. Context: Task. */
void watchdog_timers_start(void);

/* Tick again, after somebody else used arch_nmi_tick() and stopped it. Context: Task. */
void watchdog_restart_tick(void);

/* Is @p hung, that is, in one uninterruptible sleep for @timeout_ns? Looks twice
 * before it says yes. Return: true once a sleep. */
bool task_is_hung(struct task_struct *p, u64 now, u64 timeout_ns);

#endif
