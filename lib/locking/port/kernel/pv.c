/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Halting a CPU that waits for a lock, and kicking it: the backend of the
 * paravirtual spinlock on a machine that has no hypercall for it.
 *
 *	halting		this CPU halts, or is about to	written by its CPU
 *	kicks		sent, and not yet handled	written by kickers, its CPU
 *
 * The kick is an NMI, for the waiter may have interrupts off.
 *
 * Ordering: pv/A: the waiter writes halting, then reads *p; the kicker has written
 * *p, then reads halting. Full barriers between: no kick is missed.
 */
#include <kernel/arch.h>
#include <kernel/init.h>
#include <kernel/irq.h>
#include <kernel/preempt.h>
#include <locking/port.h>

static DEFINE_PER_CPU(bool, halting);
static DEFINE_PER_CPU(atomic_t, kicks);

void port_pv_wait(const u32 *p, u32 mask, u32 val)
{
	bool *flag = this_cpu_ptr(&halting), was = *flag;

	/* No NMI would end it. */
	if (in_nmi()) {
		cpu_relax();
		return;
	}
	/* pv/A: pairs with port_pv_kick() */
	smp_store_mb(*flag, true);
	arch_halt_while(p, mask, val);
	/* On top of one that was about to halt, and will look at its *p again. */
	WRITE_ONCE(*flag, was);
}

void port_pv_kick(unsigned int cpu)
{
	/* pv/A: pairs with port_pv_wait() */
	smp_mb();
	if (!READ_ONCE(per_cpu(halting, cpu)))
		return;
	atomic_inc(per_cpu_ptr(&kicks, cpu));
	send_nmi(cpu);
}

/* The halt is over by the mere arrival. Two kicks may come as one NMI. */
static int take_kicks(struct pt_regs *regs)
{
	return atomic_xchg(this_cpu_ptr(&kicks), 0);
}

static struct nmi_handler kick_handler = { .fn = take_kicks, .name = "lock kick" };

void lock_init(void)
{
	register_nmi_handler(&kick_handler);
}
