/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues, the mechanism. The contract is <locking/wait.h>.
 *
 *	waiter					waker
 *	lock; queue entry; unlock		CONDITION = true
 *	state = S			(A)	lock
 *	smp_mb()				  entry queued?	  (wait/A)
 *	if (CONDITION) finish_wait()		  try_to_wake_up(): state S?	(sched/A)
 *	else schedule()				unlock
 *
 * The lock orders queueing and looking at the queue; sched/A orders the state and
 * the condition. A waker that does not take the lock when it sees the queue
 * empty needs wait/A: its condition before that look, the entry before the
 * waiter's look at the condition.
 *
 * An autoremove entry is taken off by its waker, so that of several exclusive
 * waiters each wake-up reaches another one, even before the woken one runs. The
 * waiter may then find itself off the queue without taking the lock: list_empty
 * is the waker's last access to the entry (wait/B).
 *
 * wait_woken() has its own word, WOKEN in the entry's flags, which takes the place
 * of the state: set before the wake-up, cleared after the sleep, each with a full
 * barrier to the condition (wait/C).
 *
 * Linux: kernel/sched/wait.c
 */
#include "careful.h"
#include <locking/wait.h>

static const struct lock_kind wait_queue_kind = { .name = "wait queue" };

void init_waitqueue_head(struct wait_queue_head *wq_head)
{
	spin_lock_init(&wq_head->lock);
	INIT_LIST_HEAD(&wq_head->head);
}

void init_wait_entry(struct wait_queue_entry *wq_entry, int flags)
{
	wq_entry->flags = flags;
	wq_entry->private = current;
	wq_entry->func = autoremove_wake_function;
	INIT_LIST_HEAD(&wq_entry->entry);
}

int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode,
			  int flags __maybe_unused, void *key __maybe_unused)
{
	return try_to_wake_up(wq_entry->private, mode);
}

int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode,
			     int flags, void *key)
{
	int woken = default_wake_function(wq_entry, mode, flags, key);

	if (woken)
		list_del_init_careful(&wq_entry->entry);
	return woken;
}

/* ---- waiting -------------------------------------------------------------------- */

void __add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	list_add(&wq_entry->entry, &wq_head->head);
}

void __add_wait_queue_entry_tail(struct wait_queue_head *wq_head,
				 struct wait_queue_entry *wq_entry)
{
	list_add_tail(&wq_entry->entry, &wq_head->head);
}

void __remove_wait_queue(struct wait_queue_head *wq_head __maybe_unused,
			 struct wait_queue_entry *wq_entry)
{
	list_del_init(&wq_entry->entry);
}

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	__add_wait_queue(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void add_wait_queue_exclusive(struct wait_queue_head *wq_head,
			      struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	__add_wait_queue_entry_tail(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq_head->lock, flags);
	__remove_wait_queue(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
		     unsigned int state)
{
	unsigned long flags;

	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	if (list_empty(&wq_entry->entry))
		list_add(&wq_entry->entry, &wq_head->head);
	port_set_blocked_on(&wait_queue_kind, wq_head);
	/* wait/A: pairs with wq_has_sleeper() */
	set_current_state(state);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head,
			       struct wait_queue_entry *wq_entry, unsigned int state)
{
	unsigned long flags;
	bool was_empty = false;

	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	if (list_empty(&wq_entry->entry)) {
		was_empty = list_empty(&wq_head->head);
		list_add_tail(&wq_entry->entry, &wq_head->head);
	}
	port_set_blocked_on(&wait_queue_kind, wq_head);
	/* wait/A: pairs with wq_has_sleeper() */
	set_current_state(state);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return was_empty;
}

/*
 * An exclusive waiter that leaves because of a signal must not have been woken
 * for the condition: a waker gives that wake-up to one waiter only. Off the queue
 * under the lock, a later wake-up goes to the next one; an earlier one made the
 * condition true, and the caller tests that before the -EINTR.
 */
long prepare_to_wait_event(struct wait_queue_head *wq_head,
			   struct wait_queue_entry *wq_entry, unsigned int state)
{
	unsigned long flags;
	long ret = 0;

	spin_lock_irqsave(&wq_head->lock, flags);
	if (signal_pending_state(state, current)) {
		list_del_init(&wq_entry->entry);
		port_clear_blocked_on();
		ret = -EINTR;
	} else {
		if (list_empty(&wq_entry->entry)) {
			if (wq_entry->flags & WQ_FLAG_EXCLUSIVE)
				list_add_tail(&wq_entry->entry, &wq_head->head);
			else
				list_add(&wq_entry->entry, &wq_head->head);
		}
		port_set_blocked_on(&wait_queue_kind, wq_head);
		/* wait/A: pairs with wq_has_sleeper() */
		set_current_state(state);
	}
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return ret;
}

void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	port_clear_blocked_on();
	if (list_left_careful(&wq_entry->entry))
		return;
	spin_lock_irqsave(&wq_head->lock, flags);
	list_del_init(&wq_entry->entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

/* One round of a wait with the queue's own lock held. */
int do_wait_intr(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
		 unsigned int state, bool irq)
{
	if (list_empty(&wq_entry->entry))
		__add_wait_queue_entry_tail(wq_head, wq_entry);
	port_set_blocked_on(&wait_queue_kind, wq_head);
	/* wait/A: pairs with wq_has_sleeper() */
	set_current_state(state);
	if (signal_pending_state(state, current))
		return -EINTR;
	if (irq)
		spin_unlock_irq(&wq_head->lock);
	else
		spin_unlock(&wq_head->lock);
	schedule();
	if (irq)
		spin_lock_irq(&wq_head->lock);
	else
		spin_lock(&wq_head->lock);
	return 0;
}

long wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout)
{
	set_current_state(mode);
	if (!(READ_ONCE(wq_entry->flags) & WQ_FLAG_WOKEN))
		timeout = schedule_timeout(timeout);
	__set_current_state(TASK_RUNNING);

	/* wait/C: pairs with woken_wake_function(): cleared before the condition is read */
	smp_store_mb(wq_entry->flags, READ_ONCE(wq_entry->flags) & ~WQ_FLAG_WOKEN);
	return timeout;
}

int woken_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			void *key)
{
	/* wait/C: pairs with wait_woken(): the condition before WOKEN */
	smp_mb();
	WRITE_ONCE(wq_entry->flags, READ_ONCE(wq_entry->flags) | WQ_FLAG_WOKEN);
	return default_wake_function(wq_entry, mode, flags, key);
}

/* ---- waking ----------------------------------------------------------------------- */

int __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive,
		     void *key)
{
	struct wait_queue_entry *curr, *next;
	int woken = 0;

	list_for_each_entry_safe(curr, next, &wq_head->head, entry) {
		unsigned int flags = READ_ONCE(curr->flags);	/* once woken, curr may be gone */
		int ret = curr->func(curr, mode, 0, key);

		if (ret < 0)
			break;
		if (ret && (flags & WQ_FLAG_EXCLUSIVE) && ++woken == nr_exclusive)
			break;
	}
	return woken;
}

int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive, void *key)
{
	unsigned long flags;
	int woken;

	if (unlikely(port_context() == CTX_NMI))
		port_report("wake-up of wait queue %p in NMI context", (void *)wq_head);
	spin_lock_irqsave(&wq_head->lock, flags);
	woken = __wake_up_locked(wq_head, mode, nr_exclusive, key);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return woken;
}
