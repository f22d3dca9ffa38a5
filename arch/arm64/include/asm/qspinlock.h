/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a queued spinlock is released: one store-release of a byte, that
 * arch_patch_unlock() makes a call when the locks are paravirtual:
 *
 *	stlrb	wzr, [x0]
 *	bl	pv_unlock_thunk
 *
 * The thunk gives back every register but x30, so the call may stand where the store
 * stood. The address of each place is in the table unlock_sites.
 *
 * Linux: none; on arm64 it has no paravirtual spinlocks
 */
#ifndef ASM_QSPINLOCK_H
#define ASM_QSPINLOCK_H

#include <base/compiler.h>
#include <base/types.h>

/* @locked: the lock's first byte. Ordering: RELEASE. */
static __always_inline void arch_queued_spin_unlock(u8 *locked)
{
	register u8 *x0 __asm__("x0") = locked;

	__asm__ __volatile__("661:	stlrb	wzr, [%0]\n\t"
			     ".pushsection .unlock_sites, \"a\"\n\t"
			     ".balign 8\n\t.quad 661b\n\t"
			     ".popsection"
			     : : "r"(x0) : "x30", "memory", "cc");
}

#endif
