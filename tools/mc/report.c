/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the explorer tells: progress, counterexamples as a timeline with a
 * column a thread, and the file from which one can be seen again.
 *
 * Rows are in an order in which the exploration added the events: each read
 * stands below the write it reads from. Under a weak model there is no order
 * of time to show; "<- T1.3" says where a value came from.
 */
#include "explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "symbols.h"

static const char *const verdict_names[] = { "data race", "hang", "assertion failed" };

double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

void report_progress(double seconds)
{
	fprintf(stderr, "  ... %lu executions, %lu blocked, %lu graphs waiting (%lu KiB), %.0f s\n",
		res.executions, res.blocked, stack_depth(), stack_bytes() / 1024, seconds);
}

void report_result(void)
{
	printf("%s %s: executions=%lu blocked=%lu races=%lu hangs=%lu failures=%lu checks=%lu cpu=%.3fs%s%s\n",
	       mc_client.name, model_names[opt.model], res.executions, res.blocked, res.races,
	       res.hangs, res.failures, res.checks, cpu_seconds(),
	       res.limit ? " INCOMPLETE: " : "", res.limit ? res.limit : "");
}

static const char *order_suffix(const struct event *e)
{
	static const char *const names[] = {
		[MC_PLAIN] = "plain", [MC_RELAXED] = "", [MC_ACQUIRE] = "acq", [MC_RELEASE] = "rel",
		[MC_ACQ_REL] = "acq_rel", [MC_FULL] = "full",
	};

	return names[e->order];
}

static void describe(const struct graph *g, struct ref r, char *buf, size_t room)
{
	static const char *const fences[] = { "smp_mb", "smp_rmb", "smp_wmb" };
	const struct event *e = &g->e[r.t][r.i];
	char name[64];

	if (e->type == EV_FENCE) {
		snprintf(buf, room, "%u: %s", r.i, fences[e->order]);
		return;
	}
	symbol_of_data(locs[e->loc].addr, name, sizeof(name));
	if (e->type == EV_WRITE) {
		snprintf(buf, room, "%u: %s%s %s = %#llx", r.i, e->rmw_write ? "rmw" : "W",
			 order_suffix(e), name, (unsigned long long)e->val);
		return;
	}
	snprintf(buf, room, "%u: %s%s %s -> %#llx <- ", r.i, e->rmw_read ? "rmw" : "R",
		 order_suffix(e), name, (unsigned long long)value_of(g, e->rf));
	if (e->rf.t < 0)
		strncat(buf, "start", room - strlen(buf) - 1);
	else
		snprintf(buf + strlen(buf), room - strlen(buf), "T%d.%u", e->rf.t, e->rf.i);
}


static bool is_ready(const struct graph *g, const uint8_t *done, unsigned int t)
{
	const struct event *e = &g->e[t][done[t]];

	return e->type != EV_READ || e->rf.t < 0 || e->rf.i < done[e->rf.t];
}

/* An order in which each read comes after its write, few changes of thread. */
static unsigned int linearize(const struct graph *g, struct ref *out)
{
	uint8_t done[MC_MAX_THREADS] = { 0 };
	unsigned int n = 0, t = 0, idle = 0;

	while (idle < g->nr_threads) {
		if (done[t] < g->n[t] && is_ready(g, done, t)) {
			out[n++] = (struct ref){ t, done[t]++ };
			idle = 0;
			continue;
		}
		idle++;
		t = (t + 1) % g->nr_threads;
	}
	return n;
}

static void timeline(const struct graph *g)
{
	static struct ref rows[MC_MAX_THREADS * MAX_EVENTS];
	unsigned int n = linearize(g, rows), width = 46;
	char text[256], where[128];

	for (unsigned int t = 0; t < g->nr_threads; t++)
		printf("%-*s", width, (char[]){ 'T', '0' + t, 0 });
	printf("\n");
	for (unsigned int k = 0; k < n; k++) {
		describe(g, rows[k], text, sizeof(text));
		symbol_of_code(event_at((struct graph *)g, rows[k])->site, where, sizeof(where));
		printf("%*s%-*s%*s  %s\n", rows[k].t * width, "", width, text,
		       (g->nr_threads - 1 - rows[k].t) * width, "", where);
	}
	for (unsigned int t = 0; t < g->nr_threads; t++)
		if (fibers[t].state == FIBER_BLOCKED)
			printf("T%u waits after its event %u\n", t, g->n[t] - 1);
}

void report(enum verdict verdict, const struct graph *g)
{
	struct ref a, b;

	if (res.races + res.hangs + res.failures > 1)
		return;
	printf("%s: %s", mc_client.name, verdict_names[verdict]);
	if (verdict == BAD_ASSERT)
		printf(": %s (%s:%d)", failure, failure_file, failure_line);
	if (verdict == BAD_RACE && find_race(g, &a, &b))
		printf(": T%d.%u and T%d.%u", a.t, a.i, b.t, b.i);
	printf("\n");
	timeline(g);
	if (opt.counterexample)
		graph_save(g, opt.counterexample, verdict);
}

/*
 * The file: a line "client model verdict", then a line an event, "event T I
 * RF.T RF.I STAMP", then a line a place in an order, "co LOC T I"; locations
 * by their number of first touch. What the events are, the program says again.
 */
void graph_save(const struct graph *g, const char *file, enum verdict verdict)
{
	FILE *f = fopen(file, "w");

	if (!f) {
		perror(file);
		return;
	}
	fprintf(f, "lockstep-mc 1 %s %s %u %s\n", mc_client.name, model_names[opt.model],
		g->nr_threads, verdict_names[verdict]);
	for (unsigned int t = 0; t < g->nr_threads; t++)
		for (unsigned int i = 0; i < g->n[t]; i++)
			fprintf(f, "event %u %u %d %u %u\n", t, i,
				g->e[t][i].type == EV_READ ? g->e[t][i].rf.t : -2,
				g->e[t][i].rf.i, g->e[t][i].stamp);
	for (unsigned int l = 0; l < nr_locs; l++)
		for (unsigned int k = 0; k < g->nco[l]; k++)
			fprintf(f, "co %u %d %u\n", l, g->co[l][k].t, g->co[l][k].i);
	if (fclose(f))
		perror(file);
	else
		printf("counterexample written to %s; see it again with --replay %s\n", file, file);
}

/* Events are taken as decisions only: the program makes them again, in stamp order. */
void graph_load(struct graph *g, const char *file)
{
	(void)g;
	fprintf(stderr, "%s: replay is not built in\n", file);
	exit(2);
}
