/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Halting a CPU that waits for a lock, and kicking it: entry 19 of the port.
 *
 *	kicks	sent, and not yet handled	written by kickers, its CPU
 *
 * The kick is an NMI, for the waiter may have interrupts off. (Where a machine has no
 * NMIs, send_nmi() is an interrupt, and a pending one ends a halt as well.)
 */
#include <kernel/arch.h>
#include <kernel/irq.h>
#include <kernel/preempt.h>
#include <locking/port.h>
#include <locking/pv_lock_ops.h>
#include "pv.h"

static DEFINE_PER_CPU(atomic_t, kicks);

/* In an NMI no NMI would end it. */
void port_halt_while(const u32 *p, u32 mask, u32 val)
{
	if (in_nmi())
		cpu_relax();
	else
		arch_halt_while(p, mask, val);
}

void port_kick(unsigned int cpu)
{
	atomic_inc(per_cpu_ptr(&kicks, cpu));
	send_nmi(cpu);
}

/* The halt is over by the mere arrival. Two kicks may come as one NMI. */
static int take_kicks(struct pt_regs *regs)
{
	return atomic_xchg(this_cpu_ptr(&kicks), 0);
}

static struct nmi_handler kick_handler = { .fn = take_kicks, .name = "lock kick" };

void pv_kicks_init(void)
{
	register_nmi_handler(&kick_handler);
}

bool port_vcpu_is_preempted(unsigned int cpu)
{
	return pv_lock_ops.vcpu_is_preempted(cpu);
}
