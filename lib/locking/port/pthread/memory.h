/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pthread world, entries 1-9: the compiler's builtins, which the thread
 * sanitizer understands. It does not understand fences: what only a fence
 * orders must be accessed with READ_ONCE() and WRITE_ONCE(), or it reports a race.
 */
#ifndef PORT_PTHREAD_MEMORY_H
#define PORT_PTHREAD_MEMORY_H

#include <base/compiler.h>
#include <base/types.h>

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, val)	__atomic_store_n(&(x), (val), __ATOMIC_RELAXED)

#define smp_load_acquire(p)	__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)

#define smp_mb()		__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_mb__before_atomic()	smp_mb()
#define smp_mb__after_atomic()	smp_mb()

#ifdef __x86_64__
#define port_full_rmw(op, ...)	op(__VA_ARGS__, __ATOMIC_SEQ_CST)
#else
/* A seq_cst RMW that is a load-exclusive loop lets later accesses into it. */
#define port_full_rmw(op, ...)						\
	({								\
		__auto_type _rmw = op(__VA_ARGS__, __ATOMIC_SEQ_CST);	\
		smp_mb();						\
		_rmw;							\
	})
#endif
#include "../builtin.h"

/* Once in a while give the host's CPU to whom we wait for: there may be fewer than threads. */
void cpu_relax(void);

#define PORT_COND_LOAD(load, p, cond)					\
	({								\
		__typeof__(p) _p = (p);					\
		unqual_typeof(*_p) VAL;					\
		for (;;) {						\
			VAL = load;					\
			if (cond)					\
				break;					\
			cpu_relax();					\
		}							\
		VAL;							\
	})
#define smp_cond_load_relaxed(p, cond)	PORT_COND_LOAD(READ_ONCE(*_p), p, cond)
#define smp_cond_load_acquire(p, cond)	PORT_COND_LOAD(smp_load_acquire(_p), p, cond)

/* For TSan: the look that port_peek_equal() says is not seen. */
static noinline __maybe_unused __attribute__((no_sanitize("thread"))) bool
port_unseen_equal(const void *p, const void *v)
{
	return *(void *const volatile *)p == v;
}
#define port_peek_equal(p, v)	port_unseen_equal(p, v)

#endif
