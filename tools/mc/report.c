/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the explorer tells: progress, counterexamples as a timeline with a
 * column a thread.
 *
 * Rows are in an order in which the exploration added the events: each read
 * stands below the write it reads from. Under a weak model there is no order
 * of time to show; "<- T1.3" says where a value came from.
 */
#include "explore.h"

#include <stdio.h>
#include <time.h>

#include "symbols.h"

const char *const verdict_names[] = { "data race", "hang", "assertion failed" };

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
	printf("%s %s: executions=%lu blocked=%lu all=%lu all_blocked=%lu pruned=%lu "
	       "races=%lu hangs=%lu failures=%lu checks=%lu cpu=%.3fs%s%s\n",
	       mc_client.name, model_names[opt.model], res.executions, res.blocked, res.all,
	       res.all_blocked, res.pruned, res.races, res.hangs, res.failures, res.checks,
	       cpu_seconds(),
	       res.limit ? " INCOMPLETE: " : "", res.limit ? res.limit : "");
}

static const char *order_suffix(const struct event *e)
{
	static const char *const names[] = {
		[MC_PLAIN] = "plain", [MC_RELAXED] = "", [MC_ACQUIRE] = "acq", [MC_RELEASE] = "rel",
		[MC_ACQ_REL] = "acq_rel", [MC_FULL] = "full",
		[MC_SYNC_BEFORE] = "sync", [MC_SYNC_AFTER] = "sync",
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
	if (e->type == EV_CHOICE) {
		snprintf(buf, room, "%u: choice %llu of 0..%u", r.i, (unsigned long long)e->val,
			 e->order - 1);
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

unsigned int linearize(const struct graph *g, struct ref *out)
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
	static struct ref rows[MAX_ROWS];
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
