/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The architected timers: what the other files of this port need of timer.c.
 */
#ifndef ASM_TIMER_H
#define ASM_TIMER_H

#include <base/types.h>

/* Each CPU: timers off, the event stream for WFE on, the periodic NMI on if it is wanted. */
void timer_cpu_init(void);
/* The periodic NMI came: ask for the next. */
void timer_nmi_tick(void);

/* Which bit of a counter of @hz drives the event stream. */
unsigned int timer_event_bit(u64 hz);

#endif
