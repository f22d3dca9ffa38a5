/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory models as predicates over execution graphs.
 *
 * A model is one function: the events that must come after a given event. A
 * graph is allowed when that relation has no cycle (and each location by
 * itself is coherent). Graphs grow by one event at a time from an allowed one,
 * so a new cycle can only run through the event just added: the check is a
 * search from there, and a read of the newest write, or a write that becomes
 * the newest, has no successor and needs none.
 *
 *	SC	program order, rf, co, fr
 *	TSO	the same less write -> later read, unless a fence or a locked
 *		instruction stands between; rf inside a thread orders nothing
 *	ARM	ordered-before of Armv8 (multi-copy atomic): rf, co, fr between
 *		threads; inside a thread acquire, release, barriers, dependencies,
 *		read-modify-writes, and writes to one location (coi). LSE and LL/SC differ: a SWPAL orders what is
 *		around it, a LDAXR/STLXR pair does not.
 *
 * MC_SYNC_BEFORE, MC_SYNC_AFTER: sync.c.
 *
 * A fence is an event of its own: what it orders comes before it, it comes
 * before what it orders.
 *
 * Limits: po and rf together are acyclic by construction, so load buffering,
 * which Armv8 allows, is not seen. Dependencies are those the source names.
 *
 * Sources: Owens, Sarkar, Sewell, TPHOLs 2009 (x86-TSO); Arm ARM B2.3 and
 * aarch64.cat; Kokologiannakis, Marmouris, Gladstein, Vafeiadis, POPL 2022.
 */
#include "explore.h"

const char *const model_names[NR_MODELS] = { "sc", "tso", "arm", "llsc" };

/* Derived from the graph: its events by kind, one word a thread. */
static struct {
	struct set reads, writes;
	struct set acquire, release;	/* reads and writes */
	struct set mb, rmb, wmb;
	struct set sync_before;
	struct set addr_source;		/* reads that give an address */
	struct set loc_reads[MAX_LOCS], loc_writes[MAX_LOCS];
} view;

void view_add(const struct graph *g, struct ref r)
{
	const struct event *e = &g->e[r.t][r.i];
	bool strong = e->order == MC_ACQ_REL || e->order == MC_FULL;

	switch (e->type) {
	case EV_READ:
		set_add(&view.reads, r);
		set_add(&view.loc_reads[e->loc], r);
		if (strong || e->order == MC_ACQUIRE)
			set_add(&view.acquire, r);
		if (e->order == MC_SYNC_BEFORE)
			set_add(&view.sync_before, r);
		break;
	case EV_WRITE:
		set_add(&view.writes, r);
		set_add(&view.loc_writes[e->loc], r);
		if (strong || e->order == MC_RELEASE)
			set_add(&view.release, r);
		break;
	case EV_FENCE:
		set_add(e->order == MC_MB ? &view.mb : e->order == MC_RMB ? &view.rmb : &view.wmb, r);
		break;
	case EV_CHOICE:
		break;
	}
	view.addr_source.w[r.t] |= e->addr_dep;
}

void view_build(const struct graph *g)
{
	memset(&view, 0, sizeof(view));
	for (unsigned int t = 0; t < g->nr_threads; t++)
		for (unsigned int i = 0; i < g->n[t]; i++)
			view_add(g, (struct ref){ t, i });
}

/*
 * Communication: who reads this write, which writes follow it, which writes
 * follow the one this read saw. An event that the graph no longer has is in no
 * row: bits beyond a thread's length are masked by the caller.
 */
static void communicate(const struct graph *g, struct ref r, struct set *out, bool plain_too)
{
	const struct event *e = &g->e[r.t][r.i];
	struct ref w = e->type == EV_READ ? e->rf : r;
	unsigned int l = e->loc;

	if (!is_access(e) || (!plain_too && e->order == MC_PLAIN))
		return;
	for (unsigned int i = co_index(g, l, w) + 1; i < g->nco[l]; i++)
		if (plain_too || event_at((struct graph *)g, g->co[l][i])->order != MC_PLAIN)
			set_add(out, g->co[l][i]);
	if (e->type != EV_WRITE)
		return;
	for (unsigned int t = 0; t < g->nr_threads; t++) {
		for (mask_t m = view.loc_reads[l].w[t]; m; m &= m - 1) {
			struct ref q = { t, mask_first(m) };

			if (q.i < g->n[t] && ref_equal(g->e[t][q.i].rf, r) &&
			    (plain_too || g->e[t][q.i].order != MC_PLAIN))
				set_add(out, q);
		}
	}
}

