/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preempt_count's home: the running task, found by SP_EL0. (Per CPU it could
 * not be: between reading the CPU's base and writing the word the task might
 * move.) The layout is <kernel/preempt.h>'s, with the reschedule bit in a word of
 * its own, so that an interrupt that sets it cannot be lost between the load and
 * the store of a count; both are tested as one 64-bit word.
 *
 *	count		written by the task, and by interrupts that put it back
 *	no_resched	1: none wanted; 0: wanted	written by this CPU
 *
 * Linux: arch/arm64/include/asm/preempt.h
 */
#ifndef ASM_CONTEXT_H
#define ASM_CONTEXT_H

#include <asm/thread.h>

#define __thread()	((struct arch_thread *)get_current())
#define __count()	(*(volatile u32 *)&__thread()->preempt.count)
#define __no_resched()	(*(volatile u32 *)&__thread()->preempt.no_resched)

static __always_inline u32 preempt_count(void)
{
	return __count();
}

static __always_inline void preempt_count_set(u32 count)
{
	__count() = count & ~0x80000000U;
}

static __always_inline void __preempt_count_add(u32 val)
{
	__count() = __count() + val;
}

static __always_inline void __preempt_count_sub(u32 val)
{
	__count() = __count() - val;
}

/* Both words at once: the count is 0 and a reschedule is wanted. */
static __always_inline bool __preempt_count_dec_and_test(void)
{
	u64 both = *(volatile u64 *)&__thread()->preempt.both - 1;

	__count() = (u32)both;
	/* An interrupt may have asked since the load. */
	return !both || !*(volatile u64 *)&__thread()->preempt.both;
}

static __always_inline void set_preempt_need_resched(void)
{
	__no_resched() = 0;
}

static __always_inline void clear_preempt_need_resched(void)
{
	__no_resched() = 1;
}

static __always_inline bool test_preempt_need_resched(void)
{
	return !__no_resched();
}

static __always_inline bool should_resched(u32 offset)
{
	return unlikely(*(volatile u64 *)&__thread()->preempt.both == offset);
}

#endif
