/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues, the mechanism. The contract is <kernel/wait.h>.
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
 * Linux: kernel/sched/wait.c
 */
#include <kernel/bug.h>
#include <kernel/wait.h>

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

/*
 * Off the queue by the waker; the waiter, seeing that, goes on without the lock
 * and may reuse the entry: so the store it looks at comes last.
 */
static void list_del_init_careful(struct list_head *entry)
{
	__list_del_entry(entry);
	WRITE_ONCE(entry->prev, entry);
	/* wait/B: pairs with finish_wait() */
	smp_store_release(&entry->next, entry);
}

int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode,
			  int flags, void *key)
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

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	list_add(&wq_entry->entry, &wq_head->head);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void add_wait_queue_exclusive(struct wait_queue_head *wq_head,
			      struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	list_add_tail(&wq_entry->entry, &wq_head->head);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq_head->lock, flags);
	list_del_init(&wq_entry->entry);
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
	/* wait/B: pairs with list_del_init_careful() */
	if (smp_load_acquire(&wq_entry->entry.next) == &wq_entry->entry)
		return;
	spin_lock_irqsave(&wq_head->lock, flags);
	list_del_init(&wq_entry->entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

/* ---- waking ----------------------------------------------------------------------- */

int __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive,
		     void *key)
{
	struct wait_queue_entry *curr, *next;
	int woken = 0;

	list_for_each_entry_safe(curr, next, &wq_head->head, entry) {
		unsigned int flags = curr->flags;	/* once woken, curr may be gone */
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

	if (unlikely(in_nmi()))
		panic("wake-up of wait queue %p in NMI context", (void *)wq_head);
	spin_lock_irqsave(&wq_head->lock, flags);
	woken = __wake_up_locked(wq_head, mode, nr_exclusive, key);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return woken;
}
