/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * raw_spinlock_t and spinlock_t: the API. What spins is <locking/spinlock_algo.h>'s.
 *
 *	spin_lock()		= preempt_disable() + hook + algorithm
 *	spin_lock_bh()		= softirqs off on this CPU, then the same
 *	spin_lock_irq()		= interrupts off, then the same
 *	spin_lock_irqsave()	= the same; _irqrestore() puts back what was
 *
 * A lock that a handler takes as well must be taken with that handler kept out:
 *
 *	CPU 0, task			CPU 0, interrupt on top of it
 *	spin_lock(&l)
 *					spin_lock(&l)	the task cannot run: for ever
 *
 * so: also taken in hardirq: _irq or _irqsave; also in softirq, not in hardirq:
 * _bh; the handler itself, if only it nests there: plain. In NMI: trylock only.
 *
 * Ordering: lock is ACQUIRE, unlock RELEASE; smp_mb__after_spinlock() makes more
 * of the first. Unlock then lock of another is no full barrier.
 * UP: without CONFIG_SMP nothing spins: what is left is preempt_disable() or
 * interrupts off, and trylock always wins.
 * RT: with CONFIG_PREEMPT_RT raw_spinlock_t stays what it is; spinlock_t sleeps, _irq and
 *     _irqsave leave interrupts on: <locking/spinlock_rt.h>. Context, all of a spinlock_t
 *     there: task or softirq, preemption and interrupts on; trylock: they may be off.
 *
 * Linux:   include/linux/spinlock.h, spinlock_api_smp.h, spinlock_api_up.h
 * Differs: the fast path is inline; nested levels are a hook's argument only.
 */
#ifndef LOCKING_SPINLOCK_H
#define LOCKING_SPINLOCK_H

#include <locking/lockdep.h>
#include <locking/port.h>
#include <locking/spinlock_algo.h>
#include <locking/spinlock_types.h>
#include <locking/spinlock_debug.h>

/* ---- the four steps that everything below is made of ---- */

static __always_inline void __raw_spin_acquire(raw_spinlock_t *lock)
{
	spin_acquire(lock, 0, 0, _RET_IP_);
	debug_spin_lock_before(lock);
#ifdef CONFIG_SMP
	algo_spin_lock(&lock->raw_lock);
#else
	barrier();
#endif
	debug_spin_lock_after(lock);
}

static __always_inline bool __raw_spin_try_acquire(raw_spinlock_t *lock)
{
#ifdef CONFIG_SMP
	if (!algo_spin_trylock(&lock->raw_lock))
		return false;
#else
	barrier();
#endif
	spin_acquire(lock, 0, 1, _RET_IP_);
	debug_spin_lock_after(lock);
	return true;
}

static __always_inline void __raw_spin_release(raw_spinlock_t *lock)
{
	spin_release(lock, _RET_IP_);
	debug_spin_unlock(lock);
#ifdef CONFIG_SMP
	algo_spin_unlock(&lock->raw_lock);
#else
	barrier();
#endif
}

/* ---- raw_spinlock_t ---- */

/**
 * raw_spin_lock() - acquire; preemption stays off until the unlock
 * @lock: not held by this CPU, and taken by no handler that may interrupt
 * Context: Any but NMI.
 * Ordering: ACQUIRE.
 */
static __always_inline void raw_spin_lock(raw_spinlock_t *lock)
{
	preempt_disable();
	__raw_spin_acquire(lock);
}

/**
 * raw_spin_trylock() - acquire if that needs no wait
 * @lock: any
 * Context: Any, NMI included.
 * Ordering: ACQUIRE on success, none on failure.
 * Return: true if acquired; false leaves preemption as it was.
 */
static __always_inline bool raw_spin_trylock(raw_spinlock_t *lock)
{
	preempt_disable();
	if (__raw_spin_try_acquire(lock))
		return true;
	preempt_enable();
	return false;
}

