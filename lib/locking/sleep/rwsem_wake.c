/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphore: who is woken. rwsem.c has the whole picture.
 *
 *	first in the list	count		is done
 *	writer			free		woken, to try
 *	writer			readers		nothing
 *	reader			no writer	it and the readers behind it, up to
 *						MAX_READERS_WAKEUP, are counted in, taken off
 *						the list, woken
 *	reader			a writer	nothing: a writer stole it; if the reader has
 *						waited long, the hand-off is set
 *
 * Linux: rwsem_mark_wake(), kernel/locking/rwsem.c
 */
#include <locking/lockevent.h>
#include <locking/port.h>
#include "rwsem_internal.h"

#define MAX_READERS_WAKEUP	256

/* Return: are others left? */
static bool del_waiter(struct rw_semaphore *sem, struct rwsem_waiter *waiter)
{
	list_del(&waiter->list);
	if (likely(!list_empty(&sem->wait_list)))
		return true;
	atomic_long_andnot(RWSEM_FLAG_HANDOFF | RWSEM_FLAG_WAITERS, &sem->count);
	return false;
}

/* ---- waking, under wait_lock ---- */

/*
 * Count @first, a reader, in. Return: false if a writer has it, or stole it just now;
 * if @first has waited long, no writer steals it again.
 */
static bool grant_first_reader(struct rw_semaphore *sem, struct rwsem_waiter *first)
{
	long undo = RWSEM_READER_BIAS;
	/* rwsem/A: pairs with up_write() */
	long old = atomic_long_fetch_add_acquire(RWSEM_READER_BIAS, &sem->count);

	if (likely(!(old & RWSEM_WRITER_MASK))) {
		__rwsem_set_reader_owned(sem, READ_ONCE(first->task));
		return true;
	}
	if (rwsem_waited_long(first)) {
		if (!(old & RWSEM_FLAG_HANDOFF)) {
			undo -= RWSEM_FLAG_HANDOFF;
			lockevent_inc(rwsem_rlock_handoff);
		}
		rwsem_mark_handoff(first);
	}
	atomic_long_sub(undo, &sem->count);
	return false;
}

/* Wake the readers of @granted, which are in the count and off the list. */
static void wake_readers(struct list_head *granted, struct wake_q_head *wake_q)
{
	struct rwsem_waiter *waiter, *next;

	list_for_each_entry_safe(waiter, next, granted, list) {
		struct task_struct *task = READ_ONCE(waiter->task);

		get_task_struct(task);
		/* rwsem/C: pairs with wait_for_grant(): in the count, then granted */
		smp_store_release(&waiter->task, NULL);
		wake_q_add_safe(wake_q, task);
		lockevent_inc(rwsem_wake_reader);
	}
}

/*
 * The list is not empty. Tasks go to @wake_q, to be woken without wait_lock.
 * DOC: rwsem_mark_wake
 */
static void mark_wake(struct rw_semaphore *sem, enum rwsem_wake_type type, struct wake_q_head *wake_q)
{
	struct rwsem_waiter *waiter = rwsem_first_waiter(sem), *next;
	long adjustment = 0, granted = 0;
	LIST_HEAD(batch);

	if (!rwsem_waiter_has(waiter, WAITER_READS)) {
		if (type == WAKE_ANY) {
			wake_q_add(wake_q, READ_ONCE(waiter->task));
			lockevent_inc(rwsem_wake_writer);
		}
		return;
	}
	/* One first: if a writer stole it, that is seen here, and the others stay asleep. */
	if (type != WAKE_READ_OWNED) {
		if (!grant_first_reader(sem, waiter))
			return;
		adjustment = -RWSEM_READER_BIAS;
	}
	INIT_LIST_HEAD(&batch);
	list_for_each_entry_safe(waiter, next, &sem->wait_list, list) {
		if (!rwsem_waiter_has(waiter, WAITER_READS))
			continue;
		list_move_tail(&waiter->list, &batch);
		if (unlikely(++granted >= MAX_READERS_WAKEUP))
			break;
	}
	adjustment += granted * RWSEM_READER_BIAS;
	if (list_empty(&sem->wait_list))
		adjustment -= RWSEM_FLAG_WAITERS;
	/* It was the first waiter's, and that one has it. */
	if (atomic_long_read(&sem->count) & RWSEM_FLAG_HANDOFF)
		adjustment -= RWSEM_FLAG_HANDOFF;
	if (adjustment)
		atomic_long_add(adjustment, &sem->count);
	wake_readers(&batch, wake_q);
}

void rwsem_cond_wake_waiter(struct rw_semaphore *sem, long count, struct wake_q_head *wake_q)
{
	enum rwsem_wake_type type = WAKE_READERS;

	if (count & RWSEM_WRITER_MASK)
		return;
	if (!(count & RWSEM_READER_MASK)) {
		type = WAKE_ANY;
		rwsem_clear_nonspinnable(sem);
	}
	mark_wake(sem, type, wake_q);
}

void rwsem_wake_waiters(struct rw_semaphore *sem, enum rwsem_wake_type type)
{
	unsigned long flags;
	DEFINE_WAKE_Q(wake_q);

	raw_spin_lock_irqsave(&sem->wait_lock, flags);
	if (!list_empty(&sem->wait_list))
		mark_wake(sem, type, &wake_q);
	raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
	wake_up_q(&wake_q);
}

/* The last holder has gone, and somebody waits. */
void rwsem_wake(struct rw_semaphore *sem)
{
	rwsem_clear_nonspinnable(sem);
	rwsem_wake_waiters(sem, WAKE_ANY);
}

void rwsem_downgrade_wake(struct rw_semaphore *sem)
{
	rwsem_wake_waiters(sem, WAKE_READ_OWNED);
}

void rwsem_give_up(struct rw_semaphore *sem, struct rwsem_waiter *waiter)
{
	bool first = rwsem_first_waiter(sem) == waiter;
	DEFINE_WAKE_Q(wake_q);

	/* Who was behind us may be able to have it, or to spin for it, now. */
	if (del_waiter(sem, waiter) && first)
		mark_wake(sem, WAKE_ANY, &wake_q);
	raw_spin_unlock_irq(&sem->wait_lock);
	wake_up_q(&wake_q);
}
