/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paravirtual queued spinlock: what the slow path does besides, so that a waiter that
 * has spun in vain halts, and is kicked.
 *
 *	word	as qspinlock's, but:
 *	locked	0, 1, or _Q_SLOW_VAL: held, and the unlock must kick the queue's head
 *	pending	1: the head spins; nobody steals
 *
 *	CPU 0 holds		CPU 1, head of the queue		CPU 2, queued
 *				spins PV_SPIN_THRESHOLD times
 *				puts (lock, node) into the table
 *				locked: 1 -> SLOW
 *				halts					spins, halts
 *	unlock: is SLOW, not 1
 *	takes (lock, node) out
 *	locked = 0
 *	kicks CPU 1
 *				takes it: locked = 1
 *				hands the head to CPU 2, which is
 *				halted: puts (lock, node of CPU 2)
 *				into the table for it, locked = SLOW
 *				unlock: is SLOW, kicks CPU 2
 *									takes it
 *
 * Between "locked = 0" and the kick anyone may take the lock: that is stealing. Then the
 * head, kicked, spins, and enters the table again.
 *
 *	a node's state
 *
 *	          spun in vain              its turn comes: pv_kick_node()
 *	running -----------------> halted -------------------------------> hashed
 *	  ^  ^                       |                                       |
 *	  |  +------- woke up -------+       the table has it, SLOW is set   |
 *	  +------------------------------------------------------------------+
 *
 *	A head is hashed while it halts, for who looks at the CPU in front.
 *
 * Is the head in the table? As long as the byte is SLOW it is, or the unlock that took it
 * out is about to release the lock and to kick it. So a head that finds SLOW may halt, and
 * one that does not must enter first. Who was hashed waits for its predecessor to have
 * done both, and then goes by the byte.
 *
 * Ordering:
 *   qspinlock/A, B, C  as in qspinlock_slowpath.h.
 *   pvqspinlock/A  state and locked of a node: the waiter writes state = halted, then
 *		    reads locked; its predecessor writes locked, then reads state. Full
 *		    barriers between: one of them sees the other.
 *   pvqspinlock/B  the entry is in the table before an unlock can see SLOW.
 *   pvqspinlock/C  an entry's node is read before the entry is free for another lock.
 *   pvqspinlock/D  SLOW, set for a head, before the state that lets it go on.
 *   pvqspinlock/E  a head that sees SLOW gone finds its entry out of the table.
 * Limits: the table holds four locks a CPU, as many as can have a halted head.
 * Linux:   kernel/locking/qspinlock_paravirt.h
 * Differs: the head knows by the byte whether it is in the table, so that it may halt
 *          again after a theft; the word is changed as a whole, not by bytes; who
 *          finds a queue tries to steal for PV_SPIN_THRESHOLD looks, not for ever; a
 *          queued CPU asks vcpu_is_preempted() of the one in front, as Linux did from
 *          4.13 to 5.3.
 */
#ifndef SPIN_QSPINLOCK_PARAVIRT_H
#define SPIN_QSPINLOCK_PARAVIRT_H

#include <locking/lockevent.h>
#include <locking/pv_lock_ops.h>
#include <locking/qnode.h>

/* How often a waiter looks before it halts. */
#ifndef PV_SPIN_THRESHOLD
#define PV_SPIN_THRESHOLD	(1 << 9)
#endif
/* How often a queued CPU looks whether the one in front still runs. */
#define PV_PREV_CHECK_MASK	0x3f

enum { PV_RUNNING, PV_HALTED, PV_HASHED };

/* As many as CPUs can be queue heads in all their contexts. */
#ifndef PV_ENTRIES
#define PV_ENTRIES	(QNODES * NR_CPUS)
#endif

struct pv_entry {
	struct qspinlock *lock;
	struct qnode *node;
};

/* The table of halted heads. Ordering: pv_unhash() RELEASE, pv_hash() ACQUIRE of the slot. */
struct pv_entry *pv_hash(struct qspinlock *lock, struct qnode *node);
struct qnode *pv_unhash(struct qspinlock *lock);
/* The table itself, and where the search for a lock begins; for tests. */
extern struct pv_entry pv_entries[PV_ENTRIES];
unsigned int pv_first_entry(const struct qspinlock *lock);

