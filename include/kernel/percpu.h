/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU variables: one copy for each possible CPU, found by adding the CPU's
 * offset to the address the linker gave.
 *
 *	linked image		area of CPU 0		area of CPU 1
 *	__per_cpu_start ------> +-----------+		+-----------+
 *	  x			|  x        |		|  x        |
 *	__per_cpu_end		|  static   |		|  static   |
 *				|- - - - - -|		|- - - - - -|
 *				|  dynamic  |		|  dynamic  |  alloc_percpu()
 *				+-----------+		+-----------+
 *	address of x on CPU n = &x + __per_cpu_offset[n]
 *
 * Each copy is written by its CPU alone, or under whatever its declaration
 * names. The boot CPU runs on the linked image itself (offset 0) until
 * percpu_init(); what it writes there before is copied to every area, so it
 * must be what every CPU may start with (preempt_count, current).
 *
 *	accessor		the caller
 *	this_cpu_read(x) ...	anywhere: one CPU's copy, not torn by an interrupt or NMI*
 *	__this_cpu_read(x) ...	excludes preemption, and interrupts that write x
 *	this_cpu_ptr(&x)	excludes preemption as long as it uses the pointer
 *	per_cpu(x, cpu)		anywhere: a named CPU's copy
 *
 *	* NMI: only where <asm/percpu.h> has a one-instruction form
 *
 * Linux:   include/linux/percpu-defs.h, mm/percpu.c
 * Differs: the argument of this_cpu_*() may be any lvalue of a static per-CPU
 *          variable, or *p of an alloc_percpu() pointer; operand sizes 1 to 8.
 */
#ifndef KERNEL_PERCPU_H
#define KERNEL_PERCPU_H

#include <base/compiler.h>
#include <base/types.h>
#include <kernel/cpumask.h>
#include <kernel/irqflags.h>

#define __percpu

#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name
#define DEFINE_PER_CPU(type, name)	__section(".percpu") __typeof__(type) name
/* Shares no cache line with another variable. */
#define DECLARE_PER_CPU_ALIGNED(type, name) extern __typeof__(type) name
#define DEFINE_PER_CPU_ALIGNED(type, name) \
	__section(".percpu.aligned") __typeof__(type) name ____cacheline_aligned
/* At the start of the area, together: what every entry and every lock touches. */
#define DEFINE_PER_CPU_FIRST(type, name) __section(".percpu.first") __typeof__(type) name

extern unsigned long __per_cpu_offset[NR_CPUS];
#define per_cpu_offset(cpu)	(__per_cpu_offset[cpu])

extern char __per_cpu_start[], __per_cpu_end[];

#define SHIFT_PERCPU_PTR(ptr, offset)	RELOC_HIDE(ptr, offset)

#define per_cpu_ptr(ptr, cpu)	SHIFT_PERCPU_PTR(ptr, per_cpu_offset(cpu))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))

/* This CPU's number, at a fixed place for <asm/percpu.h> and the debugger. */
DECLARE_PER_CPU(unsigned int, cpu_number);

/*
 * <asm/percpu.h> gives __my_cpu_offset and, where one instruction does it, any
 * of this_cpu_{read,write,add,or,and,add_return,xchg,cmpxchg,...}(var, ...), each a
 * macro for operands of 1, 2, 4 and 8 bytes. The rest comes from below.
 */
#include <asm/percpu.h>

#define raw_cpu_ptr(ptr)	SHIFT_PERCPU_PTR(ptr, __my_cpu_offset)

/* One operation on this CPU's copy, not interrupted. */
#define __this_cpu_irqsafe(var, op)					\
	({								\
		unsigned long _flags;					\
		local_irq_save(_flags);					\
		__typeof__(&(var)) _p = raw_cpu_ptr(&(var));		\
		__typeof__(var) _ret = (op);				\
		local_irq_restore(_flags);				\
		_ret;							\
	})

#ifndef this_cpu_read
#define this_cpu_read(var)		__this_cpu_irqsafe(var, *_p)
#endif
#ifndef this_cpu_write
#define this_cpu_write(var, val)	((void)__this_cpu_irqsafe(var, *_p = (val)))
#endif
#ifndef this_cpu_add
#define this_cpu_add(var, val)		((void)__this_cpu_irqsafe(var, *_p += (val)))
#endif
#ifndef this_cpu_or
#define this_cpu_or(var, val)		((void)__this_cpu_irqsafe(var, *_p |= (val)))
#endif
#ifndef this_cpu_and
#define this_cpu_and(var, val)		((void)__this_cpu_irqsafe(var, *_p &= (val)))
#endif
#ifndef this_cpu_add_return
#define this_cpu_add_return(var, val)	__this_cpu_irqsafe(var, *_p += (val))
#endif
#ifndef this_cpu_xchg
#define this_cpu_xchg(var, val)						\
	__this_cpu_irqsafe(var, ({					\
		__typeof__(*_p) _was = *_p;				\
		*_p = (val);						\
		_was;							\
	}))
