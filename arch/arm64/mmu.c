/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's side of the page tables: TTBR1, TTBR0, the TLBs. The tables are
 * kernel/pgtable.c's, an entry's format <asm/pgtable.h>'s.
 *
 * SCTLR.WXN backs the protections: what is writable is not executable, whatever an entry
 * says. The lower half is off: walks of TTBR0 fault.
 *
 * The TLBs of all CPUs are told by broadcast; no CPU is interrupted. An entry that is in
 * use is not changed but replaced: cleared, told, written (break before make).
 *
 * The table walk is a reader of its own: DSB ISHST completes an entry's store before it,
 * ISB makes this CPU's later accesses use it; a DMB orders only accesses, not walks.
 *
 * Linux: arch/arm64/mm/mmu.c, arch/arm64/include/asm/tlbflush.h
 */
#include <kernel/arch.h>
#include <kernel/mm.h>
#include <kernel/pgtable.h>
#include <asm/cpu.h>
#include <asm/uart.h>

#define MAX_FLUSH	512		/* pages; beyond, the whole TLB */

#define TCR_EPD0	(1UL << 7)
#define SCTLR_WXN	(1UL << 19)

extern char boot_guard[], boot_overflow_guard[];

void arch_pgtable_new(void)
{
	/* DSB: a walk is no access that a DMB orders; the entry must be there before ISB. */
	__asm__ __volatile__("dsb ishst; isb" : : : "memory");
}

void arch_pgtable_flush(unsigned long va, size_t size)
{
	/* DSB: a tlbi waits for no store; a walk behind it must not find the old entry. */
	__asm__ __volatile__("dsb ishst" : : : "memory");
	if (size / PAGE_SIZE > MAX_FLUSH)
		__asm__ __volatile__("tlbi vmalle1is" : : : "memory");
	else
		for (size_t at = 0; at < size; at += PAGE_SIZE)
			__asm__ __volatile__("tlbi vaae1is, %0"
					     : : "r"((va + at) << 8 >> 20) : "memory");
	/* DSB: only it waits until all CPUs have done the tlbi. */
	__asm__ __volatile__("dsb ish; isb" : : : "memory");
}

/* No lower half, nothing both writable and executable. */
static void lock_down(void)
{
	write_sysreg(read_sysreg(tcr_el1) | TCR_EPD0, tcr_el1);
	write_sysreg(read_sysreg(sctlr_el1) | SCTLR_WXN, sctlr_el1);
	isb();
	/* DSB: only it waits for the tlbi; NSH: it concerns this CPU alone. */
	__asm__ __volatile__("tlbi vmalle1; dsb nsh; isb" : : : "memory");
}

/* head.S has mapped 512 GiB. */
void arch_mmu_init(const struct boot_info *bi)
{
	pgtable_init(bi, (phys_addr_t)1 << 39);
	uart_remap();
	pgtable_final();
	write_sysreg(virt_to_phys(kernel_tables), ttbr1_el1);
	isb();
	lock_down();
	unmap_pages((unsigned long)boot_guard, PAGE_SIZE);
	unmap_pages((unsigned long)boot_overflow_guard, PAGE_SIZE);
}

/* head.S has loaded TTBR1 already. */
void arch_mmu_cpu_init(void)
{
	lock_down();
}
