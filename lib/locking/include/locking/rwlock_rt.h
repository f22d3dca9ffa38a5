/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rwlock_t with CONFIG_PREEMPT_RT: every name of <locking/rwlock.h>, on rwbase_rt.
 * As an rt_spinlock: it sleeps, holders stay on their CPU, interrupts stay on.
 * A task may read what it reads already, unless a writer came in between.
 *
 * Linux: include/linux/rwlock_rt.h
 */
#ifndef LOCKING_RWLOCK_RT_H
#define LOCKING_RWLOCK_RT_H

#include <locking/rwbase_rt.h>

typedef struct rt_rwlock rwlock_t;

#define __RW_LOCK_UNLOCKED(name_)	{ .rwbase = __RWBASE_INITIALIZER((name_).rwbase) }
#define DEFINE_RWLOCK(x)	rwlock_t x = __RW_LOCK_UNLOCKED(x)

static inline void rwlock_init(rwlock_t *lock)
{
	rwbase_init(&lock->rwbase);
}

#define RT_RWLOCK_VARIANTS(X)						\
	static __always_inline void X##_lock(rwlock_t *lock)		\
	{								\
		rt_##X##_lock(lock);					\
	}								\
	static __always_inline void X##_unlock(rwlock_t *lock)		\
	{								\
		rt_##X##_unlock(lock);					\
	}								\
	static __always_inline bool X##_trylock(rwlock_t *lock)		\
	{								\
		return rt_##X##_trylock(lock);				\
	}								\
	static __always_inline void X##_lock_irq(rwlock_t *lock)	\
	{								\
		rt_##X##_lock(lock);					\
	}								\
	static __always_inline void X##_unlock_irq(rwlock_t *lock)	\
	{								\
		rt_##X##_unlock(lock);					\
	}								\
	static __always_inline unsigned long __##X##_lock_irqsave(rwlock_t *lock) \
	{								\
		rt_##X##_lock(lock);					\
		return 0;						\
	}								\
	static __always_inline void X##_unlock_irqrestore(rwlock_t *lock, unsigned long flags) \
	{								\
		(void)flags;						\
		rt_##X##_unlock(lock);					\
	}								\
	static __always_inline bool __##X##_trylock_irqsave(rwlock_t *lock, unsigned long *flags) \
	{								\
		*flags = 0;						\
		return rt_##X##_trylock(lock);				\
	}								\
	static __always_inline void X##_lock_bh(rwlock_t *lock)		\
	{								\
		port_bh_disable();					\
		rt_##X##_lock(lock);					\
	}								\
	static __always_inline void X##_unlock_bh(rwlock_t *lock)	\
	{								\
		rt_##X##_unlock(lock);					\
		port_bh_enable();					\
	}

RT_RWLOCK_VARIANTS(read)
RT_RWLOCK_VARIANTS(write)

#define read_lock_irqsave(lock, flags)		((flags) = __read_lock_irqsave(lock))
#define write_lock_irqsave(lock, flags)		((flags) = __write_lock_irqsave(lock))
#define read_trylock_irqsave(lock, flags)	__read_trylock_irqsave(lock, &(flags))
#define write_trylock_irqsave(lock, flags)	__write_trylock_irqsave(lock, &(flags))
#define write_lock_nested(lock, subclass)	((void)(subclass), write_lock(lock))

static __always_inline bool rwlock_is_contended(rwlock_t *lock)
{
	return rwbase_is_contended(&lock->rwbase);
}

static __always_inline bool rwlock_is_write_locked(rwlock_t *lock)
{
	return rwbase_is_write_locked(&lock->rwbase);
}

#define rwlock_needbreak(lock)	rwlock_is_contended(lock)

#endif