#endif
/* Return: what was there; it was replaced if that equals @old. */
#ifndef this_cpu_cmpxchg
#define this_cpu_cmpxchg(var, old, new)					\
	__this_cpu_irqsafe(var, ({					\
		__typeof__(*_p) _was = *_p;				\
		if (_was == (old))					\
			*_p = (new);					\
		_was;							\
	}))
#endif

#ifndef this_cpu_sub
#define this_cpu_sub(var, val)		this_cpu_add(var, -(__typeof__(var))(val))
#endif
#ifndef this_cpu_inc
#define this_cpu_inc(var)		this_cpu_add(var, 1)
#endif
#ifndef this_cpu_dec
#define this_cpu_dec(var)		this_cpu_sub(var, 1)
#endif
#ifndef this_cpu_try_cmpxchg
#define this_cpu_try_cmpxchg(var, oldp, new)				\
	({								\
		__typeof__(oldp) _oldp = (oldp);			\
		__typeof__(var) _seen = this_cpu_cmpxchg(var, *_oldp, new); \
		bool _done = _seen == *_oldp;				\
		*_oldp = _seen;						\
		_done;							\
	})
#endif
#ifndef this_cpu_inc_return
#define this_cpu_inc_return(var)	this_cpu_add_return(var, 1)
#endif
#ifndef this_cpu_dec_return
#define this_cpu_dec_return(var)	this_cpu_add_return(var, -1)
#endif

/* The caller has already excluded preemption and interrupts that write @var. */
#define __this_cpu_read(var)		(*raw_cpu_ptr(&(var)))
#define __this_cpu_write(var, val)	((void)(*raw_cpu_ptr(&(var)) = (val)))
#define __this_cpu_add(var, val)	((void)(*raw_cpu_ptr(&(var)) += (val)))
#define __this_cpu_sub(var, val)	((void)(*raw_cpu_ptr(&(var)) -= (val)))
#define __this_cpu_or(var, val)		((void)(*raw_cpu_ptr(&(var)) |= (val)))
#define __this_cpu_and(var, val)	((void)(*raw_cpu_ptr(&(var)) &= (val)))
#define __this_cpu_inc(var)		__this_cpu_add(var, 1)
#define __this_cpu_dec(var)		__this_cpu_sub(var, 1)
#define __this_cpu_inc_return(var)	(*raw_cpu_ptr(&(var)) += 1)
#define __this_cpu_dec_return(var)	(*raw_cpu_ptr(&(var)) -= 1)

/* Any context; may be out of date at once where preemption is on. */
#ifndef raw_smp_processor_id
#define raw_smp_processor_id()		this_cpu_read(cpu_number)
#endif

#if IS_ENABLED(CONFIG_DEBUG_PREEMPT)
/* The same number, after a report when the caller could migrate. */
unsigned int debug_smp_processor_id(void);
void debug_this_cpu_ptr(void);
#define smp_processor_id()	debug_smp_processor_id()
#define this_cpu_ptr(ptr)	({ debug_this_cpu_ptr(); raw_cpu_ptr(ptr); })
#else
#define smp_processor_id()	raw_smp_processor_id()
#define this_cpu_ptr(ptr)	raw_cpu_ptr(ptr)
#endif

/* Preemption off for as long as the copy is used. The user includes <kernel/preempt.h>. */
#define get_cpu()		({ preempt_disable(); smp_processor_id(); })
#define put_cpu()		preempt_enable()
#define get_cpu_var(var)	(*({ preempt_disable(); this_cpu_ptr(&(var)); }))
#define put_cpu_var(var)	preempt_enable()
#define get_cpu_ptr(ptr)	({ preempt_disable(); this_cpu_ptr(ptr); })
#define put_cpu_ptr(ptr)	preempt_enable()

/**
 * __alloc_percpu() - a zeroed per-CPU object, from the reserve in each area
 * @size: bytes; @align: a power of two, at most PERCPU_MAX_ALIGN
 * Context: Any but NMI.
 * Return: what per_cpu_ptr() and this_cpu_ptr() take, or NULL when the reserve
 *	   of PERCPU_DYNAMIC_RESERVE bytes is used up.
 */
void *__alloc_percpu(size_t size, size_t align);
void free_percpu(void *ptr);

#define alloc_percpu(type) \
	((__typeof__(type) *)__alloc_percpu(sizeof(type), __alignof__(type)))

#define PERCPU_DYNAMIC_RESERVE	(32 * 1024)
#define PERCPU_MAX_ALIGN	64

struct percpu_stats {
	size_t static_bytes;	/* of each area */
	size_t dynamic_bytes;
	size_t dynamic_used;
	size_t area_bytes;	/* static, dynamic and padding */
};
void percpu_stats(struct percpu_stats *stats);

#endif
