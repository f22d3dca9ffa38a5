/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check world's per-CPU areas.
 */
#include <locking/port.h>

#include <string.h>

#define AREA_BYTES	4096

/* The linker's bounds of the section; absent when no per-CPU variable is linked in. */
extern char __start_percpu[] __weak, __stop_percpu[] __weak;

static char areas[MC_MAX_THREADS][AREA_BYTES] ____cacheline_aligned;
const struct mc_area mc_world_area = { areas, AREA_BYTES };
enum context port_check_context[MC_MAX_THREADS];
bool port_check_resched[MC_MAX_THREADS];

void *port_check_percpu(const volatile void *template, unsigned int cpu)
{
	size_t offset = (const volatile char *)template - __start_percpu;

	if ((const volatile char *)template < __start_percpu || offset >= AREA_BYTES)
		mc_fail("not a per-CPU variable", __FILE__, __LINE__);
	return areas[cpu] + offset;
}

void port_tasks_reset(void) __weak;

/* Before each execution: what the threads left in their areas is forgotten. */
void mc_world_reset(void)
{
	size_t size = __stop_percpu - __start_percpu;

	if (size > AREA_BYTES)
		mc_fail("AREA_BYTES is too small for the per-CPU variables", __FILE__, __LINE__);
	for (unsigned int cpu = 0; cpu < MC_MAX_THREADS; cpu++)
		memcpy(areas[cpu], __start_percpu, size);
	if (port_tasks_reset)
		port_tasks_reset();
}

/* Interrupts that end a halt, sent to each thread: what a CPU is sent is not forgotten. */
static u32 kicks[MC_MAX_THREADS];

void port_halt_while(const u32 *p, u32 mask, u32 val)
{
	/* kick/A: pairs with port_kick() */
	u32 seen = smp_load_acquire(&kicks[mc_thread()]);

	/* A kick before this load shows what was written before it. */
	if ((READ_ONCE(*p) & mask) == val)
		/* kick/A: pairs with port_kick() */
		(void)smp_cond_load_acquire(&kicks[mc_thread()], VAL != seen);
}

void port_kick(unsigned int cpu)
{
	/* kick/A: pairs with port_halt_while() */
	(void)port_fetch_add(release, &kicks[cpu], 1);
}
