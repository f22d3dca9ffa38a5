/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables: the kernel's address space, mapped once for all CPUs.
 *
 *	what				pages		as
 *	image: text			4 KiB		R X
 *	image: rodata			4 KiB		R NX
 *	image: data, bss		4 KiB		RW NX, the boot stack's guard unmapped
 *	RAM at PAGE_OFFSET		1 GiB .. 4 KiB	RW NX; where text and rodata lie: R NX
 *	device registers		4 KiB		RW NX, nGnRnE
 *	arch_map()			4 KiB		as asked
 *	the lower half			nothing: walks of TTBR0 are off
 *
 * SCTLR.WXN backs it: what is writable is not executable, whatever an entry says.
 *
 * Four levels of 512 entries; the last entry decides. Table pages come, in this
 * order, from a few in the image, from RAM reserved by arch_mmu_init(), from the
 * page allocator; they are never freed.
 *
 * Concurrency: an address has one owner, who maps and unmaps it, so last-level
 * entries are not contended. Tables are shared by neighbours: a missing one is
 * put in place by compare-and-exchange, and whoever loses gives its page back.
 *
 * The TLBs of all CPUs are told by broadcast; no CPU is interrupted. An entry
 * that is in use is not changed but replaced: cleared, told, written (break
 * before make).
 *
 * Ordering, mmu/A: a table's zeroes are published by the cmpxchg that installs
 * it. The table walk is a reader of its own: DSB ISHST completes an entry's store
 * before it, ISB makes this CPU's later accesses use it; a DMB orders only
 * accesses, not walks.
 *
 * Linux:  arch/arm64/mm/mmu.c, arch/arm64/include/asm/tlbflush.h
 * Source: Arm ARM D8, the VMSAv8-64 translation table format.
 */
#include <base/compiler.h>
#include <base/errno.h>
#include <base/string.h>
#include <locking/atomic.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <boot/bootinfo.h>
#include <asm/cpu.h>
#include <asm/page.h>
#include <asm/uart.h>

#define ENTRIES		512
#define LEVELS		4
#define SHIFT(level)	(PAGE_SHIFT + 9 * (level))	/* level 0 maps 4 KiB */
#define SIZE(level)	(1UL << SHIFT(level))
#define IMAGE_TABLES	16

typedef u64 pte_t;

#define PTE_VALID	(1UL << 0)
#define PTE_TABLE	(1UL << 1)	/* a table, or at level 0 a page; else a block */
#define PTE_ATTR(n)	((pte_t)(n) << 2)
#define PTE_READONLY	(1UL << 7)
#define PTE_SHARED	(3UL << 8)
#define PTE_ACCESSED	(1UL << 10)
#define PTE_PXN		(1UL << 53)
#define PTE_UXN		(1UL << 54)
#define PTE_ADDR	0x0000fffffffff000UL
#define ATTR_DEVICE	0
#define ATTR_NORMAL	1

#define TCR_EPD0	(1UL << 7)
#define SCTLR_WXN	(1UL << 19)

extern char __text_start[], __text_end[], __rodata_start[], __rodata_end[];
extern char __data_start[], __image_end[], boot_guard[];
extern char early_high[];		/* linked at its physical address */

pte_t kernel_tables[ENTRIES] __aligned(4096);

static pte_t image_tables[IMAGE_TABLES][ENTRIES] __aligned(4096);
static unsigned int image_tables_used;
static phys_addr_t boot_tables, boot_tables_end;	/* reserved RAM, not yet used */
static bool final_tables;		/* TTBR1 is kernel_tables */
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
	return (pte_t *)get_zeroed_page(GFP_KERNEL);
}

static void table_free(pte_t *table)
{
	if (boot_tables == boot_tables_end)
		free_page((unsigned long)table);
}

static unsigned int index_of(unsigned long va, unsigned int level)
{
	return va >> SHIFT(level) & (ENTRIES - 1);
}

static pte_t *table_of(pte_t entry)
{
	return phys_to_virt(entry & PTE_ADDR);
}

