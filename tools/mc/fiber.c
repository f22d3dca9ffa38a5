/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The threads under test, as coroutines of the explorer.
 *
 * A thread runs on its own stack from its first line; as long as the graph has
 * events for it, each access returns at once with what the graph says (replay).
 * At the first access that the graph lacks, it hands the request to the explorer
 * and stays parked there. To start over, a thread is thrown back to the bottom
 * of its stack: makecontext() is called once a thread, everything after that is
 * _setjmp()/_longjmp(), which make no system call.
 *
 * The code under test must do the same each time the same values come back: no
 * clocks, no addresses from malloc().
 * In replay a read waits until the write that it sees has been replayed. So memory
 * that is no event at all is as the threads left it, in an order that the execution
 * allows: right for what a lock protects, if setup() puts it back; whether a lock
 * protects it is not checked. Else: PLAIN=1, plain.c.
 */
#include "explore.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <ucontext.h>

#define STACK_BYTES	(64 * 1024)

struct fiber fibers[MC_MAX_THREADS];
unsigned int fiber_current;
bool fiber_running;
const char *failure, *failure_file;
int failure_line;

static jmp_buf explorer, parked[MC_MAX_THREADS], bottom[MC_MAX_THREADS];
static bool made[MC_MAX_THREADS], entered[MC_MAX_THREADS], wants_event;
static char stacks[MC_MAX_THREADS][STACK_BYTES] __attribute__((__aligned__(64)));

/* Which reads the address of an access came from: set by mc_address_dependency(). */
static struct {
	const volatile char *start, *end;
	uint8_t read;
} pointed[MC_MAX_THREADS][16];
static unsigned int next_pointed[MC_MAX_THREADS];

/* Leave the current thread where it is. */
static void park(void)
{
	if (!_setjmp(parked[fiber_current]))
		_longjmp(explorer, 1);
}

static __attribute__((__noreturn__)) void give_up(enum fiber_state state)
{
	fibers[fiber_current].state = state;
	wants_event = false;
	_longjmp(explorer, 1);
}

int fiber_stack_of(const volatile void *p)
{
	size_t offset = (const volatile char *)p - &stacks[0][0];

	return (const volatile char *)p >= &stacks[0][0] && offset < sizeof(stacks) ?
	       (int)(offset / STACK_BYTES) : -1;
}

static void fiber_main(void)
{
	_setjmp(bottom[fiber_current]);
	mc_client.thread(fiber_current);
	plain_flush();
	give_up(FIBER_DONE);
}

/* A wild pointer of the code under test is a failure of it, with a timeline. */
static void on_wild_access(int signal)
{
	if (!fiber_running)
		abort();
	mc_fail("access to memory that is not there", "here", 0);
}

void fiber_catch_wild_accesses(void)
{
	static char stack[64 * 1024];
	struct sigaction action = { .sa_handler = on_wild_access, .sa_flags = SA_ONSTACK | SA_NODEFER };

	sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof(stack) }, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

void fiber_start_all(void)
{
	for (unsigned int t = 0; t < graph.nr_threads; t++) {
		fibers[t] = (struct fiber){ .state = FIBER_READY, .await_from = NO_AWAIT };
		entered[t] = false;
	}
	if (mc_world_reset)
		mc_world_reset();
	if (mc_client.setup)
		mc_client.setup();
	plain_reset();
	sync_reset();
	memset(pointed, 0, sizeof(pointed));
	memset(next_pointed, 0, sizeof(next_pointed));
	failure = NULL;
}

bool fiber_final(void)
{
	if (mc_client.final && !_setjmp(explorer))
		mc_client.final();
	return !failure;
}

bool fiber_run(unsigned int t)
{
	static ucontext_t context;

	fiber_current = t;
	fiber_running = true;
	if (_setjmp(explorer)) {
		fiber_running = false;
		return wants_event;
	}
	if (entered[t])
		_longjmp(parked[t], 1);
	entered[t] = true;
	if (made[t])
		_longjmp(bottom[t], 1);
	made[t] = true;
	getcontext(&context);
	context.uc_stack.ss_sp = stacks[t];
	context.uc_stack.ss_size = STACK_BYTES;
	context.uc_link = NULL;
	makecontext(&context, fiber_main, 0);
	setcontext(&context);
	abort();
}

/* ---- what the code under test calls ---------------------------------------------- */

/* Replaying: has the write that @e sees not been replayed yet? */
static bool reads_ahead(const struct event *e)
{
	return e->type == EV_READ && e->rf.t >= 0 && e->rf.i >= fibers[e->rf.t].pos;
}

static struct event *make_event(struct event e)
{
	unsigned int t = fiber_current, i = fibers[t].pos;

	while (i < graph.n[t] && reads_ahead(&graph.e[t][i])) {
		wants_event = false;
		park();
	}
	if (i >= graph.n[t]) {
		fibers[t].request = e;
		wants_event = true;
		park();
	}
	fibers[t].pos++;
	return &graph.e[t][i];
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

uint64_t fiber_load(const volatile void *p, unsigned int size, enum mc_order order, void *site)
{
	struct event e = access_event(EV_READ, p, size, order, site);

	return value_of(&graph, make_event(e)->rf);
}

void fiber_store(volatile void *p, unsigned int size, uint64_t val, enum mc_order order,
		 void *site)
{
	struct event e = access_event(EV_WRITE, p, size, order, site);

	e.val = truncate_to(val, size);
	make_event(e);
}

uint64_t mc_load(const volatile void *p, unsigned int size, enum mc_order order)
{
	plain_flush();
	return fiber_load(p, size, order, __builtin_return_address(0));
}

void mc_store(volatile void *p, unsigned int size, uint64_t val, enum mc_order order)
{
	plain_flush();
	fiber_store(p, size, val, order, __builtin_return_address(0));
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
	make_event(e);
	if (order == MC_FULL && opt.model == MODEL_ARM_LLSC)
		make_event((struct event){ .type = EV_FENCE, .order = MC_MB, .site = site });
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
	old = value_of(&graph, make_event(e)->rf);
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
	old = value_of(&graph, make_event(e)->rf);
	if (old == e.val)
		write_and_fence(p, size, new, order, site);
	return old;
}

void mc_fence(enum mc_fence fence)
{
	plain_flush();
	make_event((struct event){ .type = EV_FENCE, .order = fence,
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
	give_up(FIBER_BLOCKED);
}

unsigned int mc_choose(unsigned int n)
{
	if (n == 0 || n > UINT8_MAX)
		mc_limit("a choice of 0, or of more than 255");
	plain_flush();
	return make_event((struct event){ .type = EV_CHOICE, .order = n,
					  .site = __builtin_return_address(0) })->val;
}

void mc_no_interest(void)
{
	plain_flush();
	fibers[fiber_current].no_interest = true;
	give_up(FIBER_BLOCKED);
}

void mc_fail(const char *what, const char *file, int line)
{
	failure = what;
	failure_file = file;
	failure_line = line;
	give_up(FIBER_FAILED);
}

unsigned int mc_thread(void)
{
	return fiber_current;
}
