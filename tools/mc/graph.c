/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Execution graphs: locations, coherence order, causal past, and the stack of
 * graphs that wait to be explored. The structures are explained in graph.h.
 */
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>

#include "explore.h"

struct location locs[MAX_LOCS];
unsigned int nr_locs;

/* In @area, one part a thread, the location has a counterpart in each part. */
static bool find_owner(struct location *loc, const struct mc_area *area, unsigned int number)
{
	size_t offset = (const char *)loc->addr - (const char *)area->start;

	if ((const char *)loc->addr < (const char *)area->start ||
	    offset >= area->part * MC_MAX_THREADS)
		return false;
	loc->owner = offset / area->part;
	loc->id = offset % area->part * (MC_MAX_AREAS + 1) + number;
	return true;
}

static void classify(struct location *loc, unsigned int l)
{
	loc->owner = -1;
	loc->id = l;
	for (unsigned int k = 0; k < MC_MAX_AREAS; k++)
		if (mc_client.areas[k].part && find_owner(loc, &mc_client.areas[k], k))
			return;
	if (&mc_world_area)
		find_owner(loc, &mc_world_area, MC_MAX_AREAS);
}

/*
 * A location's first value is what lies in memory when it is first touched:
 * the code under test never writes memory itself, so that is what setup() left.
 */
unsigned int loc_of(const volatile void *addr, unsigned int size)
{
	struct location *loc;

	for (unsigned int l = 0; l < nr_locs; l++) {
		if (locs[l].addr == addr) {
			if (locs[l].size != size)
				mc_limit("a location is accessed with two sizes");
			return l;
		}
		if ((const char *)addr < (const char *)locs[l].addr + locs[l].size &&
		    (const char *)locs[l].addr < (const char *)addr + size)
			mc_limit("accesses of mixed size overlap");
	}
	if (nr_locs == MAX_LOCS)
		mc_limit("more locations than MAX_LOCS");
	loc = &locs[nr_locs];
	*loc = (struct location){ .addr = addr, .size = size };
	memcpy(&loc->first, (const void *)addr, size);
	classify(loc, nr_locs);
	return nr_locs++;
}

int co_index(const struct graph *g, unsigned int l, struct ref w)
{
	if (w.t < 0)
		return -1;
	for (int i = g->nco[l] - 1; i >= 0; i--)
		if (ref_equal(g->co[l][i], w))
			return i;
	mc_bug("a write is not in its location's order");
}

void co_insert(struct graph *g, unsigned int l, struct ref w, unsigned int at)
{
	if (g->nco[l] == MAX_WRITES)
		mc_limit("more writes to one location than MAX_WRITES");
	memmove(&g->co[l][at + 1], &g->co[l][at], (g->nco[l] - at) * sizeof(w));
	g->co[l][at] = w;
	g->nco[l]++;
}

void co_remove(struct graph *g, unsigned int l, unsigned int at)
{
	g->nco[l]--;
	memmove(&g->co[l][at], &g->co[l][at + 1], (g->nco[l] - at) * sizeof(struct ref));
}

void causal_past(const struct graph *g, unsigned int t, unsigned int i, uint8_t *len)
{
	unsigned int from = len[t];

	if (from > i)
		return;
	len[t] = i + 1;
	for (unsigned int k = from; k <= i; k++) {
		const struct event *e = &g->e[t][k];

		if (e->type == EV_READ && e->rf.t >= 0)
			causal_past(g, e->rf.t, e->rf.i, len);
	}
}

/*
 * A packed graph is: its bytes (u32, at the end, so that a pop finds the
 * start), the two counts, the rows as long as they are, the orders as long as
 * they are.
 */
static uint8_t *arena;
static size_t used, room;
static unsigned long depth;

static void put(const void *src, size_t bytes)
{
	memcpy(arena + used, src, bytes);
	used += bytes;
}

void stack_push(const struct graph *g)
{
	size_t start = used;
	uint32_t bytes;

	if (room - used < sizeof(*g) + 64) {
		room = room ? room * 2 : 16 * sizeof(*g);
		arena = realloc(arena, room);
		if (!arena)
			mc_limit("out of memory for graphs to explore");
	}
	put(&g->stamp, sizeof(g->stamp));
	put(g->n, g->nr_threads);
	put(&nr_locs, sizeof(nr_locs));
	put(g->nco, nr_locs);
	for (unsigned int t = 0; t < g->nr_threads; t++)
		put(g->e[t], g->n[t] * sizeof(g->e[t][0]));
	for (unsigned int l = 0; l < nr_locs; l++)
		put(g->co[l], g->nco[l] * sizeof(g->co[l][0]));
	bytes = used - start;
	put(&bytes, sizeof(bytes));
	depth++;
}

static const uint8_t *take(void *dst, const uint8_t *src, size_t bytes)
{
	memcpy(dst, src, bytes);
	return src + bytes;
}

bool stack_pop(struct graph *g)
{
	const uint8_t *p;
	unsigned int known;
	uint32_t bytes;

	if (!depth)
		return false;
	memcpy(&bytes, arena + used - sizeof(bytes), sizeof(bytes));
	used -= bytes + sizeof(bytes);
	p = arena + used;
	p = take(&g->stamp, p, sizeof(g->stamp));
	p = take(g->n, p, g->nr_threads);
	p = take(&known, p, sizeof(known));
	memset(g->nco, 0, sizeof(g->nco));
	p = take(g->nco, p, known);
	for (unsigned int t = 0; t < g->nr_threads; t++)
		p = take(g->e[t], p, g->n[t] * sizeof(g->e[t][0]));
	for (unsigned int l = 0; l < known; l++)
		p = take(g->co[l], p, g->nco[l] * sizeof(g->co[l][0]));
	depth--;
	return true;
}

unsigned long stack_depth(void)
{
	return depth;
}

unsigned long stack_bytes(void)
{
	return used;
}

void stack_clear(void)
{
	depth = 0;
	used = 0;
}

void graph_cut(struct graph *to, const struct graph *from, const uint8_t *keep)
{
	to->nr_threads = from->nr_threads;
	to->stamp = from->stamp;
	for (unsigned int t = 0; t < from->nr_threads; t++) {
		to->n[t] = keep[t];
		memcpy(to->e[t], from->e[t], keep[t] * sizeof(from->e[t][0]));
	}
	for (unsigned int l = 0; l < nr_locs; l++) {
		unsigned int m = 0;

		for (unsigned int c = 0; c < from->nco[l]; c++)
			if (from->co[l][c].i < keep[from->co[l][c].t])
				to->co[l][m++] = from->co[l][c];
		to->nco[l] = m;
	}
}
