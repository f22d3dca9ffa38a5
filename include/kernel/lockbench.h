/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What locks cost: the two measurements behind the lockbench command.
 *
 *	pairs	one CPU, nobody waits		instructions of a lock and unlock pair
 *	contest	many CPUs, one lock		throughput, fairness, hand-over
 *
 * Both mark what they measure with a store to lockbench_mark: a QEMU plugin that
 * watches its address (tools/plugins) counts from .begin to .end.
 */
#ifndef KERNEL_LOCKBENCH_H
#define KERNEL_LOCKBENCH_H

#include <base/compiler.h>
#include <base/types.h>
#include <kernel/torture.h>

struct lockbench_mark {
	u32 begin, end;
} ____cacheline_aligned;

extern struct lockbench_mark lockbench_mark;

/**
 * lockbench_pairs() - print what each pair costs, one line a pair
 * Context: Task, preemptible. Means something in the deterministic run mode, in
 *	    which the clock counts instructions.
 */
void lockbench_pairs(void);

/* One contest: what is asked, and what came out. */
struct lockbench_contest {
	const struct torture_type *type;
	unsigned int cpus;
	unsigned int loops;		/* in a section */
	unsigned int ms;
	bool turns;			/* a loop gives every other CPU a turn */

	unsigned long acquired;
	unsigned long least, most;	/* of a CPU */
	u64 ns;				/* from start to end */
	unsigned long handovers;	/* acquisitions after another CPU's release */
	u64 handover_ns;		/* of them together, and of the longest */
	u64 worst_ns;
};

/**
 * lockbench_contest() - let CPUs take one lock as often as they can
 * Context: Task, may sleep.
 * Return: 0; -ENOMEM; -EIO: two were inside at once.
 */
int lockbench_contest(struct lockbench_contest *c);

#endif
