/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exploration: every execution the model allows, each once.
 *
 * A graph taken from the stack is grown one event at a time, always in the
 * lowest thread that can go on.
 *
 *	fence		added
 *	read		one graph for each write it may read from
 *	write		one graph for each place in its location's order; and, for
 *			each earlier read that could have read it instead, a graph in
 *			which it does: a backward revisit. What was added after the
 *			read, and is not in the write's past, is taken out again and
 *			will be redone by the threads themselves.
 *	choice		one graph for each answer
 *
 * The same graph could be reached by several revisits. It is made by one only:
 * the one in which everything that is taken out had been added in the default
 * way (reads of the newest write, writes placed newest, the first answer):
 * was_default().
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

/* A revisit under construction, and a spare for alternatives. */
static struct graph revisit;

/*
 * Was (t, i) added in the default way, seen from now? @past is what stays in
 * any case.
 */
static bool was_default(const struct graph *g, unsigned int t, unsigned int i, const uint8_t *past)
{
	const struct event *e = &g->e[t][i];
	struct ref me = { t, i }, w = e->type == EV_READ ? e->rf : me;

	if (!is_access(e))
		return e->type == EV_FENCE || e->val == 0;
	for (unsigned int u = 0; e->type == EV_WRITE && u < g->nr_threads; u++) {
		for (unsigned int k = 0; k < g->n[u]; k++) {
			const struct event *r = &g->e[u][k];

			if (r->type == EV_READ && ref_equal(r->rf, me) &&
			    (r->stamp <= e->stamp || k < past[u]))
				return false;
		}
	}
	for (unsigned int k = co_index(g, e->loc, w) + 1; k < g->nco[e->loc]; k++) {
		struct ref c = g->co[e->loc][k];

		if (g->e[c.t][c.i].stamp <= e->stamp || c.i < past[c.t])
			return false;
	}
	return true;
}

/* No write may come between a read-modify-write's halves. */
static bool place_is_free(const struct graph *g, unsigned int l, unsigned int at)
{
	struct ref c;

	if (at == g->nco[l])
		return true;
	c = g->co[l][at];
	return !g->e[c.t][c.i].rmw_write;
}

/*
 * Put the write @a of @g, not yet in its location's order, at each place the
 * model allows. The first choice stays in @g if @keep_first, the others are
 * pushed. @also: a read that was made to read from @a, or NULL.
 */
static unsigned int place_write(struct graph *g, struct ref a, const struct ref *also,
				bool keep_first)
{
	const struct event *e = &g->e[a.t][a.i];
	unsigned int l = e->loc, lo = 0, hi = g->nco[l], allowed = 0, first = 0;

	if (e->rmw_write)
		lo = hi = co_index(g, l, g->e[a.t][a.i - 1].rf) + 1;
	for (unsigned int at = hi + 1; at-- > lo;) {
		if (!place_is_free(g, l, at))
			continue;
		co_insert(g, l, a, at);
		if (model_allows(g, a) && (!also || model_allows(g, *also))) {
			if (!allowed++ && keep_first)
				first = at;
			else
				stack_push(g);
		}
		co_remove(g, l, at);
	}
	if (allowed && keep_first)
		co_insert(g, l, a, first);
	return allowed;
}

/*
 * How much of each thread stays when (u, k) is made to read from a write with
 * causal past @past. False if another revisit makes the same graph.
 */
static bool revisit_keeps(unsigned int u, unsigned int k, const uint8_t *past, struct ref a,
			  uint8_t *keep)
{
	uint16_t since = graph.e[u][k].stamp;

	if (!was_default(&graph, u, k, past))
		return false;
	for (unsigned int v = 0; v < graph.nr_threads; v++) {
		keep[v] = graph.n[v];
		for (int j = graph.n[v] - 1; j >= past[v]; j--) {
			if (graph.e[v][j].stamp <= since || (v == (unsigned int)a.t && j == a.i))
				continue;
			if (!was_default(&graph, v, j, past))
				return false;
			keep[v] = j;
		}
	}
	return true;
}

static void revisit_reads(struct ref a)
{
	unsigned int l = graph.e[a.t][a.i].loc;
	uint8_t past[MC_MAX_THREADS] = { 0 }, keep[MC_MAX_THREADS];
	bool any = false;

	causal_past(&graph, a.t, a.i, past);
	for (unsigned int u = 0; u < graph.nr_threads; u++) {
		for (unsigned int k = past[u]; k < graph.n[u]; k++) {
			struct ref r = { u, k };

			if (graph.e[u][k].type != EV_READ || graph.e[u][k].loc != l ||
			    !revisit_keeps(u, k, past, a, keep))
				continue;
			graph_cut(&revisit, &graph, keep);
			revisit.e[u][k].rf = a;
			view_build(&revisit);
			place_write(&revisit, a, &r, false);
			any = true;
		}
	}
	if (any)
		view_build(&graph);
}

static bool add_read(struct ref r)
{
	struct event *e = event_at(&graph, r);
	struct ref first = { 0 };
	unsigned int allowed = 0;

	for (int k = graph.nco[e->loc] - 1; k >= -1; k--) {
		e->rf = k < 0 ? REF_INIT(e->loc) : graph.co[e->loc][k];
		if (!model_allows(&graph, r))
			continue;
		if (!allowed++)
			first = e->rf;
		else
			stack_push(&graph);
	}
	e->rf = first;
	return allowed;
}

static void add_choice(struct ref r)
{
	struct event *e = event_at(&graph, r);

	for (e->val = e->order - 1; e->val > 0; e->val--)
		stack_push(&graph);
}

/* Give thread @t the event it asked for. False: no model-allowed graph has it here. */
static bool extend(unsigned int t)
{
	struct ref r = { t, graph.n[t] };

	if (r.i == MAX_EVENTS)
		mc_limit("a thread made more events than MAX_EVENTS");
	graph.e[t][r.i] = fibers[t].request;
	fibers[t].asks = false;
	graph.e[t][r.i].stamp = ++graph.stamp;
	graph.n[t]++;
	view_add(&graph, r);
	switch (graph.e[t][r.i].type) {
	case EV_READ:
		return add_read(r);
	case EV_WRITE:
		revisit_reads(r);
		return place_write(&graph, r, NULL, true);
	case EV_CHOICE:
		add_choice(r);
		return true;
	default:
		return true;
	}
}

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
	revisit.nr_threads = mc_client.nr_threads;
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
