/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphore, the counter form that Linux had until 5.0: one word, half
 * of which counts who is active and half who waits; nobody spins.
 *
 *	count		low 32 bits: how many are active, a writer or readers
 *			high 32 bits: minus one for a writer, minus one for a list that
 *			is not empty			written by all, atomically
 *	wait_lock	wait_list
 *	wait_list	who sleeps, in order of arrival
 *
 *	0x00000000_00000000	free
 *	0x00000000_0000000n	n readers
 *	0xffffffff_00000001	a writer; or one that tries, or a reader and a sleeper
 *	0xfffffffe_00000001	a writer, and somebody sleeps
 *	0xffffffff_00000000	nobody, and somebody sleeps
 *
 * One addition tells all: a reader that adds 1 and finds a positive count is in; a
 * writer that adds its bias and finds only that is in; who leaves and finds a negative
 * count has somebody to wake, if nobody is active. What one addition cannot tell is who
 * holds it, so a waiter cannot know whether to spin: the modern form, <locking/rwsem.h>,
 * has an owner word for that, and a hand-off against stealing without end.
 *
 * Linux:   include/asm-generic/rwsem.h, kernel/locking/rwsem-xadd.c, v4.0
 * Differs: without its optimistic spinning, which v4.0 had begun to add.
 */
#ifndef LOCKING_RWSEM_V4_H
#define LOCKING_RWSEM_V4_H

#include <base/list.h>
#include <locking/spinlock.h>
#include <locking/task.h>

#define RWSEM_V4_ACTIVE_BIAS	1L
#define RWSEM_V4_ACTIVE_MASK	0xffffffffL
#define RWSEM_V4_WAITING_BIAS	(-RWSEM_V4_ACTIVE_MASK - 1)
#define RWSEM_V4_WRITE_BIAS	(RWSEM_V4_WAITING_BIAS + RWSEM_V4_ACTIVE_BIAS)

struct rwsem_v4 {
	atomic_long_t count;
	raw_spinlock_t wait_lock;
	struct list_head wait_list;
};

#define RWSEM_V4_INIT(name) {						\
	.count = ATOMIC_LONG_INIT(0),					\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED((name).wait_lock),	\
	.wait_list = LIST_HEAD_INIT((name).wait_list),			\
}

void rwsem_v4_down_read_failed(struct rwsem_v4 *sem);
void rwsem_v4_down_write_failed(struct rwsem_v4 *sem);
void rwsem_v4_wake(struct rwsem_v4 *sem);
void rwsem_v4_downgrade_wake(struct rwsem_v4 *sem);

/* Context of all: task; down may sleep. Ordering: ACQUIRE of down, RELEASE of up. */

static __always_inline void rwsem_v4_down_read(struct rwsem_v4 *sem)
{
	lock_might_sleep();
	/* rwsem_v4/A: pairs with rwsem_v4_up_write(), rwsem_v4_downgrade_write() */
	if (unlikely(atomic_long_inc_return_acquire(&sem->count) <= 0))
		rwsem_v4_down_read_failed(sem);
}

static __always_inline bool rwsem_v4_down_read_trylock(struct rwsem_v4 *sem)
{
	long count = atomic_long_read(&sem->count);

	while (count >= 0)
		/* rwsem_v4/A: pairs with rwsem_v4_up_write(), rwsem_v4_downgrade_write() */
		if (atomic_long_try_cmpxchg_acquire(&sem->count, &count, count + 1))
			return true;
	return false;
}

static __always_inline void rwsem_v4_down_write(struct rwsem_v4 *sem)
{
	lock_might_sleep();
	/* rwsem_v4/A: pairs with rwsem_v4_up_write(); rwsem_v4/B: pairs with rwsem_v4_up_read() */
	if (unlikely(atomic_long_add_return_acquire(RWSEM_V4_WRITE_BIAS, &sem->count) !=
		     RWSEM_V4_WRITE_BIAS))
		rwsem_v4_down_write_failed(sem);
}

static __always_inline bool rwsem_v4_down_write_trylock(struct rwsem_v4 *sem)
{
	long count = 0;

	/* rwsem_v4/A: pairs with rwsem_v4_up_write(); rwsem_v4/B: pairs with rwsem_v4_up_read() */
	return atomic_long_try_cmpxchg_acquire(&sem->count, &count, RWSEM_V4_WRITE_BIAS);
}

static __always_inline void rwsem_v4_up_read(struct rwsem_v4 *sem)
{
	/*
	 * rwsem_v4/B: pairs with rwsem_v4_down_write(), rwsem_v4_down_write_trylock(),
	 * try_write()
	 */
	long count = atomic_long_dec_return_release(&sem->count);

	if (unlikely(count < 0 && !(count & RWSEM_V4_ACTIVE_MASK)))
		rwsem_v4_wake(sem);
}

static __always_inline void rwsem_v4_up_write(struct rwsem_v4 *sem)
{
	/*
	 * rwsem_v4/A: pairs with rwsem_v4_down_read(), rwsem_v4_down_read_trylock(),
	 * rwsem_v4_down_write(), rwsem_v4_down_write_trylock(), try_write(), grant_first()
	 */
	if (unlikely(atomic_long_sub_return_release(RWSEM_V4_WRITE_BIAS, &sem->count) < 0))
		rwsem_v4_wake(sem);
}

/* Go on as a reader, let others in. */
static __always_inline void rwsem_v4_downgrade_write(struct rwsem_v4 *sem)
{
	/*
	 * rwsem_v4/A: pairs with rwsem_v4_down_read(), rwsem_v4_down_read_trylock(),
	 * grant_first()
	 */
	if (atomic_long_add_return_release(-RWSEM_V4_WAITING_BIAS, &sem->count) < 0)
		rwsem_v4_downgrade_wake(sem);
}

#endif
