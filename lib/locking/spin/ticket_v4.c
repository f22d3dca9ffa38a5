/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One-word ticket spinlock, the wait. The contract is <locking/ticket_v4.h>.
 *
 *	CPU 0			CPU 1				next	owner
 *	draws 0, is served					1	0
 *				draws 1, sees owner 0: waits	2	0
 *	unlock: owner = 1					2	1
 *				sees owner 1: has it		2	1
 *
 * Ordering: one pair, ticket_v4/A. Unlike in ticket.c the draw itself may be the
 * load that sees the release, so it is an ACQUIRE.
 * Wrap: 2^16 waiters, or 2^16 acquisitions inside one trylock, break it.
 * Cost: as ticket.c, and arrivals write the word that the waiters poll.
 */
#include <locking/lock_ops.h>
#include <locking/lockevent.h>
#include <locking/ticket_v4.h>

void ticket_v4_spin_lock_slowpath(struct ticket_v4_spinlock *lock, u16 ticket)
{
	lockevent_inc(ticket_wait);
	/* ticket_v4/A: pairs with ticket_v4_spin_unlock() */
	smp_cond_load_acquire(&lock->slock.counter, (u16)VAL == ticket);
}

LOCK_OPS(ticket_v4, struct ticket_v4_spinlock);
