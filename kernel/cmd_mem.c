/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mem command: pages, blocks of each order, caches, stacks.
 */
#include <base/errno.h>
#include <kernel/human.h>
#include <kernel/mem_stats.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/shell.h>

static void print_cache(const struct kmem_cache_stats *c, void *unused)
{
	struct human size;

	if (!shell_interrupted())
		shell_printf("%-20s  %6zu  %8lu  %8lu  %6u  %10s\n", c->name, c->size, c->used,
			     c->objects, c->slabs, human_size(&size, (u64)c->pages * PAGE_SIZE));
}

static void print_blocks(const struct mem_stats *m)
{
	struct human h;

	shell_printf("\nfree blocks of %s << order:\norder ", human_size(&h, PAGE_SIZE));
	for (unsigned int i = 0; i <= MAX_ORDER; i++)
		shell_printf(" %5u", i);
	shell_printf("\nblocks");
	for (unsigned int i = 0; i <= MAX_ORDER; i++)
		shell_printf(" %5lu", m->free_blocks[i]);
	shell_printf("\n");
}

static int cmd_mem(int argc, char **argv)
{
	struct human a, b, c;
	struct mem_stats m;

	if (shell_too_many(argc, argv, 0))
		return -EINVAL;
	mem_stats(&m);
	shell_printf("RAM      %10s   free     %10s   never free %10s\n", human_size(&a, m.total),
		     human_size(&b, m.free), human_size(&c, m.reserved));
	shell_printf("slabs    %10s   stacks   %10s   per-CPU    %10s\n", human_size(&a, m.slab),
		     human_size(&b, m.stacks), human_size(&c, m.percpu));
	shell_printf("blocks: %llu allocated, %llu freed, %llu refused; ", m.allocs, m.frees,
		     m.failures);
	shell_printf("stacks: %u used, %u cached\n", m.stacks_used, m.stacks_cached);
	print_blocks(&m);
	shell_printf("\n%-20s  %6s  %8s  %8s  %6s  %10s\n", "CACHE", "SIZE", "USED", "OBJECTS",
		     "SLABS", "MEMORY");
	kmem_cache_for_each(print_cache, NULL);
	return 0;
}
SHELL_COMMAND(mem, "mem", "pages, caches, stacks", cmd_mem,
	      .details = "USED objects are handed out, or kept ready in a CPU's magazine.\n");
