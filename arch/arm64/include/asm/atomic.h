/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic read-modify-writes, in the two forms arm64 has, patched at boot:
 *
 *	LL/SC	ldxr ... stxr, retried until nothing came between; everywhere
 *	LSE	one instruction (ldadd, ldset, ldclr, ldeor, swp, cas); Armv8.1
 *
 * In the instruction stream is one instruction: a branch to the LL/SC loop,
 * which lies out of line, or the LSE instruction that is patched over it.
 *
 *	order		LL/SC			LSE
 *	relaxed		ldxr  stxr		ldadd
 *	acquire		ldaxr stxr		ldadda
 *	release		ldxr  stlxr		ldaddl
 *	full		ldxr  stlxr  dmb ish	ldaddal
 *
 * Fully ordered means: as if between two smp_mb(). LDAXR/STLXR would not do:
 * a later access may be seen before the store half, an earlier one after the
 * load half. The stlxr keeps earlier accesses before it, and the dmb keeps later
 * ones behind; that an earlier access might pass the ldxr is not seen, for the
 * stlxr succeeds only if nobody wrote in between. An LSE instruction with both
 * acquire and release orders across itself.
 *
 * A compare that fails writes nothing and orders nothing.
 *
 * Linux: arch/arm64/include/asm/{atomic_ll_sc,atomic_lse,cmpxchg}.h
 */
#ifndef ASM_ATOMIC_H
#define ASM_ATOMIC_H

#include <base/compiler.h>
#include <base/types.h>
#include <asm/alternative.h>
#include <asm/barrier.h>

/* What each order adds: to ldxr, to stxr, after the loop, to the LSE instruction. */
#define __LL_relaxed	""
#define __LL_acquire	"a"
#define __LL_release	""
#define __LL_full	""
#define __SC_relaxed	""
#define __SC_acquire	""
#define __SC_release	"l"
#define __SC_full	"l"
#define __MB_relaxed
#define __MB_acquire
#define __MB_release
#define __MB_full	"dmb	ish\n\t"
#define __LSE_relaxed	""
#define __LSE_acquire	"a"
#define __LSE_release	"l"
#define __LSE_full	"al"

/* One instruction here; the loop, which ends in a branch back, out of line. */
#define __LSE_OR_LL_SC(lse, loop)					\
	ALTERNATIVE(ALT_LSE, "b	3f", ".arch_extension lse\n\t" lse)	\
	".subsection 1\n"						\
	"3:	prfm	pstl1strm, %[v]\n"				\
	loop								\
	"5:	b	662b\n\t"					\
	".previous\n"

