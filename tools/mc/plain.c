/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plain C accesses of the code under test, so that lists and trees under a lock can
 * be checked as they are written: a client whose line in tests/mc/table has PLAIN=1
 * is compiled with -fsanitize=thread, and this is its run time.
 *
 *	the compiler emits		here				memory
 *	__tsan_read8(p)			the explorer says v; *p = v	v
 *	  register = *p							v
 *	__tsan_write8(p)		noted: p will be written
 *	  *p = register							v
 *	the thread's next access	*p is handed to the explorer
 *
 * Memory is only what carries a value between the explorer and the one instruction
 * that follows. A thread is not left between that and its next access, so each
 * finds what it put there. A volatile access is a relaxed one. What lies on another
 * thread's stack is put back at the next access: that thread may be elsewhere by
 * now, with something else in that place.
 *
 * Limits: an object is accessed with the sizes it was declared with: no copies or
 * zeroing of whole structures, and no object on the stack whose place another
 * object of another shape had before.
 */
#include "explore.h"

#include <stddef.h>

/* The access whose end is not seen yet; p is NULL if there is none. */
static struct {
	volatile void *p;
	unsigned int size;
	bool write, foreign;
	enum mc_order order;
	void *site;
	uint64_t before;
} late[MC_MAX_THREADS];

void plain_reset(void)
{
	memset(late, 0, sizeof(late));
}

void plain_flush(void)
{
	volatile void *p = late[fiber_current].p;
	unsigned int size = late[fiber_current].size;
	uint64_t val = 0;

	if (!p)
		return;
	late[fiber_current].p = NULL;
	memcpy(&val, (const void *)p, size);
	if (late[fiber_current].foreign)
		memcpy((void *)p, &late[fiber_current].before, size);
	if (late[fiber_current].write)
		access_store(p, size, val, late[fiber_current].order, late[fiber_current].site);
}

static void note(void *p, unsigned int size, bool write, enum mc_order order, void *site)
{
	late[fiber_current].p = p;
	late[fiber_current].size = size;
	late[fiber_current].write = write;
	late[fiber_current].foreign = fiber_stack_of(p) >= 0 &&
				      fiber_stack_of(p) != (int)fiber_current;
	late[fiber_current].order = order;
	late[fiber_current].site = site;
	memcpy(&late[fiber_current].before, p, size);
}

static void plain_read(void *p, unsigned int size, enum mc_order order, void *site)
{
	uint64_t val;

	if (!fiber_running)
		return;
	plain_flush();
	val = access_load(p, size, order, site);
	note(p, size, false, order, site);
	memcpy(p, &val, size);
}

static void plain_write(void *p, unsigned int size, enum mc_order order, void *site)
{
	if (!fiber_running)
		return;
	plain_flush();
	loc_of(p, size);		/* its first value is still there */
	note(p, size, true, order, site);
}

/* What the compiler calls; it declares these itself. */
#define ENTRY(name, fn, size, order)					\
	void name(void *p);						\
	void name(void *p)						\
	{								\
		fn(p, size, order, __builtin_return_address(0));	\
	}
#define ENTRIES(size)							\
	ENTRY(__tsan_read##size, plain_read, size, MC_PLAIN)		\
	ENTRY(__tsan_write##size, plain_write, size, MC_PLAIN)		\
	ENTRY(__tsan_volatile_read##size, plain_read, size, MC_RELAXED)	\
	ENTRY(__tsan_volatile_write##size, plain_write, size, MC_RELAXED)
ENTRIES(1)
ENTRIES(2)
ENTRIES(4)
ENTRIES(8)

void __tsan_init(void);
void __tsan_init(void) { }
void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller) { (void)caller; }
void __tsan_func_exit(void);
void __tsan_func_exit(void) { }

static void no_range(void)
{
	if (fiber_running)
		mc_limit("a structure is copied or zeroed as a whole");
}

void __tsan_read_range(void *p, size_t size);
void __tsan_read_range(void *p, size_t size) { (void)p; (void)size; no_range(); }
void __tsan_write_range(void *p, size_t size);
void __tsan_write_range(void *p, size_t size) { (void)p; (void)size; no_range(); }
void __tsan_read16(void *p);
void __tsan_read16(void *p) { (void)p; no_range(); }
void __tsan_write16(void *p);
void __tsan_write16(void *p) { (void)p; no_range(); }
