/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hooks: where a validator, statistics and a tracer look at each lock. They are
 * empty here, and cost nothing: a lock has no dep_map, and the macros do not
 * evaluate their arguments.
 *
 *	*_acquire(lock, subclass, trylock, ip)	before the wait, or after a trylock that won
 *	*_release(lock, ip)			before the unlock
 *
 * Linux: include/linux/lockdep.h
 */
#ifndef LOCKING_LOCKDEP_H
#define LOCKING_LOCKDEP_H

#define _RET_IP_	((unsigned long)__builtin_return_address(0))

#define spin_acquire(lock, subclass, trylock, ip)	do { } while (0)
#define spin_release(lock, ip)				do { } while (0)
#define rwlock_acquire(lock, subclass, trylock, ip)	do { } while (0)
#define rwlock_acquire_read(lock, subclass, trylock, ip) do { } while (0)
#define rwlock_release(lock, ip)			do { } while (0)
#define seqcount_acquire(s, subclass, trylock, ip)	do { } while (0)
#define seqcount_acquire_read(s, subclass, trylock, ip)	do { } while (0)
#define seqcount_release(s, ip)				do { } while (0)
#define rwsem_acquire(sem, subclass, trylock, ip)	do { } while (0)
#define rwsem_acquire_read(sem, subclass, trylock, ip)	do { } while (0)
#define rwsem_release(sem, ip)				do { } while (0)
#define mutex_acquire(lock, subclass, trylock, ip)	do { } while (0)
#define mutex_release(lock, ip)				do { } while (0)
#define local_lock_acquire(l)				do { } while (0)
#define local_lock_release(l)				do { } while (0)

#define lockdep_assert_held(lock)		do { (void)(lock); } while (0)
#define lockdep_assert_not_held(lock)		do { (void)(lock); } while (0)
#define lockdep_assert_irqs_disabled()		do { } while (0)
#define lockdep_assert_irqs_enabled()		do { } while (0)
#define lockdep_assert_preemption_disabled()	do { } while (0)

#endif