/* @s: size suffix of the mnemonic; @r: register width; @type: of that size. */
#define __GEN_FETCH(order, name, lse, llsc, s, r, type)			\
	static __always_inline type					\
	__fetch_##name##_##order##_##type(volatile type *p, type operand) \
	{								\
		u64 was, val;						\
		u32 failed;						\
		__asm__ __volatile__(					\
		__LSE_OR_LL_SC(						\
			lse __LSE_##order s "	%" r "[op], %" r "[was], %[v]", \
		"4:	ld" __LL_##order "xr" s "	%" r "[was], %[v]\n\t" \
			llsc "	%" r "[val], %" r "[was], %" r "[op]\n\t" \
			"st" __SC_##order "xr" s "	%w[failed], %" r "[val], %[v]\n\t" \
			"cbnz	%w[failed], 4b\n\t"			\
			__MB_##order)					\
		: [was] "=&r"(was), [val] "=&r"(val), [failed] "=&r"(failed), [v] "+Q"(*p) \
		: [op] "r"((u64)operand) : "memory");			\
		return (type)was;					\
	}

#define __GEN_XCHG(order, s, r, type)					\
	static __always_inline type					\
	__xchg_##order##_##type(volatile type *p, type val)		\
	{								\
		u64 was;						\
		u32 failed;						\
		__asm__ __volatile__(					\
		__LSE_OR_LL_SC(						\
			"swp" __LSE_##order s "	%" r "[val], %" r "[was], %[v]", \
		"4:	ld" __LL_##order "xr" s "	%" r "[was], %[v]\n\t" \
			"st" __SC_##order "xr" s "	%w[failed], %" r "[val], %[v]\n\t" \
			"cbnz	%w[failed], 4b\n\t"			\
			__MB_##order)					\
		: [was] "=&r"(was), [failed] "=&r"(failed), [v] "+Q"(*p) \
		: [val] "r"((u64)val) : "memory");			\
		return (type)was;					\
	}

/* Return: what was found; if that is @old, it was replaced. */
#define __GEN_CAS(order, s, r, type)					\
	static __always_inline type					\
	__cas_##order##_##type(volatile type *p, type old, type val)	\
	{								\
		u64 found = old, tmp;					\
		__asm__ __volatile__(					\
		__LSE_OR_LL_SC(						\
			"cas" __LSE_##order s "	%" r "[found], %" r "[val], %[v]", \
		"4:	ld" __LL_##order "xr" s "	%" r "[found], %[v]\n\t" \
			"eor	%" r "[tmp], %" r "[found], %" r "[old]\n\t" \
			"cbnz	%" r "[tmp], 5f\n\t"			\
			"st" __SC_##order "xr" s "	%w[tmp], %" r "[val], %[v]\n\t" \
			"cbnz	%w[tmp], 4b\n\t"			\
			__MB_##order)					\
		: [found] "+&r"(found), [tmp] "=&r"(tmp), [v] "+Q"(*p)	\
		: [old] "r"((u64)old), [val] "r"((u64)val) : "memory");	\
		return (type)found;					\
	}

#define __GEN_ORDER(order, s, r, type)					\
	__GEN_FETCH(order, add, "ldadd", "add", s, r, type)		\
	__GEN_FETCH(order, or, "ldset", "orr", s, r, type)		\
	__GEN_FETCH(order, xor, "ldeor", "eor", s, r, type)		\
	__GEN_FETCH(order, andnot, "ldclr", "bic", s, r, type)		\
	__GEN_XCHG(order, s, r, type)					\
	__GEN_CAS(order, s, r, type)
#define __GEN_SIZE(s, r, type)						\
	__GEN_ORDER(relaxed, s, r, type)				\
	__GEN_ORDER(acquire, s, r, type)				\
	__GEN_ORDER(release, s, r, type)				\
	__GEN_ORDER(full, s, r, type)
__GEN_SIZE("b", "w", u8)
__GEN_SIZE("h", "w", u16)
__GEN_SIZE("", "w", u32)
__GEN_SIZE("", "x", u64)

/* A value's bits; the cast through unsigned long takes integers and pointers. */
#define __bits(type, v)	((type)(unsigned long)(v))
/* The function of *p's size, on *p's bits, its answer as *p's type. */
#define __BY_SIZE(fn, p, ...)						\
	((unqual_typeof(*(p)))(unsigned long)				\
	 __builtin_choose_expr(sizeof(*(p)) == 1, __CALL(fn, u8, p, __VA_ARGS__), \
	 __builtin_choose_expr(sizeof(*(p)) == 2, __CALL(fn, u16, p, __VA_ARGS__), \
	 __builtin_choose_expr(sizeof(*(p)) == 4, __CALL(fn, u32, p, __VA_ARGS__), \
						  __CALL(fn, u64, p, __VA_ARGS__)))))
#define __CALL(fn, type, p, ...)	__CALL_N(__VA_ARGS__, 2, 1)(fn, type, p, __VA_ARGS__)
#define __CALL_N(a, b, n, ...)		__CALL_##n
#define __CALL_1(fn, type, p, a)	fn##_##type((volatile type *)(p), __bits(type, a))
#define __CALL_2(fn, type, p, a, b) \
	fn##_##type((volatile type *)(p), __bits(type, a), __bits(type, b))

/* @order: relaxed, acquire, release or full. Return: what was there before. */
#define arch_fetch_add(order, p, v)	__BY_SIZE(__fetch_add_##order, p, v)
#define arch_fetch_or(order, p, v)	__BY_SIZE(__fetch_or_##order, p, v)
#define arch_fetch_xor(order, p, v)	__BY_SIZE(__fetch_xor_##order, p, v)
#define arch_fetch_andnot(order, p, v)	__BY_SIZE(__fetch_andnot_##order, p, v)
#define arch_xchg(order, p, v)		__BY_SIZE(__xchg_##order, p, v)
/* Return: success; else *@old is what was found. */
#define arch_try_cmpxchg(order, p, old, v)				\
	({								\
		__typeof__(old) _old = (old);				\
		__auto_type _want = *_old;				\
		__auto_type _found = __BY_SIZE(__cas_##order, p, _want, v); \
		bool _won = _found == _want;				\
		if (!_won)						\
			*_old = _found;					\
		_won;							\
	})

#endif