static void after_sc(const struct graph *g, struct ref r, struct set *out)
{
	(void)g;
	out->w[r.t] |= bits_after(r.i);
}

static void after_tso(const struct graph *g, struct ref r, struct set *out)
{
	const struct event *e = &g->e[r.t][r.i];
	mask_t later = bits_after(r.i);

	if (e->type == EV_FENCE) {
		if (e->order == MC_MB)
			out->w[r.t] |= later;
		return;
	}
	if (e->order == MC_SYNC_BEFORE) {
		out->w[r.t] |= later & view.mb.w[r.t];
		return;
	}
	if (e->type == EV_READ || e->rmw_write) {
		out->w[r.t] |= later;
		return;
	}
	/* A plain or release store waits in the buffer: later loads pass it. */
	out->w[r.t] |= later & (view.writes.w[r.t] | view.mb.w[r.t] | view.sync_before.w[r.t]);
	for (mask_t m = later & view.reads.w[r.t]; m; m &= m - 1) {
		unsigned int i = mask_first(m);

		if (i < g->n[r.t] && rmw_succeeds(g, &g->e[r.t][i]))
			out->w[r.t] |= MASK(i);
	}
}

static void after_arm(const struct graph *g, struct ref r, struct set *out)
{
	const struct event *e = &g->e[r.t][r.i];
	mask_t later = bits_after(r.i), *o = &out->w[r.t];
	mask_t writes = view.writes.w[r.t];

	if (e->type == EV_FENCE) {
		*o |= later & (e->order == MC_WMB ? writes : ~(mask_t)0);
		return;
	}
	if (e->order == MC_SYNC_BEFORE) {
		*o |= later & view.mb.w[r.t];
		return;
	}
	*o |= later & (view.release.w[r.t] | view.mb.w[r.t] | view.sync_before.w[r.t]);
	if (e->type == EV_WRITE) {
		*o |= later & (view.wmb.w[r.t] | view.loc_writes[e->loc].w[r.t]);
		if (view.release.w[r.t] >> r.i & 1)
			*o |= later & view.acquire.w[r.t];
		if (e->rmw_write) {
			/* LSE, acquire and release at once: orders across itself. */
			if (opt.model == MODEL_ARM && (view.release.w[r.t] >> r.i & 1) &&
			    (view.acquire.w[r.t] >> (r.i - 1) & 1))
				*o |= later;
			/* An acquire that reads this write, even from the same thread. */
			for (mask_t m = later & view.acquire.w[r.t]; m; m &= m - 1) {
				unsigned int i = mask_first(m);

				if (i < g->n[r.t] && ref_equal(g->e[r.t][i].rf, r))
					*o |= MASK(i);
			}
		}
		return;
	}
	*o |= later & view.rmb.w[r.t];
	if (view.acquire.w[r.t] >> r.i & 1 || e->order == MC_SYNC_AFTER)
		*o |= later;
	if (e->control)
		*o |= later & writes;
	if (e->rmw_read)
		*o |= later & writes & MASK((r.i + 1) % MAX_EVENTS);
	if (view.addr_source.w[r.t] >> r.i & 1) {
		for (unsigned int i = r.i + 1; i < g->n[r.t]; i++) {
			if (!(g->e[r.t][i].addr_dep >> r.i & 1))
				continue;
			*o |= MASK(i) | (bits_after(i) & writes);
		}
	}
}

static const struct {
	void (*after)(const struct graph *g, struct ref r, struct set *out);
	bool internal;		/* rf, co, fr inside a thread order too */
	bool coherence;		/* each location needs a check of its own */
} models[NR_MODELS] = {
	[MODEL_SC] = { after_sc, true, false },
	[MODEL_TSO] = { after_tso, false, true },
	[MODEL_ARM] = { after_arm, false, true },
	[MODEL_ARM_LLSC] = { after_arm, false, true },
};

