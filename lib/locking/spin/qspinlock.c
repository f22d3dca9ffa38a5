/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Queued spinlock: the native slow path, and test-and-set instead of a queue.
 * How the queue works is qspinlock_slowpath.h; who chooses is <locking/pv_lock_ops.h>.
 *
 * Linux: kernel/locking/qspinlock.c, virt_spin_lock() in arch/x86/include/asm/qspinlock.h
 */
#include <locking/lock_ops.h>
#include "qspinlock_slowpath.h"

DEFINE_PER_CPU_ALIGNED(struct qnodes, qnodes);

void native_queued_spin_lock_slowpath(struct qspinlock *lock, u32 val)
{
	if (!wait_pending(lock, val))
		queue_or_take(lock, false);
}

/* On a hypervisor a queue is only as fast as its slowest vCPU: any that runs may take it. */
void virt_queued_spin_lock_slowpath(struct qspinlock *lock, u32 val __maybe_unused)
{
	int seen;

	lockevent_inc(lock_virt_spin);
	do {
		seen = 0;
		smp_cond_load_relaxed(&lock->val.counter, VAL == 0);
	} while (!queued_spin_lock_fast(lock, &seen));
}

LOCK_OPS_NAMED(qspinlock, native_queued, struct qspinlock);
