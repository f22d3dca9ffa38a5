/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preempt_count's home: a per-CPU word, so that each operation is one
 * instruction on %gs memory. The layout is <kernel/preempt.h>'s.
 *
 *	__preempt_count		written by this CPU only
 *
 * Across a context switch the word stays where it is: every thread enters and
 * leaves the scheduler with the same count.
 *
 * Linux: arch/x86/include/asm/preempt.h
 */
#ifndef ASM_CONTEXT_H
#define ASM_CONTEXT_H

#include <asm/percpu.h>

#define PREEMPT_NEED_RESCHED	0x80000000U

extern u32 __preempt_count;

static __always_inline u32 preempt_count(void)
{
	return this_cpu_read(__preempt_count) & ~PREEMPT_NEED_RESCHED;
}

/* An interrupt may ask for a reschedule between the load and the store. */
static __always_inline void preempt_count_set(u32 count)
{
	u32 old = this_cpu_read(__preempt_count);

	while (!this_cpu_try_cmpxchg(__preempt_count, &old,
				     (old & PREEMPT_NEED_RESCHED) |
				     (count & ~PREEMPT_NEED_RESCHED)))
		;
}

static __always_inline void __preempt_count_add(u32 val)
{
	this_cpu_add(__preempt_count, val);
}

static __always_inline void __preempt_count_sub(u32 val)
{
	this_cpu_sub(__preempt_count, val);
}

static __always_inline bool __preempt_count_dec_and_test(void)
{
	bool zero;

	__asm__ __volatile__("decl %%gs:%1"
			     : "=@ccz"(zero), "+m"(__preempt_count) : : "cc");
	return zero;
}

static __always_inline void set_preempt_need_resched(void)
{
	this_cpu_and(__preempt_count, ~PREEMPT_NEED_RESCHED);
}

static __always_inline void clear_preempt_need_resched(void)
{
	this_cpu_or(__preempt_count, PREEMPT_NEED_RESCHED);
}

static __always_inline bool test_preempt_need_resched(void)
{
	return !(this_cpu_read(__preempt_count) & PREEMPT_NEED_RESCHED);
}

static __always_inline bool should_resched(u32 offset)
{
	return unlikely(this_cpu_read(__preempt_count) == offset);
}

#endif
