/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The port: everything the lock library asks of its world. One source runs in
 * three: the kernel, pthreads on the host (-DPORT_PTHREAD), the model checker
 * (-DPORT_CHECK). Each world has two headers in lib/locking/port/:
 *
 *	memory.h	entries 1-9, shared words; through <locking/barrier.h>
 *	world.h		entries 10-22, CPUs, contexts, tasks; through this header
 *
 * Rules: a shared word is touched only through entries 1-8; a loop that waits
 * uses 8; an all-zero spinlock is unlocked; there is no heap.
 */
#ifndef LOCKING_PORT_H
#define LOCKING_PORT_H

#include <locking/atomic.h>
#include <locking/blocked_on.h>

#if defined(PORT_CHECK)
#include "../../port/check/world.h"
#elif defined(PORT_PTHREAD)
#include "../../port/pthread/world.h"
#else
#include "../../port/kernel/world.h"
#endif

/*
 * What world.h gives, by entry. Functions and macros alike:
 *
 *	10	NR_CPUS smp_processor_id()
 *	11	DEFINE_PER_CPU() DECLARE_PER_CPU() this_cpu_ptr() per_cpu_ptr()
 *		this_cpu_read() this_cpu_inc() __this_cpu_inc_return() ...
 *	12	preempt_disable() preempt_enable()
 *	13	local_irq_save() local_irq_restore() local_irq_disable()
 *		local_irq_enable() irqs_disabled() port_bh_disable() port_bh_enable()
 *	14	port_context(): CTX_TASK CTX_SOFTIRQ CTX_HARDIRQ CTX_NMI
 *	19	port_need_resched() port_vcpu_is_preempted(cpu)
 *		port_halt_while(p, mask, val): halt while (*p & mask) == val, may return
 *		early; port_kick(cpu): end that, if it has begun or is about to
 *	15-20	tasks, sleeping, waking: <locking/task.h>, which the sleeping half includes
 *		port_might_sleep_for_lock(lock), for_mutex(lock): about to take a lock that
 *		sleeps; the second must not come inside an rt_spinlock. Who does that is reported;
 *		in the check world nobody looks
 *		port_set_blocked_on(kind, lock) port_clear_blocked_on(): what current
 *		sleeps for, for reports; port_push_blocked_on(outer, kind, lock)
 *		port_pop_blocked_on(outer): inside another wait; <locking/blocked_on.h>
 *		port_light_mb() port_sync_cpus(): two sides of a full barrier; the second
 *		makes all CPUs execute one meanwhile, so that the first is only the
 *		compiler's. Context of the second: task, interrupts on.
 *	21	local_clock() lock_event() port_pause()
 *	22	port_report() ends the run, port_warn() does not; BUG()
 */
#ifndef NR_CPUS
#error "port entry 10 is missing: NR_CPUS, smp_processor_id"
#endif
#if !defined(DEFINE_PER_CPU) || !defined(this_cpu_ptr) || !defined(per_cpu_ptr)
#error "port entry 11 is missing: DEFINE_PER_CPU, this_cpu_ptr, per_cpu_ptr"
#endif
#if !defined(local_irq_save) || !defined(local_irq_restore)
#error "port entry 13 is missing: local_irq_save, local_irq_restore"
#endif
#ifndef BUG
#error "port entry 22 is missing: port_report, BUG"
#endif

#endif
