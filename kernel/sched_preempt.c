/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a running task may be made to give up its CPU.
 *
 *	preempt=	none	voluntary	full
 *	interrupt exit	 -	    -		 x	preempt_schedule_irq()
 *	preempt_enable	 -	    -		 x	preempt_schedule()
 *	might_sleep()	 -	    x		 -
 *	cond_resched()	 x	    x		 -	(full: would be too late anyway)
 *	schedule()	 x	    x		 x
 *
 * All need preempt_count 0 and interrupts on. "A reschedule is wanted" is bit 31
 * of the count, inverted, so that preempt_enable() has one test for both.
 *
 * A preempted task stays on its queue whatever its state says: it may be between
 * set_current_state() and schedule(), and must come back to test its condition.
 *
 * Linux:   kernel/sched/core.c, PREEMPT_DYNAMIC
 * Differs: one load at each place, no patched calls.
 */
#include "sched.h"
#include <locking/port.h>
#include <kernel/bug.h>
#include <kernel/irqflags.h>
#include <kernel/param.h>
#include <kernel/printk.h>

int preempt_mode = PREEMPT_MODE_FULL;
BOOT_PARAM_ENUM(preempt, preempt_mode, "where a task may be preempted",
		"none", "voluntary", "full");

const char *const preempt_mode_names[] = { "none", "voluntary", "full", NULL };

void preempt_schedule_now(void)
{
	do {
		preempt_disable();
		__schedule(SM_PREEMPT);
		preempt_enable_no_resched();
	} while (need_resched());
}

void preempt_schedule(void)
{
	if (READ_ONCE(preempt_mode) == PREEMPT_MODE_FULL && preemptible())
		preempt_schedule_now();
}

void preempt_schedule_irq(void)
{
	if (READ_ONCE(preempt_mode) != PREEMPT_MODE_FULL)
		return;
	BUG_ON(preempt_count() || !irqs_disabled());
	do {
		preempt_disable();
		local_irq_enable();
		__schedule(SM_PREEMPT);
		local_irq_disable();
		preempt_enable_no_resched();
	} while (need_resched());
}

int cond_resched(void)
{
	if (READ_ONCE(preempt_mode) == PREEMPT_MODE_FULL || !should_resched(0) || irqs_disabled())
		return 0;
	preempt_schedule_now();
	return 1;
}

void __might_sleep(const char *file, int line)
{
	struct task_struct *p = current;

	if (unlikely(in_nmi() || in_hardirq() || in_serving_softirq())) {
		port_report("sleeping function called from %s context at %s:%d",
			    context_names[current_context()], file, line);
		return;
	}
	if (is_idle_task(p))
		return;		/* start-up, or the idle loop, which schedule() refuses */
	if (unlikely(in_atomic() || in_softirq() || irqs_disabled() ||
		     p->rtlock_nesting))
		port_report("sleeping function called from atomic context at %s:%d: "
			    "task %d %s, preempt_count 0x%x, interrupts %s%s",
			    file, line, p->pid, p->comm, context_count(),
			    irqs_disabled() ? "off" : "on", atomic_site_text());
	if (READ_ONCE(preempt_mode) == PREEMPT_MODE_VOLUNTARY)
		cond_resched();
}

/* ---- CONFIG_DEBUG_PREEMPT --------------------------------------------------------- */

#ifdef CONFIG_DEBUG_PREEMPT
/* Where preempt_disable() took the count from 0 to 1. Its CPU, preemption off. */
static DEFINE_PER_CPU(unsigned long, preempt_site);

void debug_preempt_disabled(void)
{
	/* Preemption is off: not this_cpu_write(), which on arm64 turns it off itself. */
	if ((preempt_count() & PREEMPT_MASK) == PREEMPT_OFFSET)
		*this_cpu_ptr(&preempt_site) = (unsigned long)__builtin_return_address(0);
}

void debug_preempt_enabling(void)
{
	if (unlikely(!(preempt_count() & PREEMPT_MASK)))
		panic("preempt_enable() without preempt_disable(), preempt_count 0x%x",
		      preempt_count());
}

static unsigned long last_preempt_site(void)
{
	return this_cpu_read(preempt_site);
}
#else
static unsigned long last_preempt_site(void)
{
	return 0;
}
#endif

/* A task that reports cannot be preempted, and its CPU's reports take turns. */
const char *preempt_site_text(unsigned long site)
{
	static char text[96];

	if (!site)
		return "";
	snprintf(text, sizeof(text), ", preemption off since %pB", (void *)site);
	return text;
}

unsigned long preempt_disable_site(void)
{
	return preempt_count() & PREEMPT_MASK ? last_preempt_site() : 0;
}

const char *rtlock_site_text(void)
{
	static char text[160];
	const struct held_lock *l = held_rtlock();
	unsigned int nesting = current->rtlock_nesting;

	if (!nesting)
		return "";
	if (l)
		snprintf(text, sizeof(text), ", inside %s %pS, taken at %pB", l->kind, l->lock,
			 (void *)l->ip);
	else
		snprintf(text, sizeof(text), ", inside %u spinlock_t or rwlock_t", nesting);
	return text;
}

const char *atomic_site_text(void)
{
	unsigned long site = preempt_disable_site();

	return site ? preempt_site_text(site) : rtlock_site_text();
}
