/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex with the scheduler: chains of tasks that really sleep, spinning and its end,
 * and a holder of an rt_spinlock. Inversion: inversion_test.c.
 */
#include "sched_test.h"
#include <kernel/wait.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/rt_spinlock.h>
#include <locking/testing.h>

/* ---- chains of tasks that sleep ------------------------------------------------------------ */

#define MAX_LINKS	100

static struct link {
	struct rt_mutex lock;
	struct task_struct *task;
	bool has;			/* its own lock */
	int prio_after;			/* when it has released both */
} links[MAX_LINKS];
static DECLARE_WAIT_QUEUE_HEAD(last_link_wait);
static bool last_link_goes;
static unsigned int nr_links;

/* Hold lock i; wait for lock i + 1, the last one for a signal. */
static int hold_and_wait(void *arg)
{
	unsigned int i = (unsigned int)(unsigned long)arg;

	rt_mutex_lock(&links[i].lock);
	WRITE_ONCE(links[i].has, true);
	if (i + 1 == nr_links) {
		wait_event(last_link_wait, READ_ONCE(last_link_goes));
	} else {
		rt_mutex_lock(&links[i + 1].lock);
		rt_mutex_unlock(&links[i + 1].lock);
	}
	rt_mutex_unlock(&links[i].lock);
	links[i].prio_after = task_prio(current);
	return 0;
}

static int want_the_first(void *unused)
{
	rt_mutex_lock(&links[0].lock);
	rt_mutex_unlock(&links[0].lock);
	return 0;
}

static bool all_at(unsigned int n, int prio)
{
	for (unsigned int i = 0; i < n; i++)
		if (task_prio(links[i].task) != prio)
			return false;
	return true;
}

static bool start_links(struct selftest *t, unsigned int n)
{
	nr_links = n;
	WRITE_ONCE(last_link_goes, false);
	/* From the end, so that each finds the next one's lock held. */
	for (unsigned int i = n; i-- > 0;) {
		rt_mutex_init(&links[i].lock);
		links[i].has = false;
		links[i].task = test_thread(hold_and_wait, (void *)(unsigned long)i, "link");
		if (!EXPECT(links[i].task))
			return false;
		wake_up_process(links[i].task);
		EXPECT_SOON(READ_ONCE(links[i].has) && is_asleep(links[i].task));
	}
	return true;
}

static void one_chain(struct selftest *t, unsigned int n)
{
	struct task_struct *urgent = test_thread(want_the_first, NULL, "urgent");

	if (!EXPECT(urgent) || !start_links(t, n))
		return;
	test_set_fifo(urgent, SCHED_FIFO, 60);
	wake_up_process(urgent);
	EXPECT_SOON(all_at(n, 99 - 60));
	test_set_fifo(urgent, SCHED_FIFO, 80);
	EXPECT(all_at(n, 99 - 80));
	test_set_fifo(urgent, SCHED_FIFO, 20);
	EXPECT(all_at(n, 99 - 20));

	WRITE_ONCE(last_link_goes, true);
	wake_up(&last_link_wait);
	kthread_stop_put(urgent);
	for (unsigned int i = 0; i < n; i++) {
		kthread_stop_put(links[i].task);
		EXPECT_EQ(links[i].prio_after, DEFAULT_PRIO);
		EXPECT(!links[i].lock.rtmutex.owner);
	}
}

SELFTEST(rt_mutex, sleeping_chains_of_2_to_100_are_boosted_and_unwind, .timeout_ms = 120000)
{
	static const unsigned int lengths[] = { 2, 5, 20, MAX_LINKS };

	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++)
		one_chain(t, lengths[i]);
}

/* ---- spinning, and when it ends -------------------------------------------------------------- */

static struct {
	struct rt_mutex lock;
	bool owner_sleeps, release, has, arrived;
} spin;

static int own_until_told(void *unused)
{
	rt_mutex_lock(&spin.lock);
	WRITE_ONCE(spin.has, true);
	while (!READ_ONCE(spin.release)) {
		if (spin.owner_sleeps)
			schedule_timeout_uninterruptible(1);
		else
			cpu_relax();
		cond_resched();
	}
	rt_mutex_unlock(&spin.lock);
	return 0;
}

static int want_it(void *unused)
{
	rt_mutex_lock(&spin.lock);
	rt_mutex_unlock(&spin.lock);
	return 0;
}

