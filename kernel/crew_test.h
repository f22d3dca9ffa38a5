/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Many CPUs at one thing, for tests of kernel/. Members sleep until all exist,
 * so that 64 vCPUs on two host CPUs do not spend their time waiting.
 */
#ifndef KERNEL_CREW_TEST_H
#define KERNEL_CREW_TEST_H

#include <base/types.h>

/**
 * crew_run() - run @fn(index, @arg) at once on every online CPU, each in a kthread bound there
 * Context: Task, may sleep. One crew at a time.
 * Return: how many ran, when all have returned.
 */
unsigned int crew_run(void (*fn)(unsigned int index, void *arg), void *arg);

/* Have the members run long enough? A bound for slow hosts, never something to assert. */
bool crew_time_over(void);

#endif
