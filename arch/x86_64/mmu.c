/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables: the kernel's address space, mapped once for all CPUs.
 *
 * mmu_init.c maps what there is from the start; this page what comes and goes:
 * stacks, vmap areas, device registers, all in 4 KiB pages.
 *
 * Four levels of 512 entries; a table entry permits everything, the last entry
 * decides. Table pages come, in this order, from a few in the image, from RAM
 * reserved by arch_mmu_init(), from the page allocator; they are never freed.
 *
 *	tables_lock	the two pools, and every entry that points to a table
 *
 * Concurrency: an address has one owner, who maps and unmaps it, so last-level
 * entries are not contended. Tables are shared by neighbours: a missing one is
 * made under tables_lock; the walk itself takes no lock.
 *
 *	CPU 0, arch_unmap()		CPU 1
 *	entry = 0			may still use its TLB's copy
 *	call function on all, wait
 *					invlpg
 *	returns				faults
 *
 * Ordering, mmu/A: a table's zeroes are published by the store that installs it.
 * Limits: a CPU that starts while arch_unmap() runs is not asked to flush; what it
 * has touched by then is its own stack and the image.
 *
 * Linux:   arch/x86/mm/{init_64,pgtable,tlb,ioremap}.c
 * Differs: no global pages; one address space, so CR3 is loaded once a CPU.
 */
#include <base/compiler.h>
#include <base/errno.h>
#include <base/string.h>
#include <locking/spinlock.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <boot/bootinfo.h>
#include <asm/cpu.h>
#include <asm/page.h>
#include <asm/pgtable.h>

#define LEVELS		4
#define MAX_FLUSH	32		/* pages; beyond, the whole TLB */
#define IMAGE_TABLES	16

pte_t kernel_pml4[PTRS_PER_TABLE] __aligned(4096);

static DEFINE_RAW_SPINLOCK(tables_lock);
static pte_t image_tables[IMAGE_TABLES][PTRS_PER_TABLE] __aligned(4096);
static unsigned int image_tables_used;
static phys_addr_t boot_tables, boot_tables_end;	/* reserved RAM, not yet used */
static unsigned long ioremap_next = IOREMAP_START;

/* ---- tables ----------------------------------------------------------------- */

static pte_t *table_alloc(void)
{
	pte_t *table;

	if (image_tables_used < IMAGE_TABLES)
		return image_tables[image_tables_used++];
	if (boot_tables < boot_tables_end) {
		table = phys_to_virt(boot_tables);
		boot_tables += PAGE_SIZE;
		memset(table, 0, PAGE_SIZE);
		return table;
	}
	return (pte_t *)get_zeroed_page(GFP_ATOMIC);
}

static unsigned int index_of(unsigned long va, unsigned int level)
{
	return va >> LEVEL_SHIFT(level) & (PTRS_PER_TABLE - 1);
}

static pte_t *table_of(pte_t entry)
{
	return phys_to_virt(entry & PTE_ADDR);
}

void mmu_give_tables(phys_addr_t start, phys_addr_t end)
{
	boot_tables = start;
	boot_tables_end = end;
}

static void table_make(pte_t *entry)
{
	unsigned long flags;
	pte_t *table;

	raw_spin_lock_irqsave(&tables_lock, flags);
	if (!*entry && (table = table_alloc()))
		/* mmu/A: pairs with next_table() */
		smp_store_release(entry, virt_to_phys(table) | PTE_PRESENT | PTE_WRITE);
	raw_spin_unlock_irqrestore(&tables_lock, flags);
}

/* The table below @entry, made if there is none. NULL: no memory, or a large page. */
static pte_t *next_table(pte_t *entry)
{
	pte_t e;

	if (!READ_ONCE(*entry))
		table_make(entry);
	/* mmu/A: pairs with table_make() */
	e = smp_load_acquire(entry);
	return e && !(e & PTE_LARGE) ? table_of(e) : NULL;
}

