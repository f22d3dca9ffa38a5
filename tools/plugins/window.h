/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the plugins share: their arguments, and the window in which they count.
 *
 *	mark=ADDR	lockbench_mark: a store to ADDR opens the window, to ADDR+4 closes it
 *	skip=ADDR	leave out the line at ADDR (the data that the lock guards)
 *	out=FILE	one line for each window that closed
 *
 * The plugins are for the deterministic run mode, in which QEMU runs all CPUs in one
 * host thread: nothing here is locked.
 */
#ifndef PLUGINS_WINDOW_H
#define PLUGINS_WINDOW_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu_abi.h"

struct window {
	uint64_t mark, skip;
	FILE *out;
	bool open;
	bool x86;
};

/* Return: 0, or -1 after saying what is accepted. */
static inline int window_arguments(struct window *w, const qemu_info_t *info, int argc,
				   char **argv)
{
	w->x86 = !strcmp(info->target_name, "x86_64");
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "mark=", 5)) {
			w->mark = strtoull(argv[i] + 5, NULL, 16);
		} else if (!strncmp(argv[i], "skip=", 5)) {
			w->skip = strtoull(argv[i] + 5, NULL, 16);
		} else if (!strncmp(argv[i], "out=", 4)) {
			w->out = fopen(argv[i] + 4, "w");
		} else {
			fprintf(stderr, "plugin: %s: accepted are: mark= skip= out=\n", argv[i]);
			return -1;
		}
	}
	if (w->mark && w->out)
		return 0;
	fprintf(stderr, "plugin: needs mark=ADDRESS and out=FILE that can be written\n");
	return -1;
}

/* A store to @va. Return: true if it opened or closed the window: see w->open. */
static inline bool window_store(struct window *w, uint64_t va)
{
	if (va != w->mark && va != w->mark + 4)
		return false;
	w->open = va == w->mark;
	return true;
}

#endif
