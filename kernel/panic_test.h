/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ways to break the kernel by sleeping where one must not, or for ever: panic_sleep_test.c.
 * Each is called in a task; none returns if it is found out.
 */
#ifndef KERNEL_PANIC_TEST_H
#define KERNEL_PANIC_TEST_H

#include <base/types.h>

void break_atomic(void);
void break_mightsleep(void);
void break_sleepirq(void);
void break_sleepoff(void);
void break_nmiwake(void);
void break_endatomic(void);
void break_hungtask(void);
void break_hungbusy(void);

/* Says so if there is none: panic_test.c. */
bool has_another_cpu(void);

#endif
