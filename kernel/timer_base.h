/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coarse timers inside: one CPU's wheel, and who runs now.
 *
 *	lock		protects all of struct timer_base
 *	wheel		the timers that are armed
 *	running		timer whose function runs now
 *	is_idle		the CPU's tick is stopped: it must be told of an earlier timer
 *	gate		who waits for a function to end, unless it is TIMER_IRQSAFE:
 *			timer_expiry.h
 *
 * Linux: struct timer_base, kernel/time/timer.c
 */
#ifndef KERNEL_TIMER_BASE_H
#define KERNEL_TIMER_BASE_H

#include <kernel/percpu.h>
#include "timer_expiry.h"
#include "timer_wheel.h"

struct timer_base {
	raw_spinlock_t lock;
	unsigned int cpu;
	bool is_idle;
	struct timer_list *running;
	struct expiry_gate gate;
	struct timer_wheel wheel;
};

DECLARE_PER_CPU(struct timer_base, timer_bases);

#endif
