/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of workqueues: works that are taken back, and works that wait for a timer
 * first. What was cancelled before it ran does not run; what is running is waited for.
 */
#include "test_util.h"
#include "workqueue_test.h"

/* ---- cancelling ---------------------------------------------------------------------------- */

SELFTEST(workqueue, a_waiting_work_is_cancelled_and_does_not_run)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("cancel", 0);
	struct job blocker, j;

	if (!EXPECT(wq))
		return;
	setup_job(&blocker);
	setup_job(&j);
	blocker.gated = true;
	queue_work(wq, &blocker.work);
	wait_until(READ_ONCE(blocker.entered));
	EXPECT(!cancel_work_sync(&j.work));
	queue_work(wq, &j.work);
	EXPECT(cancel_work_sync(&j.work));
	EXPECT(queue_work(wq, &j.work));
	EXPECT(cancel_work(&j.work));
	EXPECT(!cancel_work(&j.work));
	WRITE_ONCE(blocker.open, true);
	destroy_workqueue(wq);
	EXPECT_EQ(runs(&j), 0);
	EXPECT_EQ(runs(&blocker), 1);
}

SELFTEST(workqueue, a_running_work_is_waited_for_and_cannot_come_back)
{
	struct job j;

	setup_job(&j);
	j.again = -1;
	schedule_work(&j.work);
	wait_until(runs(&j) > 3);
	cancel_work_sync(&j.work);
	EXPECT(!work_pending(&j.work));
	EXPECT_EQ(atomic_read(&j.inside), 0);
	EXPECT(!flush_work(&j.work));
}

static void cancel_often(unsigned int cpu, void *arg)
{
	struct job *j = arg;
	unsigned int i;

	for (i = 0; i < clamp(160 / num_online_cpus(), 4U, 20U); i++) {
		if ((cpu + i) & 1) {
			cancel_delayed_work_sync(&j->dwork);
		} else {
			schedule_delayed_work(&j->dwork, i % 3);
			mod_delayed_work(system_unbound_wq, &j->dwork, i % 2);
		}
	}
}

SELFTEST(workqueue, many_may_queue_and_cancel_one_work_at_once)
{
	struct job j;

	setup_job(&j);
	on_all_cpus(cancel_often, &j);
	cancel_delayed_work_sync(&j.dwork);
	EXPECT_EQ(atomic_read(&j.twice), 0);
	EXPECT_EQ(atomic_read(&j.inside), 0);
	EXPECT(!delayed_work_pending(&j.dwork));
}

/* ---- delayed works --------------------------------------------------------------------------- */

SELFTEST(workqueue, a_delayed_work_is_not_early)
{
	unsigned long before = jiffies;
	struct job j;

	setup_job(&j);
	EXPECT(schedule_delayed_work(&j.dwork, 3));
	wait_until(runs(&j));
	EXPECT(time_after_eq(j.at, before + 3));
	flush_delayed_work(&j.dwork);
	EXPECT_EQ(runs(&j), 1);
}

SELFTEST(workqueue, a_delay_can_be_cut_short_changed_or_called_off)
{
	unsigned long far = 1000 * HZ;
	struct job j;

	setup_job(&j);
	EXPECT(schedule_delayed_work(&j.dwork, far));
	/* It waits already, for its timer: nothing is cut short. */
	EXPECT(!schedule_delayed_work(&j.dwork, 0));
	EXPECT_EQ(runs(&j), 0);
	EXPECT(flush_delayed_work(&j.dwork) || runs(&j) == 1);
	EXPECT_EQ(runs(&j), 1);

	EXPECT(!mod_delayed_work(system_wq, &j.dwork, far));
	EXPECT(mod_delayed_work(system_wq, &j.dwork, 0));
	flush_delayed_work(&j.dwork);
	EXPECT_EQ(runs(&j), 2);

	schedule_delayed_work(&j.dwork, far);
	EXPECT(cancel_delayed_work(&j.dwork));
	EXPECT(!cancel_delayed_work(&j.dwork));
	schedule_delayed_work(&j.dwork, far);
	EXPECT(cancel_delayed_work_sync(&j.dwork));
	EXPECT(!delayed_work_pending(&j.dwork));
	EXPECT_EQ(runs(&j), 2);
}
