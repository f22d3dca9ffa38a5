/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * refcount_t: a reference count that cannot wrap. On overflow, on an increment
 * from 0 and on a decrement below 0 it sticks at REFCOUNT_SATURATED for ever:
 * the object leaks, instead of being freed under its users, and it is reported.
 *
 *	1 .. INT_MAX		in use
 *	0			last reference gone: being freed
 *	negative		saturated
 *
 *	   0        1            INT_MAX   INT_MIN   SATURATED = INT_MIN/2      -1
 *	   |--------|--------------|----------|-------------|-------------------|
 *	                                      a few lost races end near the middle
 *
 * Ordering: a decrement is RELEASE, the one that reaches 0 also ACQUIRE: all
 * that the holders did comes before the free. An increment is relaxed: who may
 * take a reference has one, or a lock.
 *
 * Linux: include/linux/refcount.h, lib/refcount.c
 */
#ifndef LOCKING_REFCOUNT_H
#define LOCKING_REFCOUNT_H

#include <locking/atomic.h>

typedef struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = ATOMIC_INIT(n) }
#define REFCOUNT_MAX		0x7fffffff
#define REFCOUNT_SATURATED	((int)0xc0000000)

enum refcount_error {
	REFCOUNT_ADD_OVF,		/* went over REFCOUNT_MAX */
	REFCOUNT_ADD_UAF,		/* increment from 0 */
	REFCOUNT_SUB_UAF,		/* went below 0 */
	REFCOUNT_DEC_LEAK,		/* refcount_dec() reached 0 */
};

/* Saturate @r and report, once for each kind. */
void refcount_warn_saturate(refcount_t *r, enum refcount_error error);
/* How often that was called; and, for the test that provokes it: count, but say nothing. */
unsigned int refcount_error_count(enum refcount_error error);
void refcount_expect_errors(bool on);

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

static inline void refcount_add(int i, refcount_t *r)
{
	int old = atomic_fetch_add_relaxed(i, &r->refs);

	if (unlikely(!old))
		refcount_warn_saturate(r, REFCOUNT_ADD_UAF);
	else if (unlikely(old < 0 || (int)((unsigned int)old + i) < 0))
		refcount_warn_saturate(r, REFCOUNT_ADD_OVF);
}

/* The caller has a reference. */
static inline void refcount_inc(refcount_t *r)
{
	refcount_add(1, r);
}

/* Return: false if the object is being freed. */
static inline bool refcount_add_not_zero(int i, refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (!old)
			return false;
	} while (!atomic_try_cmpxchg_relaxed(&r->refs, &old, (int)((unsigned int)old + i)));

	if (unlikely(old < 0 || (int)((unsigned int)old + i) < 0))
		refcount_warn_saturate(r, REFCOUNT_ADD_OVF);
	return true;
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	return refcount_add_not_zero(1, r);
}

/* Return: true if it reached 0: the caller frees. */
static inline bool refcount_sub_and_test(int i, refcount_t *r)
{
	/* refcount/A: pairs with refcount_sub_and_test() */
	int old = atomic_fetch_sub_release(i, &r->refs);

	if (old == i) {
		/*
		 * refcount/A: pairs with refcount_sub_and_test(), refcount_dec(),
		 * refcount_dec_if_one(), refcount_dec_not_one(): it reads the end of a chain
		 * of RMWs, which goes on the release of each of them.
		 */
		(void)atomic_read_acquire(&r->refs);
		return true;
	}
	if (unlikely(old < 0 || old < i))
		refcount_warn_saturate(r, REFCOUNT_SUB_UAF);
	return false;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	return refcount_sub_and_test(1, r);
}

/* The caller knows that it is not the last. */
static inline void refcount_dec(refcount_t *r)
{
	/* refcount/A: pairs with refcount_sub_and_test() */
	if (unlikely(atomic_fetch_sub_release(1, &r->refs) <= 1))
		refcount_warn_saturate(r, REFCOUNT_DEC_LEAK);
}

/* Return: true if it was 1 and is 0 now. */
static inline bool refcount_dec_if_one(refcount_t *r)
{
	int val = 1;

	/* refcount/A: pairs with refcount_sub_and_test() */
	return atomic_try_cmpxchg_release(&r->refs, &val, 0);
}

/* Return: true unless it was 1. */
static inline bool refcount_dec_not_one(refcount_t *r)
{
	int new, old = atomic_read(&r->refs);

	do {
		if (unlikely(old == REFCOUNT_SATURATED))
			return true;
		if (old == 1)
			return false;
		new = old - 1;
		if (unlikely(new > old || old == 0)) {
			refcount_warn_saturate(r, REFCOUNT_SUB_UAF);
			return true;
		}
		/* refcount/A: pairs with refcount_sub_and_test() */
	} while (!atomic_try_cmpxchg_release(&r->refs, &old, new));
	return true;
}

#endif
