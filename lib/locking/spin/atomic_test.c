/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomics: every operation of every type against plain arithmetic, then at once
 * on all CPUs, where only an atomic one loses nothing.
 */
#include <locking/atomic.h>
#include <locking/testing.h>

/* One pair of operands on one type: what each operation returns and leaves behind. */
#define CHECK_OP(P, I, U, op, expr)					\
	do {								\
		P##_t v;						\
		I want = (I)(expr);					\
									\
		P##_set(&v, a);						\
		P##_##op(b, &v);					\
		EXPECT_EQ(P##_read(&v), want);				\
		CHECK_FETCH(P, op, );					\
		CHECK_FETCH(P, op, _relaxed);				\
		CHECK_FETCH(P, op, _acquire);				\
		CHECK_FETCH(P, op, _release);				\
	} while (0)
#define CHECK_FETCH(P, op, X)						\
	do {								\
		P##_set(&v, a);						\
		EXPECT_EQ(P##_fetch_##op##X(b, &v), a);			\
		EXPECT_EQ(P##_read(&v), want);				\
	} while (0)
#define CHECK_RETURN(P, I, op, X, expr)					\
	do {								\
		P##_t v;						\
									\
		P##_set(&v, a);						\
		EXPECT_EQ(P##_##op##_return##X(b, &v), (I)(expr));	\
		EXPECT_EQ(P##_read(&v), (I)(expr));			\
	} while (0)
#define CHECK_UNARY(P, I, U, X)						\
	do {								\
		P##_t v;						\
									\
		P##_set(&v, a);						\
		EXPECT_EQ(P##_inc_return##X(&v), (I)((U)a + 1));	\
		EXPECT_EQ(P##_fetch_inc##X(&v), (I)((U)a + 1));		\
		EXPECT_EQ(P##_fetch_dec##X(&v), (I)((U)a + 2));		\
		EXPECT_EQ(P##_dec_return##X(&v), a);			\
		EXPECT_EQ(P##_add_negative##X(b, &v), (I)((U)a + (U)b) < 0); \
		EXPECT_EQ(P##_read(&v), (I)((U)a + (U)b));		\
		P##_set(&v, a);						\
		EXPECT_EQ(P##_xchg##X(&v, b), a);			\
		EXPECT_EQ(P##_cmpxchg##X(&v, b, a), b);			\
		EXPECT_EQ(P##_read(&v), a);				\
		I other = (I)((U)a + 7);				\
		EXPECT_EQ(P##_cmpxchg##X(&v, other, b), a);		\
		EXPECT_EQ(P##_read(&v), a);				\
		EXPECT(!P##_try_cmpxchg##X(&v, &other, b));		\
		EXPECT_EQ(other, a);					\
		EXPECT(P##_try_cmpxchg##X(&v, &other, b));		\
		EXPECT_EQ(P##_read(&v), b);				\
	} while (0)

#define CHECK_TYPE(P, I, U)						\
static void check_##P##_pair(struct selftest *t, I a, I b)		\
{									\
	CHECK_OP(P, I, U, add, (U)a + (U)b);				\
	CHECK_OP(P, I, U, sub, (U)a - (U)b);				\
	CHECK_OP(P, I, U, and, a & b);					\
	CHECK_OP(P, I, U, or, a | b);					\
	CHECK_OP(P, I, U, xor, a ^ b);					\
	CHECK_OP(P, I, U, andnot, a & ~b);				\
	CHECK_RETURN(P, I, add, , (U)a + (U)b);				\
	CHECK_RETURN(P, I, add, _relaxed, (U)a + (U)b);			\
	CHECK_RETURN(P, I, add, _acquire, (U)a + (U)b);			\
	CHECK_RETURN(P, I, add, _release, (U)a + (U)b);			\
	CHECK_RETURN(P, I, sub, , (U)a - (U)b);				\
	CHECK_RETURN(P, I, sub, _relaxed, (U)a - (U)b);			\
	CHECK_RETURN(P, I, sub, _acquire, (U)a - (U)b);			\
	CHECK_RETURN(P, I, sub, _release, (U)a - (U)b);			\
	CHECK_UNARY(P, I, U, );						\
	CHECK_UNARY(P, I, U, _relaxed);					\
	CHECK_UNARY(P, I, U, _acquire);					\
	CHECK_UNARY(P, I, U, _release);					\
}									\
static void check_##P##_tests(struct selftest *t)			\
{									\
	P##_t v;							\
									\
	P##_set_release(&v, 2);						\
	EXPECT_EQ(P##_read_acquire(&v), 2);				\
	EXPECT_EQ(P##_cond_read_relaxed(&v, VAL > 1), 2);		\
	EXPECT_EQ(P##_cond_read_acquire(&v, VAL == 2), 2);		\
	EXPECT(!P##_dec_and_test(&v));					\
	EXPECT(P##_dec_and_test(&v));					\
	EXPECT(P##_add_negative(-1, &v));				\
	EXPECT(P##_inc_and_test(&v));					\
	EXPECT(!P##_add_negative(3, &v));				\
	EXPECT(!P##_sub_and_test(1, &v));				\
	EXPECT(P##_sub_and_test(2, &v));				\
	EXPECT(!P##_inc_not_zero(&v));					\
	EXPECT_EQ(P##_read(&v), 0);					\
	EXPECT(P##_inc_unless_negative(&v));				\
	EXPECT(P##_inc_not_zero(&v));					\
	EXPECT_EQ(P##_read(&v), 2);					\
	EXPECT_EQ(P##_fetch_add_unless(&v, 5, 2), 2);			\
	EXPECT_EQ(P##_read(&v), 2);					\
	EXPECT_EQ(P##_fetch_add_unless(&v, 5, 3), 2);			\
	EXPECT_EQ(P##_read(&v), 7);					\
	EXPECT(!P##_add_unless(&v, 1, 7));				\
	EXPECT(P##_add_unless(&v, -7, 1));				\
	EXPECT_EQ(P##_dec_if_positive(&v), -1);				\
	EXPECT_EQ(P##_read(&v), 0);					\
	EXPECT(P##_dec_unless_positive(&v));				\
	EXPECT(!P##_inc_unless_negative(&v));				\
	P##_set(&v, 1);							\
	EXPECT(!P##_dec_unless_positive(&v));				\
	EXPECT_EQ(P##_dec_if_positive(&v), 0);				\
	P##_inc(&v);							\
	P##_inc(&v);							\
	P##_dec(&v);							\
	EXPECT_EQ(P##_read(&v), 1);					\
}
CHECK_TYPE(atomic, int, unsigned int)
CHECK_TYPE(atomic64, s64, u64)
CHECK_TYPE(atomic_long, long, unsigned long)

SELFTEST(atomic, operations_are_arithmetic, .contexts = CTX_ALL)
{
	static const s64 values[] = {
		0, 1, -1, 5, 0x7fffffff, -0x7fffffff - 1, 0x123456789abcdefLL,
		0x7fffffffffffffffLL, -0x7fffffffffffffffLL - 1,
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(values); k++) {
			check_atomic_pair(t, (int)values[i], (int)values[k]);
			check_atomic64_pair(t, values[i], values[k]);
			check_atomic_long_pair(t, values[i], values[k]);
		}
	}
}

SELFTEST(atomic, tests_and_bounds_are_exact, .contexts = CTX_ALL)
{
	check_atomic_tests(t);
	check_atomic64_tests(t);
	check_atomic_long_tests(t);
}

SELFTEST(atomic, plain_words_of_every_size_exchange)
{
	u8 b = 1;
	u16 h = 1;
	u32 w = 1;
	u64 d = 1, expected = 3;
	void *p = &b, *nothing = NULL;

	EXPECT_EQ(xchg(&b, 200), 1);
	EXPECT_EQ(xchg_relaxed(&h, 60000), 1);
	EXPECT_EQ(cmpxchg_acquire(&w, 1, 0xfffffff0), 1);
	EXPECT_EQ(cmpxchg_release(&w, 1, 2), 0xfffffff0);
	EXPECT(!try_cmpxchg(&d, &expected, 9));
	EXPECT_EQ(expected, 1);
	EXPECT(try_cmpxchg(&d, &expected, 1ULL << 40));
	EXPECT_EQ(d, 1LL << 40);
	EXPECT_EQ(b, 200);
	EXPECT_EQ(h, 60000);
	EXPECT_EQ(w, 0xfffffff0);
	EXPECT(!try_cmpxchg(&p, &nothing, NULL));
	EXPECT(nothing == &b);
}

/* ---- all CPUs at once ---- */

#define ROUNDS	2000

struct tally {
	atomic_t add, sub, fetch, loop, unless;
	atomic64_t add64;
	atomic_t or, xor;
	atomic_t reached_zero;
	unsigned int n;
};

static void hammer(unsigned int index, void *arg)
{
	struct tally *c = arg;

	for (int i = 0; i < ROUNDS; i++) {
		int old = atomic_read(&c->loop);

		atomic_add(3, &c->add);
		if (atomic_dec_and_test(&c->sub))
			atomic_inc(&c->reached_zero);
		(void)atomic_fetch_inc_relaxed(&c->fetch);
		atomic64_add(1LL << 32, &c->add64);
		while (!atomic_try_cmpxchg(&c->loop, &old, old + 1))
			;
		atomic_add_unless(&c->unless, 1, 1000);
		atomic_xor(1 << (index % 31), &c->xor);
	}
	atomic_or(1 << (index % 31), &c->or);
}

SELFTEST(atomic, no_cpu_loses_an_update, .min_cpus = 2)
{
	unsigned int n = test_cpus(NR_CPUS);
	struct tally c = { .sub = ATOMIC_INIT((int)n * ROUNDS) };
	int all = ROUNDS * (int)n;

	test_on_cpus(n, hammer, &c);
	EXPECT_EQ(atomic_read(&c.add), 3 * all);
	EXPECT_EQ(atomic_read(&c.sub), 0);
	EXPECT_EQ(atomic_read(&c.reached_zero), 1);
	EXPECT_EQ(atomic_read(&c.fetch), all);
	EXPECT_EQ(atomic_read(&c.loop), all);
	EXPECT_EQ(atomic_read(&c.unless), 1000);
	EXPECT_EQ(atomic64_read(&c.add64), (s64)all << 32);
	EXPECT_EQ(atomic_read(&c.xor), 0);
	EXPECT_EQ((unsigned int)atomic_read(&c.or), n >= 31 ? 0x7fffffff : (1U << n) - 1);
}

/* ---- what barriers promise ---- */

struct store_buffer {
	int x, y;
	int seen[2];
	atomic_t phase;
	unsigned long both_old;
};

/* Dekker: with a full barrier between its store and its load, one sees the other's store. */
static void store_then_load(unsigned int index, void *arg)
{
	struct store_buffer *s = arg;

	for (int i = 1; i <= ROUNDS && (i < 10 || index || !test_budget_over()); i++) {
		if (index == 0) {
			WRITE_ONCE(s->x, 0);
			WRITE_ONCE(s->y, 0);
		}
		/* test/A: both start a round together */
		atomic_inc(&s->phase);
		smp_cond_load_acquire(&s->phase.counter, VAL >= 6 * i - 4 || VAL < 0);
		if (atomic_read(&s->phase) < 0)
			return;
		if (index == 0) {
			WRITE_ONCE(s->x, 1);
			smp_mb();
			s->seen[0] = READ_ONCE(s->y);
		} else {
			smp_store_mb(s->y, 1);
			s->seen[1] = READ_ONCE(s->x);
		}
		(void)atomic_fetch_inc(&s->phase);
		smp_cond_load_acquire(&s->phase.counter, VAL >= 6 * i - 2 || VAL < 0);
		if (index == 0)
			s->both_old += !s->seen[0] && !s->seen[1];
		(void)atomic_fetch_inc(&s->phase);
		smp_cond_load_acquire(&s->phase.counter, VAL >= 6 * i || VAL < 0);
	}
	if (index == 0)
		atomic_set(&s->phase, -0x40000000);
}

SELFTEST(atomic, a_full_barrier_orders_a_store_before_a_load, .min_cpus = 2)
{
	struct store_buffer s = { };

	test_on_cpus(2, store_then_load, &s);
	EXPECT_EQ(s.both_old, 0);
}
