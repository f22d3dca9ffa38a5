/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counting semaphore: so many may have it; no owner, so anybody may give it back, an
 * interrupt too.
 *
 *	count		how many may still take it	written under lock
 *	wait_list	who waits, first come first	written under lock
 *	last_holder	the task that took it last, if it has not given it back itself:
 *			for reports, CONFIG_DEBUG_LOCKS	written under lock
 *
 *	count > 0	free; nobody waits
 *	count == 0	taken; with waiters, up() hands it to the first and count stays 0
 *
 * Nobody steals: the first waiter has it when up() returns.
 *
 * Linux:   include/linux/semaphore.h
 */
#ifndef LOCKING_SEMAPHORE_H
#define LOCKING_SEMAPHORE_H

#include <base/list.h>
#include <locking/task.h>

struct semaphore {
	raw_spinlock_t lock;
	unsigned int count;
	struct list_head wait_list;
#ifdef CONFIG_DEBUG_LOCKS
	struct task_struct *last_holder;
#endif
};

#define __SEMAPHORE_INITIALIZER(name, n) {				\
	.lock = __RAW_SPIN_LOCK_UNLOCKED((name).lock),			\
	.count = n,							\
	.wait_list = LIST_HEAD_INIT((name).wait_list),			\
}
#define DEFINE_SEMAPHORE(name, n)	struct semaphore name = __SEMAPHORE_INITIALIZER(name, n)

static inline void sema_init(struct semaphore *sem, unsigned int val)
{
	raw_spin_lock_init(&sem->lock);
	sem->count = val;
	INIT_LIST_HEAD(&sem->wait_list);
#ifdef CONFIG_DEBUG_LOCKS
	sem->last_holder = NULL;
#endif
}

/**
 * down() - take it, sleeping as long as it takes
 * Context: Task that may sleep; CONFIG_PREEMPT_RT: nor inside a spinlock_t. Without
 *	    CONFIG_DEBUG_LOCKS a caller that must not is reported when it has to wait.
 * Ordering: ACQUIRE.
 * Return: nothing; down_interruptible(), down_killable(): 0 or -EINTR; down_timeout():
 *	   0, or -ETIME when @timeout jiffies have passed.
 */
void down(struct semaphore *sem);
int __must_check down_interruptible(struct semaphore *sem);
int __must_check down_killable(struct semaphore *sem);
int __must_check down_timeout(struct semaphore *sem, long timeout);

/**
 * down_trylock() - take it if that needs no wait
 * Context: Any but NMI, with CONFIG_PREEMPT_RT too: the lock is a raw one.
 * Return: 0 if taken, 1 if not: the other way round than spin_trylock().
 */
int __must_check down_trylock(struct semaphore *sem);

/**
 * up() - give it back, or to the first waiter
 * Context: As down_trylock(); need not be the task that took it.
 * Ordering: RELEASE.
 */
void up(struct semaphore *sem);

#endif
