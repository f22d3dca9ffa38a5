/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Queued spinlock: an MCS queue behind a four-byte word, whose first waiter
 * needs no queue node.
 *
 *	31          18 17 16 15            8 7             0
 *	+-------------+-----+---------------+---------------+
 *	|  CPU + 1    | idx |    pending    |    locked     |
 *	+-------------+-----+---------------+---------------+
 *	locked	1: held				set by who takes it, cleared by the holder
 *	pending	1: one CPU waits, unqueued	set by an arrival, cleared by that CPU
 *	tail	last in the queue: CPU + 1 and	written by arrivals, cleared by the last
 *		which of its four nodes; 0: none
 *
 *	(tail, pending, locked); n: some tail
 *
 *	            lock            2nd: pending           3rd: queues
 *	(0,0,0) ----------> (0,0,1) ----------> (0,1,1) ----------------> (n,1,1)
 *	   ^                 | ^  ^                | unlock                  | unlock
 *	   '----- unlock ----' |  |  pending takes v                         v
 *	                       |  '------------ (0,1,0) ----------------> (n,1,0)
 *	                       |                          3rd: queues        | pending takes
 *	                       |                                             v
 *	                       | head takes, is the last           unlock  (n,0,1) <--.
 *	                       '------------------------- (n,0,0) <----------'        |
 *	                                                     '------------------------'
 *	                                                     head takes, others are behind
 *
 * Whoever comes while there is a pending CPU or a queue goes to the queue's end: another n.
 * The head waits for (n,0,0): both the holder and the pending CPU are before it.
 *
 * A CPU can wait for one spinlock in each context at once: in a task, in a
 * softirq on top, a hardirq on top of that, an NMI on top of all. So four nodes
 * per CPU are enough; should there be a fifth, it spins on the word itself.
 *
 * The bytes are stored alone while others do RMWs on the word. -DPORT_WHOLE_WORD
 * does without, for a checker that knows no accesses of mixed size.
 *
 * Linux:   include/asm-generic/qspinlock{,_types}.h, kernel/locking/qspinlock.c
 * Differs: no second layout, with a pending bit in place of the byte, for 2^14 CPUs and more.
 */
#ifndef LOCKING_QSPINLOCK_H
#define LOCKING_QSPINLOCK_H

#include <locking/atomic.h>

struct qspinlock {
	union {
		atomic_t val;
		struct {
			u8 locked;
			u8 pending;
		};
		struct {
			u16 locked_pending;
			u16 tail;
		};
	};
};

#define QSPINLOCK_INIT		{ { ATOMIC_INIT(0) } }

#define _Q_LOCKED_MASK		0x000000ffU
#define _Q_PENDING_OFFSET	8
#define _Q_PENDING_MASK		0x0000ff00U
#define _Q_LOCKED_PENDING_MASK	(_Q_LOCKED_MASK | _Q_PENDING_MASK)
#define _Q_TAIL_OFFSET		16
#define _Q_TAIL_IDX_OFFSET	16
#define _Q_TAIL_IDX_MASK	0x00030000U
#define _Q_TAIL_CPU_OFFSET	18
#define _Q_TAIL_CPU_MASK	0xfffc0000U
#define _Q_TAIL_MASK		0xffff0000U
#define _Q_LOCKED_VAL		0x00000001U
#define _Q_PENDING_VAL		0x00000100U

/* Queue behind the others, and spin. */
void native_queued_spin_lock_slowpath(struct qspinlock *lock, u32 val);
/* Spin on the word: for a guest whose CPUs do not run all the time. */
void virt_queued_spin_lock_slowpath(struct qspinlock *lock, u32 val);
/* What <locking/pv_lock_ops.h> chose. */
void queued_spin_lock_slowpath(struct qspinlock *lock, u32 val);

/* 0,0,0 -> 0,0,1. Return: acquired; if not, *@val is what was there. */
static __always_inline bool queued_spin_lock_fast(struct qspinlock *lock, int *val)
{
	/*
	 * qspinlock/A: pairs with native_queued_spin_unlock(), pv_unlock_byte(),
	 * pv_queued_spin_unlock_slowpath()
	 */
	return likely(atomic_try_cmpxchg_acquire(&lock->val, val, _Q_LOCKED_VAL));
}

/**
 * queued_spin_lock() - acquire; fair but for the one that comes just at the unlock
 * @lock: not held by this CPU
 * Context: Any; preemption off, and interrupts too if a handler takes @lock.
 * Ordering: ACQUIRE.
 */
static __always_inline void queued_spin_lock(struct qspinlock *lock)
{
	int val = 0;

	if (!queued_spin_lock_fast(lock, &val))
		queued_spin_lock_slowpath(lock, val);
}

/**
 * queued_spin_trylock() - acquire if it is free and nobody waits
 * Ordering: ACQUIRE on success.
 * Return: true if acquired.
 */
static __always_inline bool queued_spin_trylock(struct qspinlock *lock)
{
	int val = atomic_read(&lock->val);

	if (unlikely(val))
		return false;
	return queued_spin_lock_fast(lock, &val);
}

/* Ordering: RELEASE. One byte store. */
static __always_inline void native_queued_spin_unlock(struct qspinlock *lock)
{
	/*
	 * qspinlock/A: pairs with queued_spin_lock_fast(), wait_head(), wait_locked_clear(),
	 * fetch_set_pending_acquire()
	 */
#ifdef PORT_WHOLE_WORD
	(void)atomic_fetch_sub_release(_Q_LOCKED_VAL, &lock->val);
#else
	smp_store_release(&lock->locked, 0);
#endif
}

/**
 * queued_spin_unlock() - release: one byte store, or what that was patched to
 * @lock: held by this CPU
 * Context: That of the acquisition.
 * Ordering: RELEASE.
 */
static __always_inline void queued_spin_unlock(struct qspinlock *lock)
{
#ifdef port_queued_spin_unlock
	port_queued_spin_unlock(&lock->locked);
#else
	native_queued_spin_unlock(lock);
#endif
}

/* The same whatever was chosen, for a lock that is never taken otherwise. */
static __always_inline void native_queued_spin_lock(struct qspinlock *lock)
{
	int val = 0;

	if (!queued_spin_lock_fast(lock, &val))
		native_queued_spin_lock_slowpath(lock, val);
}

/* Any bit: a CPU that waits will have it before whoever asks. */
static __always_inline bool queued_spin_is_locked(struct qspinlock *lock)
{
	return atomic_read(&lock->val) != 0;
}

static __always_inline bool queued_spin_is_contended(struct qspinlock *lock)
{
	return atomic_read(&lock->val) & ~_Q_LOCKED_MASK;
}

/* Is this value of a lock free? For lockref. */
static __always_inline bool queued_spin_value_unlocked(struct qspinlock lock)
{
	return !lock.val.counter;
}

#define native_queued_spin_trylock(lock)	queued_spin_trylock(lock)
#define native_queued_spin_is_locked(lock)	queued_spin_is_locked(lock)

#endif
