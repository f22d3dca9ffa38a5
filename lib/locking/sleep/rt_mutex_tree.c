/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex: the order of waiters, and the two trees that keep it.
 *
 *	lock->waiters		all waiters of a lock		wait_lock
 *	task->pi_waiters	the top waiter of each lock	task->pi_lock
 *				that the task holds
 *
 * A waiter has its urgency twice, one for each tree: a tree's order must not change
 * under it, and the two are changed under different locks. The lock's is brought up
 * to date when the chain walk requeues the waiter; the owner's is copied from it.
 *
 *	prio	0 .. 98		real-time, each its own
 *		DEFAULT_PRIO	fair tasks: lending niceness would let a task buy its
 *				way past those who waited longer
 *
 * Equal waiters keep the order of arrival: a newcomer goes behind its equals. Those of a
 * ww_mutex that have a context stand in front of them, by age.
 * Cost: the top is one load; queueing is O(log n) under wait_lock.
 *
 * Linux: kernel/locking/rtmutex.c
 */
#include <locking/rt_mutex_waiter.h>

int rt_waiter_prio(struct task_struct *task)
{
	int prio = task_prio(task);

	return rt_prio(prio) ? prio : DEFAULT_PRIO;
}

static bool node_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct rt_waiter_node, entry)->prio <
	       rb_entry(b, struct rt_waiter_node, entry)->prio;
}

static struct rt_mutex_waiter *waiter_of(const struct rb_node *node)
{
	return rb_entry(node, struct rt_mutex_waiter, tree.entry);
}

static bool waiter_less(struct rb_node *node_a, const struct rb_node *node_b)
{
	const struct rt_mutex_waiter *a = waiter_of(node_a), *b = waiter_of(node_b);

	if (a->tree.prio != b->tree.prio)
		return a->tree.prio < b->tree.prio;
	if (!a->ww || !b->ww)
		return a->ww && !b->ww;
	return (long)(a->ww->stamp - b->ww->stamp) < 0;
}

static void node_erase(struct rt_waiter_node *node, struct rb_root_cached *root)
{
	if (RB_EMPTY_NODE(&node->entry))
		return;
	rb_erase_cached(&node->entry, root);
	RB_CLEAR_NODE(&node->entry);
}

struct rt_mutex_waiter *rt_mutex_top_waiter(struct rt_mutex_base *lock)
{
	return rb_entry_safe(rb_first_cached(&lock->waiters), struct rt_mutex_waiter, tree.entry);
}

void rt_mutex_enqueue(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter)
{
	waiter->tree.prio = rt_waiter_prio(waiter->task);
	rb_add_cached(&waiter->tree.entry, &lock->waiters, waiter_less);
}

void rt_mutex_dequeue(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter)
{
	node_erase(&waiter->tree, &lock->waiters);
}

struct rt_mutex_waiter *task_top_pi_waiter(struct task_struct *task)
{
	return rb_entry_safe(rb_first_cached(&task->pi_waiters), struct rt_mutex_waiter,
			     pi_tree.entry);
}

void rt_mutex_enqueue_pi(struct task_struct *task, struct rt_mutex_waiter *waiter)
{
	waiter->pi_tree.prio = waiter->tree.prio;
	rb_add_cached(&waiter->pi_tree.entry, &task->pi_waiters, node_less);
}

void rt_mutex_dequeue_pi(struct task_struct *task, struct rt_mutex_waiter *waiter)
{
	node_erase(&waiter->pi_tree, &task->pi_waiters);
}

void rt_mutex_adjust_prio(struct task_struct *task)
{
	struct rt_mutex_waiter *top = task_top_pi_waiter(task);

	rt_mutex_setprio(task, top ? top->task : NULL);
}

struct rt_mutex_base *task_blocked_on_lock(struct task_struct *task)
{
	return task->pi_blocked_on ? task->pi_blocked_on->lock : NULL;
}
