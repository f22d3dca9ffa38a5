/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_spinlock and rt_rwlock, what their callers must not: sleep inside, be an interrupt.
 * Both are reported in every configuration.
 */
#include "sched_test.h"
#include <kernel/context.h>
#include <locking/rt_spinlock.h>
#include <locking/rwbase_rt.h>

static unsigned int reports_of_might_sleep(void)
{
	unsigned int reports;

	/* Expected on this CPU, and on no other from then on. */
	migrate_disable();
	port_expect_reports(true);
	might_sleep();
	reports = port_reports();
	port_expect_reports(false);
	migrate_enable();
	return reports;
}

/* The lock taken last is let go first, or last. */
SELFTEST(rt_spinlock, a_holder_that_may_sleep_is_reported)
{
	struct rt_rwlock rw = { .rwbase = __RWBASE_INITIALIZER(rw.rwbase) };
	DEFINE_RT_SPINLOCK(a);

	rt_spin_lock(&a);
	EXPECT_EQ(reports_of_might_sleep(), 1);
	EXPECT(strstr(port_report_text(), ", inside "));
	rt_read_lock(&rw);
	cond_resched();
	rt_spin_unlock(&a);
	EXPECT_EQ(reports_of_might_sleep(), 1);
	rt_read_unlock(&rw);
	EXPECT_EQ(reports_of_might_sleep(), 0);
}

struct tries {
	struct rt_rwlock rw;
	struct rt_spinlock lock;
	unsigned int reports;
};

/* Survived, each of them succeeds. */
static void try_all(void *arg)
{
	struct tries *tries = arg;

	port_expect_reports(true);
	if (rt_spin_trylock(&tries->lock))
		rt_spin_unlock(&tries->lock);
	if (rt_read_trylock(&tries->rw))
		rt_read_unlock(&tries->rw);
	if (rt_write_trylock(&tries->rw))
		rt_write_unlock(&tries->rw);
	tries->reports = port_reports();
	port_expect_reports(false);
}

SELFTEST(rt_spinlock, a_trylock_in_an_interrupt_is_reported)
{
	struct tries tries = { .rw.rwbase = __RWBASE_INITIALIZER(tries.rw.rwbase) };

	rt_spin_lock_init(&tries.lock);
	pin_to(raw_smp_processor_id());
	EXPECT_EQ(run_in_context(CTX_HARDIRQ, raw_smp_processor_id(), try_all, &tries), 0);
	unpin();
	EXPECT_EQ(tries.reports, 3);
}
