/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wound/wait mutexes under the checker: an owner by the fast path and a waiter that comes
 * at that moment. One sees the other, or the one that must give way never learns of it.
 *
 *	default		thread 0, the older, which holds another mutex, waits; 1 has it,
 *			and keeps it until it is wounded
 *	DIE		thread 1, the younger, which holds another mutex, waits; 0 has it,
 *			and keeps it until 1 has given up
 *
 * Either may also come second altogether. What it shows: ww/A and ww/B. As in ww_mutex.c
 * waiters are no events; CONFIG_PREEMPT_RT is the form made of rt_mutex; nobody spins.
 *
 * Built with -DN=2, perhaps -DDIE.
 */
#include <base/errno.h>
#include "ww_scene.h"

#define KEEPER	(IS_ENABLED(DIE) ? 0 : 1)

static struct ww_mutex lock;
static struct ww_acquire_ctx ctxs[N];
static u32 counter, outcome[N];

enum { HAD_IT = 1, GAVE_UP };

static void setup(void)
{
	for (unsigned int t = 0; t < N; t++) {
		ctxs[t] = (struct ww_acquire_ctx){
			.task = &port_tasks[t], .is_wait_die = IS_ENABLED(DIE),
			.stamp = t + 1, .acquired = t != KEEPER,
		};
		port_check_resched[t] = true;
	}
	lock = (struct ww_mutex){ .base = __MUTEX_INITIALIZER(lock.base) };
}

static void keep_it(unsigned int other)
{
	for (;;) {
		port_await_begin();
		if (READ_ONCE(outcome[other]) ||
		    (!IS_ENABLED(DIE) && READ_ONCE(ctxs[KEEPER].wounded)))
			break;
		cpu_relax();
	}
}

static void thread(unsigned int t)
{
	int ret = ww_mutex_lock(&lock, &ctxs[t]);

	mc_assert(!ret || (ret == -EDEADLK && t == 1 && IS_ENABLED(DIE)));
	if (!ret) {
		PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
		if (t == KEEPER)
			keep_it(!t);
		ww_unlock_deeper(&lock);
	}
	WRITE_ONCE(outcome[t], ret ? GAVE_UP : HAD_IT);
}

static void final(void)
{
	mc_assert(mc_final(&counter) + (mc_final(&outcome[1]) == GAVE_UP) == N);
	mc_assert(!mc_final(&lock.ctx));
	for (unsigned int t = 0; t < N; t++)
		mc_assert(ctxs[t].acquired == (t != KEEPER));
}

struct mc_client mc_client = {
	.name = "ww_mutex_fast", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