static int note_arrival(void *unused)
{
	WRITE_ONCE(spin.arrived, true);
	return 0;
}

/* An owner on CPU 1 that runs or sleeps, a waiter on CPU 2. Return: the waiter, queued. */
static struct task_struct *start_pair(struct selftest *t, bool owner_sleeps,
				      struct task_struct **owner)
{
	struct task_struct *waiter = test_thread_on(want_it, NULL, 2, "waiter");

	*owner = test_thread_on(own_until_told, NULL, 1, "owner");
	spin = (typeof(spin)){ .owner_sleeps = owner_sleeps };
	rt_mutex_init(&spin.lock);
	if (!EXPECT(waiter && *owner))
		return NULL;
	wake_up_process(*owner);
	EXPECT_SOON(READ_ONCE(spin.has));
	wake_up_process(waiter);
	EXPECT_SOON(waits_for_rt_mutex(waiter));
	return waiter;
}

SELFTEST(rt_mutex, nobody_spins_on_an_owner_that_sleeps, .min_cpus = 3, .timeout_ms = 30000)
{
	struct task_struct *owner, *waiter = start_pair(t, true, &owner);

	if (!waiter)
		return;
	EXPECT_SOON(is_asleep(waiter));
	WRITE_ONCE(spin.release, true);
	kthread_stop_put(waiter);
	kthread_stop_put(owner);
}

SELFTEST(rt_mutex, a_spinner_leaves_its_cpu_to_one_that_is_more_urgent, .min_cpus = 3,
	 .timeout_ms = 30000)
{
	struct task_struct *owner, *waiter = start_pair(t, false, &owner), *other;

	if (!waiter)
		return;
	other = test_thread_on(note_arrival, NULL, 2, "other");
	if (!EXPECT(other))
		return;
	test_set_fifo(other, SCHED_FIFO, 50);
	wake_up_process(other);
	EXPECT_SOON(READ_ONCE(spin.arrived));
	EXPECT(waits_for_rt_mutex(waiter));
	WRITE_ONCE(spin.release, true);
	kthread_stop_put(other);
	kthread_stop_put(waiter);
	kthread_stop_put(owner);
}

/* ---- rt_spinlock: the holder --------------------------------------------------------------- */

static struct {
	struct rt_spinlock lock;
	bool has, arrived, release;
	unsigned int cpu_before, cpu_after, cpu_released;
} hold;

static int hold_rt_spinlock(void *unused)
{
	rt_spin_lock(&hold.lock);
	hold.cpu_before = raw_smp_processor_id();
	WRITE_ONCE(hold.has, true);
	while (!READ_ONCE(hold.release)) {
		cpu_relax();
		cond_resched();
	}
	hold.cpu_after = raw_smp_processor_id();
	rt_spin_unlock(&hold.lock);
	hold.cpu_released = raw_smp_processor_id();
	return 0;
}

static int arrive_on_top(void *unused)
{
	WRITE_ONCE(hold.arrived, true);
	return 0;
}

static int move_away(void *arg)
{
	return set_cpus_allowed_ptr(arg, cpumask_of(2));
}

SELFTEST(rt_spinlock, a_holder_is_preempted_and_stays_on_its_cpu, .min_cpus = 3,
	 .timeout_ms = 30000)
{
	struct task_struct *p = test_thread(hold_rt_spinlock, NULL, "holder");
	struct task_struct *top = test_thread_on(arrive_on_top, NULL, 1, "top");
	struct task_struct *mover = test_thread(move_away, p, "mover");

	if (!EXPECT(p && top && mover))
		return;
	memset(&hold, 0, sizeof(hold));
	rt_spin_lock_init(&hold.lock);
	EXPECT_EQ(set_cpus_allowed_ptr(p, cpumask_of(1)), 0);
	wake_up_process(p);
	EXPECT_SOON(READ_ONCE(hold.has));
	wake_up_process(mover);
	EXPECT_SOON(is_asleep(mover));
	test_set_fifo(top, SCHED_FIFO, 50);
	wake_up_process(top);
	EXPECT_SOON(READ_ONCE(hold.arrived));
	WRITE_ONCE(hold.release, true);
	kthread_stop_put(top);
	EXPECT_EQ(kthread_stop_put(mover), 0);
	kthread_stop_put(p);
	EXPECT_EQ(hold.cpu_before, 1);
	EXPECT_EQ(hold.cpu_after, 1);
	EXPECT_EQ(hold.cpu_released, 2);
}
