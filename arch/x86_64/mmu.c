/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's side of the page tables: CR3, the TLBs. The tables are kernel/pgtable.c's,
 * an entry's format <asm/pgtable.h>'s.
 *
 * No CPU hears of another's changes by itself: each is called and flushes. CR0.WP, SMEP
 * and SMAP, set by cpu.c, and NX make of the protections what they say.
 *
 * Linux:   arch/x86/mm/{init_64,tlb}.c
 * Differs: no global pages; one address space, so CR3 is loaded once a CPU.
 */
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/mm.h>
#include <kernel/pgtable.h>
#include <asm/cpu.h>

#define MAX_FLUSH	32		/* pages; beyond, the whole TLB */

extern char boot_guard_start[], boot_guard_end[];

struct range {
	unsigned long va;
	size_t size;
};

static void flush_here(void *arg)
{
	const struct range *r = arg;

	if (r->size / PAGE_SIZE > MAX_FLUSH) {
		write_cr3(read_cr3());
		return;
	}
	for (size_t at = 0; at < r->size; at += PAGE_SIZE)
		invlpg(r->va + at);
}

void arch_pgtable_flush(unsigned long va, size_t size)
{
	struct range r = { va, size };

	if (num_online_cpus() > 1)
		on_each_cpu(flush_here, &r, true);
	else
		flush_here(&r);
}

/* A walk sees the stores before it, in order; what was not there is in no TLB. */
void arch_pgtable_new(void)
{
}

unsigned int pte_largest_level(void)
{
	return cpuid(0x80000000, 0).a >= 0x80000001 && cpuid(0x80000001, 0).d & (1U << 26) ? 2 : 1;
}

/* head.S has mapped 4 GiB. */
void arch_mmu_init(const struct boot_info *bi)
{
	pgtable_init(bi, (phys_addr_t)1 << 32);
	pgtable_final();
	write_cr3(virt_to_phys(kernel_tables));
	for (char *p = boot_guard_start; p < boot_guard_end; p += PAGE_SIZE + THREAD_SIZE)
		unmap_pages((unsigned long)p, PAGE_SIZE);
}

/* ap.S loaded CR3 before it had a stack. */
void arch_mmu_cpu_init(void)
{
	WARN_ON(read_cr3() != virt_to_phys(kernel_tables));
}
