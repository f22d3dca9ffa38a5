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
 * Differs: no assembler, but for arch_add_once().
 */
#ifndef ASM_ATOMIC_H
#define ASM_ATOMIC_H

#include <base/compiler.h>
#include <base/types.h>

/* A fully ordered RMW, from the builtin @op(args..., order). */
#define arch_full_rmw(op, ...)						\
	({								\
		barrier();						\
		__auto_type _rmw = op(__VA_ARGS__, __ATOMIC_SEQ_CST);	\
		barrier();						\
		_rmw;							\
	})

/* One instruction: a compiler makes three of a volatile load and a volatile store. */
#define arch_add_once(p, n)						\
	do {								\
		static_assert(sizeof(*(p)) == 4, "four bytes");		\
		__asm__ __volatile__("addl %1, %0" : "+m"(*(p)) : "er"((u32)(n)) : "cc"); \
	} while (0)

#endif
