/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mapped areas: thread stacks, each with a hole below it.
 *
 *	VMALLOC_START						STACKS_END
 *	| slot 0            | slot 1            | ...	NR_SLOTS	| vmap.c
 *	| hole   | stack    | hole   | stack    |			|
 *
 * A slot is twice THREAD_SIZE. Its lower half is never mapped, so a stack that
 * overflows faults, even by a frame of several pages; its upper half is the
 * stack, aligned to its size.
 *
 *	slot_map	slots with a stack, in use or cached	stack_lock
 *	slot_page[]	the block of pages behind a stack	who owns the stack
 *	cached		stacks without a user, mapped, linked
 *			through their first word		stack_lock
 *
 *	stack:	none --map--> in use <--> cached --unmap--> none
 *
 * Unmapping costs an interrupt on every CPU, so a freed stack stays mapped for the
 * next thread; only what exceeds MAX_CACHED is unmapped.
 *
 * Context: tasks with interrupts on (and start-up); the lock is not held while
 * page tables change.
 *
 * Linux:   kernel/fork.c, alloc_thread_stack_node()
 * Differs: stacks have fixed slots, so that any context can tell a guard page
 *          by arithmetic.
 */
#include <base/bitmap.h>
#include <kernel/bug.h>
#include <kernel/mem_stats.h>
#include <kernel/mm.h>
#include <locking/spinlock.h>

#include "page.h"

#define MAX_CACHED	128U			/* 2 MiB */

struct cached_stack {
	struct cached_stack *next;
};

static DEFINE_RAW_SPINLOCK(stack_lock);
static DECLARE_BITMAP(slot_map, NR_SLOTS);
static struct page *slot_page[NR_SLOTS];
static struct cached_stack *cached;
static unsigned int nr_cached, nr_stacks;

static unsigned long slot_stack(unsigned long slot)
{
	return VMALLOC_START + slot * SLOT_SIZE + THREAD_SIZE;
}

static unsigned long stack_slot(unsigned long stack)
{
	return (stack - VMALLOC_START) / SLOT_SIZE;
}

static unsigned long take_slot(void)
{
	static unsigned long hint;	/* stack_lock: no free slot below */
	unsigned long flags, slot;

	raw_spin_lock_irqsave(&stack_lock, flags);
	slot = find_next_zero_bit(slot_map, NR_SLOTS, hint);
	if (slot == NR_SLOTS)
		slot = find_first_zero_bit(slot_map, NR_SLOTS);
	if (slot < NR_SLOTS) {
		__set_bit(slot, slot_map);
		hint = slot + 1;
		nr_stacks++;
	}
	raw_spin_unlock_irqrestore(&stack_lock, flags);
	return slot;
}

static void give_slot(unsigned long slot)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&stack_lock, flags);
	__clear_bit(slot, slot_map);
	nr_stacks--;
	raw_spin_unlock_irqrestore(&stack_lock, flags);
}

static void *take_cached(void)
{
	struct cached_stack *stack;
	unsigned long flags;

	raw_spin_lock_irqsave(&stack_lock, flags);
	stack = cached;
	if (stack) {
		cached = stack->next;
		nr_cached--;
	}
	raw_spin_unlock_irqrestore(&stack_lock, flags);
	return stack;
}

void *stack_alloc(void)
{
	void *stack = take_cached();
	unsigned long slot;
	struct page *page;

	if (stack)
		return stack;
	slot = take_slot();
	if (slot >= NR_SLOTS)
		return NULL;
	page = alloc_pages(GFP_KERNEL, THREAD_ORDER);
	if (page && !map_pages(slot_stack(slot), page_to_phys(page), THREAD_SIZE, MAP_R | MAP_W)) {
		slot_page[slot] = page;
		return (void *)slot_stack(slot);
	}
	if (page)
		__free_pages(page, THREAD_ORDER);
	give_slot(slot);
	return NULL;
}

/* Keep @stack for the next thread. Return: false if there are enough. */
static bool cache_stack(struct cached_stack *stack)
{
	unsigned long flags;
	bool room;

	raw_spin_lock_irqsave(&stack_lock, flags);
	room = nr_cached < MAX_CACHED;
	if (room) {
		stack->next = cached;
		cached = stack;
		nr_cached++;
	}
	raw_spin_unlock_irqrestore(&stack_lock, flags);
	return room;
}

void stack_free(void *stack)
{
	unsigned long slot = stack_slot((unsigned long)stack);

	if (!stack)
		return;
	if (slot >= NR_SLOTS || (unsigned long)stack != slot_stack(slot) || !slot_page[slot])
		panic("stack_free: %p is not what stack_alloc() returned", stack);
	if (cache_stack(stack))
		return;
	unmap_pages((unsigned long)stack, THREAD_SIZE);
	__free_pages(slot_page[slot], THREAD_ORDER);
	slot_page[slot] = NULL;
	give_slot(slot);
}

bool is_stack_guard(unsigned long va)
{
	return (va - VMALLOC_START) % SLOT_SIZE < THREAD_SIZE;
}

void stack_stats(struct mem_stats *stats)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&stack_lock, flags);
	stats->stacks = (u64)nr_stacks * THREAD_SIZE;
	stats->stacks_cached = nr_cached;
	stats->stacks_used = nr_stacks - nr_cached;
	raw_spin_unlock_irqrestore(&stack_lock, flags);
}
