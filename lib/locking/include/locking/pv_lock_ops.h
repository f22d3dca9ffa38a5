/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How CPUs wait for a qspinlock, as a table: chosen once, at boot.
 *
 *	queued_spin_lock_slowpath	native: queue and spin
 *					virt:	test-and-set, no queue
 *					pv:	queue, spin a while, halt
 *	queued_spin_unlock		native: a byte store; pv: who waits may be halted
 *	wait, kick			pv: halt a CPU and end that, by a backend:
 *					halt and NMI (pv_halt_*()), or a hypercall
 *	vcpu_is_preempted		does this CPU not run just now? A guess
 *
 * native and virt mix on one lock; pv must have it to itself. The fields are written
 * before other CPUs run. queued_spin_unlock() calls none of this: it is a store, until
 * a world that patches its code makes it a call of the table's function.
 *
 * Paravirtual locks are for CPUs that do not run all the time. In a queue of vCPUs the
 * next is often one that its host has put aside, and all wait for the host. Hence
 *	halting		a waiter gives its time to those who have work
 *	stealing	who runs may take a lock whose next in line does not
 *
 * Linux:   struct pv_lock_ops, arch/x86/include/asm/paravirt_types.h
 * Differs: virt_spin_lock() is a slow path of its own, not a branch of the native one.
 */
#ifndef LOCKING_PV_LOCK_OPS_H
#define LOCKING_PV_LOCK_OPS_H

#include <locking/qspinlock.h>

struct pv_lock_ops {
	void (*queued_spin_lock_slowpath)(struct qspinlock *lock, u32 val);
	void (*queued_spin_unlock)(struct qspinlock *lock);
	/* Halt as long as (*p & mask) == val. May return early, at any time. */
	void (*wait)(const u32 *p, u32 mask, u32 val);
	/* End that of @cpu. Ordering: what was written before is seen after the halt. */
	void (*kick)(unsigned int cpu);
	bool (*vcpu_is_preempted)(unsigned int cpu);
};

extern struct pv_lock_ops pv_lock_ops;

/* The backend that needs no hypervisor's help; see pv_lock_ops.c. */
void pv_halt_wait(const u32 *p, u32 mask, u32 val);
void pv_halt_kick(unsigned int cpu);
bool pv_halt_is_preempted(unsigned int cpu);

/* Held, and the queue's head is halted, or will be: it is in the table, kick it. */
#define _Q_SLOW_VAL	3U

void pv_queued_spin_lock_slowpath(struct qspinlock *lock, u32 val);

/**
 * pv_queued_spin_lock() - acquire; a running CPU may pass a halted one
 * @lock: not held by this CPU; only ever taken and released by pv_queued_spin_*()
 * Context: Any; preemption off, and interrupts too if a handler takes @lock.
 * Ordering: ACQUIRE.
 */
static __always_inline void pv_queued_spin_lock(struct qspinlock *lock)
{
	int val = 0;

	if (!queued_spin_lock_fast(lock, &val))
		pv_queued_spin_lock_slowpath(lock, val);
}

/**
 * pv_queued_spin_unlock() - release, and kick the next one if it is halted
 * @lock: held by this CPU
 * Context: That of the acquisition.
 * Ordering: RELEASE.
 */
void pv_queued_spin_unlock(struct qspinlock *lock);

#define pv_queued_spin_trylock(lock)		queued_spin_trylock(lock)
#define pv_queued_spin_is_locked(lock)		queued_spin_is_locked(lock)
#define pv_queued_spin_is_contended(lock)	queued_spin_is_contended(lock)

#endif
