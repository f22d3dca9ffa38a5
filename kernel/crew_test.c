/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The crew of kernel/crew_test.h.
 *
 *	crew.started	members that run; by each
 *	crew.go		set once all members exist; by the caller
 *	crew.end	when members should stop, in ns; by the caller, before go
 *
 * Ordering: crew/A, go publishes end.
 */
#include <base/errno.h>
#include <kernel/clock.h>
#include <kernel/cpumask.h>
#include <kernel/kthread.h>
#include <kernel/timer.h>
#include <locking/atomic.h>
#include <locking/barrier.h>

#include "crew_test.h"

#define BUDGET_NS	(150 * 1000000ULL)

static struct {
	void (*fn)(unsigned int index, void *arg);
	void *arg;
	atomic_t started;
	bool go;
	u64 end;
} crew;

bool crew_time_over(void)
{
	return local_clock() > READ_ONCE(crew.end);
}

static int member(void *data)
{
	atomic_inc(&crew.started);
	/* crew/A: pairs with crew_run() */
	while (!smp_load_acquire(&crew.go))
		msleep(1);
	crew.fn((unsigned int)(uintptr_t)data, crew.arg);
	while (!kthread_should_stop())
		msleep(1);
	return 0;
}

unsigned int crew_run(void (*fn)(unsigned int index, void *arg), void *arg)
{
	static struct task_struct *members[NR_CPUS];
	unsigned int cpu, n = 0;

	crew.fn = fn;
	crew.arg = arg;
	crew.go = false;
	atomic_set(&crew.started, 0);
	for_each_online_cpu(cpu) {
		members[n] = kthread_run_on_cpu(member, (void *)(uintptr_t)n, cpu, "crew/%u");
		if (!IS_ERR(members[n]))
			n++;
	}
	while (atomic_read(&crew.started) != (int)n)
		msleep(1);
	crew.end = local_clock() + BUDGET_NS;
	/* crew/A: pairs with member() */
	smp_store_release(&crew.go, true);
	for (unsigned int i = 0; i < n; i++)
		kthread_stop(members[i]);
	return n;
}
