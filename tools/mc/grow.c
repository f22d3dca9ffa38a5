/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One event more: what it may be, and what it changes.
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
 * The first graph stays, the others are pushed on the stack. A backward revisit, with the
 * write a and the earlier read r:
 *
 *	before			after
 *	r reads w		r reads a
 *	x, added after r	-
 *	a's past		a's past
 *	a			a
 *
 * The same graph could be reached by several revisits. It is made by one only:
 * the one in which everything that is taken out had been added in the default
 * way (reads of the newest write, writes placed newest, the first answer):
 * was_default().
 *
 * Source: Kokologiannakis, Marmouris, Gladstein, Vafeiadis, POPL 2022: see explore.c.
 */
#include "explore.h"

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

bool extend(unsigned int t)
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

void grow_begin(void)
{
	revisit.nr_threads = graph.nr_threads;
}
