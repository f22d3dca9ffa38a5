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

/* Leave the current thread where it is. */
static void park(void)
{
	if (!_setjmp(parked[fiber_current]))
		_longjmp(explorer, 1);
}

void fiber_give_up(enum fiber_state state)
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
	fiber_give_up(FIBER_DONE);
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
	access_reset();
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

/* ---- events ------------------------------------------------------------------------ */

/* Replaying: has the write that @e sees not been replayed yet? */
static bool reads_ahead(const struct event *e)
{
	return e->type == EV_READ && e->rf.t >= 0 && e->rf.i >= fibers[e->rf.t].pos;
}

struct event *fiber_event(struct event e)
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
