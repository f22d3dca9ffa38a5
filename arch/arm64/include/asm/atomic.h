/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic read-modify-writes. With LSE (-march=armv8.1-a) one instruction,
 * without it a load-exclusive/store-exclusive loop, both from the builtins
 * (-mno-outline-atomics keeps the choice at compile time).
 *
 * The loop has a trap: ldaxr/stlxr, which a seq_cst builtin gives, lets a later
 * access be seen before the store half. Linux's fully ordered RMW forbids that,
 * so there it is ldxr/stlxr and a dmb ish; with LSE ldaddal and friends do.
 *
 * Linux: arch/arm64/include/asm/{atomic_ll_sc,atomic_lse,cmpxchg}.h
 */
#ifndef ASM_ATOMIC_H
#define ASM_ATOMIC_H

#include <asm/barrier.h>

#ifdef __ARM_FEATURE_ATOMICS
#define ARCH_RMW_FULL_ORDER	__ATOMIC_SEQ_CST
#define arch_rmw_full_end()	barrier()
#else
#define ARCH_RMW_FULL_ORDER	__ATOMIC_RELEASE
#define arch_rmw_full_end()	__smp_mb()
#endif

/* A fully ordered RMW, from the builtin @op(args..., order). */
#define arch_full_rmw(op, ...)						\
	({								\
		__auto_type _rmw = op(__VA_ARGS__, ARCH_RMW_FULL_ORDER); \
		arch_rmw_full_end();					\
		_rmw;							\
	})

#endif
