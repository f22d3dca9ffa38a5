/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Queued spinlock, the slow path. The contract and the states are <locking/qspinlock.h>.
 * This page is compiled twice: qspinlock.c has it as it is, pvqspinlock.c with the
 * branches for "pv", whose functions are in qspinlock_paravirt.h.
 *
 *	CPU 0		CPU 1			CPU 2		CPU 3		(tail,pend,locked)
 *	lock: 0 -> 1							(0,0,1)
 *			sets pending					(0,1,1)
 *			spins on locked		queues: head,		(2,1,1)
 *						spins on the word
 *								queues, spins
 *								on its node	(3,1,1)
 *	unlock								(3,1,0)
 *			takes over: pending
 *			0, locked 1					(3,0,1)
 *			unlock						(3,0,0)
 *						locked = 1		(3,0,1)
 *						node 3: locked = 1
 *								head, spins
 *								on the word
 *						unlock			(3,0,0)
 *								last: val = 1	(0,0,1)
 *
 * Ordering:
 *   qspinlock/A  the critical section: unlock releases; whoever sees the byte
 *		  clear takes the lock after an acquire.
 *   qspinlock/B  a node is initialised before the tail that leads to it is
 *		  published: smp_wmb(). Who finds it, goes through the tail: an
 *		  address dependency.
 *   qspinlock/C  the hand-over of the queue's head, from node to node.
 *   The RMWs on the tail are relaxed: the queue publishes nothing but nodes. The
 *   pending bit is taken by an ACQUIRE RMW: it may be the load that sees the
 *   lock released.
 * Limits: 2^14 - 1 CPUs; nesting beyond four contexts spins, unfairly.
 * Cost: as MCS with a long queue; with one waiter one line, and no node.
 * Linux:   kernel/locking/qspinlock.c
 * Differs: a constant argument, not a file that includes itself; the parts of the
 *          slow path are functions. PENDING_LOOPS is 1 on x86 too, where Linux looks 512
 *          times: a waiter more that queues, not an order that changes.
 */
#ifndef SPIN_QSPINLOCK_SLOWPATH_H
#define SPIN_QSPINLOCK_SLOWPATH_H

#include <locking/lockevent.h>
#include <locking/mcs.h>
#include <locking/port.h>
#include <locking/qnode.h>
#include <locking/qspinlock.h>
#include "qspinlock_paravirt.h"

/* How often to look again while the pending CPU takes over; bounded, or two could wait for ever. */
#ifndef PENDING_LOOPS
#define PENDING_LOOPS	1
#endif

/* ---- changes of the word: by byte where the world allows, else as a whole ---- */

#ifdef PORT_WHOLE_WORD
/* *,1,* -> *,0,* */
static __always_inline void clear_pending(struct qspinlock *lock)
{
	atomic_andnot(_Q_PENDING_VAL, &lock->val);
}

/* *,1,0 -> *,0,1: only the pending CPU may. */
static __always_inline void clear_pending_set_locked(struct qspinlock *lock)
{
	atomic_add(_Q_LOCKED_VAL - _Q_PENDING_VAL, &lock->val);
}

/* p,*,* -> n,*,*  Return: the word before. */
static __always_inline u32 xchg_tail(struct qspinlock *lock, u32 tail)
{
	int old = atomic_read(&lock->val);

	while (!atomic_try_cmpxchg_relaxed(&lock->val, &old,
					   (int)(((u32)old & _Q_LOCKED_PENDING_MASK) | tail)))
		;
	return old;
}

/* *,*,0 -> *,0,1: only the queue's head may. */
static __always_inline void set_locked(struct qspinlock *lock)
{
	atomic_or(_Q_LOCKED_VAL, &lock->val);
}

/* *,1,1 -> *,1,0 */
static __always_inline void wait_locked_clear(struct qspinlock *lock)
{
	/* qspinlock/A: pairs with native_queued_spin_unlock() */
	smp_cond_load_acquire(&lock->val.counter, !(VAL & _Q_LOCKED_MASK));
}
#else
static __always_inline void clear_pending(struct qspinlock *lock)
{
	WRITE_ONCE(lock->pending, 0);
}

static __always_inline void clear_pending_set_locked(struct qspinlock *lock)
{
	WRITE_ONCE(lock->locked_pending, _Q_LOCKED_VAL);
}

static __always_inline u32 xchg_tail(struct qspinlock *lock, u32 tail)
{
	return (u32)xchg_relaxed(&lock->tail, (u16)(tail >> _Q_TAIL_OFFSET)) << _Q_TAIL_OFFSET;
}

static __always_inline void set_locked(struct qspinlock *lock)
{
	WRITE_ONCE(lock->locked, _Q_LOCKED_VAL);
}

static __always_inline void wait_locked_clear(struct qspinlock *lock)
{
	/* qspinlock/A: pairs with native_queued_spin_unlock() */
	smp_cond_load_acquire(&lock->locked, !VAL);
}
#endif

/*
 * *,0,* -> *,1,*  Return: the word before, so that a lock that is free then is ours.
 *
 * In a bounded number of steps: of a cmpxchg loop arrivals may fail one CPU for ever. Where
 * the bit can be set at once but not the word be seen with it, the word is read after that.
 * A tail that stood beside the bit still does: its CPU cannot leave as the last while the
 * bit is set. One that came since only sends us into the queue, behind it.
 */
