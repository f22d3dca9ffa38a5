/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of load for the stress command: one operation each, which checks itself.
 */
#ifndef KERNEL_STRESS_H
#define KERNEL_STRESS_H

#include <base/types.h>

struct task_struct;
struct stress_kind;

#define STRESS_OBJECTS	32

/* One kthread, bound to a CPU; all fields are its own while it runs. */
struct stress_worker {
	const struct stress_kind *kind;
	unsigned int cpu;
	struct task_struct *task;
	u64 ops, errors;
	u64 random;				/* state of stress_random() */
	struct {
		unsigned char *p;
		size_t size;
	} objects[STRESS_OBJECTS];		/* alloc */
};

struct stress_kind {
	const char *name;
	const char *what;
	/* One operation; returns after a bounded time. Task, may sleep. Return: is all well? */
	bool (*one)(struct stress_worker *w);
	/* Give back what operations left. May be NULL. Return: as one(). */
	bool (*end)(struct stress_worker *w);
};

extern const struct stress_kind stress_kinds[];
extern const unsigned int nr_stress_kinds;

u32 stress_random(struct stress_worker *w);

#endif
