/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU data by TPIDR_EL1: it holds the distance of this CPU's area from the
 * linker's; the boot CPU starts with 0, that is, on the linker's copy itself.
 *
 * There is no instruction that adds to memory relative to a system register, so
 * an operation is: preemption off, find the copy, one atomic instruction (an
 * interrupt or NMI of this CPU may come between any two), preemption on. A word
 * is read or written by one load or store: a migration in between would only
 * make the answer old, but the address must still be this CPU's, hence the same.
 *
 * Linux: arch/arm64/include/asm/percpu.h
 */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <base/compiler.h>
#include <base/types.h>
#include <asm/atomic.h>
#include <asm/context.h>

/* Not volatile, so that it may be kept; the memory operand makes barrier() end that. */
static __always_inline unsigned long __arch_cpu_offset(void)
{
	unsigned long off;

	__asm__("mrs %0, tpidr_el1"
		: "=r"(off) : "Q"(*(const unsigned long *)__builtin_frame_address(0)));
	return off;
}

#define __my_cpu_offset	__arch_cpu_offset()

/* Any context: on this CPU's copy, in one piece. preempt_schedule() is <kernel/preempt.h>'s. */
void preempt_schedule(void);

#define __this_cpu_atomic(var, op)					\
	({								\
		__preempt_count_add(1);					\
		barrier();						\
		__typeof__(&(var)) _p = (__typeof__(&(var)))		\
			((unsigned long)&(var) + __my_cpu_offset);	\
		__auto_type _ret = (op);				\
		barrier();						\
		if (unlikely(__preempt_count_dec_and_test()))		\
			preempt_schedule();				\
		_ret;							\
	})

#define this_cpu_read(var) \
	__this_cpu_atomic(var, *(const volatile __typeof__(var) *)_p)
#define this_cpu_write(var, val) \
	((void)__this_cpu_atomic(var, (*(volatile __typeof__(var) *)_p = (val), 0)))
#define this_cpu_add(var, val) \
	((void)__this_cpu_atomic(var, arch_fetch_add(relaxed, _p, val)))
#define this_cpu_or(var, val) \
	((void)__this_cpu_atomic(var, arch_fetch_or(relaxed, _p, val)))
#define this_cpu_and(var, val) \
	((void)__this_cpu_atomic(var, arch_fetch_andnot(relaxed, _p, ~(val))))
#define this_cpu_add_return(var, val) \
	((__typeof__(var))(__this_cpu_atomic(var, arch_fetch_add(relaxed, _p, val)) + (val)))
#define this_cpu_xchg(var, val) \
	__this_cpu_atomic(var, arch_xchg(relaxed, _p, val))
#define this_cpu_cmpxchg(var, old, new)					\
	__this_cpu_atomic(var, ({					\
		__typeof__(var) _was = (old);				\
		arch_try_cmpxchg(relaxed, _p, &_was, new);		\
		_was;							\
	}))

#endif
