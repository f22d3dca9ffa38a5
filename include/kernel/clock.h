/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock alone, for those who may not include timers: the lock library's port.
 */
#ifndef KERNEL_CLOCK_H
#define KERNEL_CLOCK_H

#include <kernel/arch.h>

/* Nanoseconds since boot; the same clock on every CPU. Any context, NMI included. */
static inline u64 local_clock(void)
{
	return arch_clock_ns();
}

#endif