/* pv_lock_ops.wait(), and how long a kick takes to end it. */
void pv_wait(const u32 *p, u32 mask, u32 val);

/* Between two looks; after the last there is something else to do. */
static __always_inline void pv_relax(int loops)
{
	if (loops > 1)
		cpu_relax();
}

static __always_inline void pv_init_node(struct qnode *node)
{
	WRITE_ONCE(node->state, PV_RUNNING);
	WRITE_ONCE(node->cpu, smp_processor_id());
}

/* *,p,0 -> *,0,1 if the pending bit is @pending. Return: taken. */
static __always_inline bool pv_take(struct qspinlock *lock, u32 pending)
{
	int val = atomic_read(&lock->val);

	while (((u32)val & _Q_LOCKED_PENDING_MASK) == pending) {
		/* qspinlock/A: pairs with pv_unlock_byte(), pv_queued_spin_unlock_slowpath() */
		if (atomic_try_cmpxchg_acquire(&lock->val, &val,
					       (int)(((u32)val & _Q_TAIL_MASK) | _Q_LOCKED_VAL)))
			return true;
	}
	return false;
}

/* Whoever runs may have a lock that is free, unless the head spins for it. */
static __always_inline bool pv_steal(struct qspinlock *lock)
{
	for (int loops = PV_SPIN_THRESHOLD; loops; loops--) {
		u32 val = (u32)atomic_read(&lock->val);

		if (!(val & _Q_LOCKED_PENDING_MASK) && pv_take(lock, 0)) {
			if (val & _Q_TAIL_MASK)
				lockevent_inc(pv_lock_stealing);
			return true;
		}
		if (!(val & _Q_TAIL_MASK) || (val & _Q_PENDING_MASK))
			return false;
		pv_relax(loops);
	}
	return false;
}

/* No use in spinning behind a CPU that does not run. */
static __always_inline bool pv_wait_early(const struct qnode *prev, int loops)
{
	if (loops & PV_PREV_CHECK_MASK)
		return false;
	return READ_ONCE(prev->state) != PV_RUNNING ||
	       port_vcpu_is_preempted(READ_ONCE(prev->cpu));
}

/* Spin. Return: true when it is this node's turn; false when it is better to halt. */
static __always_inline bool pv_spin_node(const struct qnode *node, const struct qnode *prev)
{
	for (int loops = PV_SPIN_THRESHOLD; loops; loops--) {
		if (READ_ONCE(node->mcs.locked))
			return true;
		if (pv_wait_early(prev, loops)) {
			lockevent_inc(pv_wait_early);
			return false;
		}
		pv_relax(loops);
	}
	return false;
}

/* Until this node is the queue's head, or nearly: ->locked is on its way then. */
static __always_inline void pv_wait_node(struct qnode *node, const struct qnode *prev)
{
	while (!pv_spin_node(node, prev)) {
		u32 halted = PV_HALTED;

		/* pvqspinlock/A: pairs with pv_kick_node() */
		smp_store_mb(node->state, PV_HALTED);
		if (!READ_ONCE(node->mcs.locked)) {
			lockevent_inc(pv_wait_node);
			pv_wait(&node->state, ~0U, PV_HALTED);
		}
		/* Not halted any more: pv_kick_node() has been here, our turn has come. */
		if (!try_cmpxchg_relaxed(&node->state, &halted, PV_RUNNING))
			return;
		if (!READ_ONCE(node->mcs.locked))
			lockevent_inc(pv_spurious_wakeup);
	}
}

/* @next is the head now. If it is halted, let the unlock of the lock we hold kick it. */
static __always_inline void pv_kick_node(struct qspinlock *lock, struct qnode *next)
{
	u32 halted = PV_HALTED;

	/* pvqspinlock/A: pairs with pv_wait_node() */
	smp_mb();
	if (!try_cmpxchg_relaxed(&next->state, &halted, PV_HASHED))
		return;
	pv_hash(lock, next);
	/* Only our own unlock will look for it: any order does. */
	atomic_or(_Q_SLOW_VAL, &lock->val);
	/* pvqspinlock/D: pairs with pv_wait_head_and_lock() */
	smp_store_release(&next->state, PV_RUNNING);
}

