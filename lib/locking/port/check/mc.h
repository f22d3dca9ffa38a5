/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The checker's side of the port: every shared access of the code under test
 * arrives here as a call, and is a point where the explorer decides.
 *
 * A client defines mc_client: its threads run once each, from the state that
 * setup() left in memory, and final() judges the memory they leave behind.
 */
#ifndef LOCKING_PORT_CHECK_MC_H
#define LOCKING_PORT_CHECK_MC_H

#include <stdbool.h>
#include <stdint.h>

#define MC_MAX_THREADS	8

enum mc_order {
	MC_PLAIN,	/* ordinary C access: races with it are reported */
	MC_RELAXED,	/* READ_ONCE, WRITE_ONCE, atomic_*_relaxed */
	MC_ACQUIRE,
	MC_RELEASE,
	MC_ACQ_REL,
	MC_FULL,	/* read-modify-writes only: Linux's unsuffixed form */
	/* Of mc_heavy_barrier() and mc_light_barrier() only: */
	MC_SYNC_BEFORE,	/* comes after what is before it, orders nothing else */
	MC_SYNC_AFTER,	/* comes before what is after it */
};

enum mc_fence { MC_MB, MC_RMB, MC_WMB };

enum mc_op { MC_XCHG, MC_ADD, MC_OR, MC_AND, MC_XOR };

/* @size is in bytes, 1 to 8; a location is always touched with one size. */
uint64_t mc_load(const volatile void *p, unsigned int size, enum mc_order order);
void mc_store(volatile void *p, unsigned int size, uint64_t val, enum mc_order order);
uint64_t mc_rmw(volatile void *p, unsigned int size, enum mc_op op, uint64_t operand,
		enum mc_order order);
/* Ordering: @order on success, relaxed on failure. Return: what was there. */
uint64_t mc_cmpxchg(volatile void *p, unsigned int size, uint64_t expected, uint64_t new,
		    enum mc_order order);
void mc_fence(enum mc_fence fence);

/*
 * A full barrier that each other thread executes too, somewhere meanwhile; and the
 * places of a thread that can rely on it. See tools/mc/sync.c.
 */
void mc_heavy_barrier(void);
void mc_light_barrier(void);

/* The load just made decides a branch: later stores wait for it (control dependency). */
void mc_control_dependency(void);
/* The load just made gives the address of the @size bytes at @p. */
void mc_address_dependency(const volatile void *p, unsigned int size);

/*
 * This thread can go on only after one of the loads it made since
 * mc_await_begin() (without one: its last load) would return another value.
 * If in the end none can, that is reported as a hang.
 */
void mc_await_begin(void);
void mc_await_failed(void) __attribute__((__noreturn__));

/* 0 .. @n - 1, whatever the world may do: each answer is explored. */
unsigned int mc_choose(unsigned int n);

/*
 * Executions in which @cond does not hold are of no interest: another choice
 * covers them, and a thread that ends here is no hang. So a wait with a timeout
 * is a choice between giving up and an await that assumes it is satisfied.
 */
void mc_no_interest(void) __attribute__((__noreturn__));
#define mc_assume(cond) \
	do { if (!(cond)) mc_no_interest(); } while (0)

/* The property under test does not hold here. */
void mc_fail(const char *what, const char *file, int line) __attribute__((__noreturn__));
#define mc_assert(cond) \
	do { if (!(cond)) mc_fail(#cond, __FILE__, __LINE__); } while (0)

/* This thread's number, 0 .. nr_threads - 1. */
unsigned int mc_thread(void);

/* The value a location has in the end; only in final(). */
#define mc_final(p)	mc_final_value(p, sizeof(*(p)))
uint64_t mc_final_value(const volatile void *p, unsigned int size);

/* Memory of which each thread has a part: @part bytes from @start is thread 0's, and so on. */
struct mc_area {
	const volatile void *start;
	unsigned long part;
};

#define MC_MAX_AREAS	4

struct mc_client {
	const char *name;
	unsigned int nr_threads;
	void (*setup)(void);		/* before each execution; may be NULL */
	void (*thread)(unsigned int thread);
	void (*final)(void);		/* may be NULL; uses mc_assert and mc_final */
	/*
	 * Threads of one kind run the same code: exchanged, with what belongs to
	 * them, they do the same. NULL: no two do. What belongs to them lies in
	 * areas; setup() leaves the same in each part.
	 */
	unsigned int (*kind)(unsigned int thread);
	struct mc_area areas[MC_MAX_AREAS];
};

/* Called before each execution, where the port defines it. */
void mc_world_reset(void) __attribute__((__weak__));

/* The world's own such memory, if it has any. */
extern const struct mc_area mc_world_area __attribute__((__weak__));

/* The program's client: the test defines it, the explorer's main() runs it. */
extern struct mc_client mc_client;

#endif
