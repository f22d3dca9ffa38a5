/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic read-modify-writes on words of 1, 2, 4 and 8 bytes.
 *
 * Every one is a locked instruction, hence fully ordered: <locking/atomic.h> uses
 * the same for relaxed, acquire and release. Those without a result
 * (arch_atomic_*) are one instruction; those that return the old value are xadd,
 * xchg, or a cmpxchg loop.
 *
 * Linux: arch/x86/include/asm/{atomic,cmpxchg}.h
 */
#ifndef ASM_ATOMIC_H
#define ASM_ATOMIC_H

#include <base/compiler.h>
#include <base/types.h>

void __atomic_bad_size(void);

#define __arch_lock_op(op, p, val)					\
	do {								\
		switch (sizeof(*(p))) {					\
		case 1:							\
			__asm__ __volatile__("lock " op "b %1, %0" : "+m"(*(p)) \
					     : "qi"((u8)(val)) : "memory", "cc"); \
			break;						\
		case 2:							\
			__asm__ __volatile__("lock " op "w %1, %0" : "+m"(*(p)) \
					     : "ri"((u16)(val)) : "memory", "cc"); \
			break;						\
		case 4:							\
			__asm__ __volatile__("lock " op "l %1, %0" : "+m"(*(p)) \
					     : "ri"((u32)(val)) : "memory", "cc"); \
			break;						\
		case 8:							\
			__asm__ __volatile__("lock " op "q %1, %0" : "+m"(*(p)) \
					     : "re"((u64)(val)) : "memory", "cc"); \
			break;						\
		default:						\
			__atomic_bad_size();				\
		}							\
	} while (0)

#define arch_atomic_add(p, val)	__arch_lock_op("add", p, val)
#define arch_atomic_sub(p, val)	__arch_lock_op("sub", p, val)
#define arch_atomic_and(p, val)	__arch_lock_op("and", p, val)
#define arch_atomic_or(p, val)	__arch_lock_op("or", p, val)
#define arch_atomic_xor(p, val)	__arch_lock_op("xor", p, val)

/* The same, and one flag of the result: cc is "z" (became 0) or "s" (became negative). */
#define arch_atomic_add_cc(p, val, cc)					\
	({								\
		bool __af;						\
		switch (sizeof(*(p))) {					\
		case 4:							\
			__asm__ __volatile__("lock addl %2, %0"		\
					     : "+m"(*(p)), "=@cc" cc(__af) \
					     : "ri"((u32)(val)) : "memory"); \
			break;						\
		case 8:							\
			__asm__ __volatile__("lock addq %2, %0"		\
					     : "+m"(*(p)), "=@cc" cc(__af) \
					     : "re"((u64)(val)) : "memory"); \
			break;						\
		default:						\
			__atomic_bad_size();				\
		}							\
		__af;							\
	})

#define arch_fetch_add(p, val)						\
	({								\
		__typeof__(*(p) + 0) __as = (val);			\
		__typeof__(*(p)) __av = (__typeof__(*(p)))__as;		\
		__asm__ __volatile__("lock xadd %0, %1"			\
				     : "+r"(__av), "+m"(*(p)) : : "memory", "cc"); \
		__av;							\
	})

#define arch_xchg(p, val)						\
	({								\
		__typeof__(*(p)) __av = (val);				\
		__asm__ __volatile__("xchg %0, %1"			\
				     : "+r"(__av), "+m"(*(p)) : : "memory"); \
		__av;							\
	})

#define arch_cmpxchg(p, old, new)					\
	({								\
		__typeof__(*(p)) __ao = (old), __an = (new);		\
		__asm__ __volatile__("lock cmpxchg %2, %1"		\
				     : "+a"(__ao), "+m"(*(p)) : "r"(__an) : "memory", "cc"); \
		__ao;							\
	})

/* On failure *@oldp becomes what was found. */
#define arch_try_cmpxchg(p, oldp, new)					\
	({								\
		__typeof__(oldp) __aop = (oldp);				\
		__typeof__(*(p)) __ao = *__aop, __an = (new);			\
		bool __aok;						\
		__asm__ __volatile__("lock cmpxchg %3, %1"		\
				     : "=@ccz"(__aok), "+m"(*(p)), "+a"(__ao) \
				     : "r"(__an) : "memory", "cc");	\
		if (!__aok)						\
			*__aop = __ao;					\
		__aok;							\
	})

#define __arch_fetch_op(p, op, val)					\
	({								\
		__typeof__(p) _fp = (p);				\
		__typeof__(*(p)) _fo = *(volatile __typeof__(*(p)) *)_fp; \
		while (!arch_try_cmpxchg(_fp, &_fo, (__typeof__(*(p)))(_fo op (val)))) \
			;						\
		_fo;							\
	})
#define arch_fetch_and(p, val)	__arch_fetch_op(p, &, val)
#define arch_fetch_or(p, val)	__arch_fetch_op(p, |, val)
#define arch_fetch_xor(p, val)	__arch_fetch_op(p, ^, val)

#endif
