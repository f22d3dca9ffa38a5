/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting under the checker: thread 0 waits, the others make its condition true.
 *
 * What it shows: no wake-up is lost, what was written before is seen, the queue is
 * empty in the end; with COMPLETION, that the last complete() does not touch the
 * completion after its waiter has returned; with WQ, a waker that looks before it
 * wakes; with TIMEOUT and INTR, both ways out. EVENT: the wait macros' loop, and a
 * waker of SWAIT that looks, too; with BY_HAND, the loop written out, exclusive. WOKEN:
 * wait_woken(), and a waker that comes too early first. LOCKED: under the queue's own lock,
 * woken for nothing, and then interrupted.
 *
 * Built with -DN=threads and one of -DCOMPLETION -DSWAIT -DWQ, and perhaps one of these.
 */
#include <base/errno.h>
#include <locking/completion.h>
#include <locking/wait.h>

static struct completion x = COMPLETION_INITIALIZER(x);
static DECLARE_SWAIT_QUEUE_HEAD(swq);
static DECLARE_WAIT_QUEUE_HEAD(wq);
static u32 ready, data, done;

#ifdef COMPLETION
static long wait_for_it(void)
{
	if (IS_ENABLED(TIMEOUT))
		return wait_for_completion_timeout(&x, 10);
	if (IS_ENABLED(INTR))
		return wait_for_completion_interruptible(&x) ? 0 : 1;
	wait_for_completion(&x);
	return 1;
}

static void make_true(void)
{
	complete(&x);
}
#elif defined(SWAIT)
static void wait_by_hand(void)
{
	DECLARE_SWAITQUEUE(wait);

	for (;;) {
		prepare_to_swait_exclusive(&swq, &wait, TASK_UNINTERRUPTIBLE);
		if (READ_ONCE(ready))
			break;
		schedule();
	}
	finish_swait(&swq, &wait);
}

static long wait_for_it(void)
{
	if (IS_ENABLED(BY_HAND)) {
		wait_by_hand();
		return 1;
	}
	if (IS_ENABLED(TIMEOUT))
		return swait_event_timeout_exclusive(swq, READ_ONCE(ready), 10);
	if (IS_ENABLED(INTR))
		return !swait_event_interruptible_exclusive(swq, READ_ONCE(ready));
	swait_event_exclusive(swq, READ_ONCE(ready));
	return 1;
}

static void make_true(void)
{
	smp_store_release(&ready, 1);
	if (!IS_ENABLED(EVENT) || swq_has_sleeper(&swq))
		swake_up_one(&swq);
}
#else
/* An entry that is used again when the wait is over. */
static void wait_and_reuse(void)
{
	struct wait_queue_entry wait;

	init_wait_entry(&wait, 0);
	for (;;) {
		if (IS_ENABLED(BY_HAND))
			prepare_to_wait_exclusive(&wq, &wait, TASK_UNINTERRUPTIBLE);
		else
			prepare_to_wait(&wq, &wait, TASK_UNINTERRUPTIBLE);
		if (READ_ONCE(ready))
			break;
		schedule();
	}
	finish_wait(&wq, &wait);
	PLAIN_WRITE(wait.entry.prev, NULL);
}

/* The loop of wait_event_interruptible_locked(), never true. */
static void wait_locked(void)
{
	struct wait_queue_entry wait;
	int ret;

	init_wait_entry(&wait, 0);
	spin_lock(&wq.lock);
	do {
		ret = do_wait_intr(&wq, &wait, TASK_INTERRUPTIBLE, false);
	} while (!ret);
	mc_assert(ret == -EINTR);
	__remove_wait_queue(&wq, &wait);
	__set_current_state(TASK_RUNNING);
	spin_unlock(&wq.lock);
}

static void wait_by_flag(void)
{
	struct wait_queue_entry wait;

	init_wait_entry(&wait, 0);
	wait.func = woken_wake_function;
	add_wait_queue(&wq, &wait);
	while (!READ_ONCE(ready))
		wait_woken(&wait, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	remove_wait_queue(&wq, &wait);
}

static long wait_for_it(void)
{
	int ret;

	if (IS_ENABLED(WOKEN)) {
		wait_by_flag();
		return 1;
	}
	if (IS_ENABLED(LOCKED)) {
		wait_locked();
		return 0;
	}
	if (IS_ENABLED(TIMEOUT))
		return wait_event_timeout(wq, READ_ONCE(ready), 10);
	if (IS_ENABLED(EVENT)) {
		wait_event(wq, READ_ONCE(ready));
		return 1;
	}
	if (!IS_ENABLED(INTR)) {
		wait_and_reuse();
		return 1;
	}
	ret = wait_event_interruptible(wq, READ_ONCE(ready));
	spin_lock(&wq.lock);
	mc_assert(list_empty(&wq.head));
	spin_unlock(&wq.lock);
	return !ret;
}

static void make_true(void)
{
	if (IS_ENABLED(WOKEN)) {
		wake_up(&wq);
		WRITE_ONCE(ready, 1);
		wake_up(&wq);
		return;
	}
	smp_store_release(&ready, 1);
	if (wq_has_sleeper(&wq))
		wake_up(&wq);
}
#endif

static void thread(unsigned int t)
{
	if (t == 0) {
		long got = wait_for_it();

		if (got && !IS_ENABLED(WOKEN)) {
			smp_rmb();
			mc_assert(READ_ONCE(data) == 1);
		}
		WRITE_ONCE(done, got ? 1 : 2);
		return;
	}
	if (IS_ENABLED(LOCKED))
		wake_up_process(&port_tasks[0]);
	if ((IS_ENABLED(INTR) || IS_ENABLED(LOCKED)) && t == 1) {
		kthread_interrupt(&port_tasks[0]);
		return;
	}
	if (!IS_ENABLED(WOKEN))
		WRITE_ONCE(data, 1);
	make_true();
}

static void final(void)
{
	mc_assert(mc_final(&port_tasks[0].__state) == TASK_RUNNING);
	/* Used up, or still there: never both or neither. */
	if (IS_ENABLED(COMPLETION))
		mc_assert(mc_final(&x.done) == mc_final(&done) - 1);
}

struct mc_client mc_client = {
	.name = "completion", .nr_threads = N, .thread = thread, .final = final,
};
