/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Symmetry reduction: threads that run the same code can change places, and
 * what comes out is the same execution with other names. One of each such set is
 * explored.
 *
 *	kind	which threads can change places: mc_client.kind()
 *	key	a thread's row of events, in terms that keep when threads change
 *		places: a location of its own, of another thread, or a shared one; for
 *		a shared one, the rank of the write seen, or made, in its order
 *	first	the execution of a set whose threads stand in the order of their keys,
 *		within each kind. It alone counts, for all (symmetry_weight()).
 *
 * Most graphs that cannot become a first one are dropped early. What no revisit
 * can take out again is frozen: its place in the rows, what it reads, and the
 * order of its writes are the same in every graph grown from this one. Two keys
 * whose frozen parts differ in the wrong order stay so. An event is frozen if it
 * lies in the past of
 *
 *	one that was not added in the default way (it reads, or is, a write older than
 *	another it could have had; another answer than the first)
 *	a write that a revisit gave to an older read. Not the read: a write that
 *	comes after that one may be given to it later
 *
 * Why: a revisit takes out what is newer than the read and not in the new write's
 * past, and is refused if one of these was not added in the default way. Let x be
 * the event that froze d, and let a revisit change d or take it out. Then neither d
 * nor x is in the new write's past, and x stays only if it is older than d. But then
 * a write on the way from d to x is read by an older read; it is newer than d, goes
 * too, and was not added in the default way.
 *
 * And no first execution is lost: the exploration comes to each by one way, and
 * had it been dropped on it, it would have two keys in the wrong order itself.
 *
 * Several executions of one set count when two keys are equal: each by its share.
 *
 * Source: the problem is that of Kokologiannakis, Marmanis, Vafeiadis: SPORE:
 * combining symmetry and partial order reduction, PLDI 2024.
 * Differs: the condition is on what is frozen, checked when a graph is taken up.
 */
#include "explore.h"

static unsigned int kinds[MC_MAX_THREADS];
static bool in_use;

void symmetry_begin(void)
{
	unsigned int n = mc_client.nr_threads;

	in_use = false;
	if (!opt.symmetry || !mc_client.kind)
		return;
	for (unsigned int t = 0; t < n; t++)
		kinds[t] = mc_client.kind(t);
	for (unsigned int t = 1; t < n; t++)
		for (unsigned int u = 0; u < t; u++)
			in_use |= kinds[t] == kinds[u];
}

static int compare_numbers(unsigned long a, unsigned long b)
{
	return a < b ? -1 : a > b;
}

/* Seen from thread @t: 0 shared, 1 its own, 2 another thread's. */
static unsigned int class_of(const struct location *loc, unsigned int t)
{
	return loc->owner < 0 ? 0 : loc->owner == (int)t ? 1 : 2;
}

/* Seen from thread @t: 0 a first value, 1 its own write, 2 another thread's. */
static unsigned int source_of(struct ref w, unsigned int t)
{
	return w.t < 0 ? 0 : w.t == (int)t ? 1 : 2;
}

static int compare_accesses(const struct graph *g, struct ref a, struct ref b)
{
	const struct event *e = &g->e[a.t][a.i], *f = &g->e[b.t][b.i];
	const struct location *k = &locs[e->loc], *l = &locs[f->loc];
	int order = compare_numbers(class_of(k, a.t), class_of(l, b.t));

	if (!order)
		order = compare_numbers(k->id, l->id);
	if (order)
		return order;
	if (k->owner < 0)
		return compare_numbers(co_index(g, e->loc, e->type == EV_READ ? e->rf : a) + 1,
				       co_index(g, f->loc, f->type == EV_READ ? f->rf : b) + 1);
	if (e->type != EV_READ)
		return 0;
	order = compare_numbers(source_of(e->rf, a.t), source_of(f->rf, b.t));
	return order || e->rf.t < 0 ? order : compare_numbers(e->rf.i, f->rf.i);
}

static int compare_events(const struct graph *g, struct ref a, struct ref b)
{
	const struct event *e = &g->e[a.t][a.i], *f = &g->e[b.t][b.i];
	int order = compare_numbers(e->type, f->type);

	if (!order)
		order = compare_numbers(e->order, f->order);
	if (order)
		return order;
	if (e->type == EV_CHOICE)
		return compare_numbers(e->val, f->val);
	return e->type == EV_FENCE ? 0 : compare_accesses(g, a, b);
}

/* The keys of @t and @u, as far as they are known: @len events of each thread. */
static int compare_keys(const struct graph *g, unsigned int t, unsigned int u, const uint8_t *len)
{
	for (unsigned int i = 0; i < len[t] && i < len[u]; i++) {
		int order = compare_events(g, (struct ref){ t, i }, (struct ref){ u, i });

		if (order)
			return order;
	}
	return 0;
}

/* Was this event added in another than the default way? */
static bool is_decided(const struct graph *g, unsigned int t, unsigned int i)
{
	const struct event *e = &g->e[t][i];
	struct ref w = e->type == EV_READ ? e->rf : (struct ref){ t, i };

	if (!is_access(e))
		return e->type == EV_CHOICE && e->val;
	for (unsigned int k = g->nco[e->loc]; k-- > 0;) {
		struct ref c = g->co[e->loc][k];

		if (ref_equal(c, w))
			return false;
		if (g->e[c.t][c.i].stamp < e->stamp)
			return true;
	}
	return false;
}

static void mark(const struct graph *g, unsigned int t, unsigned int i, uint8_t *frozen)
{
	const struct event *e = &g->e[t][i];
	struct ref w = e->rf;

	if (is_decided(g, t, i))
		causal_past(g, t, i, frozen);
	else if (e->type == EV_READ && w.t >= 0 && g->e[w.t][w.i].stamp > e->stamp)
		causal_past(g, w.t, w.i, frozen);
}

bool symmetry_prunes(const struct graph *g)
{
	uint8_t frozen[MC_MAX_THREADS] = { 0 };

	if (!in_use)
		return false;
	for (unsigned int t = 0; t < g->nr_threads; t++)
		for (unsigned int i = g->n[t]; i-- > frozen[t];)
			mark(g, t, i, frozen);
	for (unsigned int t = 1; t < g->nr_threads; t++)
		for (unsigned int u = 0; u < t; u++)
			if (kinds[u] == kinds[t] && compare_keys(g, u, t, frozen) > 0)
				return true;
	return false;
}

unsigned long symmetry_weight(const struct graph *g)
{
	unsigned long weight = 1;

	if (!in_use)
		return 1;
	for (unsigned int t = 0; t < g->nr_threads; t++) {
		unsigned int place = 1, same = 1;
		bool ties = true;

		for (unsigned int u = t; u-- > 0;) {
			int order;

			if (kinds[u] != kinds[t])
				continue;
			place++;
			order = compare_keys(g, u, t, g->n);
			if (!order)
				order = compare_numbers(g->n[u], g->n[t]);
			if (order > 0)
				return 0;
			ties = ties && !order;
			same += ties;
		}
		/* In the end: size! / (number of equal ones)! of each run, for each kind. */
		weight = weight * place / same;
	}
	return weight;
}
