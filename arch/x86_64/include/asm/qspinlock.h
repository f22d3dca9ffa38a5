/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a queued spinlock is released: one byte store, that arch_patch_unlock() makes
 * a call when the locks are paravirtual. Both forms take five bytes:
 *
 *	3e c6 47 00 00		movb $0, %ds:0(%rdi)
 *	e8 xx xx xx xx		call pv_unlock_thunk
 *
 * The thunk gives back every register, so the call may stand where the store stood.
 * The address of each place is in the table unlock_sites.
 *
 * Linux: queued_spin_unlock(), arch/x86/include/asm/qspinlock_paravirt.h
 */
#ifndef ASM_QSPINLOCK_H
#define ASM_QSPINLOCK_H

#include <base/compiler.h>
#include <base/types.h>

/* @locked: the lock's first byte. Ordering: RELEASE; no store of x86 passes an access before it. */
static __always_inline void arch_queued_spin_unlock(u8 *locked)
{
	__asm__ __volatile__("661:\n\t"
			     ".byte 0x3e, 0xc6, 0x47, 0x00, 0x00\n\t"
			     ".pushsection .unlock_sites, \"a\"\n\t"
			     ".balign 8\n\t.quad 661b\n\t"
			     ".popsection"
			     : : "D"(locked) : "memory", "cc");
}

#endif
