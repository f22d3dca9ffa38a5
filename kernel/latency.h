/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the latency command and what it keeps the CPUs busy with: latency_burden.c.
 */
#ifndef KERNEL_LATENCY_H
#define KERNEL_LATENCY_H

#include <kernel/softirq.h>
#include <kernel/timer.h>
#include <locking/spinlock.h>

#define NR_BURDENS	5		/* kinds */

struct burden {
	const struct burden_kind *kind;
	struct task_struct *task;	/* NULL: not started */
	spinlock_t lock;
	struct tasklet_struct tasklet;
	struct timer_list timer;
	bool over;			/* the softirq or interrupt has done its part */
};

/* Take the line that the interrupts come on, and give it back. Return: 0, -EBUSY. */
int burdens_begin(void);
void burdens_end(void);
/* The @kind-th, on @cpu. Return: false without memory. */
bool burden_start(struct burden *b, unsigned int kind, unsigned int cpu);
void burden_stop(struct burden *b);

#endif
