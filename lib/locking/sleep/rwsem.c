/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphore: queueing, sleeping and waking. The fast half and the
 * contract are <locking/rwsem.h>, waking is rwsem_wake.c, spinning rwsem_spin.c.
 *
 * Readers are given the semaphore by who wakes them: they are in the count before
 * they run. A writer is only woken, and takes it, if nobody was quicker.
 *
 *	W1 holds	R2			R3		count
 *			adds itself, fails			W | 1 << 8
 *			queues, takes itself back		W | WAITERS
 *					queues			W | WAITERS
 *	up_write: WAITERS					WAITERS
 *	  rwsem_wake: R2 is first,
 *	  adds R2, adds R3, list empty				2 << 8
 *	  task = NULL (C), wake		sees NULL: has it
 *
 * Stealing: a reader may pass writers that sleep if it finds no writer holding and no
 * hand-off, and is not one of several; a writer may that spins. A waiter that has been
 * first for 4 ms, or is urgent, sets the hand-off: then nobody steals, and a writer
 * that set it spins for the last holder to go.
 *
 * Reader batches: a reader that is woken takes all readers of the list with it, those
 * behind writers too, up to MAX_READERS_WAKEUP. So readers and writers alternate.
 *
 * Ordering:
 *   rwsem/A  a writer's section is seen by who holds it next: the count is released and
 *	      acquired by read-modify-writes, and by a load on the way out of an empty queue.
 *   rwsem/B  a reader's loads are done before the next writer's stores.
 *   rwsem/C  a reader that was woken acquires from its waker, which acquired from A.
 *	      After task = NULL the waiter may be gone: its stack is the task's again.
 *
 * Linux: kernel/locking/rwsem.c
 */
#include <base/errno.h>
#include <locking/lockevent.h>
#include <locking/port.h>
#include <locking/wake_q.h>
#include "rwsem_internal.h"

static struct task_struct *rwsem_blocked_owner(const void *lock)
{
	const struct rw_semaphore *sem = lock;

	if (!(atomic_long_read(&sem->count) & RWSEM_LOCK_MASK))
		return NULL;
	return (struct task_struct *)(atomic_long_read(&sem->owner) & ~RWSEM_OWNER_FLAGS_MASK);
}

static const char *rwsem_owner_is(const void *lock)
{
	const struct rw_semaphore *sem = lock;

	if (!(atomic_long_read(&sem->count) & RWSEM_READER_MASK))
		return NULL;
	return rwsem_blocked_owner(lock) ? "the last that took it to read" :
		"readers, and nobody knows which";
}

const struct lock_kind rwsem_kind = {
	.name = "rw_semaphore", .owner = rwsem_blocked_owner, .owner_is = rwsem_owner_is,
};

void __init_rwsem(struct rw_semaphore *sem, const char *name __maybe_unused)
{
	*sem = (struct rw_semaphore)__RWSEM_INITIALIZER(*sem);
#ifdef CONFIG_DEBUG_LOCKS
	sem->name = name;
#endif
}

static void init_waiter(struct rwsem_waiter *waiter, unsigned long flags)
{
	WRITE_ONCE(waiter->task, current);
	PLAIN_WRITE(waiter->flags, flags);
	PLAIN_WRITE(waiter->since, local_clock());
}

/* ---- readers ---- */

/* Sleep until who wakes us has counted us in. Return: 0 or -EINTR. */
static int wait_for_grant(struct rw_semaphore *sem, struct rwsem_waiter *waiter,
			  unsigned int state)
{
	int ret = 0;

	port_set_blocked_on(&rwsem_kind, sem);
	for (;;) {
		set_current_state(state);
		/* rwsem/C: pairs with wake_readers() */
		if (!smp_load_acquire(&waiter->task))
			break;
		if (signal_pending_state(state, current)) {
			raw_spin_lock_irq(&sem->wait_lock);
			if (READ_ONCE(waiter->task)) {
				rwsem_give_up(sem, waiter);
				ret = -EINTR;
				break;
			}
			/* Granted meanwhile: wait_lock has ordered it. */
			raw_spin_unlock_irq(&sem->wait_lock);
			break;
		}
		lockevent_inc(rwsem_sleep_reader);
		schedule_preempt_disabled();
	}
	__set_current_state(TASK_RUNNING);
	port_clear_blocked_on();
	return ret;
}

