/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preempt_count: one word that says what this CPU is in the middle of.
 *
 *	bits  0-7	preempt_disable() depth
 *	bits  8-15	softirq: +0x100 while one is served, +0x200 per local_bh_disable();
 *			under CONFIG_PREEMPT_RT in a word of the task: softirq_rt.c
 *	bits 16-19	hardirq depth
 *	bits 20-23	NMI depth
 *	bit  31		clear when a reschedule is wanted (inverted, so that
 *			"count fell to 0 and resched wanted" is one test for zero)
 *
 * Written by this CPU only, and each nested context puts back what it found:
 * no atomics. The word's home (per-CPU on x86_64, the task on arm64) and the
 * __preempt_count_*() primitives are <asm/context.h>'s.
 *
 * Linux: include/linux/preempt.h
 */
#ifndef KERNEL_PREEMPT_H
#define KERNEL_PREEMPT_H

#include <base/compiler.h>
#include <base/types.h>

#define PREEMPT_BITS	8
#define SOFTIRQ_BITS	8
#define HARDIRQ_BITS	4
#define NMI_BITS	4

#define PREEMPT_SHIFT	0
#define SOFTIRQ_SHIFT	(PREEMPT_SHIFT + PREEMPT_BITS)
#define HARDIRQ_SHIFT	(SOFTIRQ_SHIFT + SOFTIRQ_BITS)
#define NMI_SHIFT	(HARDIRQ_SHIFT + HARDIRQ_BITS)

#define PREEMPT_MASK	(((1U << PREEMPT_BITS) - 1) << PREEMPT_SHIFT)
#define SOFTIRQ_MASK	(((1U << SOFTIRQ_BITS) - 1) << SOFTIRQ_SHIFT)
#define HARDIRQ_MASK	(((1U << HARDIRQ_BITS) - 1) << HARDIRQ_SHIFT)
#define NMI_MASK	(((1U << NMI_BITS) - 1) << NMI_SHIFT)

#define PREEMPT_OFFSET	(1U << PREEMPT_SHIFT)
#define SOFTIRQ_OFFSET	(1U << SOFTIRQ_SHIFT)
#define HARDIRQ_OFFSET	(1U << HARDIRQ_SHIFT)
#define NMI_OFFSET	(1U << NMI_SHIFT)
#define SOFTIRQ_DISABLE_OFFSET	(2 * SOFTIRQ_OFFSET)

#define PREEMPT_NEED_RESCHED	0x80000000U

/* What a CPU starts with: preemption off, no reschedule wanted. */
#define INIT_PREEMPT_COUNT	(PREEMPT_OFFSET | PREEMPT_NEED_RESCHED)

/*
 * <asm/context.h> provides, all on this CPU's count:
 *	u32  preempt_count(void)			without the resched bit
 *	void preempt_count_set(u32)			keeps the resched bit
 *	void __preempt_count_add(u32), __preempt_count_sub(u32)
 *	bool __preempt_count_dec_and_test(void)		0 and resched wanted?
 *	void set_preempt_need_resched(void), clear_preempt_need_resched(void)
 *	bool test_preempt_need_resched(void)
 *	bool should_resched(u32 offset)		count == offset and resched wanted?
 */
#include <kernel/irqflags.h>

#include <asm/context.h>

#define hardirq_count()		(preempt_count() & HARDIRQ_MASK)
#define nmi_count()		(preempt_count() & NMI_MASK)
#ifdef CONFIG_PREEMPT_RT
/* Softirqs are served, and turned off, by a task that may be preempted: the count is its own. */
u32 task_softirq_count(void);
#define softirq_count()		task_softirq_count()
#define irq_count()		((preempt_count() & (NMI_MASK | HARDIRQ_MASK)) | softirq_count())
#define in_task()		(!(preempt_count() & (NMI_MASK | HARDIRQ_MASK)) && \
				 !in_serving_softirq())
#else
#define softirq_count()		(preempt_count() & SOFTIRQ_MASK)
#define irq_count()		(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK))
#define in_task()		(!(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)))
#endif

#define in_nmi()		(nmi_count() != 0)
#define in_hardirq()		(hardirq_count() != 0)
#define in_serving_softirq()	((softirq_count() & SOFTIRQ_OFFSET) != 0)
#define in_softirq()		(softirq_count() != 0)
#define in_interrupt()		(irq_count() != 0)
#define in_atomic()		(preempt_count() != 0)
#define preemptible()		(preempt_count() == 0 && !irqs_disabled())

/* All of it, wherever the softirqs' bits are; what a caller found, to put it back. */
#define context_count()		(preempt_count() | softirq_count())
#define context_count_set(count)					\
	preempt_count_set(IS_ENABLED(CONFIG_PREEMPT_RT) ? (count) & ~SOFTIRQ_MASK : (count))

/* Call the scheduler if this context may: see kernel/sched.c. */
void preempt_schedule(void);
/* From an interrupt's return path, interrupts off. */
void preempt_schedule_irq(void);

/*
 * What made it atomic, for a panic: ", preemption off since foo+0x1/0x2" with
 * CONFIG_DEBUG_PREEMPT; ", inside spinlock bar, taken at foo+0x1/0x2"; or "".
 */
const char *atomic_site_text(void);

/* CONFIG_DEBUG_PREEMPT: note who turned preemption off; report an enable too many. */
#ifdef CONFIG_DEBUG_PREEMPT
void debug_preempt_disabled(void);
void debug_preempt_enabling(void);
#else
static __always_inline void debug_preempt_disabled(void) { }
static __always_inline void debug_preempt_enabling(void) { }
#endif

static __always_inline void preempt_disable(void)
{
	__preempt_count_add(PREEMPT_OFFSET);
	barrier();
	debug_preempt_disabled();
}

static __always_inline void preempt_enable_no_resched(void)
{
	debug_preempt_enabling();
	barrier();
	__preempt_count_sub(PREEMPT_OFFSET);
}

static __always_inline void preempt_enable(void)
{
	debug_preempt_enabling();
	barrier();
	if (unlikely(__preempt_count_dec_and_test()))
		preempt_schedule();
}

#endif
