/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Simple wait queues, the mechanism. The contract is <locking/swait.h>.
 *
 * Queueing, state and condition are ordered as in wait.c (wait/A, sched/A); a waker
 * takes the entry off before it wakes its task, so that wake-ups in a row reach
 * tasks in a row, and the waiter may find that without the lock (wait/B).
 *
 * After the entry is off the waker still needs the task: it is read before, and
 * kept by a reference, because its owner may return and exit meanwhile.
 *
 * Linux: kernel/sched/swait.c
 */
#include "careful.h"
#include <locking/swait.h>
#include <locking/wake_q.h>

static const struct lock_kind swait_kind = { .name = "simple wait queue" };

void init_swait_queue_head(struct swait_queue_head *q)
{
	raw_spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->task_list);
}

/* ---- waking ---------------------------------------------------------------------- */

/* Off the queue, into @wake_q, which keeps the task. */
static void take_first(struct swait_queue_head *q, struct wake_q_head *wake_q)
{
	struct swait_queue *first = list_first_entry(&q->task_list, struct swait_queue, task_list);

	wake_q_add(wake_q, first->task);
	list_del_init_careful(&first->task_list);
}

void swake_up_locked(struct swait_queue_head *q)
{
	DEFINE_WAKE_Q(wake_q);

	if (list_empty(&q->task_list))
		return;
	take_first(q, &wake_q);
	wake_up_q(&wake_q);
}

void swake_up_all_locked(struct swait_queue_head *q)
{
	while (!list_empty(&q->task_list))
		swake_up_locked(q);
}

void swake_up_one(struct swait_queue_head *q)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&q->lock, flags);
	swake_up_locked(q);
	raw_spin_unlock_irqrestore(&q->lock, flags);
}

/* Those that come while the lock is dropped are not ours to wake: else it might not end. */
void swake_up_all(struct swait_queue_head *q)
{
	struct list_head now;

	INIT_LIST_HEAD(&now);
	raw_spin_lock_irq(&q->lock);
	list_splice_init(&q->task_list, &now);
	while (!list_empty(&now)) {
		struct swait_queue *first = list_first_entry(&now, struct swait_queue, task_list);
		DEFINE_WAKE_Q(wake_q);

		wake_q_add(&wake_q, first->task);
		list_del_init_careful(&first->task_list);
		raw_spin_unlock_irq(&q->lock);
		wake_up_q(&wake_q);
		raw_spin_lock_irq(&q->lock);
	}
	raw_spin_unlock_irq(&q->lock);
}

/* ---- waiting --------------------------------------------------------------------- */

void __prepare_to_swait(struct swait_queue_head *q, struct swait_queue *wait)
{
	port_set_blocked_on(&swait_kind, q);
	if (list_empty(&wait->task_list))
		list_add_tail(&wait->task_list, &q->task_list);
}

void prepare_to_swait_exclusive(struct swait_queue_head *q, struct swait_queue *wait,
				unsigned int state)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&q->lock, flags);
	__prepare_to_swait(q, wait);
	/* wait/A: pairs with swq_has_sleeper() */
	set_current_state(state);
	raw_spin_unlock_irqrestore(&q->lock, flags);
}

long prepare_to_swait_event(struct swait_queue_head *q, struct swait_queue *wait,
			    unsigned int state)
{
	unsigned long flags;
	long ret = 0;

	raw_spin_lock_irqsave(&q->lock, flags);
	if (signal_pending_state(state, current)) {
		/* Later wake-ups go to the next; an earlier one made the condition true. */
		list_del_init(&wait->task_list);
		port_clear_blocked_on();
		ret = -EINTR;
	} else {
		__prepare_to_swait(q, wait);
		/* wait/A: pairs with swq_has_sleeper() */
		set_current_state(state);
	}
	raw_spin_unlock_irqrestore(&q->lock, flags);
	return ret;
}

void __finish_swait(struct swait_queue_head *q __maybe_unused, struct swait_queue *wait)
{
	__set_current_state(TASK_RUNNING);
	port_clear_blocked_on();
	if (!list_empty(&wait->task_list))
		list_del_init(&wait->task_list);
}

void finish_swait(struct swait_queue_head *q, struct swait_queue *wait)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	port_clear_blocked_on();
	if (list_left_careful(&wait->task_list))
		return;
	raw_spin_lock_irqsave(&q->lock, flags);
	list_del_init(&wait->task_list);
	raw_spin_unlock_irqrestore(&q->lock, flags);
}