pte_t *pte_entry(unsigned long va, unsigned int level)
{
	pte_t *table = kernel_pml4;

	for (unsigned int l = LEVELS - 1; l > level; l--) {
		table = next_table(&table[index_of(va, l)]);
		if (!table)
			return NULL;
	}
	return &table[index_of(va, level)];
}

/* The last entry on the way to @va, whatever its level; NULL where nothing is mapped. */
static pte_t *lookup(unsigned long va, unsigned int *level)
{
	pte_t *table = kernel_pml4, *entry;

	for (*level = LEVELS - 1;; --*level) {
		entry = &table[index_of(va, *level)];
		if (!(READ_ONCE(*entry) & PTE_PRESENT))
			return NULL;
		if (*level == 0 || *entry & PTE_LARGE)
			return entry;
		table = table_of(*entry);
	}
}

pte_t pte_flags(unsigned int prot)
{
	return PTE_PRESENT | PTE_ACCESSED |
	       (prot & MAP_W ? PTE_WRITE | PTE_DIRTY : 0) |
	       (prot & MAP_X ? 0 : PTE_NX) |
	       (prot & MAP_DEVICE ? PTE_PCD | PTE_PWT : 0);
}

/* ---- the TLB ----------------------------------------------------------------- */

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

static void flush_tlb(unsigned long va, size_t size)
{
	struct range r = { va, size };

	if (num_online_cpus() > 1)
		on_each_cpu(flush_here, &r, true);
	else
		flush_here(&r);
}

/* ---- the contract ------------------------------------------------------------ */

static bool aligned(unsigned long va, phys_addr_t pa, size_t size)
{
	return !((va | pa | size) & ~PAGE_MASK) && size;
}

int arch_map(unsigned long va, phys_addr_t pa, size_t size, unsigned int prot)
{
	bool changed = false;

	if (!aligned(va, pa, size) || (prot & MAP_W && prot & MAP_X))
		return -EINVAL;
	for (size_t at = 0; at < size; at += PAGE_SIZE) {
		pte_t *entry = pte_entry(va + at, 0);

		if (!entry) {
			arch_unmap(va, at);
			return -ENOMEM;
		}
		changed |= *entry & PTE_PRESENT;
		WRITE_ONCE(*entry, (pa + at) | pte_flags(prot));
	}
	if (changed)
		flush_tlb(va, size);
	return 0;
}

void arch_unmap(unsigned long va, size_t size)
{
	bool changed = false;

	for (size_t at = 0; at < size; at += PAGE_SIZE) {
		unsigned int level;
		pte_t *entry = lookup(va + at, &level);

		if (!entry || WARN_ON(level))
			continue;
		WRITE_ONCE(*entry, 0);
		changed = true;
	}
	if (changed)
		flush_tlb(va, size);
}

unsigned int arch_prot(unsigned long va)
{
	unsigned int level;
	pte_t *entry = lookup(va, &level);

	if (!entry)
		return 0;
	return MAP_R | (*entry & PTE_WRITE ? MAP_W : 0) | (*entry & PTE_NX ? 0 : MAP_X) |
	       (*entry & PTE_PCD ? MAP_DEVICE : 0);
}

void *arch_ioremap(phys_addr_t pa, size_t size)
{
	phys_addr_t start = pa & PAGE_MASK;
	size_t len = PAGE_ALIGN(pa + size) - start;
	unsigned long va = __atomic_fetch_add(&ioremap_next, len + PAGE_SIZE, __ATOMIC_RELAXED);

	if (va + len > IOREMAP_END || arch_map(va, start, len, MAP_R | MAP_W | MAP_DEVICE))
		panic("cannot map the device at 0x%llx, %zu bytes", (unsigned long long)pa, size);
	if (!mmu_final)
		early_pml4[index_of(va, 3)] = kernel_pml4[index_of(va, 3)];
	return (void *)(va + (pa - start));
}
