/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test-and-test-and-set spinlock, the wait. The contract is <locking/ttas.h>.
 *
 *	CPU 0			CPU 1			CPU 2
 *	has it			reads 1, 1, 1 ...	reads 1, 1, 1 ...
 *	unlock: writes 0
 *				reads 0, sets: has it	reads 0, sets: was set
 *							waits 1 pause, then reads
 *
 * Ordering: one pair, ttas/A.
 * Cost: one unlock is one miss per waiter, and up to one write per waiter.
 */
#include <locking/lock_ops.h>
#include <locking/lockevent.h>
#include <locking/ttas.h>

#define TTAS_MAX_BACKOFF	1024	/* pauses */

void ttas_spin_lock_slowpath(struct ttas_spinlock *lock)
{
	unsigned int backoff = 1;

	for (;;) {
		smp_cond_load_relaxed(&lock->val.counter, !VAL);
		/* ttas/A: pairs with ttas_spin_unlock() */
		if (ttas_spin_trylock(lock))
			return;
		lockevent_inc(ttas_backoff);
		for (unsigned int i = 0; i < backoff; i++)
			cpu_relax();
		backoff = min(backoff * 2, TTAS_MAX_BACKOFF + 0U);
	}
}

LOCK_OPS(ttas, struct ttas_spinlock);
