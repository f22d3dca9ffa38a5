/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MCS spinlock: a queue of nodes, each CPU spinning on its own.
 *
 *	lock (a pointer)	the last node, NULL if free	written by arrivals, and
 *								the last holder
 *	node->next		who comes behind		written by that one, once
 *	node->locked		1: it is this node's turn	written by its predecessor
 *	node->count		for qspinlock: nodes in use	written by the node's CPU
 *
 *	lock: NULL		free
 *	lock: A			A holds, nobody waits
 *	lock: C   A -> B -> C	A holds, B and C wait in this order
 *
 * The caller gives the node: on its stack or per CPU, from lock to unlock.
 *
 * Linux:   kernel/locking/mcs_spinlock.h
 * Differs: trylock.
 */
#ifndef LOCKING_MCS_H
#define LOCKING_MCS_H

#include <locking/atomic.h>

struct mcs_spinlock {
	struct mcs_spinlock *next;
	int locked;
	int count;
};

/**
 * mcs_spin_lock() - acquire, behind every CPU that arrived earlier
 * @lock: the queue
 * @node: not in use; in use until the unlock
 * Context: Any; preemption off, and interrupts too if a handler takes @lock.
 * Ordering: ACQUIRE.
 */
void mcs_spin_lock(struct mcs_spinlock **lock, struct mcs_spinlock *node);

/* Ordering: ACQUIRE on success. Return: true if acquired; else @node is not in use. */
bool mcs_spin_trylock(struct mcs_spinlock **lock, struct mcs_spinlock *node);

/**
 * mcs_spin_unlock() - release, to the next in the queue if there is one
 * @node: the one of the acquisition; free again afterwards
 * Context: That of the acquisition.
 * Ordering: RELEASE.
 */
void mcs_spin_unlock(struct mcs_spinlock **lock, struct mcs_spinlock *node);

static __always_inline bool mcs_spin_is_locked(struct mcs_spinlock **lock)
{
	return READ_ONCE(*lock) != NULL;
}

#endif
