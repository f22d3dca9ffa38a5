/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel world, entries 1-9: memory accesses as the CPU's instructions.
 */
#ifndef PORT_KERNEL_MEMORY_H
#define PORT_KERNEL_MEMORY_H

#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/cpu.h>
#include <asm/qspinlock.h>
#include <base/compiler.h>
#include <base/types.h>

/* volatile: one access, of this size, here and now; a plain one may be torn, fused or redone. */
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)						\
	do {								\
		*(volatile __typeof__(x) *)&(x) = (val);		\
	} while (0)

#ifdef arch_add_once
#define ADD_ONCE(x, n)		arch_add_once(&(x), n)
#define smp_add_release(p, n)	arch_add_release(p, n)
#endif

#define smp_load_acquire(p)	__smp_load_acquire(p)
#define smp_store_release(p, v)	__smp_store_release(p, v)

/* The architecture's own, where it has them; else the compiler's. */
#ifdef arch_fetch_add
#define port_fetch_add(order, p, v)	arch_fetch_add(order, p, v)
#define port_fetch_or(order, p, v)	arch_fetch_or(order, p, v)
#define port_fetch_xor(order, p, v)	arch_fetch_xor(order, p, v)
#define port_fetch_andnot(order, p, v)	arch_fetch_andnot(order, p, v)
#define port_xchg(order, p, v)		arch_xchg(order, p, v)
#define port_try_cmpxchg(order, p, old, new) arch_try_cmpxchg(order, p, old, new)
#else
#define port_full_rmw(op, ...)	arch_full_rmw(op, __VA_ARGS__)
#include "../builtin.h"
#endif

#ifdef arch_lock_bts
#define port_test_and_set_bit(order, p, bit)	arch_lock_bts(p, bit)
/* One bit can be set and asked for at once; a port_fetch_or() is a loop, which may lose for ever. */
#define PORT_FETCH_OR_LOOPS
#endif

/* A store that can be patched into a call: see arch_patch_unlock(). */
#define port_queued_spin_unlock(locked)	arch_queued_spin_unlock(locked)

#define smp_mb()		__smp_mb()
#define smp_rmb()		__smp_rmb()
#define smp_wmb()		__smp_wmb()
#define smp_mb__before_atomic()	__smp_mb__before_atomic()
#define smp_mb__after_atomic()	__smp_mb__after_atomic()

/* Wait until *p may have changed from @seen; where no instruction does that, a pause. */
#ifndef arch_cmpwait
#define arch_cmpwait(p, seen)	((void)(p), (void)(seen), cpu_relax())
#endif

/* Spin on *p; @cond is an expression on VAL, the value just read by @load. */
#define PORT_COND_LOAD(load, p, cond)					\
	({								\
		__typeof__(p) _p = (p);					\
		unqual_typeof(*_p) VAL;					\
		for (;;) {						\
			VAL = load;					\
			if (cond)					\
				break;					\
			arch_cmpwait(_p, VAL);				\
		}							\
		VAL;							\
	})
#define smp_cond_load_relaxed(p, cond)	PORT_COND_LOAD(READ_ONCE(*_p), p, cond)
#define smp_cond_load_acquire(p, cond)	PORT_COND_LOAD(smp_load_acquire(_p), p, cond)

#endif
