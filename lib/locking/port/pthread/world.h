/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pthread world, entries 10-22: a thread plays a CPU.
 *
 *	CPU number	a thread's index in test_on_cpus()
 *	per-CPU data	a linker section, copied for each CPU; a copy is found by
 *			its offset, as in the kernel
 *	contexts	a thread-local number; a higher one nests by a call
 *	interrupts off	a thread-local flag; port_interrupt() runs its function at
 *			once, or when the flag is cleared
 */
#ifndef PORT_PTHREAD_WORLD_H
#define PORT_PTHREAD_WORLD_H

#include <stdio.h>
#include <base/compiler.h>
#include <base/types.h>

#define NR_CPUS		256

/* ---- 10, 11: CPUs and their data ---- */

extern __thread unsigned int port_cpu;
extern __thread long port_offset;
extern long port_offsets[NR_CPUS];
extern unsigned int nr_cpu_ids;

#define smp_processor_id()	(port_cpu)
#define raw_smp_processor_id()	(port_cpu)

#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name
#define DEFINE_PER_CPU(type, name)	__section("port_percpu") __typeof__(type) name
#define DECLARE_PER_CPU_ALIGNED(type, name) extern __typeof__(type) name
#define DEFINE_PER_CPU_ALIGNED(type, name) \
	__section("port_percpu") __typeof__(type) name ____cacheline_aligned

#define this_cpu_ptr(p)		((__typeof__(p))((char *)(p) + port_offset))
#define raw_cpu_ptr(p)		this_cpu_ptr(p)
#define per_cpu_ptr(p, cpu)	((__typeof__(p))((char *)(p) + port_offsets[cpu]))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))

#define this_cpu_read(var)	__atomic_load_n(this_cpu_ptr(&(var)), __ATOMIC_RELAXED)
#define this_cpu_write(var, v)	__atomic_store_n(this_cpu_ptr(&(var)), v, __ATOMIC_RELAXED)
#define this_cpu_add(var, v) \
	((void)__atomic_fetch_add(this_cpu_ptr(&(var)), v, __ATOMIC_RELAXED))
#define this_cpu_sub(var, v)	this_cpu_add(var, -(__typeof__(var))(v))
#define this_cpu_inc(var)	this_cpu_add(var, 1)
#define this_cpu_dec(var)	this_cpu_sub(var, 1)
#define this_cpu_add_return(var, v) \
	__atomic_add_fetch(this_cpu_ptr(&(var)), v, __ATOMIC_RELAXED)
#define this_cpu_inc_return(var) this_cpu_add_return(var, 1)

/* ---- 12-14: preemption, interrupts, contexts ---- */

enum context { CTX_TASK, CTX_SOFTIRQ, CTX_HARDIRQ, CTX_NMI, NR_CONTEXTS };
#define CTX_BIT(ctx)	(1U << (ctx))
#define CTX_ALL		((1U << NR_CONTEXTS) - 1)

extern __thread int port_preempt_count;
extern __thread enum context port_current_context;
extern __thread bool port_irqs_off;

#define port_context()		(port_current_context)

static __always_inline void preempt_disable(void)
{
	port_preempt_count++;
	barrier();
}

static __always_inline void preempt_enable(void)
{
	barrier();
	port_preempt_count--;
}

#define preempt_enable_no_resched()	preempt_enable()

void port_irqs_on(void);
/* Call @fn(@arg) on this thread as an interrupt: now, or when interrupts are on again. */
void port_interrupt(void (*fn)(void *), void *arg);

static __always_inline void local_irq_disable(void)
{
	port_irqs_off = true;
	barrier();
}

static __always_inline void local_irq_enable(void)
{
	barrier();
	port_irqs_on();
}

#define irqs_disabled()		(port_irqs_off)
#define local_irq_save(flags)						\
	do {								\
		(flags) = port_irqs_off;				\
		local_irq_disable();					\
	} while (0)
#define local_irq_restore(flags)					\
	do {								\
		if (!(flags))						\
			local_irq_enable();				\
	} while (0)

static __always_inline void port_bh_disable(void)
{
	preempt_disable();
}

static __always_inline void port_bh_enable(void)
{
	preempt_enable();
}

/* ---- barriers in pairs: membarrier(2), or a full one on both sides ---- */

extern bool port_has_membarrier;
void port_sync_cpus(void);

static __always_inline void port_light_mb(void)
{
	barrier();
	if (unlikely(!port_has_membarrier))
		smp_mb();
}

/* ---- 15-20: tasks ---- */

struct task_struct;
extern __thread struct task_struct *port_task;
#define current		(port_task)
#define port_current()	((const void *)current)
const char *port_task_name(const void *task);
/* The caller plays @cpu's task from now on. */
void port_set_current(unsigned int cpu);
#define PORT_SYMBOL	"%p"

/* Nobody reports hung threads. */
#define port_set_blocked_on(kind, lock)	((void)(kind), (void)(lock))
#define port_clear_blocked_on()	do { } while (0)
#define port_push_blocked_on(outer, kind, lock)	((void)(outer), (void)(kind), (void)(lock))
#define port_pop_blocked_on(outer)	((void)(outer))

/* Set by tests: the thread should give up optimistic spinning. */
extern __thread bool port_want_resched;
#define port_need_resched()	(port_want_resched)
#define port_vcpu_is_preempted(cpu)	((void)(cpu), false)

/* A halt ends by a kick alone: a kick that is lost is a thread that hangs. */
void port_halt_while(const u32 *p, u32 mask, u32 val);
void port_kick(unsigned int cpu);

/* ---- 21, 22 ---- */

u64 local_clock(void);

__printf(1, 2) __cold __noreturn void port_report(const char *fmt, ...);
__printf(1, 2) __cold void port_warn(const char *fmt, ...);

#define BUG()	port_report("BUG at %s:%d", __FILE__, __LINE__)
#define BUG_ON(cond)							\
	do {								\
		if (unlikely(cond))					\
			port_report("BUG at %s:%d: %s", __FILE__, __LINE__, #cond); \
	} while (0)

#endif
