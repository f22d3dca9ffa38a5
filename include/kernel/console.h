/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the log (kernel/printk.c) and the console (kernel/console.c).
 * Everybody else uses <kernel/printk.h>.
 */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

#include <kernel/printk.h>

/* See that the log gets to the console: write it, or leave it to who writes already.
 * Context: any. */
void console_flush(void);

/* Records below this level are shown. */
int log_console_level(void);
/* Records that found no room, ever. */
u64 log_dropped(void);
/* Is the record at @seq finished? Has anybody begun one at or after it? */
bool log_readable(u64 seq);
bool log_behind(u64 seq);
/* Is half the log ahead of @seq? */
bool log_half_full(u64 seq);
/* A record that the console shows as it is. */
__printf(1, 0) void log_raw(const char *fmt, va_list args);

#endif
