/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Behind selftest.c: which cases there are, running one, and what each must leave as it
 * found it.
 */
#ifndef KERNEL_SELFTEST_WORLD_H
#define KERNEL_SELFTEST_WORLD_H

#include <kernel/context.h>

struct selftest;

struct world {
	unsigned int online;		/* CPUs */
	unsigned int warnings;
};

/* Remember how things are. */
void world_look(struct world *w);
/* Fail @t for what has changed. A CPU that does not answer any more ends in a panic. */
void world_check(const struct world *before, struct selftest *t);

/* Find out how slow this machine is, for selftest_scale_ms(). Task. */
void world_calibrate(void);

/**
 * selftest_choose() - the cases that @glob names
 * Return: 0 with *@chosen, to be freed, and *@nr set; -ENOMEM.
 */
int selftest_choose(const char *glob, struct selftest ***chosen, unsigned int *nr);

/**
 * selftest_run_case() - run @t in @ctx, in a thread of its own, and wait for its end
 * @name, @nr: as the report calls it, if it never ends
 * Context: Task. One at a time.
 * Return: when it has ended; what failed is counted in @t. A case that does not end in
 *	   its time ends in a panic.
 */
void selftest_run_case(struct selftest *t, enum context ctx, const char *name, unsigned int nr);

#endif
