/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic read-modify-writes: locked instructions, which gcc and clang choose
 * from the builtin: lock add when the result is unused, lock sub and the flags
 * when only its zero matters, lock xadd else; a lock cmpxchg loop for the old
 * value of and, or, xor. Each is a full barrier whatever order is asked for; the
 * order still tells the compiler what it may move.
 *
 * Linux:   arch/x86/include/asm/{atomic,bitops,cmpxchg}.h
 * Differs: no assembler, but for arch_add_once() and arch_lock_bts().
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

/* No store passes what is before it; the compiler must not move it either. */
#define arch_add_release(p, n)						\
	do {								\
		barrier();						\
		arch_add_once(p, n);					\
	} while (0)

/*
 * lock bts leaves the old bit in the carry flag, where a branch finds it: gcc makes that of
 * a fetch_or between barriers, with a detour; clang 14 makes a cmpxchg loop.
 */
#define arch_lock_bts(p, bit)						\
	({								\
		bool _was;						\
									\
		static_assert(sizeof(*(p)) == 4 || sizeof(*(p)) == 8, "a word"); \
		if (sizeof(*(p)) == 4)					\
			__asm__ __volatile__("lock btsl %2, %0" : "+m"(*(p)), "=@ccc"(_was) \
					     : "Ir"((u32)(bit)) : "memory"); \
		else							\
			__asm__ __volatile__("lock btsq %2, %0" : "+m"(*(p)), "=@ccc"(_was) \
					     : "Jr"((u64)(bit)) : "memory"); \
		_was;							\
	})

#endif
