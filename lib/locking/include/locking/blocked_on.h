/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a task sleeps for: a lock, and what kind of thing that is. From these, and
 * from who holds the lock, a report makes the chain of who waits for whom.
 *
 *	blocked_on.lock	the lock, completion, queue	written by the task around its wait
 *	blocked_on.kind	what it is; NULL: not waiting	the same
 *
 * Each sleeping type has one constant struct lock_kind beside its code:
 *
 *	static struct task_struct *foo_blocked_owner(const void *lock) ...
 *	const struct lock_kind foo_kind = { .name = "foo", .owner = foo_blocked_owner };
 *
 *	port_set_blocked_on(&foo_kind, lock);	in the slow path, before it sleeps
 *	... set_current_state(), schedule() ...
 *	port_clear_blocked_on();		when the wait is over, won or given up
 *
 * A spinlock_t sleeps with CONFIG_PREEMPT_RT, also in the middle of a wait for something
 * else: it puts what that is for aside, port_push_blocked_on(), port_pop_blocked_on().
 *
 * While a task is asleep inside the wait the lock exists, so a reader that keeps
 * the task asleep (its pi_lock: try_to_wake_up() needs it) may call ->owner. What it
 * returns is a name, to be looked up among the tasks, never to be followed.
 *
 * Linux:   task->blocked_on, task->blocker: include/linux/hung_task.h
 * Differs: a pointer to a description, not two bits of the address.
 */
#ifndef LOCKING_BLOCKED_ON_H
#define LOCKING_BLOCKED_ON_H

struct task_struct;

struct lock_kind {
	const char *name;		/* "mutex" */
	/*
	 * Who holds @lock now, NULL for nobody or nobody in particular. Reads the lock's
	 * words once, with interrupts off, and takes no lock. May itself be NULL.
	 */
	struct task_struct *(*owner)(const void *lock);
	/*
	 * What ->owner is, if not the owner: "one of its readers". If ->owner names nobody:
	 * by whom it is held all the same, or NULL: it is free. May itself be NULL; with
	 * ->owner NULL as well, there is no such thing as an owner.
	 */
	const char *(*owner_is)(const void *lock);
};

struct blocked_on {
	const void *lock;
	const struct lock_kind *kind;
};

#endif
