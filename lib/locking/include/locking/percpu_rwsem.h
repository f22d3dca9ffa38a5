/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU reader-writer semaphore: a reader touches nothing that another CPU touches;
 * a writer pays for it with an interrupt to every CPU, twice.
 *
 *	read_count	readers that came here less those that went here; only the sum
 *			over all CPUs means something	written by readers, on their CPU
 *	block		a writer has it, or waits for readers to leave	written by writers
 *	owner		that writer, for reports	the same
 *	waiters		readers and writers, in order of arrival
 *	writer		the one writer that waits for the sum to be 0
 *
 *	reader					writer
 *	count++					block = 1
 *	  light barrier (A)			  heavy barrier (A)
 *	block? no: it is in			sum == 0? else sleep
 *	...					  heavy barrier (B)
 *	  light barrier (B)			...
 *	count--					block = 0
 *	  light barrier (C)
 *	block? wake the writer
 *
 * A light barrier keeps the compiler in order, and costs nothing; the heavy one makes
 * every CPU execute a full barrier meanwhile. As a pair they are two full barriers:
 *
 *	A, C	a reader sees block, or the writer sees its count
 *	B	a writer that sees the count go sees all of the reader's section, and the
 *		reader none of the writer's
 *
 * The sum is read while it changes. With block set nobody comes in, so it only falls
 * but for readers that try: they come and go on one CPU, and wake the writer then.
 *
 * Limits: memory may be freed when the last percpu_up_read() has returned.
 * Linux:   include/linux/percpu-rwsem.h, kernel/locking/percpu-rwsem.c
 * Differs: no RCU: one flag for readers to look at, and port_sync_cpus() instead of a
 *	    grace period, so a writer waits microseconds and readers are never in a slow
 *	    mode without a writer. The counters are the caller's: nothing allocates here.
 */
#ifndef LOCKING_PERCPU_RWSEM_H
#define LOCKING_PERCPU_RWSEM_H

#include <locking/guard.h>
#include <locking/lockdep.h>
#include <locking/wait.h>

struct percpu_rw_semaphore {
	unsigned int *read_count;	/* per CPU */
	atomic_t block;
	struct task_struct *owner;
	struct wait_queue_head waiters;
	struct wait_queue_head writer;
};

#define __PERCPU_RWSEM_INITIALIZER(name, count) {			\
	.read_count = &(count),						\
	.block = ATOMIC_INIT(0),					\
	.waiters = __WAIT_QUEUE_HEAD_INITIALIZER((name).waiters),	\
	.writer = __WAIT_QUEUE_HEAD_INITIALIZER((name).writer),		\
}

/* At file scope: a semaphore and its counters. */
#define __DEFINE_PERCPU_RWSEM(name, is_static)				\
	static DEFINE_PER_CPU(unsigned int, __percpu_rwsem_rc_##name);	\
	is_static struct percpu_rw_semaphore name =			\
		__PERCPU_RWSEM_INITIALIZER(name, __percpu_rwsem_rc_##name)
#define DEFINE_PERCPU_RWSEM(name)		__DEFINE_PERCPU_RWSEM(name, )
#define DEFINE_STATIC_PERCPU_RWSEM(name)	__DEFINE_PERCPU_RWSEM(name, static)

/* @read_count: a per-CPU variable, all zero, of @sem's own. */
void percpu_init_rwsem(struct percpu_rw_semaphore *sem, unsigned int *read_count);

extern const struct lock_kind percpu_rwsem_kind;

void __percpu_down_read(struct percpu_rw_semaphore *sem);

/* Return: true if this CPU's count is the caller's hold. */
static __always_inline bool __percpu_down_read_trylock(struct percpu_rw_semaphore *sem)
{
	bool in;

	preempt_disable();
	this_cpu_inc(*sem->read_count);
	port_light_mb();
	/* percpu_rwsem/A: pairs with percpu_up_write() */
	in = likely(!smp_load_acquire(&sem->block.counter));
	if (unlikely(!in))
		this_cpu_dec(*sem->read_count);
	preempt_enable();
	return in;
}

/**
 * percpu_down_read() - acquire shared
 * @sem: not held by the caller, in either way
 * Context: Task that may sleep; CONFIG_PREEMPT_RT: nor inside a spinlock_t.
 * Ordering: ACQUIRE.
 */
static __always_inline void percpu_down_read(struct percpu_rw_semaphore *sem)
{
	lock_might_sleep();
	rwsem_acquire_read(sem, 0, 0, _RET_IP_);
	if (unlikely(!__percpu_down_read_trylock(sem)))
		__percpu_down_read(sem);
}

/**
 * percpu_down_read_trylock() - acquire shared without waiting
 * Context: Any but NMI: one that fails may wake the writer. CONFIG_PREEMPT_RT: as wake_up().
 * Ordering: ACQUIRE on success.
 */
static __always_inline bool percpu_down_read_trylock(struct percpu_rw_semaphore *sem)
{
	if (likely(__percpu_down_read_trylock(sem))) {
		rwsem_acquire_read(sem, 0, 1, _RET_IP_);
		return true;
	}
	wake_up(&sem->writer);
	return false;
}

/**
 * percpu_up_read() - release a shared hold, on any CPU
 * Context: That of the acquisition. May wake the writer; CONFIG_PREEMPT_RT: as wake_up().
 * Ordering: RELEASE, with the writer's help.
 */
static __always_inline void percpu_up_read(struct percpu_rw_semaphore *sem)
{
	rwsem_release(sem, _RET_IP_);
	port_light_mb();
	this_cpu_dec(*sem->read_count);
	port_light_mb();
	if (unlikely(atomic_read(&sem->block)))
		wake_up(&sem->writer);
}

/**
 * percpu_down_write() - acquire exclusive
 * @sem: not held by the caller, in either way
 * Interrupts every CPU, twice.
 * Context: Task that may sleep, so interrupts on; CONFIG_PREEMPT_RT: nor inside a
 *	    spinlock_t.
 * Ordering: ACQUIRE.
 */
void percpu_down_write(struct percpu_rw_semaphore *sem);
/* Ordering: RELEASE. */
void percpu_up_write(struct percpu_rw_semaphore *sem);

/* Is a reader in? A sum over all CPUs, of no one moment. */
bool percpu_is_read_locked(struct percpu_rw_semaphore *sem);

static inline bool percpu_is_write_locked(struct percpu_rw_semaphore *sem)
{
	return atomic_read(&sem->block);
}

/* Does somebody sleep for it? */
static inline bool percpu_rwsem_is_contended(struct percpu_rw_semaphore *sem)
{
	return waitqueue_active(&sem->waiters);
}

DEFINE_LOCK_GUARD(percpu_read, struct percpu_rw_semaphore, percpu_down_read, percpu_up_read)
DEFINE_LOCK_GUARD(percpu_write, struct percpu_rw_semaphore, percpu_down_write, percpu_up_write)

#endif
