/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * refcount_t, when a count went wrong. The contract is <locking/refcount.h>.
 *
 * The increment has happened already, with a wrapped or resurrected count, when
 * the check sees it. Between it and the store below others may go on counting;
 * the saturated value lies so far from both ends that 2^30 of them are needed
 * to get back to a value that looks good.
 */
#include <locking/port.h>
#include <locking/refcount.h>

static const char *const what[] = {
	[REFCOUNT_ADD_OVF] = "saturated; leaking memory",
	[REFCOUNT_ADD_UAF] = "addition on 0; use-after-free",
	[REFCOUNT_SUB_UAF] = "underflow; use-after-free",
	[REFCOUNT_DEC_LEAK] = "decrement hit 0; leaking memory",
};

static atomic_t errors[ARRAY_SIZE(what)];
static atomic_t expected;

void refcount_expect_errors(bool on)
{
	atomic_set(&expected, on);
}

unsigned int refcount_error_count(enum refcount_error error)
{
	return atomic_read(&errors[error]);
}

void refcount_warn_saturate(refcount_t *r, enum refcount_error error)
{
	refcount_set(r, REFCOUNT_SATURATED);
	if (atomic_fetch_inc_relaxed(&errors[error]) == 0 && !atomic_read(&expected))
		port_warn("refcount_t %p: %s", (void *)r, what[error]);
}
