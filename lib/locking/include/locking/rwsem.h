/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphore: readers share, a writer excludes, who must wait sleeps.
 *
 *	count		bit 0	  a writer holds it		written by all, atomically
 *			bit 1	  wait_list is not empty	under wait_lock
 *			bit 2	  hand-off: the first in the list is next, nobody steals
 *								under wait_lock
 *			bits 8-63 number of readers
 *	owner		the writer's task; or the last reader's, with flags:
 *			bit 0	  held by readers; stale as soon as that reader leaves
 *			bit 1	  readers hold it too long: do not spin	written by spinners
 *	osq		writers that spin, one after the other
 *	wait_lock	wait_list, bits 1 and 2
 *	wait_list	who sleeps, in order of arrival
 *
 *	count 0			free (all-zero but for the list)
 *	0x001			a writer
 *	n << 8			n readers
 *	n << 8 | 0x2		n readers, somebody sleeps: later readers queue
 *	0x001 | 0x2 | 0x4	a writer holds it, the first waiter gets it next
 *
 * A reader adds itself first and looks then; one that fails takes itself back in the
 * slow path. So the count of readers may be too high for a moment, never too low.
 *
 * Not to be taken twice by one task, not even to read: a writer that came between the
 * two waits for the first, and the second for the writer.
 *
 * With CONFIG_PREEMPT_RT all of this page but the API is another: <locking/rwsem_rt.h>.
 *
 * Limits: nothing counts up to 2^55 readers.
 * Cost: one read-modify-write each way, inline; `make bench`, tests/codegen.
 * Linux:   include/linux/rwsem.h, kernel/locking/rwsem.c
 * Differs: no read-fail bit for 2^55 readers. Time is local_clock(), not jiffies.
 */
#ifndef LOCKING_RWSEM_H
#define LOCKING_RWSEM_H

#include <base/list.h>
#include <locking/guard.h>
#include <locking/lockdep.h>
#include <locking/osq_lock.h>
#include <locking/spinlock.h>
#include <locking/task.h>

struct rw_semaphore;

/* CONFIG_DEBUG_LOCKS: report what must not be. */
void rwsem_check_down(struct rw_semaphore *sem, bool write);
/* @ip: where it was taken to write; 0: where this is called. */
void rwsem_check_written(struct rw_semaphore *sem, unsigned long ip);
void rwsem_check_up_read(struct rw_semaphore *sem);
void rwsem_check_up_write(struct rw_semaphore *sem);

#define rwsem_debug(check, ...)						\
	do {								\
		if (IS_ENABLED(CONFIG_DEBUG_LOCKS))			\
			rwsem_check_##check(__VA_ARGS__);		\
	} while (0)

#ifdef CONFIG_PREEMPT_RT
#include <locking/rwsem_rt.h>
#else

#define RWSEM_UNLOCKED_VALUE	0L
#define RWSEM_WRITER_LOCKED	(1L << 0)
#define RWSEM_FLAG_WAITERS	(1L << 1)
#define RWSEM_FLAG_HANDOFF	(1L << 2)
#define RWSEM_READER_SHIFT	8
#define RWSEM_READER_BIAS	(1L << RWSEM_READER_SHIFT)
#define RWSEM_READER_MASK	(~(RWSEM_READER_BIAS - 1))
#define RWSEM_WRITER_MASK	RWSEM_WRITER_LOCKED
#define RWSEM_LOCK_MASK		(RWSEM_WRITER_MASK | RWSEM_READER_MASK)
#define RWSEM_READ_FAILED_MASK	(RWSEM_WRITER_MASK | RWSEM_FLAG_WAITERS | RWSEM_FLAG_HANDOFF)

#define RWSEM_READER_OWNED	(1L << 0)
#define RWSEM_NONSPINNABLE	(1L << 1)
#define RWSEM_OWNER_FLAGS_MASK	(RWSEM_READER_OWNED | RWSEM_NONSPINNABLE)

