/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_spinlock under the checker: a lock that sleeps inside another sleep. Thread 0 waits
 * for a condition, and takes the lock between its state and its schedule(); thread 1
 * holds the lock, and makes the condition true.
 *
 *	SCENE=1		1 makes it true, wakes 0, and releases: the two wake-ups cross
 *	SCENE=2		1 releases, then makes it true and wakes 0
 *	SCENE=3		1 makes it true and wakes 0, while 2 holds the lock, and releases
 *
 * What it shows: neither wake-up is lost, the lock's nor the condition's; the state that
 * was put aside comes back; mutual exclusion. The waiters' trees are no events, as in
 * rt_mutex.c.
 *
 * Built with -DN=threads -DSCENE=n.
 */
#include <locking/rt_mutex_waiter.h>
#include <locking/rt_spinlock.h>

static struct rt_spinlock lock;
static u32 counter, ready;

static void setup(void)
{
	rt_spin_lock_init(&lock);
	lock.lock.owner = &port_tasks[N - 1];
}

static void count(void)
{
	PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
}

static void locked_count(void)
{
	rt_spin_lock(&lock);
	count();
	rt_spin_unlock(&lock);
}

/* Its look is before the lock, or after it: if it finds nothing, a wake-up must come. */
static void wait_until_ready(void)
{
	bool early = mc_choose(2), seen;

	set_current_state(TASK_UNINTERRUPTIBLE);
	if (early)
		seen = READ_ONCE(ready);
	locked_count();
	if (!early)
		seen = READ_ONCE(ready);
	if (!seen)
		schedule();
	__set_current_state(TASK_RUNNING);
	smp_rmb();
	mc_assert(READ_ONCE(ready));
}

static void make_ready(void)
{
	WRITE_ONCE(ready, 1);
	wake_up_process(&port_tasks[0]);
}

static void thread(unsigned int t)
{
	if (t == 0)
		wait_until_ready();
	if (t == 1 && SCENE != 2)
		make_ready();
	if (t == N - 1) {
		count();
		rt_spin_unlock(&lock);
		if (SCENE == 2)
			make_ready();
	}
}

static void final(void)
{
	mc_assert(mc_final(&counter) == 2);
	mc_assert(!mc_final(&lock.lock.owner) && !rb_first_cached(&lock.lock.waiters));
	for (unsigned int t = 0; t < N; t++) {
		mc_assert(mc_final(&port_tasks[t].__state) == TASK_RUNNING);
		mc_assert(!port_tasks[t].saved_state && !port_tasks[t].pi_blocked_on);
	}
}

struct mc_client mc_client = {
	.name = "rt_spinlock", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
