/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU data by the %gs segment: a CPU's copy of @var is at &var + gs base.
 *
 * The base is the distance of this CPU's area from the linker's; the boot CPU
 * starts with base 0, that is, on the linker's copy itself. Each operation below
 * is one instruction on memory, so it is atomic against interrupts and NMIs of
 * its own CPU (not against other CPUs: there is no lock prefix), and it cannot be
 * split by a migration.
 *
 *	this_cpu_off	the gs base, readable		written by arch_percpu_init()
 *
 * Linux:   arch/x86/include/asm/percpu.h
 * Differs: variables are linked at their address in the image, not at 0.
 */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <base/compiler.h>
#include <base/types.h>

extern unsigned long this_cpu_off;

void __percpu_bad_size(void);

#define this_cpu_read(var)						\
	({								\
		__typeof__(var) __pv;					\
		__asm__ __volatile__("mov %%gs:%1, %0"			\
				     : "=r"(__pv) : "m"(var));		\
		__pv;							\
	})

#define this_cpu_write(var, val)					\
	do {								\
		__typeof__(var) __pv = (val);				\
		__asm__ __volatile__("mov %1, %%gs:%0"			\
				     : "=m"(var) : "r"(__pv));		\
	} while (0)

#define __this_cpu_op(op, var, val)					\
	do {								\
		switch (sizeof(var)) {					\
		case 1:							\
			__asm__ __volatile__(op "b %1, %%gs:%0" : "+m"(var) \
					     : "qi"((u8)(val)) : "cc");	\
			break;						\
		case 2:							\
			__asm__ __volatile__(op "w %1, %%gs:%0" : "+m"(var) \
					     : "ri"((u16)(val)) : "cc"); \
			break;						\
		case 4:							\
			__asm__ __volatile__(op "l %1, %%gs:%0" : "+m"(var) \
					     : "ri"((u32)(val)) : "cc"); \
			break;						\
		case 8:							\
			__asm__ __volatile__(op "q %1, %%gs:%0" : "+m"(var) \
					     : "re"((u64)(val)) : "cc"); \
			break;						\
		default:						\
			__percpu_bad_size();				\
		}							\
	} while (0)

#define this_cpu_add(var, val)	__this_cpu_op("add", var, val)
#define this_cpu_sub(var, val)	__this_cpu_op("sub", var, val)
#define this_cpu_and(var, val)	__this_cpu_op("and", var, val)
#define this_cpu_or(var, val)	__this_cpu_op("or", var, val)
#define this_cpu_inc(var)	this_cpu_add(var, 1)
#define this_cpu_dec(var)	this_cpu_sub(var, 1)

#define this_cpu_add_return(var, val)					\
	({								\
		__typeof__(var) __pa = (__typeof__(var))(val), __pr = __pa;	\
		__asm__ __volatile__("xadd %0, %%gs:%1"			\
				     : "+r"(__pr), "+m"(var) : : "cc");	\
		(__typeof__(var))(__pr + __pa);				\
	})
#define this_cpu_sub_return(var, val)	this_cpu_add_return(var, -(__typeof__(var))(val))
#define this_cpu_inc_return(var)	this_cpu_add_return(var, 1)
#define this_cpu_dec_return(var)	this_cpu_add_return(var, -1)

#define this_cpu_xchg(var, val)						\
	({								\
		__typeof__(var) __pv = (val);				\
		__asm__ __volatile__("xchg %0, %%gs:%1"			\
				     : "+r"(__pv), "+m"(var));		\
		__pv;							\
	})

#define this_cpu_cmpxchg(var, old, new)					\
	({								\
		__typeof__(var) __po = (old), __pn = (new);			\
		__asm__ __volatile__("cmpxchg %2, %%gs:%1"		\
				     : "+a"(__po), "+m"(var) : "r"(__pn) : "cc"); \
		__po;							\
	})

#define this_cpu_try_cmpxchg(var, oldp, new)				\
	({								\
		__typeof__(oldp) __pp = (oldp);				\
		__typeof__(var) __po = *__pp, __pn = (new);			\
		bool __pok;						\
		__asm__ __volatile__("cmpxchg %3, %%gs:%1"		\
				     : "=@ccz"(__pok), "+m"(var), "+a"(__po) \
				     : "r"(__pn) : "cc");			\
		if (!__pok)						\
			*__pp = __po;					\
		__pok;							\
	})

#define __my_cpu_offset		this_cpu_read(this_cpu_off)

#endif
