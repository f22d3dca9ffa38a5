/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where softirqs are served, without CONFIG_PREEMPT_RT: on top of what runs, bits 8-15 of
 * preempt_count keeping them from nesting. See softirq.c; softirq_rt.c is the other way.
 *
 * Linux: kernel/softirq.c, the part for !CONFIG_PREEMPT_RT
 */
#include "softirq_internal.h"
#include <kernel/bug.h>

static void serve(void)
{
	__local_bh_disable_ip(_RET_IP_, SOFTIRQ_OFFSET);
	handle_softirqs();
	barrier();
	__preempt_count_sub(SOFTIRQ_OFFSET);
}

void softirq_irq_exit(void)
{
	if (!in_interrupt() && local_softirq_pending())
		serve();
}

static void do_softirq(void)
{
	unsigned long flags;

	if (in_interrupt())
		return;
	local_irq_save(flags);
	if (local_softirq_pending())
		serve();
	local_irq_restore(flags);
}

void __local_bh_enable_ip(unsigned long ip, unsigned int cnt)
{
	bool misuse = in_hardirq() || irqs_disabled();

	WARN_ONCE(misuse, "softirq: local_bh_enable() from %pS with interrupts off", (void *)ip);
	if (WARN_ONCE(softirq_count() < cnt,
		      "softirq: local_bh_enable() from %pS without a disable", (void *)ip))
		return;
	barrier();
	/* Preemption stays off until what is pending has been served here. */
	__preempt_count_sub(cnt - PREEMPT_OFFSET);
	if (!misuse && local_softirq_pending())
		do_softirq();
	preempt_enable();
}

bool softirq_is_served_anyway(void)
{
	return in_interrupt();
}

void raise_timer_vector(unsigned int nr)
{
	raise_softirq_irqoff(nr);
}

void serve_in_thread(void)
{
	serve();
}

void softirq_more_threads(unsigned int cpu)
{
}
