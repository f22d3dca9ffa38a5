/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU counter: a sum that is often changed and seldom asked for.
 *
 *	count		what the CPUs have handed in	written under lock
 *	counters	one s32 a CPU, not yet in count	written by its CPU, interrupts off
 *
 *	CPU 0's +1 +1 +1		CPU 1's +1		count
 *	3				1			0
 *	batch reached: 0		1			32
 *
 * The sum is count plus all counters. percpu_counter_read() is count alone, off
 * by at most batch * CPUs; percpu_counter_sum() adds the counters, and is exact
 * if nobody changes them meanwhile.
 *
 * Linux:   include/linux/percpu_counter.h, lib/percpu_counter.c
 * Differs: the caller brings the per-CPU words: this library does not allocate.
 */
#ifndef LOCKING_PERCPU_COUNTER_H
#define LOCKING_PERCPU_COUNTER_H

#include <locking/spinlock.h>

struct percpu_counter {
	raw_spinlock_t lock;
	s64 count;
	s32 *counters;		/* per CPU */
};

#define PERCPU_COUNTER_BATCH	32

#define __PERCPU_COUNTER_INIT(name, words) \
	{ .lock = __RAW_SPIN_LOCK_UNLOCKED(name.lock), .counters = &(words) }
/* static DEFINE_PERCPU_COUNTER(foo); */
#define DEFINE_PERCPU_COUNTER(name)					\
	DEFINE_PER_CPU(s32, name##_counters);				\
	static struct percpu_counter name = __PERCPU_COUNTER_INIT(name, name##_counters)

/* @counters: zeroed, per CPU. */
void percpu_counter_init(struct percpu_counter *fbc, s64 amount, s32 *counters);

/* Context of all: any but NMI. */
void percpu_counter_add_batch(struct percpu_counter *fbc, s64 amount, s32 batch);
/* Exact, at the price of a look at every CPU. */
s64 percpu_counter_sum(struct percpu_counter *fbc);
/* To @amount; changes made meanwhile may or may not be in it. */
void percpu_counter_set(struct percpu_counter *fbc, s64 amount);
/* Hand in all that this CPU holds back. */
void percpu_counter_sync(struct percpu_counter *fbc);
/* Return: sum > @rhs: 1, less: -1, else 0; looks at every CPU only if it is close. */
int percpu_counter_compare(struct percpu_counter *fbc, s64 rhs);

static inline void percpu_counter_add(struct percpu_counter *fbc, s64 amount)
{
	percpu_counter_add_batch(fbc, amount, PERCPU_COUNTER_BATCH);
}

static inline void percpu_counter_inc(struct percpu_counter *fbc)
{
	percpu_counter_add(fbc, 1);
}

static inline void percpu_counter_dec(struct percpu_counter *fbc)
{
	percpu_counter_add(fbc, -1);
}

static inline void percpu_counter_sub(struct percpu_counter *fbc, s64 amount)
{
	percpu_counter_add(fbc, -amount);
}

static inline s64 percpu_counter_read(const struct percpu_counter *fbc)
{
	return READ_ONCE(fbc->count);
}

/* For a count that is never negative: what looks so is what CPUs have not handed in. */
static inline s64 percpu_counter_read_positive(const struct percpu_counter *fbc)
{
	s64 count = percpu_counter_read(fbc);

	return count < 0 ? 0 : count;
}

static inline s64 percpu_counter_sum_positive(struct percpu_counter *fbc)
{
	s64 sum = percpu_counter_sum(fbc);

	return sum < 0 ? 0 : sum;
}

static inline bool percpu_counter_initialized(const struct percpu_counter *fbc)
{
	return fbc->counters;
}

/* The words are the caller's again. */
static inline void percpu_counter_destroy(struct percpu_counter *fbc)
{
	fbc->counters = NULL;
}

#endif
