/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * raw_spinlock_t, and how to initialise it.
 *
 *	raw_lock	the algorithm's word(s)
 *	magic		SPINLOCK_MAGIC since the initialisation	written by init
 *	outside_nmi	was ever held outside an NMI		written by the holder
 *	owner_cpu	who holds it, -1 if free		written by the holder
 *	owner		its task				written by the holder
 *	ip		where it was taken			written by the holder
 *	name		as in the source			written by init
 * All but the first only with CONFIG_DEBUG_LOCKS.
 */
#ifndef LOCKING_SPINLOCK_TYPES_RAW_H
#define LOCKING_SPINLOCK_TYPES_RAW_H

#include <locking/spinlock_algo.h>

#define SPINLOCK_MAGIC	0xdead4eadU

typedef struct raw_spinlock {
#ifdef CONFIG_SMP
	algo_spinlock_t raw_lock;
#endif
#ifdef CONFIG_DEBUG_LOCKS
	u32 magic;
	bool outside_nmi;
	int owner_cpu;
	const void *owner;
	unsigned long ip;
	const char *name;
#endif
} raw_spinlock_t;

#ifdef CONFIG_SMP
#define __RAW_LOCK_INIT		.raw_lock = ALGO_SPINLOCK_INIT,
#else
#define __RAW_LOCK_INIT
#endif
#ifdef CONFIG_DEBUG_LOCKS
#define __DEBUG_LOCK_INIT(name_) .magic = SPINLOCK_MAGIC, .owner_cpu = -1, .name = #name_,
#else
#define __DEBUG_LOCK_INIT(name_)
#endif

#define __RAW_SPIN_LOCK_UNLOCKED(name_)	{ __RAW_LOCK_INIT __DEBUG_LOCK_INIT(name_) }

#define DEFINE_RAW_SPINLOCK(x)	raw_spinlock_t x = __RAW_SPIN_LOCK_UNLOCKED(x)

/* At run time, or to initialise what kmalloc() gave. @lock must not be in use. */
#define raw_spin_lock_init(lock)					\
	do {								\
		*(lock) = (raw_spinlock_t)__RAW_SPIN_LOCK_UNLOCKED(lock); \
	} while (0)

#endif
