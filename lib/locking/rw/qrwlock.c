/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Queued reader-writer spinlock, the waits. The contract is <locking/qrwlock.h>.
 *
 *	CPU 0		CPU 1			CPU 2			cnts
 *	read_lock							1 << 9
 *			write_lock: queued,
 *			head: sets WAITING				(1 << 9) | 0x100
 *						read_lock: sees WAITING,
 *						backs out, queues behind
 *	read_unlock							0x100
 *			0x100 -> 0x0ff: has it				0x0ff
 *			leaves the queue	head: counts itself in	(1 << 9) | 0x0ff
 *			write_unlock					1 << 9
 *						sees no writer: has it
 *
 * The queue's head, reader or writer, only ever waits for holders: the wait
 * ends however many arrive. wait_lock is fair if the algorithm behind it is.
 *
 * Ordering: qrwlock/A: what a writer did is seen by all after it. qrwlock/B: a
 * reader's loads are done before a writer's stores. Readers owe each other nothing.
 * Limits: 2^23 - 1 readers.
 * Linux:   kernel/locking/qrwlock.c
 * Differs: a task that only has softirqs off queues; to in_interrupt() it would be one.
 */
#include <locking/lockevent.h>
#include <locking/port.h>
#include <locking/qrwlock.h>

void queued_read_lock_slowpath(struct qrwlock *lock)
{
	/* Counted in already, and that is enough for an interrupt to keep new writers out. */
	if (unlikely(port_context() != CTX_TASK)) {
		lockevent_inc(qrw_read_irq);
		/* qrwlock/A: pairs with queued_write_unlock() */
		smp_cond_load_acquire(&lock->cnts.counter, !(VAL & _QW_LOCKED));
		return;
	}
	atomic_sub(_QR_BIAS, &lock->cnts);
	lockevent_inc(qrw_read_wait);

	algo_spin_lock(&lock->wait_lock);
	atomic_add(_QR_BIAS, &lock->cnts);
	/* qrwlock/A: pairs with queued_write_unlock() */
	smp_cond_load_acquire(&lock->cnts.counter, !(VAL & _QW_LOCKED));
	algo_spin_unlock(&lock->wait_lock);
}

void queued_write_lock_slowpath(struct qrwlock *lock)
{
	int cnts;

	algo_spin_lock(&lock->wait_lock);
	if (queued_write_trylock(lock)) {
		lockevent_inc(qrw_write_late);
		goto unlock;
	}
	lockevent_inc(qrw_write_wait);

	/* From here on readers queue, so the count can only fall. */
	atomic_or(_QW_WAITING, &lock->cnts);
	do {
		cnts = smp_cond_load_relaxed(&lock->cnts.counter, VAL == _QW_WAITING);
		/*
		 * qrwlock/A: pairs with queued_write_unlock();
		 * qrwlock/B: pairs with queued_read_unlock()
		 */
	} while (!atomic_try_cmpxchg_acquire(&lock->cnts, &cnts, _QW_LOCKED));
unlock:
	algo_spin_unlock(&lock->wait_lock);
}
