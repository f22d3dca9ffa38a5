/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Condition variable, in the kernel and on pthreads: a bounded buffer of one.
 */
#include <locking/condvar.h>
#include <locking/testing.h>

#define ITEMS	300

static DEFINE_MUTEX(mutex);
static DEFINE_CONDVAR(full);
static DEFINE_CONDVAR(empty);
static unsigned int items, taken;

static void put(void)
{
	mutex_lock(&mutex);
	while (items)
		condvar_wait(&empty, &mutex);
	items++;
	condvar_signal(&full);
	mutex_unlock(&mutex);
}

static void get(bool impatient)
{
	mutex_lock(&mutex);
	while (!items) {
		if (impatient)
			(void)condvar_wait_timeout(&full, &mutex, 1);
		else
			condvar_wait(&full, &mutex);
	}
	items--;
	taken++;
	mutex_unlock(&mutex);
	condvar_signal(&empty);
}

static void put_or_get(unsigned int cpu, void *arg)
{
	for (unsigned int i = 0; i < ITEMS; i++) {
		if (cpu % 2)
			get(cpu == 3);
		else
			put();
	}
}

SELFTEST(condvar, producers_and_consumers_lose_nothing, .min_cpus = 2, .timeout_ms = 60000)
{
	unsigned int cpus = test_cpus(4) & ~1U;

	items = taken = 0;
	test_on_cpus(cpus, put_or_get, NULL);
	EXPECT_EQ(taken, ITEMS * (cpus / 2));
	EXPECT_EQ(items, 0);
	EXPECT(!waitqueue_active(&full.wait) && !waitqueue_active(&empty.wait));
}

static void wait_for_start(unsigned int cpu, void *arg)
{
	mutex_lock(&mutex);
	if (cpu == 0) {
		items = 1;
		condvar_broadcast(&full);
	}
	while (!items)
		condvar_wait(&full, &mutex);
	taken++;
	mutex_unlock(&mutex);
}

SELFTEST(condvar, a_broadcast_reaches_all, .timeout_ms = 60000)
{
	unsigned int cpus = test_cpus(6);

	items = taken = 0;
	test_on_cpus(cpus, wait_for_start, NULL);
	EXPECT_EQ(taken, cpus);
	items = 0;
}

SELFTEST(condvar, an_interrupt_or_the_time_ends_the_wait)
{
	mutex_lock(&mutex);
	EXPECT_EQ(condvar_wait_timeout(&full, &mutex, 1), -ETIME);
	kthread_interrupt(current);
	EXPECT_EQ(condvar_wait_interruptible(&full, &mutex), -EINTR);
	kthread_flush_signals();
	EXPECT(mutex_get_owner(&mutex) == current);
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
	mutex_unlock(&mutex);
	EXPECT(!waitqueue_active(&full.wait));
}
