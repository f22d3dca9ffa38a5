/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The explorer's inner interfaces: options, results, what each file offers.
 */
#ifndef MC_EXPLORE_H
#define MC_EXPLORE_H

#include "graph.h"

enum model_id { MODEL_SC, MODEL_TSO, MODEL_ARM, MODEL_ARM_LLSC, NR_MODELS };

extern const char *const model_names[NR_MODELS];

struct options {
	enum model_id model;
	bool keep_going;		/* count errors, do not stop at the first */
	bool symmetry;			/* of executions that differ in names only, explore one */
	unsigned long max_executions;	/* 0: no bound */
	double max_seconds;		/* CPU time; 0: no bound */
	double progress_seconds;	/* between progress lines; 0: none */
	const char *counterexample;	/* file to write it to; NULL: none */
};

extern struct options opt;

struct result {
	unsigned long executions;	/* complete, consistent, distinct */
	unsigned long blocked;		/* ended in an await on a value that another execution changes */
	unsigned long all, all_blocked;	/* the same, without symmetry reduction */
	unsigned long pruned;		/* graphs dropped by it, complete or not */
	unsigned long races;
	unsigned long hangs;
	unsigned long failures;		/* assertions */
	unsigned long checks;		/* consistency checks made */
	const char *limit;		/* why the exploration is not complete; NULL: it is */
};

extern struct result res;

/* The graph being explored, and what is derived from it. */
extern struct graph graph;

/* ---- model.c: which graphs a memory model allows ---------------------------- */

/* Rebuild what is derived from the graph; note an event that was just added. */
void view_build(const struct graph *g);
void view_add(const struct graph *g, struct ref r);
/* @g was allowed before @r was added, or changed what it reads: is it still? */
bool model_allows(const struct graph *g, struct ref r);
/* Two conflicting accesses, one plain, that nothing orders. */
bool find_race(const struct graph *g, struct ref *a, struct ref *b);

/* ---- explore.c ---------------------------------------------------------------- */

void explore(void);
/* The parts of it, for a replay: an empty graph and threads at their start; the judgement. */
void explore_begin(void);
void explore_end(void);

/* ---- grow.c -------------------------------------------------------------------- */

/* For a graph with as many threads as the client has. */
void grow_begin(void);
/* Give thread @t the event it asked for. False: no model-allowed graph has it here. */
bool extend(unsigned int t);

/* ---- symmetry.c ---------------------------------------------------------------- */

void symmetry_begin(void);
/* Is every execution that can be grown from this graph another one with changed names? */
bool symmetry_prunes(const struct graph *g);
/* For how many executions a complete one stands: itself and its images. 0: for none. */
unsigned long symmetry_weight(const struct graph *g);

/* ---- fiber.c: the threads under test ------------------------------------------- */

enum fiber_state { FIBER_READY, FIBER_BLOCKED, FIBER_DONE, FIBER_FAILED };

struct fiber {
	enum fiber_state state;
	unsigned int pos;		/* events replayed or made */
	unsigned int await_from;	/* first event of the wait it is in, or NO_AWAIT */
	struct event request;		/* that it wants to make next */
	bool asks;			/* request is valid */
	bool no_interest;		/* blocked by mc_assume(): no hang */
};

#define NO_AWAIT	255

extern struct fiber fibers[MC_MAX_THREADS];
extern unsigned int fiber_current;
extern const char *failure, *failure_file;
extern int failure_line;

void fiber_catch_wild_accesses(void);
void fiber_start_all(void);
/* Run @t until it asks for an event that the graph lacks (true), ends or, in replay, must
 * wait for another (false). */
bool fiber_run(unsigned int t);
/* Let the client judge the final memory. False: it failed. */
bool fiber_final(void);

/* The current thread's next event: replayed, or asked for. Returns once the graph has it. */
struct event *fiber_event(struct event e);
/* The current thread comes no further. */
__attribute__((__noreturn__)) void fiber_give_up(enum fiber_state state);

/* The code under test runs: not its setup() or final(). */
extern bool fiber_running;
/* The thread on whose stack @p lies, or -1. */
int fiber_stack_of(const volatile void *p);

/* ---- access.c -------------------------------------------------------------------- */

/* No address came from any read yet. */
void access_reset(void);
/* mc_load() and mc_store(), for plain.c and sync.c: nothing waits to be flushed. */
uint64_t access_load(const volatile void *p, unsigned int size, enum mc_order order, void *site);
void access_store(volatile void *p, unsigned int size, uint64_t val, enum mc_order order,
		  void *site);

/* ---- plain.c: plain C accesses ---------------------------------------------------- */

/* The current thread's last plain write, if it is not an event yet. */
void plain_flush(void);
void plain_reset(void);

/* ---- sync.c: barriers in pairs ----------------------------------------------------- */

void sync_reset(void);

/* ---- report.c ------------------------------------------------------------------ */

#define MAX_ROWS	(MC_MAX_THREADS * MAX_EVENTS)

enum verdict { BAD_RACE, BAD_HANG, BAD_ASSERT };
extern const char *const verdict_names[];

void report(enum verdict verdict, const struct graph *g);
void report_progress(double seconds);
void report_result(void);
/* All events, each read after the write it sees, few changes of thread. Return: how many. */
unsigned int linearize(const struct graph *g, struct ref *out);
double cpu_seconds(void);

/* ---- replay.c ------------------------------------------------------------------ */

void graph_save(const struct graph *g, const char *file, enum verdict verdict);
/* Lead the program along a saved counterexample and judge it again. */
void replay(const char *file);

/* A bound was hit: say so, and that the result is not complete. */
__attribute__((__noreturn__)) void mc_limit(const char *what);
__attribute__((__noreturn__)) void mc_bug(const char *what);

#endif
