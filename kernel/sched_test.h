/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the scheduler's tests share.
 */
#ifndef KERNEL_SCHED_TEST_H
#define KERNEL_SCHED_TEST_H

#include <kernel/kthread.h>
#include <kernel/selftest.h>
#include <kernel/timer.h>
#include "test_util.h"

/* Sleep until @cond, at most a scaled @ms. Return: whether it came true. */
#define WAIT_UNTIL(cond, ms)						\
	({								\
		unsigned long _end = jiffies + msecs_to_jiffies(selftest_scale_ms(ms)); \
		bool _true;						\
									\
		while (!(_true = (cond)) && time_before(jiffies, _end))	\
			test_nap();					\
		_true || (cond);					\
	})
#define EXPECT_SOON(cond)	EXPECT(WAIT_UNTIL(cond, 8000))

/* A new kthread, not yet awake; with a reference, for kthread_stop_put(). */
static inline struct task_struct *test_thread(int (*fn)(void *), void *arg, const char *name)
{
	struct task_struct *p = kthread_create(fn, arg, "%s", name);

	if (IS_ERR(p))
		return NULL;
	get_task_struct(p);
	return p;
}

static inline struct task_struct *test_thread_on(int (*fn)(void *), void *arg, unsigned int cpu,
						 const char *name)
{
	struct task_struct *p = test_thread(fn, arg, name);

	if (p)
		kthread_bind(p, cpu);
	return p;
}

static inline void test_set_fifo(struct task_struct *p, int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	WARN_ON(sched_setscheduler(p, policy, &param));
}

/* Off its CPU, and on no queue. */
static inline bool is_asleep(struct task_struct *p)
{
	return !READ_ONCE(p->on_rq) && !READ_ONCE(p->on_cpu);
}

/* The caller's policy and affinity as they were before. */
static inline void test_set_normal(void)
{
	sched_set_normal(current, 0);
	WARN_ON(set_cpus_allowed_ptr(current, cpu_possible_mask));
}

#endif
