/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers in memory (ioremap()): one access each, in program order for
 * one device (the mapping is nGnRnE), never torn, merged or dropped.
 *
 * Each is one load or store instruction of the plain form, which a hypervisor
 * can emulate.
 */
#ifndef ASM_IO_H
#define ASM_IO_H

#include <base/compiler.h>
#include <base/types.h>

#define __IO_MEM(suffix, type, insn, reg)				\
	static __always_inline type read##suffix(const volatile void *addr) \
	{								\
		u64 val;						\
		__asm__ __volatile__("ldr" insn " %" reg "0, [%1]"	\
				     : "=r"(val) : "r"(addr) : "memory"); \
		return (type)val;					\
	}								\
	static __always_inline void write##suffix(type val, volatile void *addr) \
	{								\
		__asm__ __volatile__("str" insn " %" reg "0, [%1]"	\
				     : : "rZ"((u64)val), "r"(addr) : "memory"); \
	}
__IO_MEM(b, u8, "b", "w")
__IO_MEM(w, u16, "h", "w")
__IO_MEM(l, u32, "", "w")
__IO_MEM(q, u64, "", "x")
#undef __IO_MEM

#endif
