/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hogs, for the tests that need CPUs that are busy: sched_hog_test.h.
 */
#include "sched_test.h"
#include "sched_hog_test.h"

struct hog hogs[MAX_HOGS];

int hog_thread(void *arg)
{
	struct hog *h = arg;

	while (!READ_ONCE(h->stop)) {
		preempt_disable();
		WRITE_ONCE(h->cpu, raw_smp_processor_id());
		WRITE_ONCE(h->turns, h->turns + 1);
		preempt_enable();
		cpu_relax();
		cond_resched();
	}
	return 0;
}

bool start_hog(int i, const struct cpumask *mask, int nice)
{
	struct hog *h = &hogs[i];

	*h = (struct hog){ .task = test_thread(hog_thread, h, "hog") };
	if (!h->task)
		return false;
	set_cpus_allowed_ptr(h->task, mask);
	set_user_nice(h->task, nice);
	wake_up_process(h->task);
	return true;
}

void stop_hogs(int n)
{
	for (int i = 0; i < n; i++)
		WRITE_ONCE(hogs[i].stop, true);
	for (int i = 0; i < n; i++)
		kthread_stop_put(hogs[i].task);
}

bool hog_moves(int i)
{
	u64 turns = READ_ONCE(hogs[i].turns);

	return WAIT_UNTIL(READ_ONCE(hogs[i].turns) > turns + 1, 8000);
}