/* The table below @entry, made if there is none. NULL: no memory, or a block. */
static pte_t *next_table(pte_t *entry)
{
	pte_t old = READ_ONCE(*entry);
	pte_t *table;

	if (old)
		return old & PTE_TABLE ? table_of(old) : NULL;
	table = table_alloc();
	if (!table)
		return NULL;
	/* mmu/A: pairs with next_table() */
	if (try_cmpxchg(entry, &old, virt_to_phys(table) | PTE_TABLE | PTE_VALID))
		return table;
	table_free(table);
	return table_of(old);
}

/* The entry for @va at @level, or NULL. */
static pte_t *entry_of(unsigned long va, unsigned int level)
{
	pte_t *table = kernel_tables;

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
	pte_t *table = kernel_tables, *entry;

	for (*level = LEVELS - 1;; --*level) {
		entry = &table[index_of(va, *level)];
		if (!(READ_ONCE(*entry) & PTE_VALID))
			return NULL;
		if (*level == 0 || !(*entry & PTE_TABLE))
			return entry;
		table = table_of(*entry);
	}
}

static pte_t pte_flags(unsigned int prot, unsigned int level)
{
	return PTE_VALID | (level ? 0 : PTE_TABLE) | PTE_ACCESSED | PTE_SHARED | PTE_UXN |
	       PTE_ATTR(prot & MAP_DEVICE ? ATTR_DEVICE : ATTR_NORMAL) |
	       (prot & MAP_W ? 0 : PTE_READONLY) | (prot & MAP_X ? 0 : PTE_PXN);
}

/* ---- the TLB ------------------------------------------------------------------ */

/* Entries were written where there was nothing: walks must see them. */
static void new_entries(void)
{
	__asm__ __volatile__("dsb ishst; isb" : : : "memory");
}

static void flush_page(unsigned long va)
{
	__asm__ __volatile__("dsb ishst; tlbi vaae1is, %0" : : "r"(va << 8 >> 20) : "memory");
}

static void flush_done(void)
{
	__asm__ __volatile__("dsb ish; isb" : : : "memory");
}

/* ---- the contract ------------------------------------------------------------ */

static bool aligned(unsigned long va, phys_addr_t pa, size_t size)
{
	return !((va | pa | size) & ~PAGE_MASK) && size;
}

int arch_map(unsigned long va, phys_addr_t pa, size_t size, unsigned int prot)
{
	if (!aligned(va, pa, size) || (prot & MAP_W && prot & MAP_X))
		return -EINVAL;
	for (size_t at = 0; at < size; at += PAGE_SIZE) {
		pte_t *entry = entry_of(va + at, 0);

		if (!entry) {
			arch_unmap(va, at);
			return -ENOMEM;
		}
		if (*entry & PTE_VALID)
			arch_unmap(va + at, PAGE_SIZE);
		WRITE_ONCE(*entry, (pa + at) | pte_flags(prot, 0));
	}
	new_entries();
	return 0;
}

void arch_unmap(unsigned long va, size_t size)
{
	for (size_t at = 0; at < size; at += PAGE_SIZE) {
		unsigned int level;
		pte_t *entry = lookup(va + at, &level);

		if (!entry || WARN_ON(level))
			continue;
		WRITE_ONCE(*entry, 0);
		flush_page(va + at);
	}
	flush_done();
}

unsigned int arch_prot(unsigned long va)
{
	unsigned int level;
	pte_t *entry = lookup(va, &level);

	if (!entry)
		return 0;
	return MAP_R | (*entry & PTE_READONLY ? 0 : MAP_W) | (*entry & PTE_PXN ? 0 : MAP_X) |
	       ((*entry & PTE_ATTR(7)) == PTE_ATTR(ATTR_DEVICE) ? MAP_DEVICE : 0);
}

