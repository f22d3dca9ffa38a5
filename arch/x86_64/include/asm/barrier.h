/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory barriers, under the names from which <locking/barrier.h> makes smp_*().
 *
 * x86 is TSO: a CPU's loads stay in order, its stores stay in order, a store is
 * never seen before an earlier load has its value. Only a store followed by a
 * load of another place may swap (the store buffer); one locked instruction
 * empties it. So all but __smp_mb() are the compiler's business alone.
 *
 *	mb rmb wmb	also against devices and write-combining memory
 *
 * Linux: arch/x86/include/asm/barrier.h
 */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

#include <base/compiler.h>

#define mb()		__asm__ __volatile__("mfence" ::: "memory")
#define rmb()		__asm__ __volatile__("lfence" ::: "memory")
#define wmb()		__asm__ __volatile__("sfence" ::: "memory")

/* Nothing lives below the stack pointer (no red zone), its line is ours: cheaper than mfence. */
#define __smp_mb()	__asm__ __volatile__("lock addl $0, -4(%%rsp)" ::: "memory", "cc")
#define __smp_rmb()	barrier()
#define __smp_wmb()	barrier()

/* A locked read-modify-write is a full barrier already. */
#define __smp_mb__before_atomic()	barrier()
#define __smp_mb__after_atomic()	barrier()

#define __smp_load_acquire(p)						\
	({								\
		__typeof__(*(p)) __bv = *(const volatile __typeof__(*(p)) *)(p); \
		barrier();						\
		__bv;							\
	})

#define __smp_store_release(p, v)					\
	do {								\
		barrier();						\
		*(volatile __typeof__(*(p)) *)(p) = (v);		\
	} while (0)

#endif
