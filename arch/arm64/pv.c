/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks for CPUs that a host schedules: the patching of unlocks. No hypervisor offers
 * more here: a CPU waits in arch_halt_while(), and is kicked by an NMI.
 *
 * Linux: none; on arm64 it has no paravirtual spinlocks
 */
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <locking/pv_lock_ops.h>
#include <asm/cpu.h>

static_assert(offsetof(struct pv_lock_ops, queued_spin_unlock) == 8, "pv_unlock.S uses 8");

unsigned int arch_pv_features(void)
{
	return 0;
}

void arch_pv_kick(unsigned int cpu)
{
	BUG();
}

bool arch_vcpu_is_preempted(unsigned int cpu)
{
	return false;
}

/* ---- patching ---- */

#define INSN_STLRB_WZR_X0	0x089ffc1f
#define INSN_BL			0x94000000

extern const unsigned long __start_unlock_sites[], __stop_unlock_sites[];
extern const char pv_unlock_thunk[];

unsigned int arch_patch_unlock(void)
{
	unsigned int count = 0;

	for (const unsigned long *site = __start_unlock_sites; site < __stop_unlock_sites; site++) {
		volatile u32 *insn = (volatile u32 *)*site;
		long distance = (long)pv_unlock_thunk - (long)*site;

		if (*insn != INSN_STLRB_WZR_X0)
			panic("no unlock to be patched at %pS", (void *)insn);
		*insn = INSN_BL | (u32)(distance >> 2 & 0x3ffffff);
		/* DSB: only it waits until the clean is done, which ic relies on. */
		__asm__ __volatile__("dc cvau, %0; dsb ish; ic ivau, %0" : : "r"(insn) : "memory");
		count++;
	}
	/* DSB waits for the invalidations; then ISB drops what was fetched before. */
	__asm__ __volatile__("dsb ish; isb" : : : "memory");
	return count;
}
