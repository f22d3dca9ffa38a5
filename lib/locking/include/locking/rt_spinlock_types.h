/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types of the spinning locks' sleeping forms: <locking/rt_spinlock.h>,
 * <locking/rwbase_rt.h>. Apart, since spinlock_t is in the heart of everything.
 */
#ifndef LOCKING_RT_SPINLOCK_TYPES_H
#define LOCKING_RT_SPINLOCK_TYPES_H

#include <locking/atomic.h>
#include <locking/rt_mutex_base.h>

struct rt_spinlock {
	struct rt_mutex_base lock;
};

#define __RT_SPINLOCK_INITIALIZER(name)	{ .lock = __RT_MUTEX_BASE_INITIALIZER((name).lock) }
#define DEFINE_RT_SPINLOCK(name) \
	struct rt_spinlock name = __RT_SPINLOCK_INITIALIZER(name)

static inline void rt_spin_lock_init(struct rt_spinlock *lock)
{
	rt_mutex_base_init(&lock->lock);
}

/* readers: RWBASE_READER_BIAS: no writer; see <locking/rwbase_rt.h> */
struct rwbase_rt {
	atomic_t readers;
	struct rt_mutex_base rtmutex;
};

#define RWBASE_READER_BIAS	((int)(1U << 31))
#define RWBASE_WRITER_BIAS	((int)(1U << 30))

#define __RWBASE_INITIALIZER(name) {					\
	.readers = ATOMIC_INIT(RWBASE_READER_BIAS),			\
	.rtmutex = __RT_MUTEX_BASE_INITIALIZER((name).rtmutex),		\
}

static inline void rwbase_init(struct rwbase_rt *rwb)
{
	*rwb = (struct rwbase_rt)__RWBASE_INITIALIZER(*rwb);
}

struct rt_rwlock {
	struct rwbase_rt rwbase;
};

#endif