struct rw_semaphore {
	atomic_long_t count;
	atomic_long_t owner;
	struct optimistic_spin_queue osq;
	raw_spinlock_t wait_lock;
	struct list_head wait_list;
#ifdef CONFIG_DEBUG_LOCKS
	const void *magic;		/* its own address, once initialised */
	const char *name;
#endif
};

#define __RWSEM_FORM_INIT(name_)					\
	.count = ATOMIC_LONG_INIT(RWSEM_UNLOCKED_VALUE),		\
	.owner = ATOMIC_LONG_INIT(0),					\
	.osq = OSQ_LOCK_UNLOCKED,					\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED((name_).wait_lock),	\
	.wait_list = LIST_HEAD_INIT((name_).wait_list),

/* What a task that sleeps for one is blocked on. */
extern const struct lock_kind rwsem_kind;

/* ---- the slow half, out of line: 0, or -EINTR when @state may be interrupted ---- */

int rwsem_down_read_slowpath(struct rw_semaphore *sem, long count, unsigned int state);
int rwsem_down_write_slowpath(struct rw_semaphore *sem, unsigned int state);
void rwsem_wake(struct rw_semaphore *sem);
void rwsem_downgrade_wake(struct rw_semaphore *sem);

/* ---- the fast half ---- */

static __always_inline void __rwsem_set_reader_owned(struct rw_semaphore *sem,
						     struct task_struct *owner)
{
	long flags = atomic_long_read(&sem->owner) & RWSEM_NONSPINNABLE;

	atomic_long_set(&sem->owner, (long)owner | RWSEM_READER_OWNED | flags);
}

static __always_inline void rwsem_set_owner(struct rw_semaphore *sem)
{
	atomic_long_set(&sem->owner, (long)current);
}

/*
 * Preemption is off from the count's change to the owner's, both ways: a waiter that
 * finds no owner may spin for the moment that it takes.
 */
static __always_inline int __down_read_common(struct rw_semaphore *sem, unsigned int state)
{
	int ret = 0;
	long count;

	rwsem_debug(down, sem, false);
	preempt_disable();
	/* rwsem/A: pairs with up_write(), downgrade_write() */
	count = atomic_long_add_return_acquire(RWSEM_READER_BIAS, &sem->count);
	if (likely(!(count & RWSEM_READ_FAILED_MASK)))
		__rwsem_set_reader_owned(sem, current);
	else
		ret = rwsem_down_read_slowpath(sem, count, state);
	preempt_enable();
	return ret;
}

static __always_inline bool rwsem_write_trylock(struct rw_semaphore *sem)
{
	long count = RWSEM_UNLOCKED_VALUE;

	/* rwsem/A: pairs with up_write(); rwsem/B: pairs with up_read() */
	if (!atomic_long_try_cmpxchg_acquire(&sem->count, &count, RWSEM_WRITER_LOCKED))
		return false;
	rwsem_set_owner(sem);
	return true;
}

static __always_inline int __down_write_common(struct rw_semaphore *sem, unsigned int state)
{
	int ret = 0;

	rwsem_debug(down, sem, true);
	preempt_disable();
	if (unlikely(!rwsem_write_trylock(sem)))
		ret = rwsem_down_write_slowpath(sem, state);
	preempt_enable();
	if (!ret)
		rwsem_debug(written, sem, 0);
	return ret;
}

/**
 * up_read() - release a shared hold
 * Context: That of the acquisition; preemption may be off. May wake.
 * Ordering: RELEASE.
 */
static __always_inline void up_read(struct rw_semaphore *sem)
{
	long count;

	rwsem_debug(up_read, sem);
	rwsem_release(sem, _RET_IP_);
	/* rwsem/B: pairs with rwsem_write_trylock(), try_write_lock(), rwsem_try_steal_write() */
	count = atomic_long_add_return_release(-RWSEM_READER_BIAS, &sem->count);
	if (unlikely((count & (RWSEM_LOCK_MASK | RWSEM_FLAG_WAITERS)) == RWSEM_FLAG_WAITERS))
		rwsem_wake(sem);
}

