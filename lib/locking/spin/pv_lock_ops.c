/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pv_lock_ops, and its backend that halts a CPU and ends that by an interrupt that
 * cannot be masked: all it asks of the world is port_halt_while() and port_kick().
 *
 *	pv_halting	this CPU halts, or is about to	written by its CPU
 *
 *	waiter, on CPU 1		CPU 0
 *	halting = true			*p = another value
 *	full barrier			full barrier
 *	halts while *p is val		halting? then kick CPU 1
 *
 * Ordering: pv/A: of the waiter's load of *p and the kicker's load of halting one sees
 * the other's store; so the waiter does not halt, or is kicked. A kick that arrives
 * between the waiter's look and its halt ends the halt: that is port_halt_while()'s.
 */
#include <locking/port.h>
#include <locking/pv_lock_ops.h>

static DEFINE_PER_CPU(bool, pv_halting);

void pv_halt_wait(const u32 *p, u32 mask, u32 val)
{
	/* Only this CPU writes it. */
	bool *flag = this_cpu_ptr(&pv_halting), was = *flag;

	/* pv/A: pairs with pv_halt_kick() */
	smp_store_mb(*flag, true);
	port_halt_while(p, mask, val);
	/* On top of one that was about to halt, and will look at its *p again. */
	WRITE_ONCE(*flag, was);
}

void pv_halt_kick(unsigned int cpu)
{
	/* pv/A: pairs with pv_halt_wait() */
	smp_mb();
	if (READ_ONCE(*per_cpu_ptr(&pv_halting, cpu)))
		port_kick(cpu);
}

/* A CPU that the host has put aside while it spun looks as if it ran. */
bool pv_halt_is_preempted(unsigned int cpu)
{
	return READ_ONCE(*per_cpu_ptr(&pv_halting, cpu));
}

static bool never_preempted(unsigned int cpu __maybe_unused)
{
	return false;
}

static void native_unlock(struct qspinlock *lock)
{
	native_queued_spin_unlock(lock);
}

struct pv_lock_ops pv_lock_ops = {
	.queued_spin_lock_slowpath = native_queued_spin_lock_slowpath,
	.queued_spin_unlock = native_unlock,
	.wait = pv_halt_wait,
	.kick = pv_halt_kick,
	.vcpu_is_preempted = never_preempted,
};

void queued_spin_lock_slowpath(struct qspinlock *lock, u32 val)
{
	pv_lock_ops.queued_spin_lock_slowpath(lock, val);
}
