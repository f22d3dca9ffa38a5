/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex under the checker.
 *
 *	SCENE=0		all threads count under one lock, nobody holds it at first
 *	SCENE=1		thread 0 holds it, and has waiters; it releases
 *	SCENE=3		as 1, and thread 1 may give up: its time is up
 *	SCENE=2		three tasks, two locks: 1 holds A, 2 holds B.
 *			0, the most urgent, takes A; 1 takes B; 2 releases B
 *	SCENE=4		a cycle: 0 holds A and wants B, 1 holds B and wants A, each until its
 *			time is up: one of them is refused, after a walk that ends by itself
 *	SCENE=5		0 has found bit 0 set by one who looked and left, and releases by the
 *			slow path; the others come meanwhile
 *	SCENE=6		the same, and 1 has just given up waiting: it is to clear bit 0
 *	SCENE=7		0 wants what it holds: that is refused without a walk
 *	SCENE=8		0 keeps it; 1 waits interruptibly, is woken for nothing, and interrupted
 *
 * What it shows: mutual exclusion, what the last holder wrote is seen, no wake-up is
 * lost, the owner's word is clean and every priority its own in the end. In scene 2
 * the chain 0 -> A -> 1 -> B -> 2 is made, walked and taken apart in every order.
 *
 * The waiters' trees are memory that wait_lock and pi_lock protect: not events.
 *
 * Built with -DN=threads -DSCENE=n; INTR=1: thread 1's wait is interrupted by 2; TRY=1: 2
 * only tries.
 */
#include <locking/rt_mutex_waiter.h>

#ifndef INTR
#define INTR	0
#endif

static struct rt_mutex a, b;
static u32 counter_a, counter_b;
static u32 got[N];

/* What setup() may not do by mc_store(): the first value of a location is memory's. */
static void holds(struct rt_mutex *l, unsigned int t)
{
	l->rtmutex.owner = &port_tasks[t];
}

static void setup(void)
{
	rt_mutex_init(&a);
	rt_mutex_init(&b);
	for (unsigned int t = 0; t < N; t++)
		port_tasks[t].prio = port_tasks[t].normal_prio = 10 + 10 * (int)t;
	if (SCENE == 1 || SCENE == 3 || SCENE >= 5)
		holds(&a, 0);
	if (SCENE == 6)
		a.rtmutex.owner = (void *)((unsigned long)a.rtmutex.owner | RT_MUTEX_HAS_WAITERS);
	if (SCENE == 2) {
		holds(&a, 1);
		holds(&b, 2);
	}
	if (SCENE == 4) {
		max_lock_depth = 3;
		holds(&a, 0);
		holds(&b, 1);
	}
}

static void count(u32 *counter, unsigned int t)
{
	PLAIN_WRITE(*counter, PLAIN_READ(*counter) + 1);
	WRITE_ONCE(got[t], READ_ONCE(got[t]) + 1);
}

static void lock_count(struct rt_mutex *l, u32 *counter, unsigned int t)
{
	static const ktime_t deadline = 1;

	if ((INTR || SCENE == 3) && t == 1) {
		if (SCENE == 3 ? rt_mutex_timed_lock(l, &deadline)
			       : rt_mutex_lock_interruptible(l))
			return;
	} else if (IS_ENABLED(TRY) && t == 2) {
		if (!rt_mutex_trylock(l))
			return;
	} else {
		rt_mutex_lock(l);
	}
	count(counter, t);
	rt_mutex_unlock(l);
}

/* Refused, or too late: lets go of its own, so that the other one gets on. */
static void close_cycle(unsigned int t)
{
	static const ktime_t deadline = 1;
	struct rt_mutex *own = t ? &b : &a, *other = t ? &a : &b;
	int ret = rt_mutex_timed_lock(other, &deadline);

	mc_assert(!ret || ret == -EDEADLK || ret == -ETIMEDOUT);
	if (!ret) {
		count(t ? &counter_a : &counter_b, t);
		rt_mutex_unlock(other);
	}
	rt_mutex_unlock(own);
}

/* The last lines of rt_mutex_slowlock_locked(), wait_lock having been dropped before. */
static void clean_up(void)
{
	raw_spin_lock(&a.rtmutex.wait_lock);
	fixup_rt_mutex_waiters(&a.rtmutex);
	raw_spin_unlock(&a.rtmutex.wait_lock);
}

static void release_slowly(void)
{
	count(&counter_a, 0);
	if (SCENE == 7)
		mc_assert(rt_mutex_lock_interruptible(&a) == -EDEADLK);
	rt_mutex_unlock_slow(&a.rtmutex);
}

static void thread(unsigned int t)
{
	if (SCENE == 4) {
		close_cycle(t);
		return;
	}
	if (SCENE == 8) {
		if (t) {
			mc_assert(rt_mutex_lock_interruptible(&a) == -EINTR);
		} else {
			wake_up_process(&port_tasks[1]);
			kthread_interrupt(&port_tasks[1]);
		}
		return;
	}
	if (SCENE >= 5 && t == 0) {
		release_slowly();
		return;
	}
	if (SCENE == 6) {
		clean_up();
		return;
	}
	if (SCENE == 2) {
		if (t == 0) {
			lock_count(&a, &counter_a, t);
		} else if (t == 1) {
			lock_count(&b, &counter_b, t);
			count(&counter_a, t);
			rt_mutex_unlock(&a);
		} else {
			count(&counter_b, t);
			rt_mutex_unlock(&b);
		}
		return;
	}
	if (INTR && t == 2) {
		kthread_interrupt(&port_tasks[1]);
		return;
	}
	if ((SCENE == 1 || SCENE == 3) && t == 0) {
		count(&counter_a, t);
		rt_mutex_unlock(&a);
		return;
	}
	lock_count(&a, &counter_a, t);
}

static void final(void)
{
	u32 sum = 0;

	for (unsigned int t = 0; t < N; t++)
		sum += (u32)mc_final(&got[t]);
	mc_assert(mc_final(&counter_a) + (SCENE == 2 || SCENE == 4 ? mc_final(&counter_b) : 0) == sum);
	mc_assert(mc_final(&a.rtmutex.owner) == (SCENE == 8 ? (u64)&port_tasks[0] : 0));
	mc_assert(!rb_first_cached(&a.rtmutex.waiters) && !rb_first_cached(&b.rtmutex.waiters));
	if (SCENE == 2)
		mc_assert(!mc_final(&b.rtmutex.owner) && sum == 4);
	for (unsigned int t = 0; t < N; t++) {
		mc_assert(!port_tasks[t].pi_blocked_on && !port_tasks[t].pi_top_task);
		mc_assert(!rb_first_cached(&port_tasks[t].pi_waiters));
	}
}

struct mc_client mc_client = {
	.name = "rt_mutex", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
