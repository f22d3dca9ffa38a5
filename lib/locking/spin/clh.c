/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CLH spinlock, the mechanism. The contract is <locking/clh.h>.
 *
 *	CPU 0, brings A		CPU 1, brings B			tail	A  B
 *	A = 1, xchg: dummy				A	1
 *	dummy is 0: has it
 *				B = 1, xchg: A			B	1  1
 *				spins on A
 *	unlock: A = 0						B	0  1
 *	leaves with dummy	sees 0: has it
 *				unlock: B = 0			B	0  0
 *				leaves with A
 *
 * Ordering:
 *   clh/A  the hand-over: the unlock's store releases, the spin acquires.
 *   clh/B  node->locked = 1 is seen by whoever finds the node in tail: the xchg
 *	    releases it, the successor's xchg acquires it.
 * Cost: one xchg and one line transfer; without caches (NUMA) the spin is remote.
 */
#include <locking/clh.h>
#include <locking/lock_ops.h>
#include <locking/lockevent.h>

void clh_spin_lock(struct clh_spinlock *lock, struct clh_handle *h)
{
	struct clh_node *node = h->node ? h->node : &h->own;
	struct clh_node *prev;

	WRITE_ONCE(node->locked, 1);
	/* clh/B: pairs with clh_spin_lock(), clh_spin_is_locked() */
	prev = xchg(&lock->tail, node);
	if (!prev)
		prev = &lock->dummy;
	h->node = node;
	h->prev = prev;

	/* clh/A: pairs with clh_spin_unlock() */
	if (likely(!smp_load_acquire(&prev->locked)))
		return;
	lockevent_inc(clh_wait);
	/* clh/A: pairs with clh_spin_unlock() */
	smp_cond_load_acquire(&prev->locked, !VAL);
}

void clh_spin_unlock(struct clh_spinlock *lock __maybe_unused, struct clh_handle *h)
{
	struct clh_node *node = h->node;

	/* Nobody looks at the predecessor's node any more: it is ours now. */
	h->node = h->prev;
	/* clh/A: pairs with clh_spin_lock() */
	smp_store_release(&node->locked, 0);
}

bool clh_spin_is_locked(struct clh_spinlock *lock)
{
	/* clh/B: pairs with clh_spin_lock() */
	struct clh_node *tail = smp_load_acquire(&lock->tail);

	return tail && READ_ONCE(tail->locked);
}

LOCK_OPS_NODE_NO_TRYLOCK(clh, struct clh_spinlock, struct clh_handle);
