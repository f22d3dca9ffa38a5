/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A counter of known rate, against which others are measured.
 */
#ifndef ASM_TIMER_H
#define ASM_TIMER_H

#include <base/types.h>

struct time_ref {
	const char *name;
	u64 hz;
	u64 mask;			/* of the counter's bits */
	u64 (*read)(void);
};

/* The best there is: HPET, ACPI PM timer, PIT. Boot CPU. */
const struct time_ref *time_ref_init(void);

/* timer.c: boot CPU, first of all: time 0. Each CPU: the alarm's mode. */
void timer_early_init(void);
void timer_cpu_init(void);

#endif
