/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exploration: every execution the model allows, each once.
 *
 * A graph taken from the stack is led through by the threads (replay_all()), then grown
 * one event at a time, always in the lowest thread that can go on, until no thread
 * can: then it is judged. What else an event could have been goes onto the stack: grow.c.
 *
 *	stack		graph			threads
 *	[g0]
 *	[]		g0
 *	[g2]		g0 + read	<--	asks for a read; g2 reads another write
 *	[g2 g3]		... + write	<--	asks for a write; g3 has it elsewhere
 *			judged			all done, or blocked
 *	[g2]		g3		-->	replay, and so on
 *
 * Complexity: linear space in the length of an execution times its branching;
 * each complete execution is visited once.
 *
 * Source: Kokologiannakis, Marmouris, Gladstein, Vafeiadis: Truly stateless,
 * optimal dynamic partial order reduction, POPL 2022. Awaits as in
 * Kokologiannakis, Ren, Vafeiadis: Dynamic partial order reductions for
 * spinloops, FMCAD 2021.
 * Differs: no sleep sets, no load buffering.
 */
#include "explore.h"

#include <stdio.h>
#include <stdlib.h>

struct graph graph;
struct result res;
struct options opt = { .model = MODEL_ARM, .symmetry = true, .progress_seconds = 10 };

/* The second half of a read-modify-write follows its first at once. */
static int unfinished_rmw(void)
{
	for (unsigned int t = 0; t < graph.nr_threads; t++)
		if (graph.n[t] && rmw_succeeds(&graph, &graph.e[t][graph.n[t] - 1]))
			return t;
	return -1;
}

static int next_thread(void)
{
	int t = unfinished_rmw();

	if (t >= 0 && fibers[t].state == FIBER_READY)
		return t;
	for (unsigned int u = 0; u < graph.nr_threads; u++)
		if (fibers[u].state == FIBER_READY)
			return u;
	return -1;
}

/*
 * Blocked on the newest values: nothing left in this execution can wake it. A
 * failed test-and-set wrote what it found: then its own write is the newest.
 */
static bool stuck(unsigned int t)
{
	if (fibers[t].no_interest)
		return false;
	for (unsigned int i = fibers[t].await_from; i < fibers[t].pos; i++) {
		const struct event *e = &graph.e[t][i];
		struct ref seen = e->rf;

		if (e->type != EV_READ)
			continue;
		if (i + 1 < graph.n[t] && e[1].rmw_write)
			seen = (struct ref){ t, i + 1 };
		if (co_index(&graph, e->loc, seen) != graph.nco[e->loc] - 1)
			return false;
	}
	return true;
}

static void judge(void)
{
	unsigned int nr_blocked = 0, nr_stuck = 0;
	unsigned long weight;
	struct ref a, b;

	if (find_race(&graph, &a, &b)) {
		res.races++;
		report(BAD_RACE, &graph);
		return;
	}
	weight = symmetry_weight(&graph);
	res.pruned += !weight;
	for (unsigned int t = 0; t < graph.nr_threads; t++) {
		if (fibers[t].state != FIBER_BLOCKED)
			continue;
		nr_blocked++;
		nr_stuck += stuck(t);
	}
	if (nr_blocked) {
		res.blocked += !!weight;
		res.all_blocked += weight;
		if (nr_stuck == nr_blocked) {
			res.hangs++;
			report(BAD_HANG, &graph);
		}
		return;
	}
	res.executions += !!weight;
	res.all += weight;
	if (!fiber_final()) {
		res.failures++;
		report(BAD_ASSERT, &graph);
	}
}

/* Run @t on. False: it failed, which was reported. */
static bool step(unsigned int t)
{
	fibers[t].asks = fiber_run(t);
	if (fibers[t].state != FIBER_FAILED)
		return true;
	res.failures++;
	report(BAD_ASSERT, &graph);
	return false;
}

/* All threads to where the graph ends for them, each read after the write it sees. */
static bool replay_all(void)
{
	bool more = true;

	while (more) {
		more = false;
		for (unsigned int t = 0; t < graph.nr_threads; t++) {
			unsigned int pos = fibers[t].pos;

			if (fibers[t].state != FIBER_READY || fibers[t].asks)
				continue;
			if (!step(t))
				return false;
			more |= fibers[t].pos != pos;
		}
	}
	return true;
}

/* Grow the graph to a complete execution and judge it. */
static void run(void)
{
	int t;

	if (symmetry_prunes(&graph)) {
		res.pruned++;
		return;
	}
	view_build(&graph);
	fiber_start_all();
	if (!replay_all())
		return;
	while ((t = next_thread()) >= 0) {
		if (!fibers[t].asks && !step(t))
			return;
		if (fibers[t].asks && !extend(t))
			return;
	}
	judge();
}

static bool over(void)
{
	static unsigned long turns;
	static double next_progress;
	double now;

	if ((res.races || res.hangs || res.failures) && !opt.keep_going)
		return true;
	if (opt.max_executions && res.executions >= opt.max_executions) {
		res.limit = "the number of executions asked for is reached";
		return true;
	}
	if (++turns % 1024)
		return false;
	now = cpu_seconds();
	if (opt.progress_seconds && now >= next_progress) {
		if (next_progress)
			report_progress(now);
		next_progress = now + opt.progress_seconds;
	}
	if (opt.max_seconds && now > opt.max_seconds) {
		res.limit = "the time asked for is used up";
		return true;
	}
	return false;
}

void explore_begin(void)
{
	res = (struct result){ 0 };
	graph = (struct graph){ .nr_threads = mc_client.nr_threads };
	grow_begin();
	nr_locs = 0;
	symmetry_begin();
	fiber_start_all();
}

void explore(void)
{
	explore_begin();
	stack_clear();
	stack_push(&graph);
	while (!over() && stack_pop(&graph))
		run();
}

/* The threads have made all their events: let each come to its end, and judge. */
void explore_end(void)
{
	for (unsigned int t = 0; t < graph.nr_threads; t++) {
		if (fibers[t].state == FIBER_READY && fiber_run(t))
			mc_limit("the program makes more events than the file has");
		if (fibers[t].state == FIBER_FAILED) {
			res.failures++;
			report(BAD_ASSERT, &graph);
			return;
		}
	}
	view_build(&graph);
	judge();
}

uint64_t mc_final_value(const volatile void *p, unsigned int size)
{
	uint64_t val = 0;
	unsigned int l = nr_locs;

	for (unsigned int k = 0; k < nr_locs; k++)
		if (locs[k].addr == p)
			l = k;
	if (l == nr_locs) {
		memcpy(&val, (const void *)p, size);
		return val;
	}
	return graph.nco[l] ? value_of(&graph, graph.co[l][graph.nco[l] - 1]) : locs[l].first;
}

void mc_limit(const char *what)
{
	res.limit = what;
	report_result();
	exit(3);
}

void mc_bug(const char *what)
{
	fprintf(stderr, "bug in the explorer: %s\n", what);
	abort();
}
