/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test-and-set spinlock, the wait. The contract is <locking/tas.h>.
 *
 *	CPU 0			CPU 1			CPU 2
 *	has it			sets: was set		sets: was set
 *	unlock: clears
 *	lock: sets, has it again
 *				sets: was set		sets: was set
 *
 * Ordering: one pair, tas/A.
 * Cost: each waiter's every try takes the line for writing.
 */
#include <locking/lock_ops.h>
#include <locking/tas.h>

void tas_spin_lock_slowpath(struct tas_spinlock *lock)
{
	/* tas/A: pairs with tas_spin_unlock() */
	while (!tas_spin_trylock(lock))
		cpu_relax();
}

LOCK_OPS(tas, struct tas_spinlock);