/**
 * raw_spin_unlock() - release
 * @lock: held by this CPU
 * Context: That of the acquisition.
 * Ordering: RELEASE.
 */
static __always_inline void raw_spin_unlock(raw_spinlock_t *lock)
{
	__raw_spin_release(lock);
	preempt_enable();
}

static __always_inline void raw_spin_lock_irq(raw_spinlock_t *lock)
{
	local_irq_disable();
	raw_spin_lock(lock);
}

static __always_inline void raw_spin_unlock_irq(raw_spinlock_t *lock)
{
	__raw_spin_release(lock);
	local_irq_enable();
	preempt_enable();
}

static __always_inline unsigned long __raw_spin_lock_irqsave(raw_spinlock_t *lock)
{
	unsigned long flags;

	local_irq_save(flags);
	raw_spin_lock(lock);
	return flags;
}

static __always_inline void raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags)
{
	__raw_spin_release(lock);
	local_irq_restore(flags);
	preempt_enable();
}

static __always_inline void raw_spin_lock_bh(raw_spinlock_t *lock)
{
	debug_spin_lock_bh(lock);
	port_bh_disable();
	__raw_spin_acquire(lock);
}

static __always_inline void raw_spin_unlock_bh(raw_spinlock_t *lock)
{
	__raw_spin_release(lock);
	port_bh_enable();
}

static __always_inline bool raw_spin_trylock_bh(raw_spinlock_t *lock)
{
	port_bh_disable();
	if (__raw_spin_try_acquire(lock))
		return true;
	port_bh_enable();
	return false;
}

static __always_inline bool raw_spin_trylock_irq(raw_spinlock_t *lock)
{
	local_irq_disable();
	if (raw_spin_trylock(lock))
		return true;
	local_irq_enable();
	return false;
}

static __always_inline bool __raw_spin_trylock_irqsave(raw_spinlock_t *lock, unsigned long *flags)
{
	local_irq_save(*flags);
	if (raw_spin_trylock(lock))
		return true;
	local_irq_restore(*flags);
	return false;
}

/* @flags is a variable, not a pointer to one. */
#define raw_spin_lock_irqsave(lock, flags)	((flags) = __raw_spin_lock_irqsave(lock))
#define raw_spin_trylock_irqsave(lock, flags)	__raw_spin_trylock_irqsave(lock, &(flags))

/* Ordered acquisition of two locks of one class: @subclass tells the validator. */
#define raw_spin_lock_nested(lock, subclass)	((void)(subclass), raw_spin_lock(lock))
#define raw_spin_lock_irqsave_nested(lock, flags, subclass) \
	((void)(subclass), raw_spin_lock_irqsave(lock, flags))
#define raw_spin_lock_nest_lock(lock, nest)	((void)(nest), raw_spin_lock(lock))

/* A hint, old when it arrives; on UP always false. */
static __always_inline bool raw_spin_is_locked(raw_spinlock_t *lock)
{
#ifdef CONFIG_SMP
	return algo_spin_is_locked(&lock->raw_lock);
#else
	return false;
#endif
}

/* Does a CPU wait for @lock? */
static __always_inline bool raw_spin_is_contended(raw_spinlock_t *lock)
{
#ifdef CONFIG_SMP
	return algo_spin_is_contended(&lock->raw_lock);
#else
	return false;
#endif
}

#define assert_raw_spin_locked(lock)					\
	do {								\
		if (IS_ENABLED(CONFIG_SMP) && !raw_spin_is_locked(lock)) \
			port_report("spinlock %p is not locked", (void *)(lock)); \
	} while (0)

#ifdef CONFIG_PREEMPT_RT
#include <locking/spinlock_rt.h>
#else
/* ---- spinlock_t ---- */

static __always_inline void spin_lock(spinlock_t *lock)
{
	raw_spin_lock(&lock->rlock);
}

static __always_inline void spin_unlock(spinlock_t *lock)
{
	raw_spin_unlock(&lock->rlock);
}

