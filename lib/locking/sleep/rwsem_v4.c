/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphore, the counter form: waiting. The contract and the count are
 * <locking/rwsem_v4.h>.
 *
 *	W1 holds	R2			W3		count, high and low half
 *			adds 1, fails				-1	2
 *			queues: -1 active, +1 waiting		-2	1
 *					adds, fails, takes back	-2	1
 *					queues			-2	1
 *	up_write: negative					-1	0
 *	  wake: R2 is first, counted in				-1	1
 *	  W3 stays: the list is not empty
 *			has it, up_read: negative, none active	-1	0
 *			wake: W3, to try	takes it	-1	1
 *
 * A waiting writer is only woken and competes with who comes: it may lose for ever. A
 * reader is given it. Readers are woken up to the first writer of the list, no further.
 *
 * Ordering: rwsem_v4/A, B as the modern form's; rwsem_v4/C: a reader that was woken
 * acquires from its waker.
 * Linux: kernel/locking/rwsem-xadd.c, v4.0
 */
#include <locking/port.h>
#include <locking/rwsem_v4.h>
#include <locking/wake_q.h>

struct waiter {
	struct list_head list;		/* wait_lock */
	struct task_struct *task;	/* wait_lock, and its last store: NULL, it has it */
	unsigned long reads;		/* written before it is queued */
};

static const char *rwsem_v4_owner_is(const void *lock)
{
	const struct rwsem_v4 *sem = lock;

	return atomic_long_read(&sem->count) & RWSEM_V4_ACTIVE_MASK ?
		"a writer or readers, and nobody knows which" : NULL;
}

static const struct lock_kind rwsem_v4_kind = {
	.name = "rwsem_v4", .owner_is = rwsem_v4_owner_is,
};

/* ---- waking, under wait_lock ---- */

/*
 * Count the first in the list, a reader, in. Return: false if a writer is active; that
 * one wakes it later.
 */
static bool grant_first(struct rwsem_v4 *sem)
{
	for (;;) {
		/* rwsem_v4/A: pairs with rwsem_v4_up_write(), rwsem_v4_downgrade_write() */
		if (atomic_long_fetch_inc_acquire(&sem->count) >= RWSEM_V4_WAITING_BIAS)
			return true;
		if (atomic_long_dec_return(&sem->count) & RWSEM_V4_ACTIVE_MASK)
			return false;
		/* It left between the two, and saw us active: there is nobody else to wake. */
	}
}

/* @owned: the caller is a reader already, and a writer is not to be woken. */
static void do_wake(struct rwsem_v4 *sem, bool owned, struct wake_q_head *wake_q)
{
	struct waiter *waiter = list_first_entry(&sem->wait_list, struct waiter, list), *next;
	long adjustment = 0;
	LIST_HEAD(batch);

	if (!PLAIN_READ(waiter->reads)) {
		if (!owned)
			wake_q_add(wake_q, READ_ONCE(waiter->task));
		return;
	}
	if (!owned) {
		if (!grant_first(sem))
			return;
		adjustment = -1;
	}
	INIT_LIST_HEAD(&batch);
	list_for_each_entry_safe(waiter, next, &sem->wait_list, list) {
		if (!PLAIN_READ(waiter->reads))
			break;
		list_move_tail(&waiter->list, &batch);
		adjustment += RWSEM_V4_ACTIVE_BIAS;
	}
	if (list_empty(&sem->wait_list))
		adjustment -= RWSEM_V4_WAITING_BIAS;
	atomic_long_add(adjustment, &sem->count);
	list_for_each_entry_safe(waiter, next, &batch, list) {
		struct task_struct *task = READ_ONCE(waiter->task);

		get_task_struct(task);
		/* rwsem_v4/C: pairs with rwsem_v4_down_read_failed() */
		smp_store_release(&waiter->task, NULL);
		wake_q_add_safe(wake_q, task);
	}
}

static void wake_list(struct rwsem_v4 *sem, bool owned)
{
	unsigned long flags;
	DEFINE_WAKE_Q(wake_q);

	raw_spin_lock_irqsave(&sem->wait_lock, flags);
	if (!list_empty(&sem->wait_list))
		do_wake(sem, owned, &wake_q);
	raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
	wake_up_q(&wake_q);
}

void rwsem_v4_wake(struct rwsem_v4 *sem)
{
	wake_list(sem, false);
}

void rwsem_v4_downgrade_wake(struct rwsem_v4 *sem)
{
	wake_list(sem, true);
}

/* ---- waiting ---- */

/* @waiter goes to the end; its active count becomes the list's, if it is the first. */
static void queue(struct rwsem_v4 *sem, struct waiter *waiter, long active,
		  struct wake_q_head *wake_q)
{
	bool first = list_empty(&sem->wait_list);
	long count;

	WRITE_ONCE(waiter->task, current);
	list_add_tail(&waiter->list, &sem->wait_list);
	count = atomic_long_add_return((first ? RWSEM_V4_WAITING_BIAS : 0) - active, &sem->count);
	/*
	 * Nobody is active any more: who left may have seen us, and then it is ours to wake.
	 * Or readers are, and we are the first behind them, a reader too.
	 */
	if (count == RWSEM_V4_WAITING_BIAS ||
	    (first && count > RWSEM_V4_WAITING_BIAS && PLAIN_READ(waiter->reads)))
		do_wake(sem, false, wake_q);
}

void rwsem_v4_down_read_failed(struct rwsem_v4 *sem)
{
	struct waiter waiter;
	DEFINE_WAKE_Q(wake_q);

	PLAIN_WRITE(waiter.reads, 1);
	raw_spin_lock_irq(&sem->wait_lock);
	queue(sem, &waiter, RWSEM_V4_ACTIVE_BIAS, &wake_q);
	raw_spin_unlock_irq(&sem->wait_lock);
	wake_up_q(&wake_q);

	port_set_blocked_on(&rwsem_v4_kind, sem);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		/* rwsem_v4/C: pairs with do_wake() */
		if (!smp_load_acquire(&waiter.task))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	port_clear_blocked_on();
}

/* wait_lock is held, and @waiter in the list. */
static bool try_write(struct rwsem_v4 *sem, struct waiter *waiter)
{
	long free = RWSEM_V4_WAITING_BIAS;
	long taken = RWSEM_V4_WRITE_BIAS;

	if (!list_is_singular(&sem->wait_list))
		taken += RWSEM_V4_WAITING_BIAS;
	/* rwsem_v4/A: pairs with rwsem_v4_up_write(); rwsem_v4/B: pairs with rwsem_v4_up_read() */
	if (!atomic_long_try_cmpxchg_acquire(&sem->count, &free, taken))
		return false;
	list_del(&waiter->list);
	return true;
}

void rwsem_v4_down_write_failed(struct rwsem_v4 *sem)
{
	struct waiter waiter;
	DEFINE_WAKE_Q(wake_q);

	PLAIN_WRITE(waiter.reads, 0);
	raw_spin_lock_irq(&sem->wait_lock);
	queue(sem, &waiter, RWSEM_V4_WRITE_BIAS, &wake_q);
	raw_spin_unlock_irq(&sem->wait_lock);
	wake_up_q(&wake_q);

	port_set_blocked_on(&rwsem_v4_kind, sem);
	for (;;) {
		bool taken;

		set_current_state(TASK_UNINTERRUPTIBLE);
		raw_spin_lock_irq(&sem->wait_lock);
		taken = try_write(sem, &waiter);
		raw_spin_unlock_irq(&sem->wait_lock);
		if (taken)
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	port_clear_blocked_on();
}
