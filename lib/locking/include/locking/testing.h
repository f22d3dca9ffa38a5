/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a foo_test.c needs, in every world: SELFTEST(), EXPECT(), EXPECT_EQ(),
 * SELFTEST_SKIP() as <kernel/selftest.h> describes them, and threads.
 *
 *	test_cpus(max)		how many CPUs a test may use, at most @max
 *	test_on_cpus(n, fn, x)	fn(0, x) .. fn(n - 1, x) at once, each on a CPU of
 *				its own; returns when all have returned
 *	test_budget_over()	has this test_on_cpus() run long enough? A bound for
 *				slow hosts, never something to assert
 *	test_in_context(c, fn, x)	fn(x) here, in context c, on top of the caller;
 *				false if it cannot be
 *	test_contexts()		how many contexts there are, from task up: not every
 *				machine has NMIs
 *	test_set_prio(p, prio)	0 .. 98 real-time, 100 .. 139 fair; see task_prio()
 *	test_puppet(i, prio)	a task that never runs, for others to act for: the same
 *				for the same @i, below TEST_PUPPETS; NULL without memory
 *	test_put_puppets()	at the end: none is anywhere any more
 *	test_want_resched(on)	this CPU acts, towards optimistic spinning, as if a
 *				reschedule were wanted. Preemption off.
 *	waits_for_rt_mutex(p)	is it in the line of one, or of what is made of one?
 *	nap()			sleep a jiffy
 *	sleep_until(c)		sleep until c holds; the case's timeout bounds it
 *
 * Linux: none; cf. kernel/locking/locktorture.c
 */
#ifndef LOCKING_TESTING_H
#define LOCKING_TESTING_H

#include <locking/port.h>
#include <locking/spinlock.h>
#include <locking/task.h>

unsigned int test_cpus(unsigned int max);
unsigned int test_contexts(void);
void test_on_cpus(unsigned int n, void (*fn)(unsigned int index, void *arg), void *arg);
bool test_budget_over(void);
void test_want_resched(bool on);
#define TEST_PUPPETS	128
struct task_struct *test_puppet(unsigned int i, int prio);
void test_put_puppets(void);
void test_set_prio(struct task_struct *p, int prio);
bool test_in_context(enum context ctx, void (*fn)(void *arg), void *arg);

static inline void nap(void)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(1);
}

#define sleep_until(cond)						\
	do {								\
		while (!(cond))						\
			nap();						\
	} while (0)

static inline bool waits_for_rt_mutex(struct task_struct *p)
{
	unsigned long flags;
	bool waits;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	waits = p->pi_blocked_on != NULL;
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return waits;
}

#if defined(PORT_CHECK)
#include "../../port/check/testing.h"
#elif defined(PORT_PTHREAD)
#include "../../port/pthread/testing.h"
#else
#include "../../port/kernel/testing.h"
#endif

#endif
