/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counterexamples in files. Saved are the decisions only; what the events are,
 * the program says again when it is led along them.
 *
 *	lockstep-mc 1 CLIENT MODEL THREADS VERDICT
 *	event T I RT RI		in an order in which each read comes after the write
 *				(RT, RI) that it sees; RT is -1 for a location's first
 *				value, -2 for what is no read; a choice is -3 and the answer
 *	co T I T I ...		one location's writes, in its order
 *
 * A program that makes other events than the file has was changed since.
 */
#include "explore.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define FROM_NONE	-2
#define FROM_CHOICE	-3

static struct ref rows[MAX_ROWS];

/* What a file says an event reads from: @rt if it is a read. */
static int source_of(const struct event *e, int rt)
{
	return e->type == EV_CHOICE ? FROM_CHOICE : e->type != EV_READ ? FROM_NONE :
	       rt > FROM_NONE ? rt : -1;
}

void graph_save(const struct graph *g, const char *file, enum verdict verdict)
{
	unsigned int n = linearize(g, rows);
	FILE *f = fopen(file, "w");

	if (!f) {
		perror(file);
		return;
	}
	fprintf(f, "lockstep-mc 1 %s %s %u %s\n", mc_client.name, model_names[opt.model],
		g->nr_threads, verdict_names[verdict]);
	for (unsigned int k = 0; k < n; k++) {
		const struct event *e = &g->e[rows[k].t][rows[k].i];

		fprintf(f, "event %d %u %d %u\n", rows[k].t, rows[k].i,
			source_of(e, e->rf.t), e->type == EV_CHOICE ? (unsigned int)e->val : e->rf.i);
	}
	for (unsigned int l = 0; l < nr_locs; l++) {
		if (!g->nco[l])
			continue;
		fprintf(f, "co");
		for (unsigned int k = 0; k < g->nco[l]; k++)
			fprintf(f, " %d %u", g->co[l][k].t, g->co[l][k].i);
		fprintf(f, "\n");
	}
	if (fclose(f))
		perror(file);
	else
		printf("counterexample written to %s; see it again with --replay %s\n", file, file);
}

static __attribute__((__noreturn__)) void bad_file(const char *file, const char *what)
{
	fprintf(stderr, "%s: %s\n", file, what);
	exit(2);
}

/* The rank of each write in its location's order. */
static unsigned int rank[MC_MAX_THREADS][MAX_EVENTS];

static void read_order(const char *line)
{
	unsigned int i, at = 1;
	int t, used;

	for (line += 2; sscanf(line, " %d %u%n", &t, &i, &used) == 2; line += used)
		if (t >= 0 && t < MC_MAX_THREADS && i < MAX_EVENTS)
			rank[t][i] = at++;
}

/* The event that thread @t makes next, as the file decided it. */
static void follow(const char *file, int t, unsigned int i, struct ref rf)
{
	struct ref r = { t, i };
	struct event *e = event_at(&graph, r);
	unsigned int at = 0;

	if (t < 0 || t >= (int)graph.nr_threads || i != graph.n[t] || i >= MAX_EVENTS ||
	    fibers[t].state != FIBER_READY || !fiber_run(t))
		bad_file(file, "the program makes other events than these: was it changed?");
	*e = fibers[t].request;
	e->stamp = ++graph.stamp;
	if (rf.t != source_of(e, rf.t))
		bad_file(file, "the program makes other events than these: was it changed?");
	graph.n[t]++;
	if (e->type == EV_CHOICE) {
		e->val = rf.i;
	} else if (e->type == EV_READ) {
		e->rf = rf.t < 0 ? REF_INIT(e->loc) : rf;
	} else if (e->type == EV_WRITE) {
		while (at < graph.nco[e->loc] &&
		       rank[graph.co[e->loc][at].t][graph.co[e->loc][at].i] < rank[t][i])
			at++;
		co_insert(&graph, e->loc, r, at);
	}
}

static void read_header(FILE *f, const char *file)
{
	char client[64], model[16];
	unsigned int threads;

	if (fscanf(f, "lockstep-mc 1 %63s %15s %u%*[^\n]", client, model, &threads) != 3)
		bad_file(file, "not a counterexample: its first line is not \"lockstep-mc 1 ...\"");
	if (strcmp(client, mc_client.name) || threads != mc_client.nr_threads)
		bad_file(file, "a counterexample of another client or another number of threads");
	for (unsigned int m = 0; m < NR_MODELS; m++)
		if (!strcmp(model, model_names[m]))
			opt.model = m;
}

void replay(const char *file)
{
	FILE *f = fopen(file, "r");
	char line[4096];
	int t, rt;
	unsigned int i, ri;

	if (!f)
		bad_file(file, strerror(errno));
	read_header(f, file);
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, "co ", 3))
			read_order(line);
	rewind(f);
	explore_begin();
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "event %d %u %d %u", &t, &i, &rt, &ri) == 4)
			follow(file, t, i, (struct ref){ rt, ri });
	fclose(f);
	explore_end();
}
