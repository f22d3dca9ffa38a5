/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line for one wound/wait mutex under the checker: thread 0 holds it, and releases it;
 * thread 1 sleeps in line; thread 2, the oldest, comes along, and has to stand in front
 * of one that sleeps, or is just waking.
 *
 *	default		wound-wait: 1 is the youngest
 *	DIE		wait-die: 0 is, and 1 holds another mutex too. 2 keeps this one until
 *			1 has given up, or has had it
 *
 * What it shows: the mutex goes from each to the next, whoever is first; nobody is
 * refused, but 1 in a wait-die class as soon as 2 is before it, in the line or as the
 * owner; nothing is left behind.
 *
 * Waiters and contexts are memory that wait_lock protects: not events. See ww_mutex.c.
 *
 * Built with -DN=3, perhaps -DDIE.
 */
#include "ww_scene.h"
#include <locking/../../sleep/mutex.c>
#include <locking/../../sleep/ww_mutex_queue.c>

static struct ww_mutex lock;
static struct ww_acquire_ctx ctxs[N];
static struct mutex_waiter sleeper;
static u32 counter, outcome;

enum { HAD_IT = 1, GAVE_UP };

static const unsigned long age[] = { IS_ENABLED(DIE) ? 3 : 2, IS_ENABLED(DIE) ? 2 : 3, 1 };

static void setup(void)
{
	for (unsigned int t = 0; t < N; t++)
		ctxs[t] = (struct ww_acquire_ctx){
			.task = &port_tasks[t], .stamp = age[t], .is_wait_die = IS_ENABLED(DIE),
		};
	ctxs[0].acquired = 1;
	ctxs[1].acquired = IS_ENABLED(DIE);
	lock = (struct ww_mutex){ .base = __MUTEX_INITIALIZER(lock.base), .ctx = &ctxs[0] };
	lock.base.owner.counter = (long)&port_tasks[0] | MUTEX_FLAG_WAITERS;
	sleeper = (struct mutex_waiter){ .task = &port_tasks[1], .ww_ctx = &ctxs[1] };
	list_add_tail(&sleeper.list, &lock.base.wait_list);
	port_tasks[1].__state = TASK_UNINTERRUPTIBLE;
}

/* From its sleep on: as mutex_lock_common() does it. */
static int wake_in_line(void)
{
	const struct mutex_ww ww = {
		.ctx = &ctxs[1], .acquired = ww_acquired, .check_kill = ww_check_kill,
		.may_spin = ww_may_spin,
	};
	DEFINE_WAKE_Q(wake_q);
	bool first;
	int ret;

	schedule();
	raw_spin_lock(&lock.base.wait_lock);
	ret = sleep_in_line(&lock.base, TASK_UNINTERRUPTIBLE, false, &ww, &sleeper, &first);
	__set_current_state(TASK_RUNNING);
	mutex_remove_waiter(&lock.base, &sleeper);
	if (!ret)
		ww_acquired(&lock.base, &ctxs[1], !first, &wake_q);
	raw_spin_unlock(&lock.base.wait_lock);
	wake_up_q(&wake_q);
	return ret;
}

/* Until 1 has had it, or has given up. */
static void keep_it(void)
{
	for (;;) {
		port_await_begin();
		if (READ_ONCE(outcome))
			break;
		cpu_relax();
	}
}

static void thread(unsigned int t)
{
	int ret = t == 0 ? 0 : t == 1 ? wake_in_line() : ww_mutex_lock(&lock, &ctxs[2]);

	mc_assert(!ret || (ret == -EDEADLK && t == 1 && IS_ENABLED(DIE)));
	if (!ret) {
		PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
		if (IS_ENABLED(DIE) && t == 2)
			keep_it();
		ww_unlock_deeper(&lock);
	}
	if (t == 1)
		WRITE_ONCE(outcome, ret ? GAVE_UP : HAD_IT);
}

static void final(void)
{
	mc_assert(mc_final(&counter) + (mc_final(&outcome) == GAVE_UP) == N);
	mc_assert(mc_final(&lock.base.owner.counter) == 0 && !mc_final(&lock.ctx));
	for (unsigned int t = 0; t < N; t++)
		mc_assert(ctxs[t].acquired == (IS_ENABLED(DIE) && t == 1));
	mc_assert(list_empty(&lock.base.wait_list));
	for (unsigned int t = 0; t < N; t++)
		mc_assert(mc_final(&port_tasks[t].__state) == TASK_RUNNING);
}

struct mc_client mc_client = {
	.name = "ww_mutex_line", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
