/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures for people: sizes and times with a unit, three digits or a little more.
 */
#ifndef KERNEL_HUMAN_H
#define KERNEL_HUMAN_H

#include <base/types.h>

struct human {
	char text[24];
};

/* Each writes @h and returns h->text: "1.5 MiB", "12.3 us", "97.1" (no sign). */
const char *human_size(struct human *h, u64 bytes);
const char *human_ns(struct human *h, u64 ns);
const char *human_percent(struct human *h, u64 part, u64 whole);

#endif
