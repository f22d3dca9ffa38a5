/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CLH spinlock: a queue without links; each CPU spins on its predecessor's node,
 * and takes that node along when it leaves.
 *
 *	lock->tail	the last node, NULL stands for &lock->dummy	written by arrivals
 *	node->locked	1: its owner holds or waits			written by the owner
 *	handle->node	the node this handle brings			written by the caller's
 *	handle->prev	the node it will leave with			CPU only
 *
 *	lock -> [C 1]   [B 1]   [A 1]		A holds; C spins on B's, B on A's
 *
 * After its unlock a node is still the one that the successor looks at, so it
 * cannot be on the stack: nodes wander between the handles. A handle is the
 * caller's, one a CPU and context, all-zero at first, and lives as long as the lock.
 *
 * There is no trylock: a node seen unlocked at the tail may be recycled and be
 * there again, locked, when the exchange succeeds; and whoever has exchanged
 * must wait, for its successor already looks at its node.
 *
 * Linux: none. Craig (1993), Landin and Hagersten (1994)
 */
#ifndef LOCKING_CLH_H
#define LOCKING_CLH_H

#include <locking/atomic.h>

struct clh_node {
	int locked;
};

struct clh_spinlock {
	struct clh_node *tail;
	struct clh_node dummy;
};

struct clh_handle {
	struct clh_node *node;
	struct clh_node *prev;
	struct clh_node own;
};

/**
 * clh_spin_lock() - acquire, behind every CPU that arrived earlier
 * @h: this CPU's handle for @lock
 * Context: Any; preemption off, and interrupts too if a handler takes @lock.
 * Ordering: ACQUIRE.
 */
void clh_spin_lock(struct clh_spinlock *lock, struct clh_handle *h);

/* Ordering: RELEASE. */
void clh_spin_unlock(struct clh_spinlock *lock, struct clh_handle *h);

bool clh_spin_is_locked(struct clh_spinlock *lock);

#endif