/* *,*,1 -> *,*,SLOW, or *,*,0 -> *,*,1. Return: false in the second case: it is ours. */
static __always_inline bool pv_mark_slow(struct qspinlock *lock)
{
	/*
	 * qspinlock/A: pairs with pv_unlock_byte(), pv_queued_spin_unlock_slowpath();
	 * pvqspinlock/B: pairs with pv_queued_spin_unlock_slowpath()
	 */
	if ((u32)atomic_fetch_or(_Q_SLOW_VAL, &lock->val) & _Q_LOCKED_MASK)
		return true;
	/* It was free, so SLOW is what took it; but nobody else knows. */
	atomic_andnot(_Q_SLOW_VAL & ~_Q_LOCKED_VAL, &lock->val);
	return false;
}

/* 1 -> 0. Return: what the byte was; if not 1, it still is. */
static __always_inline u32 pv_unlock_byte(struct qspinlock *lock)
{
#ifdef PORT_WHOLE_WORD
	int val = atomic_read(&lock->val);

	do {
		if (((u32)val & _Q_LOCKED_MASK) != _Q_LOCKED_VAL)
			break;
		/*
		 * qspinlock/A: pairs with queued_spin_lock_fast(), pv_take(), pv_mark_slow();
		 * pvqspinlock/E: pairs with pv_spin_head()
		 */
	} while (!atomic_try_cmpxchg_release(&lock->val, &val, val & ~(int)_Q_LOCKED_MASK));
	return (u32)val & _Q_LOCKED_MASK;
#else
	u8 was = _Q_LOCKED_VAL;

	/*
	 * qspinlock/A: pairs with queued_spin_lock_fast(), pv_take(), pv_mark_slow();
	 * pvqspinlock/E: pairs with pv_spin_head()
	 */
	(void)try_cmpxchg_release(&lock->locked, &was, 0);
	return was;
#endif
}

/* As the head, with nobody stealing. Return: taken; if not, *@locked is the byte. */
static __always_inline bool pv_spin_head(struct qspinlock *lock, u32 *locked)
{
	atomic_or(_Q_PENDING_VAL, &lock->val);
	for (int loops = PV_SPIN_THRESHOLD; loops; loops--) {
		if (pv_take(lock, _Q_PENDING_VAL))
			return true;
		pv_relax(loops);
	}
	/* pvqspinlock/E: pairs with pv_unlock_byte(), pv_queued_spin_unlock_slowpath() */
	*locked = (u32)atomic_fetch_sub_acquire(_Q_PENDING_VAL, &lock->val) & _Q_LOCKED_MASK;
	return false;
}

/* The head's last step before it halts. Return: false if it got the lock instead. */
static __always_inline bool pv_enter_table(struct qspinlock *lock, struct qnode *node)
{
	struct pv_entry *e = pv_hash(lock, node);

	if (pv_mark_slow(lock))
		return true;
	/* Only an unlock looks for it, and the lock is ours. */
	WRITE_ONCE(e->lock, NULL);
	return false;
}

/* Head of the queue: until the lock is ours. Return: the word. */
static __always_inline u32 pv_wait_head_and_lock(struct qspinlock *lock, struct qnode *node)
{
	u32 locked;

	/* pvqspinlock/D: pairs with pv_kick_node() */
	smp_cond_load_acquire(&node->state, VAL != PV_HASHED);
	for (bool again = false; !pv_spin_head(lock, &locked); again = true) {
		if (locked != _Q_SLOW_VAL && !pv_enter_table(lock, node))
			break;
		lockevent_inc(pv_wait_head);
		if (again)
			lockevent_inc(pv_wait_again);
		/* Not halted: pv_kick_node() may be on its way yet. */
		WRITE_ONCE(node->state, PV_HASHED);
		pv_wait((u32 *)&lock->val.counter, _Q_LOCKED_MASK, _Q_SLOW_VAL);
		WRITE_ONCE(node->state, PV_RUNNING);
	}
	return (u32)atomic_read(&lock->val);
}

#endif
