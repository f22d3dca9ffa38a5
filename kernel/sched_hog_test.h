/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hogs: fair tasks that do nothing but run, and tell where.
 */
#ifndef KERNEL_SCHED_HOG_TEST_H
#define KERNEL_SCHED_HOG_TEST_H

#include <kernel/cpumask.h>
#include <kernel/sched.h>

#define MAX_HOGS	8

extern struct hog {
	struct task_struct *task;
	u64 turns;			/* its own */
	unsigned int cpu;		/* its own: where it was in the last turn */
	bool stop;
} hogs[MAX_HOGS];

/* The thread, for who makes one of his own. @arg: a struct hog. */
int hog_thread(void *arg);
/* The @i-th, on @mask. Return: false without memory. */
bool start_hog(int i, const struct cpumask *mask, int nice);
/* Those from 0 to @n - 1. */
void stop_hogs(int n);
/* Does it get a turn that begins after this call? Waits a scaled while. */
bool hog_moves(int i);

#endif
