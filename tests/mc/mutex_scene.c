/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mutex under the checker, in scenes: 0 holds it, 1 sleeps in line and has asked
 * for the hand-over, 2 comes along. Thread 0 releases.
 *
 *	SCENE=1		2 takes it if it can: it must not
 *	SCENE=2		2 queues behind 1
 *	SCENE=3		1 waits interruptibly, 2 interrupts it: the hand-over finds 1 or nobody
 *	SCENE=4		1 has not asked yet, and 0 takes it once more; there is no 2
 *
 * What it shows: what was promised to the first in line is not taken from it; the mutex
 * goes on from each to the next, and in the end is free.
 *
 * Thread 1 begins asleep: its waiter is in the list. That and all waiters are memory
 * that wait_lock protects: not events.
 *
 * Built with -DN=threads -DSCENE=n.
 */
#include <locking/../../sleep/mutex.c>

static struct mutex lock;
static struct mutex_waiter first;
static u32 counter, inside[N];

static void setup(void)
{
	lock = (struct mutex)__MUTEX_INITIALIZER(lock);
	lock.owner.counter = (long)&port_tasks[0] | MUTEX_FLAG_WAITERS |
			     (SCENE == 4 ? 0 : MUTEX_FLAG_HANDOFF);
	first = (struct mutex_waiter){ .task = &port_tasks[1] };
	list_add_tail(&first.list, &lock.wait_list);
	port_tasks[1].__state = SCENE == 3 ? TASK_INTERRUPTIBLE : TASK_UNINTERRUPTIBLE;
}

static void count(unsigned int t)
{
	PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
	WRITE_ONCE(inside[t], READ_ONCE(inside[t]) + 1);
}

/* From its sleep on: as mutex_lock_common() does it. */
static void wake_in_line(unsigned int state)
{
	bool head;
	int ret;

	schedule();
	raw_spin_lock(&lock.wait_lock);
	ret = sleep_in_line(&lock, state, false, NULL, &first, &head);
	__set_current_state(TASK_RUNNING);
	mutex_remove_waiter(&lock, &first);
	raw_spin_unlock(&lock.wait_lock);
	if (ret)
		return;
	count(1);
	mutex_unlock(&lock);
}

static void come_along(void)
{
	if (SCENE == 3)
		kthread_interrupt(&port_tasks[1]);
	if (SCENE == 1 && !mutex_trylock(&lock))
		return;
	if (SCENE == 2)
		mutex_lock(&lock);
	if (SCENE != 3) {
		mc_assert(READ_ONCE(inside[1]));
		count(2);
		mutex_unlock(&lock);
	}
}

static void thread(unsigned int t)
{
	WRITE_ONCE(inside[t], 0);
	if (t == 0) {
		count(0);
		mutex_unlock(&lock);
		if (SCENE == 4) {
			mutex_lock(&lock);
			count(0);
			mutex_unlock(&lock);
		}
	} else if (t == 1) {
		wake_in_line(SCENE == 3 ? TASK_INTERRUPTIBLE : TASK_UNINTERRUPTIBLE);
	} else {
		come_along();
	}
}

static void final(void)
{
	u32 sum = 0;

	for (unsigned int t = 0; t < N; t++)
		sum += (u32)mc_final(&inside[t]);
	mc_assert(mc_final(&counter) == sum);
	mc_assert(SCENE == 3 || mc_final(&inside[1]));
	mc_assert(SCENE != 2 || mc_final(&inside[N - 1]));
	mc_assert(mc_final(&lock.owner.counter) == 0 && list_empty(&lock.wait_list));
}

struct mc_client mc_client = {
	.name = "mutex_scene", .nr_threads = N,
	.setup = setup, .thread = thread, .final = final,
};
