/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts on and off, on this CPU.
 *
 *	local_irq_disable() / local_irq_enable()	when the state before is known
 *	local_irq_save(flags) / local_irq_restore(flags)	when it is not; these nest
 *	raw_local_irq_*()				the same, not traced
 *
 * <asm/irqflags.h> provides the machine's part:
 *	unsigned long arch_local_save_flags(void)
 *	unsigned long arch_local_irq_save(void)		returns the flags before
 *	void arch_local_irq_restore(unsigned long)
 *	void arch_local_irq_disable(void), arch_local_irq_enable(void)
 *	bool arch_irqs_disabled_flags(unsigned long)
 * Each is a compiler barrier; none orders anything for other CPUs.
 *
 * trace_hardirqs_on()/_off() mark each real change of state, while interrupts
 * are still (or already) off, so that a tracer may keep its own state.
 *
 * Linux: include/linux/irqflags.h
 */
#ifndef KERNEL_IRQFLAGS_H
#define KERNEL_IRQFLAGS_H

#include <base/compiler.h>
#include <base/types.h>
#include <asm/irqflags.h>

static __always_inline void trace_hardirqs_on(void)
{
}

static __always_inline void trace_hardirqs_off(void)
{
}

#define raw_local_irq_disable()		arch_local_irq_disable()
#define raw_local_irq_enable()		arch_local_irq_enable()
#define raw_local_irq_save(flags)	((flags) = arch_local_irq_save())
#define raw_local_irq_restore(flags)	arch_local_irq_restore(flags)

#define irqs_disabled_flags(flags)	arch_irqs_disabled_flags(flags)
#define irqs_disabled()			arch_irqs_disabled_flags(arch_local_save_flags())
#define local_save_flags(flags)		((flags) = arch_local_save_flags())

static __always_inline void local_irq_disable(void)
{
	arch_local_irq_disable();
	trace_hardirqs_off();
}

static __always_inline void local_irq_enable(void)
{
	trace_hardirqs_on();
	arch_local_irq_enable();
}

static __always_inline unsigned long __local_irq_save(void)
{
	unsigned long flags = arch_local_irq_save();

	if (!arch_irqs_disabled_flags(flags))
		trace_hardirqs_off();
	return flags;
}

static __always_inline void __local_irq_restore(unsigned long flags)
{
	if (!arch_irqs_disabled_flags(flags))
		trace_hardirqs_on();
	arch_local_irq_restore(flags);
}

/* @flags is an unsigned long of the caller's own stack frame. */
#define local_irq_save(flags)		((flags) = __local_irq_save())
#define local_irq_restore(flags)	__local_irq_restore(flags)

#endif
