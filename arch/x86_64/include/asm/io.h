/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ports, and registers in memory (ioremap()): one access each, in program
 * order, never torn, merged or dropped by the compiler.
 */
#ifndef ASM_IO_H
#define ASM_IO_H

#include <base/compiler.h>
#include <base/types.h>

#define __IO_PORT(suffix, type)						\
	static __always_inline void out##suffix(u16 port, type val)	\
	{								\
		__asm__ __volatile__("out" #suffix " %0, %1"		\
				     : : "a"(val), "Nd"(port) : "memory"); \
	}								\
	static __always_inline type in##suffix(u16 port)		\
	{								\
		type val;						\
		__asm__ __volatile__("in" #suffix " %1, %0"		\
				     : "=a"(val) : "Nd"(port) : "memory"); \
		return val;						\
	}
__IO_PORT(b, u8)
__IO_PORT(w, u16)
__IO_PORT(l, u32)
#undef __IO_PORT

#define __IO_MEM(suffix, type)						\
	static __always_inline type read##suffix(const volatile void *addr) \
	{								\
		type val = *(const volatile type *)addr;		\
		barrier();						\
		return val;						\
	}								\
	static __always_inline void write##suffix(type val, volatile void *addr) \
	{								\
		barrier();						\
		*(volatile type *)addr = val;				\
	}
__IO_MEM(b, u8)
__IO_MEM(w, u16)
__IO_MEM(l, u32)
__IO_MEM(q, u64)
#undef __IO_MEM

#endif
