/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic read-modify-writes: locked instructions, which gcc and clang choose
 * from the builtin: lock add when the result is unused, lock sub and the flags
 * when only its zero matters, lock xadd else; lock bts for a constant bit; a
 * lock cmpxchg loop for the old value of and, or, xor. Each is a full barrier
 * whatever order is asked for; the order still tells the compiler what it may
 * move.
 *
 * Linux:   arch/x86/include/asm/{atomic,cmpxchg}.h
 * Differs: no assembler.
 */
#ifndef ASM_ATOMIC_H
#define ASM_ATOMIC_H

#include <base/compiler.h>

/* A fully ordered RMW, from the builtin @op(args..., order). */
#define arch_full_rmw(op, ...)						\
	({								\
		barrier();						\
		__auto_type _rmw = op(__VA_ARGS__, __ATOMIC_SEQ_CST);	\
		barrier();						\
		_rmw;							\
	})

#endif
