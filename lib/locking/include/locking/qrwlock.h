/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Queued reader-writer spinlock: readers share, writers exclude, who must wait
 * waits in one queue, in order of arrival.
 *
 *	cnts		bits 0-7  writer: 0, or _QW_LOCKED	written by writers
 *			bit  8	  a writer waits, at the head of the queue
 *			bits 9-31 number of readers		written by readers
 *	wait_lock	the queue; its holder is the next to get the lock
 *
 *	0			free (all-zero is free)
 *	n << 9			n readers
 *	0x0ff			one writer
 *	(n << 9) | 0x100	n readers, a writer waits: later readers queue
 *
 * A reader in an interrupt must not queue: the lock may be read-held by the
 * very task it interrupted, with a writer waiting for that task. It waits only
 * for a writer that holds. So read locks may nest across contexts, not in one.
 *
 * Linux: include/asm-generic/qrwlock.h, kernel/locking/qrwlock.c
 */
#ifndef LOCKING_QRWLOCK_H
#define LOCKING_QRWLOCK_H

#include <locking/spinlock_algo.h>

#define _QW_WAITING	0x100		/* a writer waits */
#define _QW_LOCKED	0x0ff		/* a writer holds */
#define _QW_WMASK	0x1ff
#define _QR_SHIFT	9
#define _QR_BIAS	(1U << _QR_SHIFT)

struct qrwlock {
	union {
		atomic_t cnts;
		u8 wlocked;		/* its low byte: little-endian only */
	};
	algo_spinlock_t wait_lock;
};

#define QRWLOCK_INIT	{ { ATOMIC_INIT(0) }, ALGO_SPINLOCK_INIT }

void queued_read_lock_slowpath(struct qrwlock *lock);
void queued_write_lock_slowpath(struct qrwlock *lock);

/**
 * queued_read_lock() - acquire shared
 * @lock: not write-held by this CPU; not read-held by this context
 * Context: Any but NMI; preemption off.
 * Ordering: ACQUIRE.
 */
static __always_inline void queued_read_lock(struct qrwlock *lock)
{
	/* qrwlock/A: pairs with queued_write_unlock() */
	int cnts = atomic_add_return_acquire(_QR_BIAS, &lock->cnts);

	if (likely(!(cnts & _QW_WMASK)))
		return;
	queued_read_lock_slowpath(lock);
}

static __always_inline bool queued_read_trylock(struct qrwlock *lock)
{
	if (likely(!(atomic_read(&lock->cnts) & _QW_WMASK))) {
		/* qrwlock/A: pairs with queued_write_unlock() */
		if (likely(!(atomic_add_return_acquire(_QR_BIAS, &lock->cnts) & _QW_WMASK)))
			return true;
		atomic_sub(_QR_BIAS, &lock->cnts);
	}
	return false;
}

static __always_inline void queued_read_unlock(struct qrwlock *lock)
{
	/*
	 * qrwlock/B: pairs with queued_write_lock(), queued_write_trylock(),
	 * queued_write_lock_slowpath()
	 */
	(void)atomic_fetch_sub_release(_QR_BIAS, &lock->cnts);
}

/**
 * queued_write_lock() - acquire exclusive
 * @lock: not held by this CPU
 * Context: Any but NMI; preemption off.
 * Ordering: ACQUIRE.
 */
static __always_inline void queued_write_lock(struct qrwlock *lock)
{
	int cnts = 0;

	/*
	 * qrwlock/A: pairs with queued_write_unlock();
	 * qrwlock/B: pairs with queued_read_unlock()
	 */
	if (likely(atomic_try_cmpxchg_acquire(&lock->cnts, &cnts, _QW_LOCKED)))
		return;
	queued_write_lock_slowpath(lock);
}

static __always_inline bool queued_write_trylock(struct qrwlock *lock)
{
	int cnts = atomic_read(&lock->cnts);

	if (unlikely(cnts))
		return false;
	/*
	 * qrwlock/A: pairs with queued_write_unlock();
	 * qrwlock/B: pairs with queued_read_unlock()
	 */
	return likely(atomic_try_cmpxchg_acquire(&lock->cnts, &cnts, _QW_LOCKED));
}

static __always_inline void queued_write_unlock(struct qrwlock *lock)
{
	/*
	 * qrwlock/A: pairs with queued_read_lock(), queued_read_trylock(),
	 * queued_read_lock_slowpath(), queued_write_lock(), queued_write_trylock(),
	 * queued_write_lock_slowpath()
	 */
#ifdef PORT_WHOLE_WORD
	(void)atomic_fetch_sub_release(_QW_LOCKED, &lock->cnts);
#else
	smp_store_release(&lock->wlocked, 0);
#endif
}

static __always_inline bool queued_rwlock_is_locked(struct qrwlock *lock)
{
	return atomic_read(&lock->cnts) != 0;
}

static __always_inline bool queued_rwlock_is_contended(struct qrwlock *lock)
{
	return algo_spin_is_locked(&lock->wait_lock);
}

#endif
