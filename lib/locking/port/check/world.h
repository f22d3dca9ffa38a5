/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check world, entries 10-22: a CPU is a thread of the explorer.
 *
 * Per-CPU variables lie in the section "percpu"; each thread has a copy, put
 * back to the linker's values before each execution: what a thread keeps to
 * itself needs no explorer, but must start out the same every time.
 */
#ifndef PORT_CHECK_WORLD_H
#define PORT_CHECK_WORLD_H

#include <base/compiler.h>
#include <base/types.h>

#include "mc.h"

#define NR_CPUS			MC_MAX_THREADS
#define smp_processor_id()	mc_thread()
#define nr_cpu_ids		mc_client.nr_threads

#define port_light_mb()		mc_light_barrier()
#define port_sync_cpus()	mc_heavy_barrier()

#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name
#define DEFINE_PER_CPU(type, name)	__section("percpu") __typeof__(type) name
#define DECLARE_PER_CPU_ALIGNED		DECLARE_PER_CPU
#define DEFINE_PER_CPU_ALIGNED(type, name) \
	__section("percpu") ____cacheline_aligned __typeof__(type) name

/* The copy of the per-CPU variable at @template that thread @cpu has. */
void *port_check_percpu(const volatile void *template, unsigned int cpu);
#define per_cpu_ptr(ptr, cpu)	((__typeof__(ptr))port_check_percpu(ptr, cpu))
#define this_cpu_ptr(ptr)	per_cpu_ptr(ptr, smp_processor_id())
#define raw_cpu_ptr(ptr)	this_cpu_ptr(ptr)
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))
#define this_cpu_read(var)	(*this_cpu_ptr(&(var)))
#define this_cpu_write(var, v)	((void)(*this_cpu_ptr(&(var)) = (v)))
/* Other threads may read it: an access like any other. */
#define this_cpu_add(var, v) \
	WRITE_ONCE(*this_cpu_ptr(&(var)), READ_ONCE(*this_cpu_ptr(&(var))) + (v))
#define this_cpu_inc(var)	this_cpu_add(var, 1)
#define this_cpu_dec(var)	this_cpu_add(var, -1)
#define __this_cpu_dec(var)	((void)(*this_cpu_ptr(&(var)) -= 1))
#define __this_cpu_inc_return(var) (*this_cpu_ptr(&(var)) += 1)

#define preempt_disable()	do { } while (0)
#define preempt_enable()	do { } while (0)
#define preempt_enable_no_resched() do { } while (0)
#define local_irq_save(flags)	((void)((flags) = 0))
#define local_irq_restore(flags) ((void)(flags))
#define local_irq_disable()	do { } while (0)
#define local_irq_enable()	do { } while (0)
#define irqs_disabled()		false
#define port_bh_disable()	do { } while (0)
#define port_bh_enable()	do { } while (0)

enum context { CTX_TASK, CTX_SOFTIRQ, CTX_HARDIRQ, CTX_NMI, NR_CONTEXTS };

/* Which context each thread plays: a client may set it in setup(). */
extern enum context port_check_context[MC_MAX_THREADS];
#define port_context()		(port_check_context[mc_thread()])
/* Does it want to reschedule? Likewise. */
extern bool port_check_resched[MC_MAX_THREADS];
#define port_need_resched()	(port_check_resched[mc_thread()])
#define port_vcpu_is_preempted(cpu)	false
/* A halt ends by a kick alone: if none comes, that is a hang. */
void port_halt_while(const u32 *p, u32 mask, u32 val);
void port_kick(unsigned int cpu);

#define port_set_blocked_on(kind, lock)	((void)(kind), (void)(lock))
#define port_clear_blocked_on()	do { } while (0)
#define port_push_blocked_on(outer, kind, lock)	((void)(outer), (void)(kind), (void)(lock))
#define port_pop_blocked_on(outer)	((void)(outer))

static inline u64 local_clock(void) { return 0; }
#define PORT_NO_LOCKEVENTS	1
#define port_pause(n)		((void)(n))

#define PORT_SYMBOL		"%p"
#define port_report(fmt, ...)	mc_fail(fmt, __FILE__, __LINE__)
#define port_warn(fmt, ...)	mc_fail(fmt, __FILE__, __LINE__)
#define BUG()			mc_fail("BUG()", __FILE__, __LINE__)
#define BUG_ON(cond)		do { if (cond) mc_fail(#cond, __FILE__, __LINE__); } while (0)

#endif