/* Into the list, and out of the count. Return: false if it is ours without that. */
static bool queue_reader(struct rw_semaphore *sem, struct rwsem_waiter *waiter)
{
	long adjustment = -RWSEM_READER_BIAS;
	DEFINE_WAKE_Q(wake_q);

	init_waiter(waiter, WAITER_READS);
	raw_spin_lock_irq(&sem->wait_lock);
	if (list_empty(&sem->wait_list)) {
		/* rwsem/A: pairs with up_write(): nobody waits, no writer: we are in the count */
		if (!(atomic_long_read_acquire(&sem->count) & RWSEM_WRITER_MASK)) {
			raw_spin_unlock_irq(&sem->wait_lock);
			__rwsem_set_reader_owned(sem, current);
			lockevent_inc(rwsem_rlock_fast);
			return false;
		}
		adjustment += RWSEM_FLAG_WAITERS;
	}
	list_add_tail(&waiter->list, &sem->wait_list);
	/* Who held it may have gone before the list was seen; then it is ours to wake. */
	rwsem_cond_wake_waiter(sem, atomic_long_add_return(adjustment, &sem->count), &wake_q);
	raw_spin_unlock_irq(&sem->wait_lock);
	wake_up_q(&wake_q);
	return true;
}

/* @count is after the reader added itself. */
int rwsem_down_read_slowpath(struct rw_semaphore *sem, long count, unsigned int state)
{
	long readers = count >> RWSEM_READER_SHIFT;
	struct rwsem_waiter waiter;
	int ret;

	/*
	 * Steal it past the sleepers, but not to join other readers: a stream of them
	 * would never end.
	 */
	if (!(count & (RWSEM_WRITER_LOCKED | RWSEM_FLAG_HANDOFF)) &&
	    !(readers > 1 && (atomic_long_read(&sem->owner) & RWSEM_READER_OWNED))) {
		__rwsem_set_reader_owned(sem, current);
		lockevent_inc(rwsem_rlock_steal);
		/* The first of them lets those in that sleep at the front. */
		if (readers == 1 && (count & RWSEM_FLAG_WAITERS))
			rwsem_wake_waiters(sem, WAKE_READ_OWNED);
		return 0;
	}
	if (!queue_reader(sem, &waiter))
		return 0;
	ret = wait_for_grant(sem, &waiter, state);
	if (ret)
		lockevent_inc(rwsem_rlock_fail);
	else
		lockevent_inc(rwsem_rlock);
	return ret;
}

bool down_read_trylock(struct rw_semaphore *sem)
{
	long count = RWSEM_UNLOCKED_VALUE;
	bool taken = false;

	preempt_disable();
	while (!taken && !(count & RWSEM_READ_FAILED_MASK))
		/* rwsem/A: pairs with up_write(), downgrade_write() */
		taken = atomic_long_try_cmpxchg_acquire(&sem->count, &count,
							count + RWSEM_READER_BIAS);
	if (taken) {
		rwsem_acquire_read(sem, 0, 1, _RET_IP_);
		__rwsem_set_reader_owned(sem, current);
	}
	preempt_enable();
	return taken;
}

/* ---- writers, under wait_lock ---- */

/* Take it, or set the hand-off if that is due. */
static bool try_write_lock(struct rw_semaphore *sem, struct rwsem_waiter *waiter)
{
	struct rwsem_waiter *first = rwsem_first_waiter(sem);
	long count = atomic_long_read(&sem->count), new;

	do {
		bool handoff = count & RWSEM_FLAG_HANDOFF;

		/* One whose waiter gave up is for whoever comes. */
		if (handoff && waiter != first && rwsem_waiter_has(first, WAITER_HANDOFF))
			return false;
		new = count;
		if (count & RWSEM_LOCK_MASK) {
			if (handoff || (!rt_task(current) && !rwsem_waited_long(waiter)))
				return false;
			new |= RWSEM_FLAG_HANDOFF;
		} else {
			new |= RWSEM_WRITER_LOCKED;
			new &= ~RWSEM_FLAG_HANDOFF;
			if (list_is_singular(&sem->wait_list))
				new &= ~RWSEM_FLAG_WAITERS;
		}
		/* rwsem/A: pairs with up_write(); rwsem/B: pairs with up_read() */
	} while (!atomic_long_try_cmpxchg_acquire(&sem->count, &count, new));

	if (new & RWSEM_FLAG_HANDOFF) {
		rwsem_mark_handoff(first);
		lockevent_inc(rwsem_wlock_handoff);
		return false;
	}
	list_del(&waiter->list);
	rwsem_set_owner(sem);
	return true;
}

