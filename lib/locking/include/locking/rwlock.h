/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rwlock_t: many readers or one writer, spinning. On <locking/qrwlock.h>; sleeping, with
 * CONFIG_PREEMPT_RT, on <locking/rwbase_rt.h>.
 *
 * Who may nest: an interrupt may read what the task below it reads; nothing may
 * take for writing what this CPU holds. So if any handler reads the lock,
 * writers need _irq (or _bh), readers need not.
 *
 * Linux:   include/linux/rwlock.h
 * Differs: fast paths are inline.
 */
#ifndef LOCKING_RWLOCK_H
#define LOCKING_RWLOCK_H

#include <locking/spinlock.h>

#ifdef CONFIG_PREEMPT_RT
#include <locking/rwlock_rt.h>
#else
#include <locking/qrwlock.h>

typedef struct {
#ifdef CONFIG_SMP
	struct qrwlock raw_lock;
#endif
#ifdef CONFIG_DEBUG_LOCKS
	u32 magic;
	bool outside_nmi;	/* was ever taken outside an NMI */
	int owner_cpu;		/* of the writer, -1 if none */
	const void *owner;
	unsigned long ip;
	const char *name;
#endif
} rwlock_t;

#ifdef CONFIG_SMP
#define __RAW_RWLOCK_INIT	.raw_lock = QRWLOCK_INIT,
#else
#define __RAW_RWLOCK_INIT
#endif
#define RWLOCK_MAGIC		0xdeaf1eedU
#ifdef CONFIG_DEBUG_LOCKS
#define __DEBUG_RWLOCK_INIT(name_) .magic = RWLOCK_MAGIC, .owner_cpu = -1, .name = #name_,
#else
#define __DEBUG_RWLOCK_INIT(name_)
#endif
#define __RW_LOCK_UNLOCKED(name_)	{ __RAW_RWLOCK_INIT __DEBUG_RWLOCK_INIT(name_) }
#define DEFINE_RWLOCK(x)	rwlock_t x = __RW_LOCK_UNLOCKED(x)
#define rwlock_init(lock)						\
	do {								\
		*(lock) = (rwlock_t)__RW_LOCK_UNLOCKED(lock);		\
	} while (0)

#ifdef CONFIG_DEBUG_LOCKS
void debug_read_lock_before(rwlock_t *lock);
void debug_read_unlock(rwlock_t *lock);
void debug_write_lock_before(rwlock_t *lock);
void debug_write_lock_after(rwlock_t *lock);
void debug_write_unlock(rwlock_t *lock);
#else
#define debug_read_lock_before(lock)	do { } while (0)
#define debug_read_unlock(lock)		do { } while (0)
#define debug_write_lock_before(lock)	do { } while (0)
#define debug_write_lock_after(lock)	do { } while (0)
#define debug_write_unlock(lock)	do { } while (0)
#endif

/* ---- the steps ---- */

#ifdef CONFIG_SMP
#define __rw_do(op, lock)	queued_##op(&(lock)->raw_lock)
#define __rw_try(op, lock)	queued_##op(&(lock)->raw_lock)
#else
#define __rw_do(op, lock)	barrier()
#define __rw_try(op, lock)	({ barrier(); true; })
#endif

static __always_inline void __read_acquire(rwlock_t *lock)
{
	rwlock_acquire_read(lock, 0, 0, _RET_IP_);
	debug_read_lock_before(lock);
	__rw_do(read_lock, lock);
}

static __always_inline bool __read_try_acquire(rwlock_t *lock)
{
	if (!__rw_try(read_trylock, lock))
		return false;
	rwlock_acquire_read(lock, 0, 1, _RET_IP_);
	return true;
}

static __always_inline void __read_release(rwlock_t *lock)
{
	rwlock_release(lock, _RET_IP_);
	debug_read_unlock(lock);
	__rw_do(read_unlock, lock);
}

static __always_inline void __write_acquire(rwlock_t *lock)
{
	rwlock_acquire(lock, 0, 0, _RET_IP_);
	debug_write_lock_before(lock);
	__rw_do(write_lock, lock);
	debug_write_lock_after(lock);
}

static __always_inline bool __write_try_acquire(rwlock_t *lock)
{
	if (!__rw_try(write_trylock, lock))
		return false;
	rwlock_acquire(lock, 0, 1, _RET_IP_);
	debug_write_lock_after(lock);
	return true;
}

static __always_inline void __write_release(rwlock_t *lock)
{
	rwlock_release(lock, _RET_IP_);
	debug_write_unlock(lock);
	__rw_do(write_unlock, lock);
}