static __always_inline bool spin_trylock(spinlock_t *lock)
{
	return raw_spin_trylock(&lock->rlock);
}

static __always_inline void spin_lock_irq(spinlock_t *lock)
{
	raw_spin_lock_irq(&lock->rlock);
}

static __always_inline void spin_unlock_irq(spinlock_t *lock)
{
	raw_spin_unlock_irq(&lock->rlock);
}

static __always_inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	raw_spin_unlock_irqrestore(&lock->rlock, flags);
}

static __always_inline void spin_lock_bh(spinlock_t *lock)
{
	raw_spin_lock_bh(&lock->rlock);
}

static __always_inline void spin_unlock_bh(spinlock_t *lock)
{
	raw_spin_unlock_bh(&lock->rlock);
}

static __always_inline bool spin_trylock_bh(spinlock_t *lock)
{
	return raw_spin_trylock_bh(&lock->rlock);
}

static __always_inline bool spin_trylock_irq(spinlock_t *lock)
{
	return raw_spin_trylock_irq(&lock->rlock);
}

static __always_inline bool spin_is_locked(spinlock_t *lock)
{
	return raw_spin_is_locked(&lock->rlock);
}

static __always_inline bool spin_is_contended(spinlock_t *lock)
{
	return raw_spin_is_contended(&lock->rlock);
}

#define spin_lock_irqsave(lock, flags)		raw_spin_lock_irqsave(&(lock)->rlock, flags)
#define spin_trylock_irqsave(lock, flags)	raw_spin_trylock_irqsave(&(lock)->rlock, flags)
#define spin_lock_nested(lock, subclass)	raw_spin_lock_nested(&(lock)->rlock, subclass)
#define spin_lock_irqsave_nested(lock, flags, subclass) \
	raw_spin_lock_irqsave_nested(&(lock)->rlock, flags, subclass)
#define spin_lock_nest_lock(lock, nest)		raw_spin_lock_nest_lock(&(lock)->rlock, nest)
#define assert_spin_locked(lock)		assert_raw_spin_locked(&(lock)->rlock)

#endif /* CONFIG_PREEMPT_RT */

/* Give up a contended lock that is held for long? Asked inside such a loop. */
static __always_inline bool spin_needbreak(spinlock_t *lock)
{
	return spin_is_contended(lock);
}

/* ---- scoped: released when the block is left, by whatever way ----
 *
 *	guard(spinlock_irqsave)(&l);		until the end of the enclosing block
 *	scoped_guard(spinlock, &l) { ... }	for the block that follows
 */
#include <locking/guard.h>

DEFINE_LOCK_GUARD(raw_spinlock, raw_spinlock_t, raw_spin_lock, raw_spin_unlock)
#define __raw_spin_lock_single_depth(lock)	raw_spin_lock_nested(lock, 1)
DEFINE_LOCK_GUARD(raw_spinlock_nested, raw_spinlock_t, __raw_spin_lock_single_depth,
		  raw_spin_unlock)
DEFINE_LOCK_GUARD(raw_spinlock_bh, raw_spinlock_t, raw_spin_lock_bh, raw_spin_unlock_bh)
DEFINE_LOCK_GUARD(raw_spinlock_irq, raw_spinlock_t, raw_spin_lock_irq, raw_spin_unlock_irq)
DEFINE_LOCK_GUARD_FLAGS(raw_spinlock_irqsave, raw_spinlock_t, raw_spin_lock_irqsave,
			raw_spin_unlock_irqrestore)
DEFINE_LOCK_GUARD(spinlock, spinlock_t, spin_lock, spin_unlock)
DEFINE_LOCK_GUARD(spinlock_bh, spinlock_t, spin_lock_bh, spin_unlock_bh)
DEFINE_LOCK_GUARD(spinlock_irq, spinlock_t, spin_lock_irq, spin_unlock_irq)
DEFINE_LOCK_GUARD_FLAGS(spinlock_irqsave, spinlock_t, spin_lock_irqsave,
			spin_unlock_irqrestore)

#endif