/* wait_lock is held before and after, and dropped in between if somebody is to be woken. */
static void queue_writer(struct rw_semaphore *sem, struct rwsem_waiter *waiter)
{
	DEFINE_WAKE_Q(wake_q);

	list_add_tail(&waiter->list, &sem->wait_list);
	if (rwsem_first_waiter(sem) == waiter) {
		atomic_long_or(RWSEM_FLAG_WAITERS, &sem->count);
		return;
	}
	rwsem_cond_wake_waiter(sem, atomic_long_read(&sem->count), &wake_q);
	if (wake_q_empty(&wake_q))
		return;
	raw_spin_unlock_irq(&sem->wait_lock);
	wake_up_q(&wake_q);
	raw_spin_lock_irq(&sem->wait_lock);
}

/* Who changes the owner changes the count next, or just did, with preemption off. */
static void await_count(struct rw_semaphore *sem)
{
	port_await_begin();
	smp_cond_load_relaxed(&sem->count.counter, !(VAL & RWSEM_LOCK_MASK) ||
			      atomic_long_read(&sem->owner) || need_resched());
}

int rwsem_down_write_slowpath(struct rw_semaphore *sem, unsigned int state)
{
	struct rwsem_waiter waiter;
	bool again, taken;

	if (rwsem_optimistic_spin(sem))
		return 0;
	init_waiter(&waiter, 0);
	raw_spin_lock_irq(&sem->wait_lock);
	queue_writer(sem, &waiter);
	port_set_blocked_on(&rwsem_kind, sem);

	/* The state before the look: an up that comes after it wakes us. */
	set_current_state(state);
	for (;;) {
		taken = try_write_lock(sem, &waiter);
		if (taken || signal_pending_state(state, current))
			break;
		again = rwsem_waiter_has(&waiter, WAITER_HANDOFF);
		raw_spin_unlock_irq(&sem->wait_lock);
		/* Ours as soon as the holder has gone. */
		if (again && rwsem_spin_on_owner(sem) == OWNER_NULL) {
			await_count(sem);
		} else {
			lockevent_inc(rwsem_sleep_writer);
			schedule_preempt_disabled();
			set_current_state(state);
		}
		raw_spin_lock_irq(&sem->wait_lock);
	}
	__set_current_state(TASK_RUNNING);
	port_clear_blocked_on();
	if (!taken) {
		rwsem_give_up(sem, &waiter);
		lockevent_inc(rwsem_wlock_fail);
		return -EINTR;
	}
	raw_spin_unlock_irq(&sem->wait_lock);
	lockevent_inc(rwsem_wlock);
	return 0;
}

bool down_write_trylock(struct rw_semaphore *sem)
{
	bool taken;

	preempt_disable();
	taken = rwsem_write_trylock(sem);
	if (taken)
		rwsem_acquire(sem, 0, 1, _RET_IP_);
	preempt_enable();
	if (taken)
		rwsem_debug(written, sem, _RET_IP_);
	return taken;
}

void downgrade_write(struct rw_semaphore *sem)
{
	long old;

	rwsem_debug(up_write, sem);
	preempt_disable();
	/* rwsem/A: pairs with __down_read_common(), down_read_trylock() */
	old = atomic_long_fetch_add_release(RWSEM_READER_BIAS - RWSEM_WRITER_LOCKED, &sem->count);
	__rwsem_set_reader_owned(sem, current);
	if (old & RWSEM_FLAG_WAITERS)
		rwsem_downgrade_wake(sem);
	preempt_enable();
}
