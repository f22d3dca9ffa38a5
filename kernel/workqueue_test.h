/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of workqueues share: a job, a work that notes how it was run.
 *
 *	runs, inside, twice	how often it ended, runs now, met itself
 *	cpu, at, in_task ...	of its last run
 *	gated, entered, open	with gated it tells that it runs, and waits to be let go
 */
#ifndef KERNEL_WORKQUEUE_TEST_H
#define KERNEL_WORKQUEUE_TEST_H

#include <kernel/workqueue.h>
#include <locking/atomic.h>

struct job {
	struct work_struct work;
	struct delayed_work dwork;	/* one of the two is used */
	atomic_t runs, inside, twice;
	unsigned int cpu;
	bool gated, entered, open;
	bool in_task, is_worker;
	int again;			/* queues itself that often; -1: for ever */
	struct workqueue_struct *wq;
	unsigned long at;
};

/* Of system_wq, on the stack, not gated. */
void setup_job(struct job *j);

static inline int runs(struct job *j)
{
	return atomic_read(&j->runs);
}

#endif