/**
 * up_write() - release an exclusive hold
 * @sem: held by the caller
 * Context: That of the acquisition; preemption may be off. May wake.
 * Ordering: RELEASE.
 */
static __always_inline void up_write(struct rw_semaphore *sem)
{
	rwsem_debug(up_write, sem);
	rwsem_release(sem, _RET_IP_);
	preempt_disable();
	atomic_long_set(&sem->owner, 0);
	/*
	 * rwsem/A: pairs with __down_read_common(), down_read_trylock(), queue_reader(),
	 * grant_first_reader(), rwsem_write_trylock(), try_write_lock(),
	 * rwsem_try_steal_write()
	 */
	if (unlikely(atomic_long_fetch_add_release(-RWSEM_WRITER_LOCKED, &sem->count) &
		     RWSEM_FLAG_WAITERS))
		rwsem_wake(sem);
	preempt_enable();
}

/* ---- snapshots ---- */

static __always_inline bool rwsem_is_locked(struct rw_semaphore *sem)
{
	return (atomic_long_read(&sem->count) & RWSEM_LOCK_MASK) != 0;
}

static __always_inline bool __rwsem_write_held(struct rw_semaphore *sem)
{
	return atomic_long_read(&sem->count) & RWSEM_WRITER_LOCKED;
}

static __always_inline unsigned long __rwsem_readers(struct rw_semaphore *sem)
{
	return (unsigned long)atomic_long_read(&sem->count) >> RWSEM_READER_SHIFT;
}

/* The writer, or the last that took it to read: a name, not to be followed. */
static __always_inline struct task_struct *__rwsem_owner(struct rw_semaphore *sem)
{
	return (struct task_struct *)(atomic_long_read(&sem->owner) & ~RWSEM_OWNER_FLAGS_MASK);
}

/* CONFIG_DEBUG_LOCKS: a report shall not name a reader that has gone. */
static inline void __rwsem_forget_reader(struct rw_semaphore *sem)
{
	long owner = atomic_long_read(&sem->owner);

	while ((owner & ~RWSEM_OWNER_FLAGS_MASK) == (long)current &&
	       !atomic_long_try_cmpxchg_relaxed(&sem->owner, &owner,
						owner & RWSEM_OWNER_FLAGS_MASK))
		;
}

/* Does somebody sleep? Without wait_lock. */
static __always_inline bool rwsem_is_contended(struct rw_semaphore *sem)
{
	return !list_empty(&sem->wait_list);
}

#endif /* CONFIG_PREEMPT_RT */

#ifdef CONFIG_DEBUG_LOCKS
#define __RWSEM_DEBUG_INIT(lockname)	.magic = &(lockname), .name = #lockname,
#else
#define __RWSEM_DEBUG_INIT(lockname)
#endif

#define __RWSEM_INITIALIZER(name_) {					\
	__RWSEM_FORM_INIT(name_)					\
	__RWSEM_DEBUG_INIT(name_)					\
}
#define DECLARE_RWSEM(name) struct rw_semaphore name = __RWSEM_INITIALIZER(name)

void __init_rwsem(struct rw_semaphore *sem, const char *name);
/* At run time. @sem must not be in use. */
#define init_rwsem(sem)		__init_rwsem(sem, #sem)

/**
 * down_read() - acquire shared
 * @sem: not held by the caller, in either way
 * Context: Task that may sleep; CONFIG_PREEMPT_RT: nor inside a spinlock_t.
 * Ordering: ACQUIRE.
 */
static __always_inline void down_read(struct rw_semaphore *sem)
{
	lock_might_sleep();
	rwsem_acquire_read(sem, 0, 0, _RET_IP_);
	(void)__down_read_common(sem, TASK_UNINTERRUPTIBLE);
}

