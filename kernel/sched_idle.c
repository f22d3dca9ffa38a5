/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The idle loop: nothing to run on this CPU, so halt it.
 *
 *	idle				waker on another CPU
 *	interrupts off
 *	need_resched()? no		enqueue; rq->resched = true
 *	halt, interrupts on <---------- IPI
 *	  handler: need_resched
 *	need_resched()? yes: schedule
 *
 * The test and the halt are one step for interrupts: an IPI that comes between
 * them is held back until the halt, and ends it. Nobody polls.
 *
 * The idle task runs with preemption off for good and never sleeps.
 *
 * Linux: kernel/sched/idle.c
 */
#include "sched.h"
#include <kernel/arch.h>
#include <kernel/irqflags.h>

static void halt_until_wanted(void)
{
	local_irq_disable();
	tick_nohz_idle_enter();
	while (!need_resched()) {
		tick_nohz_idle_stop_tick();
		arch_cpu_idle();		/* returns with interrupts on */
		local_irq_disable();
	}
	tick_nohz_idle_exit();
	local_irq_enable();
}

void cpu_idle_loop(void)
{
	for (;;) {
		halt_until_wanted();
		__schedule(SM_SLEEP);
	}
}