/*
 * The variants, the same for read and write:
 *
 *	X_lock X_unlock		Context: any but NMI. Ordering: ACQUIRE, RELEASE.
 *	X_trylock		Context: any. Return: true if acquired.
 *	CONFIG_PREEMPT_RT	X_lock: task or softirq, preemption and interrupts on;
 *				X_trylock: task or softirq. All leave interrupts on.
 *	X_lock_irq X_unlock_irq X_lock_irqsave X_unlock_irqrestore X_lock_bh X_unlock_bh
 */
#define RWLOCK_VARIANTS(X)						\
	static __always_inline void X##_lock(rwlock_t *lock)		\
	{								\
		preempt_disable();					\
		__##X##_acquire(lock);					\
	}								\
	static __always_inline void X##_unlock(rwlock_t *lock)		\
	{								\
		__##X##_release(lock);					\
		preempt_enable();					\
	}								\
	static __always_inline bool X##_trylock(rwlock_t *lock)		\
	{								\
		preempt_disable();					\
		if (__##X##_try_acquire(lock))				\
			return true;					\
		preempt_enable();					\
		return false;						\
	}								\
	static __always_inline void X##_lock_irq(rwlock_t *lock)	\
	{								\
		local_irq_disable();					\
		X##_lock(lock);						\
	}								\
	static __always_inline void X##_unlock_irq(rwlock_t *lock)	\
	{								\
		__##X##_release(lock);					\
		local_irq_enable();					\
		preempt_enable();					\
	}								\
	static __always_inline unsigned long __##X##_lock_irqsave(rwlock_t *lock) \
	{								\
		unsigned long flags;					\
									\
		local_irq_save(flags);					\
		X##_lock(lock);						\
		return flags;						\
	}								\
	static __always_inline void X##_unlock_irqrestore(rwlock_t *lock, unsigned long flags) \
	{								\
		__##X##_release(lock);					\
		local_irq_restore(flags);				\
		preempt_enable();					\
	}								\
	static __always_inline bool __##X##_trylock_irqsave(rwlock_t *lock, unsigned long *flags) \
	{								\
		local_irq_save(*flags);					\
		if (X##_trylock(lock))					\
			return true;					\
		local_irq_restore(*flags);				\
		return false;						\
	}								\
	static __always_inline void X##_lock_bh(rwlock_t *lock)		\
	{								\
		port_bh_disable();					\
		__##X##_acquire(lock);					\
	}								\
	static __always_inline void X##_unlock_bh(rwlock_t *lock)	\
	{								\
		__##X##_release(lock);					\
		port_bh_enable();					\
	}

RWLOCK_VARIANTS(read)
RWLOCK_VARIANTS(write)

#define read_lock_irqsave(lock, flags)		((flags) = __read_lock_irqsave(lock))
#define write_lock_irqsave(lock, flags)		((flags) = __write_lock_irqsave(lock))
#define read_trylock_irqsave(lock, flags)	__read_trylock_irqsave(lock, &(flags))
#define write_trylock_irqsave(lock, flags)	__write_trylock_irqsave(lock, &(flags))
#define write_lock_nested(lock, subclass)	((void)(subclass), write_lock(lock))

static __always_inline bool rwlock_is_contended(rwlock_t *lock)
{
#ifdef CONFIG_SMP
	return queued_rwlock_is_contended(&lock->raw_lock);
#else
	return false;
#endif
}

/* A hint, old when it arrives. */
static __always_inline bool rwlock_is_write_locked(rwlock_t *lock)
{
#ifdef CONFIG_SMP
	return (atomic_read(&lock->raw_lock.cnts) & _QW_LOCKED) == _QW_LOCKED;
#else
	return false;
#endif
}

#define rwlock_needbreak(lock)	rwlock_is_contended(lock)

#endif /* CONFIG_PREEMPT_RT */

DEFINE_LOCK_GUARD(read_lock, rwlock_t, read_lock, read_unlock)
DEFINE_LOCK_GUARD(read_lock_irq, rwlock_t, read_lock_irq, read_unlock_irq)
DEFINE_LOCK_GUARD_FLAGS(read_lock_irqsave, rwlock_t, read_lock_irqsave, read_unlock_irqrestore)
DEFINE_LOCK_GUARD(write_lock, rwlock_t, write_lock, write_unlock)
DEFINE_LOCK_GUARD(write_lock_irq, rwlock_t, write_lock_irq, write_unlock_irq)
DEFINE_LOCK_GUARD_FLAGS(write_lock_irqsave, rwlock_t, write_lock_irqsave, write_unlock_irqrestore)

#endif
