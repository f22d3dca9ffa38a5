/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check world, entries 1-9: each access is a call of the explorer, which
 * decides what it reads. Nothing here touches the memory it names.
 */
#ifndef PORT_CHECK_MEMORY_H
#define PORT_CHECK_MEMORY_H

#include <base/compiler.h>
#include <base/types.h>

#include "mc.h"

/* A location has one size here: locks with byte-wise forms take their whole-word ones. */
#define PORT_WHOLE_WORD

/* Through uintptr_t, so that pointers and integers take the same way. */
#define __mc_value(p, bits)	((unqual_typeof(*(p)))(uintptr_t)(bits))
#define __mc_bits(v)		((u64)(uintptr_t)(v))
#define __mc_load(p, order)	__mc_value(p, mc_load(p, sizeof(*(p)), order))

#define READ_ONCE(x)		__mc_load(&(x), MC_RELAXED)
#define WRITE_ONCE(x, val)	mc_store(&(x), sizeof(x), __mc_bits(val), MC_RELAXED)
#define smp_load_acquire(p)	__mc_load(p, MC_ACQUIRE)
#define smp_store_release(p, v)	mc_store(p, sizeof(*(p)), __mc_bits(v), MC_RELEASE)

/* Accesses that a lock protects: the explorer reports those that race. */
#define PLAIN_READ(x)		__mc_load(&(x), MC_PLAIN)
#define PLAIN_WRITE(x, val)	mc_store(&(x), sizeof(x), __mc_bits(val), MC_PLAIN)

#define __MC_relaxed		MC_RELAXED
#define __MC_acquire		MC_ACQUIRE
#define __MC_release		MC_RELEASE
#define __MC_full		MC_FULL

#define __mc_rmw(order, p, op, v) \
	__mc_value(p, mc_rmw(p, sizeof(*(p)), op, __mc_bits(v), __MC_##order))
#define port_fetch_add(order, p, v)	__mc_rmw(order, p, MC_ADD, v)
#define port_fetch_or(order, p, v)	__mc_rmw(order, p, MC_OR, v)
#define port_fetch_xor(order, p, v)	__mc_rmw(order, p, MC_XOR, v)
#define port_fetch_andnot(order, p, v)	__mc_rmw(order, p, MC_AND, ~(v))
#define port_xchg(order, p, v)		__mc_rmw(order, p, MC_XCHG, v)
#define port_try_cmpxchg(order, p, old, new)				\
	({								\
		__typeof__(old) _old = (old);				\
		uint64_t _expected = __mc_bits(*_old);			\
		uint64_t _seen = mc_cmpxchg(p, sizeof(*(p)), _expected,	\
					    __mc_bits(new), __MC_##order); \
		*_old = __mc_value(_old, _seen);			\
		(_seen ^ _expected) << (64 - 8 * sizeof(*(p))) == 0;	\
	})

#define smp_mb()		mc_fence(MC_MB)
#define smp_rmb()		mc_fence(MC_RMB)
#define smp_wmb()		mc_fence(MC_WMB)

#define address_depends(p)						\
	({								\
		__typeof__(p) _p = (p);					\
		mc_address_dependency(_p, sizeof(*_p));			\
		_p;							\
	})
#define control_depends()	mc_control_dependency()

/*
 * A wait is one load: when the condition does not hold, this execution ends
 * for the thread, and another, in which the load reads a later write, goes on.
 */
#define __MC_COND_LOAD(p, order, cond)					\
	({								\
		__typeof__(p) _p = (p);					\
		unqual_typeof(*_p) VAL = __mc_load(_p, order);		\
		mc_control_dependency();				\
		if (!(cond))						\
			mc_await_failed();				\
		VAL;							\
	})
#define smp_cond_load_relaxed(p, cond)	__MC_COND_LOAD(p, MC_RELAXED, cond)
#define smp_cond_load_acquire(p, cond)	__MC_COND_LOAD(p, MC_ACQUIRE, cond)

/* The same for a loop written out: its last load decides. */
#define cpu_relax()		mc_await_failed()

#define port_await_begin()	mc_await_begin()

#endif