void *arch_ioremap(phys_addr_t pa, size_t size)
{
	phys_addr_t start = pa & PAGE_MASK;
	size_t len = PAGE_ALIGN(pa + size) - start;
	unsigned long va = __atomic_fetch_add(&ioremap_next, len + PAGE_SIZE, __ATOMIC_RELAXED);
	pte_t *early = phys_to_virt((phys_addr_t)early_high);

	if (va + len > IOREMAP_END || arch_map(va, start, len, MAP_R | MAP_W | MAP_DEVICE))
		panic("cannot map the device at 0x%llx, %zu bytes", (unsigned long long)pa, size);
	if (!final_tables) {
		early[index_of(va, 3)] = kernel_tables[index_of(va, 3)];
		new_entries();
	}
	return (void *)(va + (pa - start));
}

/* ---- boot --------------------------------------------------------------------- */

/* Enough for the direct map; the rest is used by arch_map() later. */
static void reserve_tables(const struct boot_info *bi)
{
	phys_addr_t top = bi->nr_ram ? bi->ram[bi->nr_ram - 1].end : 0;
	size_t size = (16 + 2 * bi->nr_ram + (top >> 30) + (top >> 39)) * PAGE_SIZE;

	for (unsigned int i = 0; i < bi->nr_ram; i++) {
		phys_addr_t start = max(bi->ram[i].start, bi->kernel.end);

		if (start + size > bi->ram[i].end)
			continue;
		boot_tables = start;
		boot_tables_end = start + size;
		boot_reserve(boot_tables, boot_tables_end);
		return;
	}
	panic("no %zu KiB of RAM for page tables", size >> 10);
}

/* With the largest pages that fit. */
static void map_large(unsigned long va, phys_addr_t pa, phys_addr_t end, unsigned int prot)
{
	pte_t *entry;

	while (pa < end) {
		unsigned int level = 2;

		while (level && ((va | pa) & (SIZE(level) - 1) || end - pa < SIZE(level)))
			level--;
		entry = entry_of(va, level);
		if (!entry)
			panic("out of page tables for the direct map at 0x%lx", va);
		*entry = pa | pte_flags(prot, level);
		va += SIZE(level);
		pa += SIZE(level);
	}
}

/* [start, end) of RAM: what of it is text or rodata read-only, the rest writable. */
static void map_ram(phys_addr_t start, phys_addr_t end)
{
	phys_addr_t ro = clamp(virt_to_phys(__text_start), start, end);
	phys_addr_t rw = clamp(virt_to_phys(__rodata_end), start, end);
	unsigned long offset = PAGE_OFFSET;

	map_large(offset + start, start, ro, MAP_R | MAP_W);
	map_large(offset + ro, ro, rw, MAP_R);
	map_large(offset + rw, rw, end, MAP_R | MAP_W);
}

static void map_image(const char *start, const char *end, unsigned int prot)
{
	if (arch_map((unsigned long)start, virt_to_phys(start), end - start, prot))
		panic("out of page tables for the kernel image");
}

/* No lower half, nothing both writable and executable. */
static void lock_down(void)
{
	write_sysreg(read_sysreg(tcr_el1) | TCR_EPD0, tcr_el1);
	write_sysreg(read_sysreg(sctlr_el1) | SCTLR_WXN, sctlr_el1);
	isb();
	__asm__ __volatile__("tlbi vmalle1; dsb nsh; isb" : : : "memory");
}

void arch_mmu_init(const struct boot_info *bi)
{
	reserve_tables(bi);
	map_image(__text_start, __text_end, MAP_R | MAP_X);
	map_image(__rodata_start, __rodata_end, MAP_R);
	map_image(__data_start, __image_end, MAP_R | MAP_W);
	for (unsigned int i = 0; i < bi->nr_ram; i++)
		map_ram(bi->ram[i].start, bi->ram[i].end);
	uart_remap();
	final_tables = true;
	write_sysreg(virt_to_phys(kernel_tables), ttbr1_el1);
	isb();
	lock_down();
	arch_unmap((unsigned long)boot_guard, PAGE_SIZE);
}

/* head.S has loaded TTBR1 already. */
void arch_mmu_cpu_init(void)
{
	lock_down();
}
