/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * refcount_t: counts while it is sane, and sticks when it is not.
 */
#include <locking/refcount.h>
#include <locking/testing.h>

SELFTEST(refcount, counts_to_zero_once, .contexts = CTX_ALL)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_inc(&r);
	refcount_add(3, &r);
	EXPECT_EQ(refcount_read(&r), 5);
	EXPECT(refcount_inc_not_zero(&r));
	refcount_dec(&r);
	EXPECT(!refcount_sub_and_test(4, &r));
	EXPECT(!refcount_dec_not_one(&r));
	EXPECT(refcount_dec_if_one(&r));
	EXPECT(!refcount_dec_if_one(&r));
	EXPECT(!refcount_inc_not_zero(&r));
	refcount_set(&r, 1);
	EXPECT(refcount_dec_and_test(&r));
}

/* Does @op saturate @r from @start, and count as @error? */
#define EXPECT_SATURATES(start, error, op)				\
	do {								\
		unsigned int before = refcount_error_count(error);	\
									\
		refcount_set(&r, start);				\
		op;							\
		EXPECT_EQ((int)refcount_read(&r), REFCOUNT_SATURATED);	\
		EXPECT_EQ(refcount_error_count(error), before + 1);	\
	} while (0)

SELFTEST(refcount, saturates_instead_of_wrapping)
{
	refcount_t r;

	refcount_expect_errors(true);
	EXPECT_SATURATES(REFCOUNT_MAX, REFCOUNT_ADD_OVF, refcount_inc(&r));
	EXPECT_SATURATES(REFCOUNT_MAX, REFCOUNT_ADD_OVF, EXPECT(refcount_inc_not_zero(&r)));
	EXPECT_SATURATES(0, REFCOUNT_ADD_UAF, refcount_inc(&r));
	EXPECT_SATURATES(0, REFCOUNT_SUB_UAF, EXPECT(!refcount_dec_and_test(&r)));
	EXPECT_SATURATES(1, REFCOUNT_SUB_UAF, EXPECT(!refcount_sub_and_test(2, &r)));
	EXPECT_SATURATES(0, REFCOUNT_SUB_UAF, EXPECT(refcount_dec_not_one(&r)));
	EXPECT_SATURATES(1, REFCOUNT_DEC_LEAK, refcount_dec(&r));
	EXPECT_SATURATES(REFCOUNT_SATURATED, REFCOUNT_ADD_OVF, refcount_inc(&r));
	EXPECT_SATURATES(REFCOUNT_SATURATED, REFCOUNT_SUB_UAF, EXPECT(!refcount_dec_and_test(&r)));
	EXPECT(refcount_dec_not_one(&r));
	refcount_expect_errors(false);
}

struct object {
	refcount_t refs;
	unsigned long data[NR_CPUS];	/* each CPU's own, read by who drops the last */
	unsigned long seen;
	atomic_t freed;
};

static void use_and_put(unsigned int index, void *arg)
{
	struct object *o = arg;

	o->data[index] = index + 1;
	if (refcount_dec_and_test(&o->refs)) {
		atomic_inc(&o->freed);
		for (unsigned int i = 0; i < NR_CPUS; i++)
			o->seen += o->data[i];
	}
}

SELFTEST(refcount, the_last_one_sees_what_all_did)
{
	static struct object o;
	unsigned int n = test_cpus(NR_CPUS);

	for (int i = 0; i < (n > 8 ? 2 : 20); i++) {
		__builtin_memset(&o, 0, sizeof(o));
		refcount_set(&o.refs, (int)n);
		test_on_cpus(n, use_and_put, &o);
		EXPECT_EQ(atomic_read(&o.freed), 1);
		EXPECT_EQ(o.seen, (unsigned long)n * (n + 1) / 2);
	}
}