/* Everything that comes directly after @r. */
static void successors(const struct graph *g, struct ref r, struct set *out, bool plain_too)
{
	memset(out, 0, sizeof(*out));
	communicate(g, r, out, plain_too);
	if (!models[opt.model].internal)
		out->w[r.t] = 0;
	if (g->e[r.t][r.i].type != EV_CHOICE)
		models[opt.model].after(g, r, out);
	for (unsigned int t = 0; t < g->nr_threads; t++)
		out->w[t] &= bits_before(g->n[t]);
}

/* The same for one location: program order on it, and communication. */
static void successors_here(const struct graph *g, struct ref r, struct set *out, bool unused)
{
	unsigned int l = g->e[r.t][r.i].loc;

	(void)unused;
	memset(out, 0, sizeof(*out));
	communicate(g, r, out, true);
	out->w[r.t] |= bits_after(r.i) & (view.loc_reads[l].w[r.t] | view.loc_writes[l].w[r.t]);
	for (unsigned int t = 0; t < g->nr_threads; t++)
		out->w[t] &= bits_before(g->n[t]);
}

typedef void (*successor_fn)(const struct graph *g, struct ref r, struct set *out, bool plain_too);

/* All that @next leads to from @from; stops early when that is @from itself. */
static bool reach(const struct graph *g, struct ref from, successor_fn next, bool plain_too,
		  struct set *seen)
{
	struct set todo, more;

	memset(seen, 0, sizeof(*seen));
	next(g, from, &todo, plain_too);
	for (;;) {
		unsigned int t = 0;
		struct ref r;

		while (t < g->nr_threads && !todo.w[t])
			t++;
		if (t == g->nr_threads)
			return false;
		r = (struct ref){ t, mask_first(todo.w[t]) };
		todo.w[t] &= todo.w[t] - 1;
		set_add(seen, r);
		if (ref_equal(r, from))
			return true;
		next(g, r, &more, plain_too);
		for (t = 0; t < g->nr_threads; t++)
			todo.w[t] |= more.w[t] & ~seen->w[t];
	}
}

bool model_allows(const struct graph *g, struct ref r)
{
	const struct event *e = &g->e[r.t][r.i];
	struct set seen;

	res.checks++;
	if (r.i == g->n[r.t] - 1 && e->type == EV_READ && g->nco[e->loc] &&
	    ref_equal(e->rf, g->co[e->loc][g->nco[e->loc] - 1]))
		return true;
	if (models[opt.model].coherence && is_access(e) &&
	    reach(g, r, successors_here, true, &seen))
		return false;
	return !reach(g, r, successors, true, &seen);
}

/*
 * Race: two accesses to one location from two threads, at least one a write
 * and one plain, that are not ordered by what the model orders without the
 * help of plain accesses' own communication.
 */
bool find_race(const struct graph *g, struct ref *a, struct ref *b)
{
	struct set from_a, from_b;

	for (unsigned int t = 0; t < g->nr_threads; t++) {
		for (unsigned int i = 0; i < g->n[t]; i++) {
			const struct event *e = &g->e[t][i];
			struct set others;

			if (!is_access(e) || e->order != MC_PLAIN)
				continue;
			*a = (struct ref){ t, i };
			reach(g, *a, successors, false, &from_a);
			others = view.loc_writes[e->loc];
			for (unsigned int u = 0; u < g->nr_threads; u++) {
				mask_t m = others.w[u];

				if (e->type == EV_WRITE)
					m |= view.loc_reads[e->loc].w[u];
				if (u == t)
					continue;
				for (m &= ~from_a.w[u]; m; m &= m - 1) {
					*b = (struct ref){ u, mask_first(m) };
					if (b->i >= g->n[u])
						continue;
					reach(g, *b, successors, false, &from_b);
					if (!set_has(&from_b, *a))
						return true;
				}
			}
		}
	}
	return false;
}
