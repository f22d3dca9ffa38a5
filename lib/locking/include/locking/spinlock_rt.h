/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spinlock_t with CONFIG_PREEMPT_RT: every name of <locking/spinlock.h>, on an
 * rt_spinlock. Interrupts stay on in all of them: handlers that take a spinlock_t run
 * in threads, so that what _irq keeps out is kept out by the lock itself.
 *
 * Linux: include/linux/spinlock_rt.h
 */
#ifndef LOCKING_SPINLOCK_RT_H
#define LOCKING_SPINLOCK_RT_H

#include <locking/rt_spinlock.h>
#include <locking/spinlock_types.h>

static __always_inline void spin_lock(spinlock_t *lock)
{
	rt_spin_lock(lock);
}

static __always_inline void spin_unlock(spinlock_t *lock)
{
	rt_spin_unlock(lock);
}

static __always_inline bool spin_trylock(spinlock_t *lock)
{
	return rt_spin_trylock(lock);
}

static __always_inline void spin_lock_irq(spinlock_t *lock)
{
	rt_spin_lock(lock);
}

static __always_inline void spin_unlock_irq(spinlock_t *lock)
{
	rt_spin_unlock(lock);
}

static __always_inline unsigned long __spin_lock_irqsave(spinlock_t *lock)
{
	rt_spin_lock(lock);
	return 0;
}

static __always_inline void spin_unlock_irqrestore(spinlock_t *lock,
						   unsigned long flags __maybe_unused)
{
	rt_spin_unlock(lock);
}

static __always_inline void spin_lock_bh(spinlock_t *lock)
{
	rt_spin_lock_bh(lock);
}

static __always_inline void spin_unlock_bh(spinlock_t *lock)
{
	rt_spin_unlock_bh(lock);
}

static __always_inline bool spin_trylock_bh(spinlock_t *lock)
{
	return rt_spin_trylock_bh(lock);
}

static __always_inline bool spin_trylock_irq(spinlock_t *lock)
{
	return rt_spin_trylock(lock);
}

static __always_inline bool __spin_trylock_irqsave(spinlock_t *lock, unsigned long *flags)
{
	*flags = 0;
	return rt_spin_trylock(lock);
}

static __always_inline bool spin_is_locked(spinlock_t *lock)
{
	return rt_spin_is_locked(lock);
}

/* A holder that is in the way is preempted, and boosted: it need not look. */
static __always_inline bool spin_is_contended(spinlock_t *lock __maybe_unused)
{
	return false;
}

#define spin_lock_irqsave(lock, flags)		((flags) = __spin_lock_irqsave(lock))
#define spin_trylock_irqsave(lock, flags)	__spin_trylock_irqsave(lock, &(flags))
#define spin_lock_nested(lock, subclass)	((void)(subclass), spin_lock(lock))
#define spin_lock_irqsave_nested(lock, flags, subclass) \
	((void)(subclass), spin_lock_irqsave(lock, flags))
#define spin_lock_nest_lock(lock, nest)		((void)(nest), spin_lock(lock))
#define assert_spin_locked(lock)					\
	do {								\
		if (!spin_is_locked(lock))				\
			port_report("spinlock %p is not locked", (void *)(lock)); \
	} while (0)

#endif
