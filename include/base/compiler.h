/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler can be told, under the names Linux gives it. Works with
 * gcc and clang, hosted and freestanding.
 */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#undef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __noreturn		__attribute__((__noreturn__))
#define __packed		__attribute__((__packed__))
#define __aligned(n)		__attribute__((__aligned__(n)))
#define __section(s)		__attribute__((__section__(s)))
#define __used			__attribute__((__used__))
#define __maybe_unused		__attribute__((__unused__))
#define __weak			__attribute__((__weak__))
#define __must_check		__attribute__((__warn_unused_result__))
#define __printf(f, a)		__attribute__((__format__(printf, f, a)))
#define __cold			__attribute__((__cold__))
#define fallthrough		__attribute__((__fallthrough__))

/* What compiles this: "gcc 12.2.0"; clang's __VERSION__ has its name in it. */
#ifdef __clang__
#define COMPILER_VERSION	__VERSION__
#else
#define COMPILER_VERSION	"gcc " __VERSION__
#endif

/* One coherence granule; also what two unrelated hot words keep between them. */
#define L1_CACHE_BYTES		64
#define ____cacheline_aligned	__aligned(L1_CACHE_BYTES)

/* The compiler may not move memory accesses across it; the CPU may. */
#define barrier()		__asm__ __volatile__("" ::: "memory")

/* @ptr moved by @off bytes; the compiler may not conclude that both are in one object. */
#define RELOC_HIDE(ptr, off)						\
	({								\
		uintptr_t _reloc;					\
		__asm__("" : "=r"(_reloc) : "0"(ptr));			\
		(__typeof__(ptr))(_reloc + (off));			\
	})

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)
#define __CONCAT_1(a, b)	a##b
#define CONCATENATE(a, b)	__CONCAT_1(a, b)
#define static_assert		_Static_assert

/* The type of the value of @x: without const and volatile. */
#define unqual_typeof(x)	__typeof__(((void)0, (x)))

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define min(a, b) \
	({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a < _b ? _a : _b; })
#define max(a, b) \
	({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define clamp(v, lo, hi)	min(max(v, lo), hi)

#define ALIGN(x, a)		(((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define PTR_ALIGN(p, a)		((__typeof__(&*(p)))ALIGN((unsigned long)(p), a))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))

/* IS_ENABLED(CONFIG_X): 1 if CONFIG_X is defined to 1, else 0; usable in C and #if. */
#define __ARG_PLACEHOLDER_1	0,
#define __take_second(ignored, val, ...) val
#define __is_defined_2(junk)	__take_second(junk 1, 0, 0)
#define __is_defined_1(val)	__is_defined_2(__ARG_PLACEHOLDER_##val)
#define __is_defined(x)		__is_defined_1(x)
#define IS_ENABLED(option)	__is_defined(option)

#endif
