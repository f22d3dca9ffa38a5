/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * High-resolution timers inside: one CPU's trees and its hardware timer.
 *
 *	lock		protects all of struct hrtimer_cpu_base
 *	tree		HARD: run in the timer interrupt; SOFT: in HRTIMER_SOFTIRQ
 *	running		timer whose function runs now, one for each tree
 *	programmed	what the hardware timer was last set for; KTIME_MAX: stopped
 *	in_irq		the interrupt is at work and will program the hardware at its end
 *	soft_raised	the softirq will look at SOFT: its first does not count for the hardware
 *	gate		who waits for a function of SOFT to end: timer_expiry.h
 *
 * hrtimer.c starts and cancels, hrtimer_run.c runs what is due, hrtimer_base.c is what
 * both do to a base.
 *
 * Linux: struct hrtimer_cpu_base, include/linux/hrtimer_defs.h
 */
#ifndef KERNEL_HRTIMER_BASE_H
#define KERNEL_HRTIMER_BASE_H

#include <kernel/hrtimer.h>
#include <kernel/percpu.h>
#include "timer_expiry.h"

enum { HARD, SOFT, NR_TREES };

struct hrtimer_cpu_base {
	raw_spinlock_t lock;
	unsigned int cpu;
	bool in_irq;
	bool soft_raised;
	ktime_t programmed;
	struct rb_root_cached tree[NR_TREES];
	struct hrtimer *running[NR_TREES];
	struct expiry_gate gate;
};

DECLARE_PER_CPU(struct hrtimer_cpu_base, hrtimer_bases);

/* All with the base locked. */
struct hrtimer *hrtimer_first(struct hrtimer_cpu_base *base, int tree);
/* What the hardware should be set for. */
ktime_t hrtimer_first_event(struct hrtimer_cpu_base *base);
/* This CPU's base: set the hardware, if it is not set right. Not before @delay from now. */
void hrtimer_program(struct hrtimer_cpu_base *base, ktime_t delay);
void hrtimer_enqueue(struct hrtimer_cpu_base *base, struct hrtimer *timer);
/* Return: false if it was not queued. */
bool hrtimer_dequeue(struct hrtimer_cpu_base *base, struct hrtimer *timer);

/* hrtimers_init()'s part in hrtimer_run.c: the interrupt and the softirq. */
void hrtimer_run_init(void);

#endif
