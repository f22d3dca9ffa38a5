/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutex with CONFIG_PREEMPT_RT: its waiters lend, and have it in the order of their
 * urgency, not of their arrival.
 */
#include <locking/testing.h>
#include "../sleep/mutex_scene.h"
#include "../sleep/rt_mutex_scene.h"

#define URGENT	40

static struct {
	struct mutex mutex;
	int step, lent, after;
	char order[3];
	atomic_t got;
} s;

static void await_step(int step)
{
	/* mutex_scene/A: pairs with hold_until_both_wait() */
	sleep_until(smp_load_acquire(&s.step) >= step);
}

static void hold_until_both_wait(void)
{
	mutex_lock(&s.mutex);
	for (int step = 1; step <= 2; step++) {
		/* mutex_scene/A: pairs with await_step() */
		smp_store_release(&s.step, step);
		sleep_until(rt_mutex_nr_waiters(&s.mutex.rtmutex) >= (unsigned int)step);
	}
	sleep_until(task_prio(current) == URGENT);
	s.lent = 1;
	mutex_unlock(&s.mutex);
	s.after = task_prio(current);
}

static void note(char who)
{
	mutex_lock(&s.mutex);
	s.order[atomic_fetch_inc(&s.got)] = who;
	mutex_unlock(&s.mutex);
}

static void three(unsigned int cpu, void *arg)
{
	int own = current->normal_prio;

	if (cpu == 0) {
		hold_until_both_wait();
	} else if (cpu == 1) {
		await_step(1);
		note('1');
	} else {
		await_step(2);
		test_set_prio(current, URGENT);
		note('2');
		test_set_prio(current, own);
	}
}

SELFTEST(mutex_rt, waiters_lend_and_are_served_by_urgency, .min_cpus = 3, .timeout_ms = 60000)
{
	mutex_init(&s.mutex);
	s.step = s.lent = s.after = 0;
	atomic_set(&s.got, 0);
	test_on_cpus(3, three, NULL);
	EXPECT(s.lent);
	EXPECT(s.after != URGENT);
	EXPECT(s.order[0] == '2' && s.order[1] == '1');
	EXPECT(mutex_at_rest(&s.mutex));
}
