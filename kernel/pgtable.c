/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables: the kernel's address space, mapped once for all CPUs. The format of an entry
 * and the TLB are arch/'s (<kernel/pgtable.h>).
 *
 * pgtable_init.c maps what there is from the start; this page what comes and goes:
 * stacks, vmap areas, device registers, all in 4 KiB pages.
 *
 * A table entry permits everything, the last entry decides. Table pages come, in this
 * order, from a few in the image, from RAM reserved by pgtable_init(), from the page
 * allocator; they are never freed.
 *
 *	tables_lock	the two pools, and every entry that points to a table
 *	ioremap_next	addresses for devices, never given back		atomically
 *	final		no CPU runs on the early tables any more	pgtable_final()
 *
 * Concurrency: an address has one owner, who maps and unmaps it, so last-level
 * entries are not contended. Tables are shared by neighbours: a missing one is
 * made under tables_lock; the walk itself takes no lock.
 *
 *	CPU 0, unmap_pages()		CPU 1
 *	entry = 0			may still use its TLB's copy
 *	arch_pgtable_flush() ----->	drops it
 *	returns				faults
 *
 * Ordering, pgtable/A: a table's zeroes are published by the store that installs it. The
 * CPUs' own walks are readers, too: arch_pgtable_new() and _flush() are their side.
 * Limits: a CPU that starts while unmap_pages() runs need not be asked to flush; what it
 * has touched by then is its own stack and the image.
 *
 * Linux:   mm/{vmalloc,ioremap}.c, arch/x86/mm/init_64.c, arch/arm64/mm/mmu.c
 * Differs: one address space; no table is ever freed.
 */
#include <base/compiler.h>
#include <base/errno.h>
#include <base/string.h>
#include <locking/spinlock.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <kernel/pgtable.h>

#define IMAGE_TABLES	16

pte_t kernel_tables[PTRS_PER_TABLE] __aligned(4096);

static DEFINE_RAW_SPINLOCK(tables_lock);
static pte_t image_tables[IMAGE_TABLES][PTRS_PER_TABLE] __aligned(4096);
static unsigned int image_tables_used;
static phys_addr_t boot_tables, boot_tables_end;	/* reserved RAM, not yet used */
static atomic_long_t ioremap_next = ATOMIC_LONG_INIT(IOREMAP_START);
static bool final;

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

void pgtable_give(phys_addr_t start, phys_addr_t end)
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
		/* pgtable/A: pairs with next_table() */
		smp_store_release(entry, pte_table(virt_to_phys(table)));
	raw_spin_unlock_irqrestore(&tables_lock, flags);
}

/* The table below @entry of @level, made if there is none. NULL: no memory, or a large page. */
static pte_t *next_table(pte_t *entry, unsigned int level)
{
	pte_t e;

	if (!READ_ONCE(*entry))
		table_make(entry);
	/* pgtable/A: pairs with table_make() */
	e = smp_load_acquire(entry);
	return pte_valid(e) && !pte_is_leaf(e, level) ? phys_to_virt(pte_phys(e)) : NULL;
}

pte_t *pte_entry(unsigned long va, unsigned int level)
{
	pte_t *table = kernel_tables;

	for (unsigned int l = PGTABLE_LEVELS - 1; l > level; l--) {
		table = next_table(&table[index_of(va, l)], l);
		if (!table)
			return NULL;
	}
	return &table[index_of(va, level)];
}

/* The last entry on the way to @va, whatever its level; NULL where nothing is mapped. */
static pte_t *lookup(unsigned long va, unsigned int *level)
{
	pte_t *table = kernel_tables, *entry, e;

	for (*level = PGTABLE_LEVELS - 1;; --*level) {
		entry = &table[index_of(va, *level)];
		e = READ_ONCE(*entry);
		if (!pte_valid(e))
			return NULL;
		if (pte_is_leaf(e, *level))
			return entry;
		table = phys_to_virt(pte_phys(e));
	}
}

/* ---- mapping ----------------------------------------------------------------- */

static bool aligned(unsigned long va, phys_addr_t pa, size_t size)
{
	return !((va | pa | size) & ~PAGE_MASK) && size;
}

int map_pages(unsigned long va, phys_addr_t pa, size_t size, unsigned int prot)
{
	bool changed = false;

	if (!aligned(va, pa, size) || (prot & MAP_W && prot & MAP_X))
		return -EINVAL;
	for (size_t at = 0; at < size; at += PAGE_SIZE) {
		pte_t *entry = pte_entry(va + at, 0);

		if (!entry) {
			unmap_pages(va, at);
			return -ENOMEM;
		}
		if (pte_valid(*entry) && PTE_BREAK_BEFORE_MAKE)
			unmap_pages(va + at, PAGE_SIZE);
		changed |= pte_valid(*entry);
		WRITE_ONCE(*entry, pte_leaf(pa + at, prot, 0));
	}
	arch_pgtable_new();
	if (changed)
		arch_pgtable_flush(va, size);
	return 0;
}

void unmap_pages(unsigned long va, size_t size)
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
		arch_pgtable_flush(va, size);
}

unsigned int page_prot(unsigned long va)
{
	unsigned int level;
	pte_t *entry = lookup(va, &level);

	return entry ? pte_prot(READ_ONCE(*entry)) : 0;
}

void *ioremap(phys_addr_t pa, size_t size)
{
	phys_addr_t start = pa & PAGE_MASK;
	size_t len = PAGE_ALIGN(pa + size) - start;
	unsigned long va = atomic_long_fetch_add_relaxed(len + PAGE_SIZE, &ioremap_next);
	pte_t *early = phys_to_virt((phys_addr_t)EARLY_TABLES);
	unsigned int top = index_of(va, PGTABLE_LEVELS - 1);

	if (va + len > IOREMAP_END || map_pages(va, start, len, MAP_R | MAP_W | MAP_DEVICE))
		panic("cannot map the device at 0x%llx, %zu bytes", (unsigned long long)pa, size);
	if (!final) {
		early[top] = kernel_tables[top];
		arch_pgtable_new();
	}
	return (void *)(va + (pa - start));
}

void pgtable_final(void)
{
	final = true;
}
