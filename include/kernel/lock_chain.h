/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who waits for whom: from a task that sleeps for a lock to the lock's owner, to what
 * that one sleeps for, and so on; or round in a circle, which is a deadlock.
 */
#ifndef KERNEL_LOCK_CHAIN_H
#define KERNEL_LOCK_CHAIN_H

#include <kernel/sched.h>

#define LOCK_CHAIN_MAX	16

/* One task, as it was when it was looked at. */
struct chain_link {
	struct task_struct *task;	/* with a reference */
	struct blocked_on on;		/* kind NULL: it sleeps for no lock */
	const struct task_struct *owner; /* of on.lock; not to be followed */
	const char *owner_is;		/* what it is, if not the owner */
	u64 switches;
};

/*
 *	links[0]	the task that was asked about
 *	links[i + 1]	the owner of what links[i] sleeps for
 *	cycle		the link that the last one waits for, -1: none. Seen twice, unchanged.
 */
struct lock_chain {
	unsigned int nr;
	int cycle;
	bool longer;			/* than LOCK_CHAIN_MAX */
	struct chain_link links[LOCK_CHAIN_MAX];
};

/**
 * lock_chain_get() - who keeps @p waiting, down to who keeps no one
 * @c: to be given back with lock_chain_put()
 * @p: a task with a reference
 * Others go on meanwhile: each link was true when it was looked at. A cycle is true:
 * nobody in it can go on.
 * Context: Task.
 */
void lock_chain_get(struct lock_chain *c, struct task_struct *p);
void lock_chain_put(struct lock_chain *c);

/* "task 12 b waits for mutex 0x... , held by ..." of link @i. Return: as scnprintf(). */
int lock_chain_describe(const struct lock_chain *c, unsigned int i, char *buf, size_t size);

/* The chain, and the stacks of the owner and of who is at its end, to the log. */
void lock_chain_report(const struct lock_chain *c);

#endif
