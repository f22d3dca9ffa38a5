/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the console's owner writes: console_text.c. All of these by the owner only.
 */
#ifndef KERNEL_CONSOLE_TEXT_H
#define KERNEL_CONSOLE_TEXT_H

#include <kernel/console.h>

void console_put(const char *s, size_t len);
/* The record's lines, each behind its prefix; a raw one as it stands. */
void console_put_record(const struct log_record *rec);
/* A line in place of records: "** 3 log record(s) @what **". */
void console_put_lost(const char *what, u64 count);

#endif
