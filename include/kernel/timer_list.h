/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which timers are queued: for the timers command.
 *
 * Linux: kernel/time/timer_list.c
 */
#ifndef KERNEL_TIMER_LIST_H
#define KERNEL_TIMER_LIST_H

#include <base/types.h>

struct timer_info {
	u64 expires_ns;
	const void *function;
};

/**
 * timer_wheel_list() - the coarse timers queued on @cpu
 * @out: the first @max found go here, in no order
 * Context: Any but NMI.
 * Return: how many there are.
 */
unsigned int timer_wheel_list(unsigned int cpu, struct timer_info *out, unsigned int max);
/* The same for high-resolution timers. */
unsigned int hrtimer_list(unsigned int cpu, struct timer_info *out, unsigned int max);

#endif
