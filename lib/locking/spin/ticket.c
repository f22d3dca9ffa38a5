/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticket spinlock, the wait. The contract and the fast path are <locking/ticket.h>.
 *
 *	CPU 0			CPU 1			next	owner
 *	lock: draws 0, served				1	0
 *				lock: draws 1, spins	2	0
 *	unlock: calls 1					2	1
 *				served			2	1
 *				unlock: calls 2		2	2	free
 *
 * Ordering: one pair, ticket/A. The store that calls a number releases the
 * critical section; the load that sees it called acquires it. Drawing a
 * number publishes nothing, so the RMW on next is relaxed.
 * Wrap: only equality is used; it takes 2^32 waiters, or 2^32 acquisitions
 * inside one trylock, to break it.
 * Cost: every waiter polls owner; one unlock is one miss per waiter.
 */
#include <locking/lock_ops.h>
#include <locking/lockevent.h>
#include <locking/ticket.h>

void ticket_spin_lock_slowpath(struct ticket_spinlock *lock, u32 ticket)
{
	lockevent_inc(ticket_wait);
	/* ticket/A: pairs with ticket_spin_unlock() */
	smp_cond_load_acquire(&lock->owner, VAL == ticket);
}

LOCK_OPS(ticket, struct ticket_spinlock);
