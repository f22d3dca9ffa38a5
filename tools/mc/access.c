/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the code under test calls: its accesses, fences, choices and waits become events.
 *
 *	mc_load			a read
 *	mc_store		a write
 *	mc_rmw			a read and a write, next to each other
 *	mc_cmpxchg		the same; the read alone if it fails
 *	mc_fence, mc_choose	one event
 *	mc_await_failed		none: the thread ends here, blocked
 *
 * A dependency is what the source says it is: mc_control_dependency() marks the last
 * read, mc_address_dependency() remembers that a range of addresses came from it.
 *
 * A plain access that waits to become an event (plain.c) does so first.
 */
#include "explore.h"

/* Which reads the address of an access came from: set by mc_address_dependency(). */
static struct {
	const volatile char *start, *end;
	uint8_t read;
} pointed[MC_MAX_THREADS][16];
static unsigned int next_pointed[MC_MAX_THREADS];

void access_reset(void)
{
	memset(pointed, 0, sizeof(pointed));
	memset(next_pointed, 0, sizeof(next_pointed));
}

static mask_t address_sources(const volatile void *p)
{
	unsigned int t = fiber_current;
	mask_t bits = 0;

	for (unsigned int k = 0; k < 16; k++)
		if ((const volatile char *)p >= pointed[t][k].start &&
		    (const volatile char *)p < pointed[t][k].end &&
		    pointed[t][k].read < fibers[t].pos)
			bits |= MASK(pointed[t][k].read);
	return bits;
}

static struct event access_event(enum event_type type, const volatile void *p, unsigned int size,
				 enum mc_order order, void *site)
{
	return (struct event){
		.type = type, .order = order, .loc = loc_of(p, size),
		.addr_dep = address_sources(p), .site = site,
	};
}

static uint64_t truncate_to(uint64_t val, unsigned int size)
{
	return size == 8 ? val : val & ((1ULL << (8 * size)) - 1);
}

uint64_t access_load(const volatile void *p, unsigned int size, enum mc_order order, void *site)
{
	struct event e = access_event(EV_READ, p, size, order, site);

	return value_of(&graph, fiber_event(e)->rf);
}

void access_store(volatile void *p, unsigned int size, uint64_t val, enum mc_order order,
		  void *site)
{
	struct event e = access_event(EV_WRITE, p, size, order, site);

	e.val = truncate_to(val, size);
	fiber_event(e);
}

uint64_t mc_load(const volatile void *p, unsigned int size, enum mc_order order)
{
	plain_flush();
	return access_load(p, size, order, __builtin_return_address(0));
}

void mc_store(volatile void *p, unsigned int size, uint64_t val, enum mc_order order)
{
	plain_flush();
	access_store(p, size, val, order, __builtin_return_address(0));
}

static enum mc_order read_half(enum mc_order order)
{
	switch (order) {
	case MC_ACQUIRE:
	case MC_ACQ_REL:
		return order;
	case MC_FULL:
		return opt.model == MODEL_ARM_LLSC ? MC_RELAXED : MC_FULL;
	default:
		return MC_RELAXED;
	}
}

static enum mc_order write_half(enum mc_order order)
{
	return order == MC_ACQUIRE || order == MC_RELAXED ? MC_RELAXED :
	       order == MC_ACQ_REL || order == MC_FULL ? order : MC_RELEASE;
}

/* With LL/SC a fully ordered read-modify-write ends in a full barrier. */
static void write_and_fence(volatile void *p, unsigned int size, uint64_t val,
			    enum mc_order order, void *site)
{
	struct event e = access_event(EV_WRITE, p, size, write_half(order), site);

	e.val = truncate_to(val, size);
	e.rmw_write = true;
	fiber_event(e);
	if (order == MC_FULL && opt.model == MODEL_ARM_LLSC)
		fiber_event((struct event){ .type = EV_FENCE, .order = MC_MB, .site = site });
}

uint64_t mc_rmw(volatile void *p, unsigned int size, enum mc_op op, uint64_t operand,
		enum mc_order order)
{
	void *site = __builtin_return_address(0);
	struct event e;
	uint64_t old, val;

	plain_flush();
	e = access_event(EV_READ, p, size, read_half(order), site);
	e.rmw_read = true;
	old = value_of(&graph, fiber_event(e)->rf);
	val = op == MC_ADD ? old + operand : op == MC_OR ? old | operand :
	      op == MC_AND ? old & operand : op == MC_XOR ? old ^ operand : operand;
	write_and_fence(p, size, val, order, site);
	return old;
}

uint64_t mc_cmpxchg(volatile void *p, unsigned int size, uint64_t expected, uint64_t new,
		    enum mc_order order)
{
	void *site = __builtin_return_address(0);
	struct event e;
	uint64_t old;

	plain_flush();
	e = access_event(EV_READ, p, size, read_half(order), site);
	e.rmw_read = true;
	e.conditional = true;
	e.val = truncate_to(expected, size);
	old = value_of(&graph, fiber_event(e)->rf);
	if (old == e.val)
		write_and_fence(p, size, new, order, site);
	return old;
}

void mc_fence(enum mc_fence fence)
{
	plain_flush();
	fiber_event((struct event){ .type = EV_FENCE, .order = fence,
				   .site = __builtin_return_address(0) });
}

static struct event *last_read(void)
{
	unsigned int t = fiber_current;

	for (int i = fibers[t].pos - 1; i >= 0; i--)
		if (graph.e[t][i].type == EV_READ)
			return &graph.e[t][i];
	return NULL;
}

void mc_control_dependency(void)
{
	struct event *e = last_read();

	if (e)
		e->control = true;
}

void mc_address_dependency(const volatile void *p, unsigned int size)
{
	unsigned int t = fiber_current, k = next_pointed[t]++ % 16;
	struct event *e = last_read();

	if (!e)
		return;
	pointed[t][k].start = p;
	pointed[t][k].end = (const volatile char *)p + size;
	pointed[t][k].read = e - graph.e[t];
}

void mc_await_begin(void)
{
	plain_flush();
	fibers[fiber_current].await_from = fibers[fiber_current].pos;
}

void mc_await_failed(void)
{
	unsigned int t = fiber_current;
	struct event *e;

	plain_flush();
	e = last_read();
	if (fibers[t].await_from == NO_AWAIT)
		fibers[t].await_from = e ? e - graph.e[t] : 0;
	fiber_give_up(FIBER_BLOCKED);
}

unsigned int mc_choose(unsigned int n)
{
	if (n == 0 || n > UINT8_MAX)
		mc_limit("a choice of 0, or of more than 255");
	plain_flush();
	return fiber_event((struct event){ .type = EV_CHOICE, .order = n,
					  .site = __builtin_return_address(0) })->val;
}

void mc_no_interest(void)
{
	plain_flush();
	fibers[fiber_current].no_interest = true;
	fiber_give_up(FIBER_BLOCKED);
}

void mc_fail(const char *what, const char *file, int line)
{
	failure = what;
	failure_file = file;
	failure_line = line;
	fiber_give_up(FIBER_FAILED);
}

unsigned int mc_thread(void)
{
	return fiber_current;
}
