/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spinlock_t, and how to initialise it: a raw_spinlock_t by another name, or with
 * CONFIG_PREEMPT_RT an rt_spinlock, which sleeps.
 */
#ifndef LOCKING_SPINLOCK_TYPES_H
#define LOCKING_SPINLOCK_TYPES_H

#include <locking/spinlock_types_raw.h>

#ifdef CONFIG_PREEMPT_RT

#include <locking/rt_spinlock_types.h>

typedef struct rt_spinlock spinlock_t;
#define __SPIN_LOCK_UNLOCKED(name_)	__RT_SPINLOCK_INITIALIZER(name_)

#else

typedef struct spinlock {
	raw_spinlock_t rlock;
} spinlock_t;
#define __SPIN_LOCK_UNLOCKED(name_)	{ .rlock = __RAW_SPIN_LOCK_UNLOCKED(name_) }

#endif

#define DEFINE_SPINLOCK(x)	spinlock_t x = __SPIN_LOCK_UNLOCKED(x)
#define spin_lock_init(lock)						\
	do {								\
		*(lock) = (spinlock_t)__SPIN_LOCK_UNLOCKED(lock);	\
	} while (0)

#endif