/**
 * down_read_interruptible() - acquire shared, unless interrupted
 * Context: Task that may sleep; CONFIG_PREEMPT_RT: nor inside a spinlock_t.
 * Ordering: ACQUIRE on success.
 * Return: 0; -EINTR, not held, when something is pending for the task.
 */
static __always_inline int __must_check down_read_interruptible(struct rw_semaphore *sem)
{
	int ret;

	lock_might_sleep();
	rwsem_acquire_read(sem, 0, 0, _RET_IP_);
	ret = __down_read_common(sem, TASK_INTERRUPTIBLE);
	if (ret)
		rwsem_release(sem, _RET_IP_);
	return ret;
}

/* The same for kthread_kill() only. */
static __always_inline int __must_check down_read_killable(struct rw_semaphore *sem)
{
	int ret;

	lock_might_sleep();
	rwsem_acquire_read(sem, 0, 0, _RET_IP_);
	ret = __down_read_common(sem, TASK_KILLABLE);
	if (ret)
		rwsem_release(sem, _RET_IP_);
	return ret;
}

/**
 * down_write() - acquire exclusive
 * @sem: not held by the caller, in either way
 * Context: Task that may sleep; CONFIG_PREEMPT_RT: nor inside a spinlock_t.
 * Ordering: ACQUIRE.
 */
static __always_inline void down_write(struct rw_semaphore *sem)
{
	lock_might_sleep();
	rwsem_acquire(sem, 0, 0, _RET_IP_);
	(void)__down_write_common(sem, TASK_UNINTERRUPTIBLE);
}

/* Return: 0; -EINTR, not held, after kthread_kill(). */
static __always_inline int __must_check down_write_killable(struct rw_semaphore *sem)
{
	int ret;

	lock_might_sleep();
	rwsem_acquire(sem, 0, 0, _RET_IP_);
	ret = __down_write_common(sem, TASK_KILLABLE);
	if (ret)
		rwsem_release(sem, _RET_IP_);
	return ret;
}

/**
 * down_read_trylock() - acquire shared without waiting
 * Does not pass a waiter.
 * Context: Any but NMI; CONFIG_PREEMPT_RT: task or softirq, an interrupt is no owner.
 * Ordering: ACQUIRE on success.
 * Return: true with the semaphore.
 */
bool down_read_trylock(struct rw_semaphore *sem);
/* The same, exclusive. */
bool down_write_trylock(struct rw_semaphore *sem);

/**
 * downgrade_write() - go on as a reader, let other readers in, no writer in between
 * @sem: write-held by the caller
 * Context: Task. May wake.
 * Ordering: RELEASE.
 */
void downgrade_write(struct rw_semaphore *sem);

/* For a reader that another task will up: nothing remembers who it is. */
#define down_read_non_owner(sem)	down_read(sem)
#define up_read_non_owner(sem)		up_read(sem)

/* @subclass and @nest tell a validator why this order is right. */
#define down_read_nested(sem, subclass)		 ((void)(subclass), down_read(sem))
#define down_read_killable_nested(sem, subclass) ((void)(subclass), down_read_killable(sem))
#define down_write_nested(sem, subclass)	 ((void)(subclass), down_write(sem))
#define down_write_killable_nested(sem, subclass) ((void)(subclass), down_write_killable(sem))
#define down_write_nest_lock(sem, nest)		 ((void)(nest), down_write(sem))

#define rwsem_assert_held(sem)		BUG_ON(!rwsem_is_locked(sem))
#define rwsem_assert_held_write(sem)	BUG_ON(!__rwsem_write_held(sem))

DEFINE_LOCK_GUARD(rwsem_read, struct rw_semaphore, down_read, up_read)
DEFINE_LOCK_GUARD(rwsem_write, struct rw_semaphore, down_write, up_write)

#endif
