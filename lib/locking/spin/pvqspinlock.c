/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paravirtual queued spinlock: the slow path with its PV branches, the unlock, and the
 * table through which the one finds whom the other must kick. How they work together
 * is in qspinlock_paravirt.h.
 *
 *	pv_entries[]	open addressing: an entry is free if its lock is NULL
 *	  lock		claimed by a cmpxchg, by the head or for it by its predecessor;
 *			cleared by the unlock
 *	  node		written by who claimed it
 *	pv_kicked_at	when this CPU was last kicked	written by the kicker, its CPU
 *
 * A lock is in the table at most once: its one head is.
 *
 * Linux:   kernel/locking/qspinlock_paravirt.h
 * Differs: the table is in the image.
 */
#include <locking/lock_ops.h>
#include "qspinlock_slowpath.h"

/* ---- the table ---- */

struct pv_entry pv_entries[PV_ENTRIES];

unsigned int pv_first_entry(const struct qspinlock *lock)
{
	return (unsigned int)(((unsigned long)lock >> 3) * 0x9e3779b1UL >> 12) % PV_ENTRIES;
}

struct pv_entry *pv_hash(struct qspinlock *lock, struct qnode *node)
{
	for (unsigned int i = pv_first_entry(lock), n = 0; n < PV_ENTRIES; n++) {
		struct pv_entry *e = &pv_entries[(i + n) % PV_ENTRIES];
		struct qspinlock *none = NULL;

		lockevent_inc(pv_hash_hops);
		/* pvqspinlock/C: pairs with pv_unhash() */
		if (try_cmpxchg_acquire(&e->lock, &none, lock)) {
			WRITE_ONCE(e->node, node);
			return e;
		}
	}
	port_report("PV lock table is full: lock %p", (void *)lock);
	return NULL;
}

struct qnode *pv_unhash(struct qspinlock *lock)
{
	for (unsigned int i = pv_first_entry(lock), n = 0; n < PV_ENTRIES; n++) {
		struct pv_entry *e = &pv_entries[(i + n) % PV_ENTRIES];

		if (READ_ONCE(e->lock) == lock) {
			struct qnode *node = READ_ONCE(e->node);

			/* pvqspinlock/C: pairs with pv_hash() */
			smp_store_release(&e->lock, NULL);
			return node;
		}
	}
	port_report("PV lock %p is marked slow, but not in the table", (void *)lock);
	return NULL;
}

/* ---- the backend, timed ---- */

static DEFINE_PER_CPU(u64, pv_kicked_at);

void pv_wait(const u32 *p, u32 mask, u32 val)
{
	u64 *kicked_at = this_cpu_ptr(&pv_kicked_at), then;

	if (IS_ENABLED(PORT_NO_LOCKEVENTS)) {
		pv_lock_ops.wait(p, mask, val);
		return;
	}
	WRITE_ONCE(*kicked_at, 0);
	pv_lock_ops.wait(p, mask, val);
	then = READ_ONCE(*kicked_at);
	if (then) {
		lockevent_inc(pv_kick_wake);
		lockevent_add(pv_latency_wake, local_clock() - then);
	}
}

static void pv_kick(unsigned int cpu)
{
	u64 start = local_clock();

	if (!IS_ENABLED(PORT_NO_LOCKEVENTS))
		WRITE_ONCE(*per_cpu_ptr(&pv_kicked_at, cpu), start);
	pv_lock_ops.kick(cpu);
	lockevent_inc(pv_kick_unlock);
	lockevent_add(pv_latency_kick, local_clock() - start);
}

/* ---- lock and unlock ---- */

void pv_queued_spin_lock_slowpath(struct qspinlock *lock, u32 val __maybe_unused)
{
	queue_or_take(lock, true);
}

static void pv_queued_spin_unlock_slowpath(struct qspinlock *lock, u32 locked)
{
	struct qnode *node;
	unsigned int cpu;

	if (unlikely(locked != _Q_SLOW_VAL)) {
		port_report("PV lock %p: unlock of a lock that is not held (byte %u)",
			    (void *)lock, locked);
		return;
	}
	/* What was seen decides. pvqspinlock/B: pairs with pv_mark_slow() */
	control_depends();
	smp_acquire__after_ctrl_dep();
	node = pv_unhash(lock);
	/* Once the lock is free it may be gone, and the node in use for another. */
	cpu = READ_ONCE(node->cpu);
	/*
	 * qspinlock/A: pairs with queued_spin_lock_fast(), pv_take(), pv_mark_slow();
	 * pvqspinlock/E: pairs with pv_spin_head()
	 */
	(void)atomic_fetch_andnot_release(_Q_LOCKED_MASK, &lock->val);
	pv_kick(cpu);
}

void pv_queued_spin_unlock(struct qspinlock *lock)
{
	u32 locked = pv_unlock_byte(lock);

	if (unlikely(locked != _Q_LOCKED_VAL))
		pv_queued_spin_unlock_slowpath(lock, locked);
}

LOCK_OPS_NAMED(pvqspinlock, pv_queued, struct qspinlock);
