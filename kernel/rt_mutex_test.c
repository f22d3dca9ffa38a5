/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex with the scheduler: priority inversion with and without inheritance, chains
 * of tasks that really sleep, spinning and its end.
 */
#include "sched_test.h"
#include <kernel/bug.h>
#include <kernel/wait.h>
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/rt_spinlock.h>

static bool sleeps(struct task_struct *p)
{
	return !READ_ONCE(p->on_rq) && !READ_ONCE(p->on_cpu);
}

static bool is_queued(struct task_struct *p)
{
	unsigned long flags;
	bool queued;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	queued = p->pi_blocked_on != NULL;
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return queued;
}

/* ---- inversion: L holds, H waits, M runs; all on one CPU --------------------------------- */

#define M_TICKS		5	/* how long M runs, if nobody stops it */

static struct inversion {
	bool inherits;
	struct rt_mutex lock;
	struct wait_queue_head queue;	/* of the lock without inheritance */
	bool held;
	struct task_struct *low, *middle, *high;
	unsigned int cpu;
	bool low_has, high_tries;
	/* results */
	u64 middle_turns;
	bool middle_done, high_has;
	u64 turns_before_high;		/* M's, when H got the lock */
	bool middle_was_done;
	u64 waited_ns;
} inv;

static void inv_lock(void)
{
	if (inv.inherits)
		rt_mutex_lock(&inv.lock);
	else
		wait_event(inv.queue, !xchg(&inv.held, true));
}

static void inv_unlock(void)
{
	if (inv.inherits) {
		rt_mutex_unlock(&inv.lock);
		return;
	}
	smp_store_release(&inv.held, false);
	wake_up(&inv.queue);
}

static int low_holds(void *unused)
{
	inv_lock();
	WRITE_ONCE(inv.low_has, true);
	/* As urgent as H once it is queued, we may run before H is off the CPU. */
	while (!READ_ONCE(inv.high_tries) ||
	       !(inv.inherits ? is_queued(inv.high) : sleeps(inv.high))) {
		cpu_relax();
		cond_resched();		/* for preempt=none */
	}
	inv_unlock();
	return 0;
}

static int middle_runs(void *unused)
{
	u64 end = tick_count_cpu(inv.cpu) + M_TICKS;

	while (!READ_ONCE(inv.high_has) && tick_count_cpu(inv.cpu) < end) {
		WRITE_ONCE(inv.middle_turns, inv.middle_turns + 1);
		cpu_relax();
		cond_resched();
	}
	WRITE_ONCE(inv.middle_done, true);
	return 0;
}

static int high_waits(void *unused)
{
	u64 begin = ktime_get_ns();

	WRITE_ONCE(inv.high_tries, true);
	inv_lock();
	inv.turns_before_high = READ_ONCE(inv.middle_turns);
	inv.middle_was_done = READ_ONCE(inv.middle_done);
	inv.waited_ns = ktime_get_ns() - begin;
	WRITE_ONCE(inv.high_has, true);
	inv_unlock();
	return 0;
}

/* We are the most urgent of all on that CPU: what we wake runs when we sleep. */
static void invert(struct selftest *t, bool inherits)
{
	unsigned int cpu = num_online_cpus() - 1;

	inv = (struct inversion){ .inherits = inherits, .cpu = cpu };
	rt_mutex_init(&inv.lock);
	init_waitqueue_head(&inv.queue);
	inv.low = test_thread_on(low_holds, NULL, cpu, "low");
	inv.middle = test_thread_on(middle_runs, NULL, cpu, "middle");
	inv.high = test_thread_on(high_waits, NULL, cpu, "high");
	if (!EXPECT(inv.low && inv.middle && inv.high))
		return;
	test_set_fifo(inv.low, SCHED_FIFO, 10);
	test_set_fifo(inv.middle, SCHED_FIFO, 20);
	test_set_fifo(inv.high, SCHED_FIFO, 30);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
	test_set_fifo(current, SCHED_FIFO, 90);

	wake_up_process(inv.low);
	EXPECT_SOON(READ_ONCE(inv.low_has));
	wake_up_process(inv.high);
	wake_up_process(inv.middle);
	EXPECT_SOON(READ_ONCE(inv.high_has) && READ_ONCE(inv.middle_done));
	test_set_normal();
	kthread_stop_put(inv.low);
	kthread_stop_put(inv.middle);
	kthread_stop_put(inv.high);
	selftest_note(t, "%s inheritance: waited %llu us, M ran %llu turns meanwhile",
		      inherits ? "with" : "without", inv.waited_ns / 1000,
		      inv.turns_before_high);
}

SELFTEST(rt_mutex, without_inheritance_a_third_task_delays_the_urgent_one, .timeout_ms = 30000)
{
	invert(t, false);
	EXPECT(inv.middle_was_done);
	EXPECT(inv.turns_before_high > 0);
}

SELFTEST(rt_mutex, with_inheritance_it_does_not_run_at_all, .timeout_ms = 30000)
{
	invert(t, true);
	EXPECT(!inv.middle_was_done);
	EXPECT_EQ(inv.turns_before_high, 0);
}

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
		EXPECT_SOON(READ_ONCE(links[i].has) && sleeps(links[i].task));
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
	EXPECT_SOON(is_queued(waiter));
	return waiter;
}

SELFTEST(rt_mutex, nobody_spins_on_an_owner_that_sleeps, .min_cpus = 3, .timeout_ms = 30000)
{
	struct task_struct *owner, *waiter = start_pair(t, true, &owner);

	if (!waiter)
		return;
	EXPECT_SOON(sleeps(waiter));
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
	EXPECT(is_queued(waiter));
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
	EXPECT_SOON(sleeps(mover));
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
