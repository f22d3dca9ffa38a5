/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accesses and barriers, under Linux's names. The world gives the first group,
 * the rest follows from it.
 *
 *	READ_ONCE(x) WRITE_ONCE(x, v)		one access, not torn, fused or redone
 *	ADD_ONCE(x, n)				x += n by its only writer
 *	smp_add_release(p, n)			*p += n by its only writer, a RELEASE
 *	smp_load_acquire(p)			later accesses stay after it
 *	smp_store_release(p, v)			earlier accesses stay before it
 *	smp_mb() smp_rmb() smp_wmb()		all, loads, stores: before | after
 *	smp_cond_load_relaxed(p, cond)		spin until cond, an expression on VAL
 *	smp_cond_load_acquire(p, cond)		the same; the last load is an ACQUIRE
 *
 * A pair needs both sides:
 *
 *	writer				reader
 *	data = 1			smp_load_acquire(&flag) sees 1
 *	smp_store_release(&flag, 1)	  => data is 1
 *
 * Linux: include/asm-generic/barrier.h, Documentation/memory-barriers.txt
 */
#ifndef LOCKING_BARRIER_H
#define LOCKING_BARRIER_H

#if defined(PORT_CHECK)
#include "../../port/check/memory.h"
#elif defined(PORT_PTHREAD)
#include "../../port/pthread/memory.h"
#else
#include "../../port/kernel/memory.h"
#endif

#include <base/compiler.h>
#include <base/types.h>

#if !defined(READ_ONCE) || !defined(WRITE_ONCE)
#error "port entry 1 is missing: READ_ONCE, WRITE_ONCE"
#endif
#if !defined(smp_load_acquire) || !defined(smp_store_release)
#error "port entry 2 is missing: smp_load_acquire, smp_store_release"
#endif
#if !defined(smp_mb) || !defined(smp_rmb) || !defined(smp_wmb)
#error "port entry 7 is missing: smp_mb, smp_rmb, smp_wmb"
#endif
#if !defined(smp_cond_load_acquire) || !defined(smp_cond_load_relaxed)
#error "port entry 8 is missing: smp_cond_load_acquire, smp_cond_load_relaxed"
#endif

/*
 * x += n, a word of which only the caller is the writer now: readers see the old value or
 * the new one. Not atomic. A world may have it in fewer instructions than two accesses.
 */
#ifndef ADD_ONCE
#define ADD_ONCE(x, n)		WRITE_ONCE(x, READ_ONCE(x) + (n))
#define smp_add_release(p, n)	smp_store_release(p, READ_ONCE(*(p)) + (n))
#endif

/*
 * At the top of each round of a loop that polls more than one word and ends in
 * cpu_relax(): tells a checker that a change of any of them ends the wait.
 */
#ifndef port_await_begin
#define port_await_begin()		do { } while (0)
#endif

/* A store that is ordered before every later access: the waiter's half of a Dekker pair. */
#define smp_store_mb(var, value)					\
	do {								\
		WRITE_ONCE(var, value);					\
		smp_mb();						\
	} while (0)

/* After a load whose value a branch depends on: what makes that an ACQUIRE. */
#define smp_acquire__after_ctrl_dep()	smp_rmb()

/* Before or after an atomic operation that returns no value or is relaxed: a full barrier. */
#ifndef smp_mb__before_atomic
#define smp_mb__before_atomic()		smp_mb()
#define smp_mb__after_atomic()		smp_mb()
#endif

/* Upgrade the ACQUIRE of a spin_lock() just done to a full barrier. */
#define smp_mb__after_spinlock()	smp_mb__after_atomic()
/* Upgrade UNLOCK (here or there) + LOCK just done to a full barrier; x86 and arm64 need nothing. */
#define smp_mb__after_unlock_lock()	barrier()

/*
 * Dependencies, for the checker; nothing anywhere else. The CPU keeps them by
 * itself: a load before an access through the pointer it loaded, a load before
 * a store that a branch on it decides. The checker cannot see them in the
 * compiled code, so the source names those it relies on.
 *
 *	node = address_depends(READ_ONCE(*p))	accesses to *node come after the load
 *	control_depends()			later stores come after the last load
 */
#ifndef address_depends
#define address_depends(p)		(p)
#define control_depends()		do { } while (0)
#endif

/*
 * Does the word at @p look like @v? Others may write it plainly, under a lock that the
 * caller does not hold, as neighbours in a list do; a marked load must follow before
 * anything depends on it. A world with a race detector hides this look from it, and
 * answers; elsewhere the load that follows is all.
 */
#ifndef port_peek_equal
#define port_peek_equal(p, v)		true
#endif

/* Accesses that a lock protects and that must not race: reported by the checker and by TSan. */
#ifndef PLAIN_READ
#define PLAIN_READ(x)			(x)
#define PLAIN_WRITE(x, val)		((void)((x) = (val)))
#endif

/* @expr races with other CPUs, by design: the value is a hint, or checked again. */
#define data_race(expr)			(expr)

#endif
