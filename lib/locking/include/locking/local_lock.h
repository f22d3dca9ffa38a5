/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * local_lock_t: names what protects a CPU's own data. It is no lock word but a
 * scope: preemption, or interrupts, off; and a validator and a real-time build,
 * where it is a per-CPU spinlock, know which data it is for.
 *
 *	struct foo { local_lock_t lock; int count; };
 *	static DEFINE_PER_CPU(struct foo, foo) = { .lock = INIT_LOCAL_LOCK(lock) };
 *
 *	local_lock(&foo.lock);			preempt_disable()
 *	this_cpu_ptr(&foo)->count++;
 *	local_unlock(&foo.lock);		preempt_enable()
 *
 * It excludes this CPU's tasks (or its handlers too, with _irq); never another CPU.
 * Size: 0.
 *
 * With CONFIG_PREEMPT_RT it is a spinlock_t of this CPU's, in all variants, and the
 * section can be preempted, not moved: the next task that wants the data waits.
 *
 * Linux: include/linux/local_lock.h
 */
#ifndef LOCKING_LOCAL_LOCK_H
#define LOCKING_LOCAL_LOCK_H

#include <locking/guard.h>
#include <locking/lockdep.h>
#include <locking/port.h>
#include <locking/spinlock.h>
#include <locking/task.h>

#ifdef CONFIG_PREEMPT_RT

typedef spinlock_t local_lock_t;

#define INIT_LOCAL_LOCK(name)	__SPIN_LOCK_UNLOCKED(name)
#define local_lock_init(lock)	spin_lock_init(lock)

/*
 * On this CPU from before it is known which lock that is.
 * Context, all variants: as spin_lock(): task or softirq, preemption and interrupts on.
 */
#define local_lock(lock)						\
	do {								\
		migrate_disable();					\
		spin_lock(this_cpu_ptr(lock));				\
	} while (0)
#define local_unlock(lock)						\
	do {								\
		spin_unlock(this_cpu_ptr(lock));			\
		migrate_enable();					\
	} while (0)

#define local_lock_irq(lock)			local_lock(lock)
#define local_unlock_irq(lock)			local_unlock(lock)
#define local_lock_irqsave(lock, flags)					\
	do {								\
		(flags) = 0;						\
		local_lock(lock);					\
	} while (0)
#define local_unlock_irqrestore(lock, flags)				\
	do {								\
		(void)(flags);						\
		local_unlock(lock);					\
	} while (0)

#else

typedef struct {
} local_lock_t;

#define INIT_LOCAL_LOCK(name)	{ }
#define local_lock_init(lock)	do { (void)(lock); } while (0)

/* Context: task or softirq; for data that no interrupt handler uses. */
#define local_lock(lock)						\
	do {								\
		preempt_disable();					\
		local_lock_acquire(lock);				\
		(void)(lock);						\
	} while (0)
#define local_unlock(lock)						\
	do {								\
		local_lock_release(lock);				\
		(void)(lock);						\
		preempt_enable();					\
	} while (0)

/* Context: any but NMI. */
#define local_lock_irq(lock)						\
	do {								\
		local_irq_disable();					\
		local_lock_acquire(lock);				\
		(void)(lock);						\
	} while (0)
#define local_unlock_irq(lock)						\
	do {								\
		local_lock_release(lock);				\
		(void)(lock);						\
		local_irq_enable();					\
	} while (0)
#define local_lock_irqsave(lock, flags)					\
	do {								\
		local_irq_save(flags);					\
		local_lock_acquire(lock);				\
		(void)(lock);						\
	} while (0)
#define local_unlock_irqrestore(lock, flags)				\
	do {								\
		local_lock_release(lock);				\
		(void)(lock);						\
		local_irq_restore(flags);				\
	} while (0)

#endif /* CONFIG_PREEMPT_RT */

#endif
