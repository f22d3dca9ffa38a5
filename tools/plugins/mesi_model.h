/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who has which cache line: MESI, caches that never run out of room.
 *
 *	state of a line for a CPU	is
 *	M or E				the CPU is its only sharer; owner: it has written
 *	S				the CPU is one of several sharers
 *	I				it is no sharer
 *
 *	access			finds		costs		leaves
 *	read			M E S		nothing		as it was
 *	read			I		read miss	S; E if nobody else has it
 *	write, atomic		M E		nothing		M
 *	write, atomic		S		upgrade		M, others I
 *	write, atomic		I		write miss	M, others I
 *
 * A miss is cold if that CPU never had the line since the model was reset: those
 * are counted apart, for any lock has them once. What is left was caused by another
 * CPU's write. An atomic asks for the line as a write does, at once.
 */
#ifndef PLUGINS_MESI_MODEL_H
#define PLUGINS_MESI_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MESI_CPUS	256
#define MESI_WORDS	(MESI_CPUS / 64)
#define MESI_LINES	(1u << 16)	/* of the hash table, a power of two */
#define MESI_LINE_SHIFT	6

struct mesi_line {
	uint64_t number;		/* address >> MESI_LINE_SHIFT; 0: free */
	uint64_t sharers[MESI_WORDS];
	uint64_t had[MESI_WORDS];	/* were sharers since the reset */
};

struct mesi {
	struct mesi_line lines[MESI_LINES];
	unsigned int used;
	bool full;			/* a line found no room: the figures are wrong */
	uint64_t read_misses, write_misses, upgrades, invalidations, cold;
};

static inline void mesi_reset(struct mesi *m)
{
	memset(m, 0, sizeof(*m));
}

/* Return: the line's entry, or NULL if the table is full. */
static inline struct mesi_line *mesi_find(struct mesi *m, uint64_t number)
{
	uint64_t at = (number * 0x9e3779b97f4a7c15ULL) >> 48;

	for (;; at++) {
		struct mesi_line *l = &m->lines[at % MESI_LINES];

		if (l->number == number)
			return l;
		if (l->number)
			continue;
		if (m->used == MESI_LINES / 2) {
			m->full = true;
			return NULL;
		}
		m->used++;
		l->number = number;
		return l;
	}
}

static inline unsigned int mesi_sharers(const struct mesi_line *l)
{
	unsigned int n = 0;

	for (int i = 0; i < MESI_WORDS; i++)
		n += __builtin_popcountll(l->sharers[i]);
	return n;
}

static inline void mesi_access(struct mesi *m, unsigned int cpu, uint64_t address, bool write)
{
	struct mesi_line *l = mesi_find(m, address >> MESI_LINE_SHIFT);
	uint64_t bit = 1ULL << cpu % 64;
	unsigned int word = cpu / 64 % MESI_WORDS;
	unsigned int others;
	bool mine;

	if (!l)
		return;
	mine = l->sharers[word] & bit;
	others = write ? mesi_sharers(l) - mine : 0;
	if (!mine && !(l->had[word] & bit))
		m->cold++;
	else if (!mine && write)
		m->write_misses++;
	else if (!mine)
		m->read_misses++;
	else if (others)
		m->upgrades++;
	if (others) {
		m->invalidations += others;
		memset(l->sharers, 0, sizeof(l->sharers));
	}
	l->sharers[word] |= bit;
	l->had[word] |= bit;
}

#endif
