/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the timers' pages and tick.c say to each other. Interrupts off for all.
 */
#ifndef KERNEL_TICK_H
#define KERNEL_TICK_H

#include <base/types.h>

/* timers_init()'s part in hrtimer_base.c; timers_cpu_init() is tick.c's. */
void hrtimers_init(void);

/* The tick: raise TIMER_SOFTIRQ if this CPU's wheel has something due. */
void run_local_timers(void);

/* From now on this CPU is told of earlier timers. Return: the next one's time, or KTIME_MAX. */
ktime_t timer_base_enter_idle(void);
void timer_base_exit_idle(void);

#endif
