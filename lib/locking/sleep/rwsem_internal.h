/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the rw_semaphore's slow path share: rwsem.c queues and sleeps,
 * rwsem_wake.c wakes, rwsem_spin.c spins.
 */
#ifndef LOCKING_SLEEP_RWSEM_INTERNAL_H
#define LOCKING_SLEEP_RWSEM_INTERNAL_H

#include <locking/rwsem.h>
#include <locking/wake_q.h>

#ifndef RWSEM_WAIT_TIMEOUT
#define RWSEM_WAIT_TIMEOUT	4000000LL	/* ns, then the first waiter asks for a hand-off */
#endif

#define WAITER_READS	0x1UL		/* else it writes */
#define WAITER_HANDOFF	0x2UL		/* it is the one that the hand-off is for */

/* On the stack of the task that waits. Under wait_lock, but for task's last store. */
struct rwsem_waiter {
	struct list_head list;
	struct task_struct *task;	/* NULL: a reader that has it */
	unsigned long flags;
	u64 since;
};

enum rwsem_wake_type {
	WAKE_ANY,			/* whoever is first */
	WAKE_READERS,			/* readers, if they are first; others hold it */
	WAKE_READ_OWNED,		/* the same, and the caller is a reader */
};

static inline struct rwsem_waiter *rwsem_first_waiter(struct rw_semaphore *sem)
{
	return list_first_entry(&sem->wait_list, struct rwsem_waiter, list);
}

static inline bool rwsem_waiter_has(struct rwsem_waiter *waiter, unsigned long flag)
{
	return PLAIN_READ(waiter->flags) & flag;
}

static inline void rwsem_mark_handoff(struct rwsem_waiter *waiter)
{
	PLAIN_WRITE(waiter->flags, PLAIN_READ(waiter->flags) | WAITER_HANDOFF);
}

static inline bool rwsem_waited_long(struct rwsem_waiter *waiter)
{
	return (s64)(local_clock() - PLAIN_READ(waiter->since)) > RWSEM_WAIT_TIMEOUT;
}

/*
 * Under wait_lock: put into @wake_q who can have it, and count readers in. @count was
 * read with the caller's own place in the list taken.
 */
void rwsem_cond_wake_waiter(struct rw_semaphore *sem, long count, struct wake_q_head *wake_q);
/* Leave the list without the semaphore. wait_lock is held, and dropped here. */
void rwsem_give_up(struct rw_semaphore *sem, struct rwsem_waiter *waiter);
/* Take wait_lock, wake without it. */
void rwsem_wake_waiters(struct rw_semaphore *sem, enum rwsem_wake_type type);

/* What a spinner sees in the owner word; a set of those it may go on for. */
enum rwsem_owner_state {
	OWNER_NULL		= 1 << 0,	/* between two owners */
	OWNER_WRITER		= 1 << 1,
	OWNER_READER		= 1 << 2,
	OWNER_NONSPINNABLE	= 1 << 3,	/* does not run, or readers hold it too long */
};
#define OWNER_SPINNABLE		(OWNER_NULL | OWNER_WRITER | OWNER_READER)

/* Spin while the same writer holds it and runs. Return: what is there then. */
enum rwsem_owner_state rwsem_spin_on_owner(struct rw_semaphore *sem);
/* Return: true with the semaphore, write-held; false: queue. */
bool rwsem_optimistic_spin(struct rw_semaphore *sem);

/* Readers have let go, or a sleeper is first: it may be spun on again. */
static inline void rwsem_clear_nonspinnable(struct rw_semaphore *sem)
{
	if (atomic_long_read(&sem->owner) & RWSEM_NONSPINNABLE)
		atomic_long_andnot(RWSEM_NONSPINNABLE, &sem->owner);
}

#endif
