/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Execution graphs: what the explorer explores.
 *
 * A graph is, for each thread, the row of events it made so far; for each
 * read, the write it reads from (rf); for each location, the order its writes
 * have (co). An event is named (thread, index). The write that gave a location
 * its first value is (-1, location), is before everything, and is in no row.
 *
 * Sets of events are one 128-bit word a thread: bit i of word t is event (t, i).
 * That bounds a thread to 128 events, reported when hit, and makes "all later
 * events of this thread" a shift and a relation's row eight words.
 *
 * The graph holds the decisions. What can be derived (the sets by kind, the
 * readers of each write) is in struct view, rebuilt when a graph is taken up
 * and kept up while it grows.
 */
#ifndef MC_GRAPH_H
#define MC_GRAPH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "mc.h"

#define MAX_EVENTS	128		/* a thread: as many as a mask_t has bits */
#define MAX_LOCS	96
#define MAX_WRITES	96		/* a location */

/* A set of one thread's events. */
typedef unsigned __int128 mask_t;

#define MASK(i)		((mask_t)1 << (i))

static inline unsigned int mask_first(mask_t m)
{
	uint64_t low = (uint64_t)m;

	return low ? (unsigned int)__builtin_ctzll(low) :
		     64 + (unsigned int)__builtin_ctzll((uint64_t)(m >> 64));
}

enum event_type { EV_READ, EV_WRITE, EV_FENCE, EV_CHOICE };

struct ref {
	int8_t t;			/* -1: the first value of location i */
	uint8_t i;
};

#define REF_INIT(loc)	((struct ref){ -1, (uint8_t)(loc) })

static inline bool ref_equal(struct ref a, struct ref b)
{
	return a.t == b.t && a.i == b.i;
}

struct event {
	uint8_t type;			/* enum event_type */
	uint8_t order;			/* enum mc_order; EV_FENCE: enum mc_fence; EV_CHOICE: of how many */
	uint8_t loc;
	bool rmw_read;			/* first half of a read-modify-write that may succeed */
	bool rmw_write;			/* second half; the first is the event before */
	bool conditional;		/* rmw_read of a compare-exchange: succeeds on expected */
	bool control;			/* later writes depend on this read */
	uint16_t stamp;			/* order in which events were added */
	struct ref rf;			/* EV_READ */
	uint64_t val;			/* EV_WRITE, EV_CHOICE: value; EV_READ, conditional: expected */
	mask_t addr_dep;		/* bit i: address comes from this thread's read i */
	void *site;			/* return address in the code under test */
};

struct graph {
	unsigned int nr_threads;
	uint16_t stamp;
	uint8_t n[MC_MAX_THREADS];
	uint8_t nco[MAX_LOCS];
	struct event e[MC_MAX_THREADS][MAX_EVENTS];
	struct ref co[MAX_LOCS][MAX_WRITES];
};

struct set {
	mask_t w[MC_MAX_THREADS];
};

static inline bool set_has(const struct set *s, struct ref r)
{
	return s->w[r.t] >> r.i & 1;
}

static inline void set_add(struct set *s, struct ref r)
{
	s->w[r.t] |= MASK(r.i);
}

/* All events of a thread after index i, and before it. */
static inline mask_t bits_after(unsigned int i)
{
	return i == MAX_EVENTS - 1 ? 0 : ~(mask_t)0 << (i + 1);
}

/* The first @n. */
static inline mask_t bits_before(unsigned int n)
{
	return n == MAX_EVENTS ? ~(mask_t)0 : MASK(n) - 1;
}

/* The locations the code under test has touched, in order of first touch. */
struct location {
	const volatile void *addr;
	unsigned int size;
	uint64_t first;			/* value before any thread ran */
	int owner;			/* thread whose part of an area it is in, or -1 */
	unsigned long id;		/* place in such a part, or a number of its own */
};

extern struct location locs[MAX_LOCS];
extern unsigned int nr_locs;

static inline struct event *event_at(struct graph *g, struct ref r)
{
	return &g->e[r.t][r.i];
}

static inline bool is_access(const struct event *e)
{
	return e->type == EV_READ || e->type == EV_WRITE;
}

static inline uint64_t value_of(const struct graph *g, struct ref w)
{
	return w.t < 0 ? locs[w.i].first : g->e[w.t][w.i].val;
}

/* Does this read belong to a read-modify-write that goes through with its write? */
static inline bool rmw_succeeds(const struct graph *g, const struct event *e)
{
	return e->type == EV_READ && e->rmw_read &&
	       (!e->conditional || value_of(g, e->rf) == e->val);
}

unsigned int loc_of(const volatile void *addr, unsigned int size);

/* Place of @w in the co of location @l; -1 for its first value. */
int co_index(const struct graph *g, unsigned int l, struct ref w);
void co_insert(struct graph *g, unsigned int l, struct ref w, unsigned int at);
void co_remove(struct graph *g, unsigned int l, unsigned int at);

/* In @len[t], how many events of each thread lie in the po-and-rf past of (t, i), itself included. */
void causal_past(const struct graph *g, unsigned int t, unsigned int i, uint8_t *len);

/* The first @keep[t] events of each thread of @from, and what is left of each order. */
void graph_cut(struct graph *to, const struct graph *from, const uint8_t *keep);

/* The stack of graphs still to be explored; packed, so that depth is cheap. */
void stack_push(const struct graph *g);
bool stack_pop(struct graph *g);
unsigned long stack_depth(void);
unsigned long stack_bytes(void);
void stack_clear(void);

#endif
