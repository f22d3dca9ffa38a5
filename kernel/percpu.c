/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU areas, and objects in their dynamic part. The contract and a drawing
 * are in <kernel/percpu.h>.
 *
 *	__per_cpu_offset[]	area minus linked image; written by percpu_init()
 *	alloc_map		units of UNIT bytes in use	percpu_lock
 *	bound_map		units where an object starts, and one bit behind the
 *				last object's end		percpu_lock
 *
 *	alloc_map	1 1 1 1 0 0 1 0		objects of 2, 2 and 1 units
 *	bound_map	1 0 1 0 1 0 1 1		each ends where the next bound is
 *
 * One map serves all CPUs: an object has the same offset in each area.
 *
 * All areas lie in one piece of boot memory, each placed so that it agrees with
 * the linked image modulo the page size: what the linker aligned stays aligned.
 *
 * Linux:   mm/percpu.c
 * Differs: the first chunk only; it does not grow.
 */
#include <base/bitmap.h>
#include <base/errno.h>
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/sched.h>
#include <locking/spinlock.h>

#define UNIT		8
#define NR_UNITS	(PERCPU_DYNAMIC_RESERVE / UNIT)

unsigned long __per_cpu_offset[NR_CPUS];

DEFINE_PER_CPU_FIRST(unsigned int, cpu_number);

static DEFINE_RAW_SPINLOCK(percpu_lock);
static DECLARE_BITMAP(alloc_map, NR_UNITS);
static DECLARE_BITMAP(bound_map, NR_UNITS + 1);
static size_t area_bytes;

static size_t static_bytes(void)
{
	return __per_cpu_end - __per_cpu_start;
}

/* Linked address of the dynamic part's first byte. */
static char *dynamic_start(void)
{
	return PTR_ALIGN(__per_cpu_end, PERCPU_MAX_ALIGN);
}

void percpu_init(void)
{
	size_t in_page = (unsigned long)__per_cpu_start & (PAGE_SIZE - 1);
	unsigned long flags;
	unsigned int cpu;
	char *area;

	area_bytes = dynamic_start() + PERCPU_DYNAMIC_RESERVE - __per_cpu_start;
	area_bytes = PAGE_ALIGN(area_bytes + in_page);
	area = boot_alloc(area_bytes * nr_cpu_ids, PAGE_SIZE);

	local_irq_save(flags);
	for_each_possible_cpu(cpu) {
		char *copy = area + cpu * area_bytes + in_page;

		memcpy(copy, __per_cpu_start, static_bytes());
		__per_cpu_offset[cpu] = copy - __per_cpu_start;
		per_cpu(cpu_number, cpu) = cpu;
	}
	arch_percpu_init(0);
	local_irq_restore(flags);
}

void *__alloc_percpu(size_t size, size_t align)
{
	size_t units = DIV_ROUND_UP(max(size, (size_t)1), UNIT);
	size_t align_units = max(align, (size_t)UNIT) / UNIT;
	unsigned long flags, unit;
	unsigned int cpu;
	char *ptr;

	if (WARN_ON(!align || (align & (align - 1)) || align > PERCPU_MAX_ALIGN))
		return NULL;
	BUG_ON(!area_bytes);		/* before percpu_init() */

	raw_spin_lock_irqsave(&percpu_lock, flags);
	unit = bitmap_find_next_zero_area(alloc_map, NR_UNITS, 0, units, align_units - 1);
	if (unit < NR_UNITS) {
		bitmap_set(alloc_map, unit, units);
		__set_bit(unit, bound_map);
		__set_bit(unit + units, bound_map);
	}
	raw_spin_unlock_irqrestore(&percpu_lock, flags);
	if (unit >= NR_UNITS)
		return NULL;

	ptr = dynamic_start() + unit * UNIT;
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(ptr, cpu), 0, size);
	return ptr;
}

void free_percpu(void *ptr)
{
	unsigned long flags, unit, end;

	if (!ptr)
		return;
	unit = ((char *)ptr - dynamic_start()) / UNIT;

	raw_spin_lock_irqsave(&percpu_lock, flags);
	if ((char *)ptr < dynamic_start() || unit >= NR_UNITS ||
	    !__test_bit(unit, alloc_map) || !__test_bit(unit, bound_map))
		panic("free_percpu: %p is not what alloc_percpu() returned, or was freed", ptr);
	end = find_next_bit(bound_map, NR_UNITS + 1, unit + 1);
	bitmap_clear(alloc_map, unit, end - unit);
	/* A bound between two free units means nothing, but must not split a later object. */
	if (!unit || !__test_bit(unit - 1, alloc_map))
		__clear_bit(unit, bound_map);
	if (end == NR_UNITS || !__test_bit(end, alloc_map))
		__clear_bit(end, bound_map);
	raw_spin_unlock_irqrestore(&percpu_lock, flags);
}

void percpu_stats(struct percpu_stats *stats)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&percpu_lock, flags);
	*stats = (struct percpu_stats){
		.static_bytes = static_bytes(),
		.dynamic_bytes = PERCPU_DYNAMIC_RESERVE,
		.dynamic_used = (size_t)bitmap_weight(alloc_map, NR_UNITS) * UNIT,
		.area_bytes = area_bytes,
	};
	raw_spin_unlock_irqrestore(&percpu_lock, flags);
}

#if IS_ENABLED(CONFIG_DEBUG_PREEMPT)
/* Can the caller be moved to another CPU? */
static bool may_migrate(void)
{
	return preemptible() && !current->migration_disabled &&
	       !(current->flags & PF_NO_SETAFFINITY) &&
	       cpumask_weight(&current->cpus_mask) != 1;
}

unsigned int debug_smp_processor_id(void)
{
	unsigned int cpu = raw_smp_processor_id();

	WARN_ONCE(may_migrate(), "smp_processor_id() in preemptible code, called from %pS",
		  __builtin_return_address(0));
	return cpu;
}

void debug_this_cpu_ptr(void)
{
	WARN_ONCE(may_migrate(), "this_cpu_ptr() in preemptible code, called from %pS",
		  __builtin_return_address(0));
}
#endif