static __always_inline u32 fetch_set_pending_acquire(struct qspinlock *lock)
{
#ifdef PORT_FETCH_OR_LOOPS
	bool was = port_test_and_set_bit(relaxed, &lock->val.counter, _Q_PENDING_OFFSET);
	/* qspinlock/A: pairs with native_queued_spin_unlock() */
	u32 val = (u32)atomic_read_acquire(&lock->val) & ~_Q_PENDING_MASK;

	return was ? val | _Q_PENDING_VAL : val;
#else
	/* qspinlock/A: pairs with native_queued_spin_unlock() */
	return atomic_fetch_or_acquire(_Q_PENDING_VAL, &lock->val);
#endif
}

/* ---- the first waiter ---- */

/* Wait as the pending CPU. Return: true with the lock, false to queue. */
static __always_inline bool wait_pending(struct qspinlock *lock, u32 val)
{
	/* 0,1,0: a take-over is under way; wait for it, but not for the next one too. */
	if (val == _Q_PENDING_VAL) {
		int loops = PENDING_LOOPS;

		val = smp_cond_load_relaxed(&lock->val.counter,
					    VAL != _Q_PENDING_VAL || !loops--);
	}
	if (val & ~_Q_LOCKED_MASK)
		return false;

	/* 0,0,* -> 0,1,* */
	val = fetch_set_pending_acquire(lock);

	/* Not alone after all. The bit is ours to clear only if it was clear. */
	if (unlikely(val & ~_Q_LOCKED_MASK)) {
		if (!(val & _Q_PENDING_MASK)) {
			clear_pending(lock);
			lockevent_inc(lock_pending_undo);
		}
		return false;
	}

	/* 0,1,1 -> *,1,0: the holder leaves; nobody else can take it past us. */
	if (val & _Q_LOCKED_MASK)
		wait_locked_clear(lock);
	/* *,1,0 -> *,0,1 */
	clear_pending_set_locked(lock);
	lockevent_inc(lock_pending);
	return true;
}

/* ---- the queue ---- */

/* Head of the queue: take the lock when holder and pending CPU are gone. Return: the word. */
static __always_inline u32 wait_head(struct qspinlock *lock)
{
	/* qspinlock/A: pairs with native_queued_spin_unlock() */
	return smp_cond_load_acquire(&lock->val.counter, !(VAL & _Q_LOCKED_PENDING_MASK));
}

/* Queue @node, wait, take the lock, hand the head to the next. */
static __always_inline void queue(struct qspinlock *lock, struct qnode *node, u32 tail,
				  const bool pv)
{
	struct mcs_spinlock *next = NULL;
	struct qnode *prev;
	u32 old, val;

	/* qspinlock/B: pairs with queue(): who comes writes ->next, who is before us ->locked */
	smp_wmb();
	old = xchg_tail(lock, tail);
	if (old & _Q_TAIL_MASK) {
		lockevent_inc(lock_queue_wait);
		prev = address_depends(decode_tail(old));
		WRITE_ONCE(prev->mcs.next, &node->mcs);
		if (pv)
			pv_wait_node(node, prev);
		/* qspinlock/C: pairs with queue() */
		smp_cond_load_acquire(&node->mcs.locked, VAL);
		/* Perhaps it is there already: one wait less after we have the lock. */
		next = READ_ONCE(node->mcs.next);
	}

	val = pv ? pv_wait_head_and_lock(lock, node) : wait_head(lock);

	/* n,0,0 (PV: n,0,1) -> 0,0,1: nobody behind. A pending bit may come, then it fails. */
	if ((val & _Q_TAIL_MASK) == tail) {
		int last = val;

		if (atomic_try_cmpxchg_relaxed(&lock->val, &last, _Q_LOCKED_VAL)) {
			lockevent_inc(lock_last);
			return;
		}
	}
	/* Someone is behind, so that the tail stays, and nobody sets pending for good. */
	if (!pv)
		set_locked(lock);
	if (!next) {
		lockevent_inc(lock_late_next);
		next = smp_cond_load_relaxed(&node->mcs.next, VAL);
	}
	/* qspinlock/C: pairs with queue() */
	smp_store_release(&next->locked, 1);
	if (pv)
		pv_kick_node(lock, container_of(next, struct qnode, mcs));
}

/* Past the queue, if there is no queue; PV: or if its head does not spin. */
static __always_inline bool try_lock(struct qspinlock *lock, const bool pv)
{
	return pv ? pv_steal(lock) : queued_spin_trylock(lock);
}

/* A fifth level: no node is left. All that can be done is to try. */
static __always_inline void spin_without_node(struct qspinlock *lock, const bool pv)
{
	lockevent_inc(lock_no_node);
	while (!try_lock(lock, pv))
		cpu_relax();
}

static __always_inline void queue_or_take(struct qspinlock *lock, const bool pv)
{
	struct qnode *first = this_cpu_ptr(&qnodes.node[0]), *node;
	int idx = first->mcs.count++;

	lockevent_inc(lock_slowpath);
	/* An interrupt from here on must find the count up before it takes a node. */
	barrier();
	if (unlikely(idx >= QNODES)) {
		spin_without_node(lock, pv);
		goto out;
	}
	count_node(idx);
	node = first + idx;
	WRITE_ONCE(node->mcs.locked, 0);
	WRITE_ONCE(node->mcs.next, NULL);
	if (pv)
		pv_init_node(node);

	/* It took a while to come here. */
	if (try_lock(lock, pv))
		lockevent_inc(lock_late_trylock);
	else
		queue(lock, node, encode_tail(smp_processor_id(), idx), pv);
out:
	barrier();
	first->mcs.count--;
}

#endif
