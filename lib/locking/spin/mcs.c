/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MCS spinlock, the mechanism. The contract is <locking/mcs.h>.
 *
 *	CPU 0 (A)			CPU 1 (B)			lock
 *	xchg: NULL, has it						A
 *					xchg: A, is behind it		B
 *	unlock: A->next is NULL, and
 *	  lock is not A: someone is
 *	  linking itself in, waits
 *					A->next = B
 *	  B->locked = 1			spins on B->locked
 *					has it				B
 *					unlock: B->next is NULL,
 *					  lock B -> NULL		NULL
 *
 * Ordering:
 *   mcs/A  the hand-over. The unlocker's store to next->locked, or its cmpxchg to
 *	    NULL, releases; the spin, or the xchg that saw NULL, acquires.
 *   mcs/B  the node is initialised before it can be found. The xchg releases it to
 *	    the next arrival, which links itself into ->next, and, since it is fully
 *	    ordered, also to the predecessor, which finds it in its own ->next and
 *	    sets ->locked: were locked = 0 seen after that, the wake-up would be lost.
 * Cost: an acquisition under contention is about four line transfers, whatever
 * the number of waiters.
 * Linux: kernel/locking/mcs_spinlock.h
 */
#include <locking/lock_ops.h>
#include <locking/lockevent.h>
#include <locking/mcs.h>

void mcs_spin_lock(struct mcs_spinlock **lock, struct mcs_spinlock *node)
{
	struct mcs_spinlock *prev;

	WRITE_ONCE(node->locked, 0);
	WRITE_ONCE(node->next, NULL);

	/*
	 * mcs/A: pairs with mcs_spin_unlock(); mcs/B: pairs with mcs_spin_lock(),
	 * mcs_spin_trylock(), mcs_spin_unlock()
	 */
	prev = xchg(lock, node);
	if (likely(!prev))
		return;
	lockevent_inc(mcs_wait);
	WRITE_ONCE(prev->next, node);
	/* mcs/A: pairs with mcs_spin_unlock() */
	smp_cond_load_acquire(&node->locked, VAL);
}

bool mcs_spin_trylock(struct mcs_spinlock **lock, struct mcs_spinlock *node)
{
	struct mcs_spinlock *none = NULL;

	WRITE_ONCE(node->locked, 0);
	WRITE_ONCE(node->next, NULL);
	/* mcs/A: pairs with mcs_spin_unlock(); mcs/B: pairs with mcs_spin_lock() */
	return try_cmpxchg(lock, &none, node);
}

void mcs_spin_unlock(struct mcs_spinlock **lock, struct mcs_spinlock *node)
{
	/* mcs/B: pairs with mcs_spin_lock(): what follows depends on this address */
	struct mcs_spinlock *next = READ_ONCE(node->next);

	if (likely(!next)) {
		struct mcs_spinlock *last = node;

		/* mcs/A: pairs with mcs_spin_lock(), mcs_spin_trylock() */
		if (likely(try_cmpxchg_release(lock, &last, NULL)))
			return;
		lockevent_inc(mcs_late_next);
		next = smp_cond_load_relaxed(&node->next, VAL);
	}
	/* mcs/A: pairs with mcs_spin_lock() */
	smp_store_release(&next->locked, 1);
}

LOCK_OPS_NODE(mcs, struct mcs_spinlock *, struct mcs_spinlock);
