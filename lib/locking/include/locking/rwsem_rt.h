/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct rw_semaphore with CONFIG_PREEMPT_RT: an rwbase_rt. What <locking/rwsem.h> makes
 * the API of, in the form that lends its waiters' urgency to the writer.
 *
 *				other configurations	CONFIG_PREEMPT_RT
 *	a reader comes while	queues behind it	comes in
 *	a writer waits
 *	a writer that waits	has its turn		may starve, lends nothing: readers
 *	for readers					are not known
 *	waits for a writer	in order of arrival	by urgency, which the writer is lent
 *	spins			on writers, readers	the first, while the writer runs
 *	who reads		the last is known	nobody is
 *	atomic context		reported when it has	reported at once, inside a
 *				to wait			spinlock_t too
 *
 * Linux:   include/linux/rwsem.h, kernel/locking/rwsem.c, both with CONFIG_PREEMPT_RT
 * Differs: contended when somebody sleeps, not as soon as it is written.
 */
#ifndef LOCKING_RWSEM_RT_H
#define LOCKING_RWSEM_RT_H

#include <locking/lockdep.h>
#include <locking/rwbase_rt.h>
#include <locking/task.h>

struct rw_semaphore {
	struct rwbase_rt rwbase;
#ifdef CONFIG_DEBUG_LOCKS
	const void *magic;		/* its own address, once initialised */
	const char *name;
#endif
};

#define __RWSEM_FORM_INIT(name_)	.rwbase = __RWBASE_INITIALIZER((name_).rwbase),

#define rwsem_kind	rwbase_kind

/* A caller that must not sleep need not be unlucky to be noticed. */
static __always_inline int __down_read_common(struct rw_semaphore *sem, unsigned int state)
{
	rwsem_debug(down, sem, false);
	port_might_sleep_for_mutex(sem);
	return rwbase_read_lock(&sem->rwbase, state);
}

static __always_inline int __down_write_common(struct rw_semaphore *sem, unsigned int state)
{
	int ret;

	rwsem_debug(down, sem, true);
	port_might_sleep_for_mutex(sem);
	ret = rwbase_write_lock(&sem->rwbase, state);
	if (!ret)
		rwsem_debug(written, sem, 0);
	return ret;
}

static __always_inline void up_read(struct rw_semaphore *sem)
{
	rwsem_debug(up_read, sem);
	rwsem_release(sem, _RET_IP_);
	rwbase_read_unlock(&sem->rwbase, TASK_UNINTERRUPTIBLE);
}

static __always_inline void up_write(struct rw_semaphore *sem)
{
	rwsem_debug(up_write, sem);
	rwsem_release(sem, _RET_IP_);
	rwbase_write_unlock(&sem->rwbase);
}

static __always_inline bool rwsem_is_locked(struct rw_semaphore *sem)
{
	return rwbase_is_locked(&sem->rwbase);
}

static __always_inline bool __rwsem_write_held(struct rw_semaphore *sem)
{
	return rwbase_is_write_locked(&sem->rwbase);
}

static __always_inline unsigned long __rwsem_readers(struct rw_semaphore *sem)
{
	return (unsigned int)atomic_read(&sem->rwbase.readers) &
	       ~((unsigned int)RWBASE_READER_BIAS | (unsigned int)RWBASE_WRITER_BIAS);
}

static __always_inline struct task_struct *__rwsem_owner(struct rw_semaphore *sem)
{
	return __rwsem_write_held(sem) ? rt_mutex_owner(&sem->rwbase.rtmutex) : NULL;
}

static inline void __rwsem_forget_reader(struct rw_semaphore *sem __maybe_unused) { }

/* Waiters for a writer; or one that waits for readers. */
static __always_inline bool rwsem_is_contended(struct rw_semaphore *sem)
{
	struct rwbase_rt *rwb = &sem->rwbase;

	return ((unsigned long)READ_ONCE(rwb->rtmutex.owner) & RT_MUTEX_HAS_WAITERS) ||
	       (rwbase_is_contended(rwb) && !rwbase_is_write_locked(rwb));
}

#endif
