/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wake_q, the mechanism. The contract is <locking/wake_q.h>.
 *
 *	CPU 0, has q0			CPU 1, has q1			task->wake_q.next
 *	wake_q_add(): claims				     		q0's end
 *	unlock				CONDITION = true
 *					wake_q_add(): smp_mb(), is claimed: done
 *	wake_up_q(): next = NULL					NULL
 *	  wake_up_process(): full barrier, and the task sees CONDITION
 *
 * Ordering, wake_q/A: the loser's claim fails, but orders its condition before
 * that look; the winner clears the link before its wake-up. So either the loser
 * finds NULL and claims, or the winner's wake-up comes after the condition.
 * Linux: kernel/sched/core.c: __wake_q_add(), wake_up_q()
 */
#include <locking/wake_q.h>

static bool claim(struct wake_q_head *head, struct task_struct *task)
{
	struct wake_q_node *node = &task->wake_q, *expected = NULL;

	/* wake_q/A: pairs with wake_up_q() */
	smp_mb__before_atomic();
	if (!try_cmpxchg_relaxed(&node->next, &expected, WAKE_Q_TAIL))
		return false;

	/* Ours to link: the list is on one CPU's stack. */
	WRITE_ONCE(*head->lastp, node);
	head->lastp = &node->next;
	return true;
}

void wake_q_add(struct wake_q_head *head, struct task_struct *task)
{
	if (claim(head, task))
		get_task_struct(task);
}

void wake_q_add_safe(struct wake_q_head *head, struct task_struct *task)
{
	if (!claim(head, task))
		put_task_struct(task);
}

void wake_up_q(struct wake_q_head *head)
{
	struct wake_q_node *node = READ_ONCE(head->first);

	while (node != WAKE_Q_TAIL) {
		struct task_struct *task = container_of(node, struct task_struct, wake_q);

		node = READ_ONCE(node->next);
		/* wake_q/A: pairs with claim(): cleared, then woken with a full barrier */
		WRITE_ONCE(task->wake_q.next, NULL);
		wake_up_process(task);
		put_task_struct(task);
	}
}
