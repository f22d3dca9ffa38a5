/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wake_q: tasks to be woken once a lock is dropped, so that a woken task does not
 * at once wait for the lock that its waker still holds.
 *
 *	DEFINE_WAKE_Q(q);			head on the waker's stack
 *	raw_spin_lock(&l->wait_lock);
 *	  waiter->task = NULL;			it is done with; from here it may return
 *	  wake_q_add(&q, task);
 *	raw_spin_unlock(&l->wait_lock);
 *	wake_up_q(&q);
 *
 *	first	the first task, or WAKE_Q_TAIL		the head's owner
 *	lastp	where to link the next			the head's owner
 *	task->wake_q.next	NULL: in no list	claimed by cmpxchg; cleared by
 *							wake_up_q() before the wake-up
 *
 * A task is in one list at a time. Whoever loses the race to claim it relies on
 * the winner: the task is woken after both calls, once (wake_q/A).
 *
 * Linux: include/linux/sched/wake_q.h, kernel/sched/core.c
 */
#ifndef LOCKING_WAKE_Q_H
#define LOCKING_WAKE_Q_H

#include <locking/task.h>

struct wake_q_head {
	struct wake_q_node *first;
	struct wake_q_node **lastp;
};

#define WAKE_Q_TAIL	((struct wake_q_node *)0x01)

#define WAKE_Q_HEAD_INITIALIZER(name)	{ WAKE_Q_TAIL, &(name).first }
#define DEFINE_WAKE_Q(name) \
	struct wake_q_head name = WAKE_Q_HEAD_INITIALIZER(name)

static inline void wake_q_init(struct wake_q_head *head)
{
	WRITE_ONCE(head->first, WAKE_Q_TAIL);
	head->lastp = &head->first;
}

static inline bool wake_q_empty(struct wake_q_head *head)
{
	return READ_ONCE(head->first) == WAKE_Q_TAIL;
}

/**
 * wake_q_add() - wake @task in the next wake_up_q(@head), if not woken otherwise before
 * @task: cannot be freed during the call; this takes a reference
 * Context: Any but NMI.
 * Ordering: full barrier before a task that is in a list already is left to that
 *	     list's owner: it sees what the caller wrote before.
 */
void wake_q_add(struct wake_q_head *head, struct task_struct *task);
/* The same with a reference that the caller hands over. */
void wake_q_add_safe(struct wake_q_head *head, struct task_struct *task);
/* Wake them all, in order, with TASK_NORMAL. @head may be used again after wake_q_init(). */
void wake_up_q(struct wake_q_head *head);

#endif
