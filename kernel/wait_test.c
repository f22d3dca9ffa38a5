/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues.
 */
#include "sched_test.h"
#include <locking/atomic.h>
#include <kernel/bug.h>
#include <kernel/wait.h>

#define WAITERS		6

static DECLARE_WAIT_QUEUE_HEAD(queue);
static atomic_t condition, woken, asleep;

static void reset(void)
{
	atomic_set(&condition, 0);
	atomic_set(&woken, 0);
	atomic_set(&asleep, 0);
}

static unsigned int queued(void)
{
	struct list_head *pos;
	unsigned long flags;
	unsigned int n = 0;

	spin_lock_irqsave(&queue.lock, flags);
	list_for_each(pos, &queue.head)
		n++;
	spin_unlock_irqrestore(&queue.lock, flags);
	return n;
}

static bool take_one(void)
{
	return atomic_dec_if_positive(&condition) >= 0;
}

static int wait_exclusive(void *unused)
{
	wait_event_exclusive(queue, take_one());
	atomic_inc(&woken);
	return 0;
}

static int wait_shared(void *unused)
{
	wait_event(queue, atomic_read(&condition));
	atomic_inc(&woken);
	return 0;
}

static void start_waiters(struct selftest *t, int (*fn)(void *), unsigned int n)
{
	struct task_struct *p[WAITERS];
	unsigned int before = queued();

	for (unsigned int i = 0; i < n; i++) {
		p[i] = test_thread(fn, NULL, "waiter");
		if (!EXPECT(p[i]))
			return;
		wake_up_process(p[i]);
	}
	EXPECT_SOON(queued() == before + n);
	/* Who is queued may not have looked at the condition yet; who sleeps has. */
	for (unsigned int i = 0; i < n; i++) {
		EXPECT_SOON(is_asleep(p[i]));
		put_task_struct(p[i]);
	}
}

SELFTEST(wait, exclusive_waiters_wake_one_at_a_time)
{
	reset();
	start_waiters(t, wait_exclusive, WAITERS);
	for (int i = 1; i <= WAITERS; i++) {
		atomic_inc(&condition);
		wake_up(&queue);
		EXPECT_SOON(atomic_read(&woken) == i);
		EXPECT_SOON(queued() == (unsigned int)(WAITERS - i));
	}
	EXPECT_EQ(atomic_read(&condition), 0);
}

SELFTEST(wait, several_exclusive_wakeups_reach_several_waiters)
{
	reset();
	start_waiters(t, wait_exclusive, WAITERS);
	for (int i = 0; i < WAITERS; i++) {
		atomic_inc(&condition);
		wake_up(&queue);
	}
	EXPECT_SOON(atomic_read(&woken) == WAITERS);
	EXPECT_EQ(queued(), 0);
}

SELFTEST(wait, wake_up_wakes_all_shared_and_one_exclusive)
{
	reset();
	start_waiters(t, wait_exclusive, 2);
	start_waiters(t, wait_shared, 3);
	atomic_set(&condition, 100);
	wake_up(&queue);
	EXPECT_SOON(atomic_read(&woken) == 4);
	EXPECT_SOON(queued() == 1);
	wake_up_all(&queue);
	EXPECT_SOON(atomic_read(&woken) == 5);
	EXPECT_SOON(queued() == 0);
}

SELFTEST(wait, timeouts_return_what_linux_returns)
{
	/* True at once: what is left, at least 1. */
	EXPECT_EQ(wait_event_timeout(queue, true, 10), 10);
	EXPECT_EQ(wait_event_timeout(queue, true, 0), 1);
	/* Never true: 0. */
	EXPECT_EQ(wait_event_timeout(queue, false, 2), 0);
	EXPECT_EQ(wait_event_timeout(queue, false, 0), 0);
	EXPECT_EQ(wait_event_interruptible_timeout(queue, false, 2), 0);
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
	EXPECT_EQ(queued(), 0);
}

static int make_true_later(void *unused)
{
	schedule_timeout_uninterruptible(2);
	atomic_set(&condition, 1);
	wake_up(&queue);
	return 0;
}

SELFTEST(wait, a_wakeup_in_time_leaves_time)
{
	struct task_struct *p = test_thread(make_true_later, NULL, "waker");
	long left;

	reset();
	if (!EXPECT(p))
		return;
	wake_up_process(p);
	left = wait_event_timeout(queue, atomic_read(&condition), 3600 * HZ);
	/* Its wake-up is not for who waits here next. */
	kthread_stop_put(p);
	/* All of it, if it came true before we looked. */
	EXPECT(left > 1 && left <= 3600 * HZ);
}

static int interrupt_later(void *p)
{
	while (task_state(p) == TASK_RUNNING)
		schedule_timeout_uninterruptible(1);
	kthread_interrupt(p);
	return 0;
}

static int kill_later(void *p)
{
	while (task_state(p) == TASK_RUNNING)
		schedule_timeout_uninterruptible(1);
	kthread_interrupt(p);
	schedule_timeout_uninterruptible(1);
	atomic_inc(&condition);
	kthread_kill(p);
	return 0;
}

SELFTEST(wait, an_interrupt_ends_an_interruptible_wait)
{
	struct task_struct *p = test_thread(interrupt_later, current, "interrupts");

	if (!EXPECT(p))
		return;
	wake_up_process(p);
	EXPECT_EQ(wait_event_interruptible(queue, false), -EINTR);
	kthread_stop_put(p);
	EXPECT(kthread_flush_signals());
	/* The condition counts for more. */
	kthread_interrupt(current);
	EXPECT_EQ(wait_event_interruptible(queue, true), 0);
	EXPECT_EQ(wait_event_interruptible(queue, false), -EINTR);
	kthread_flush_signals();
	EXPECT_EQ(queued(), 0);
}

SELFTEST(wait, only_a_kill_ends_a_killable_wait)
{
	struct task_struct *p = test_thread(kill_later, current, "kills");

	reset();
	if (!EXPECT(p))
		return;
	wake_up_process(p);
	EXPECT_EQ(wait_event_killable(queue, false), -EINTR);
	EXPECT_EQ(atomic_read(&condition), 1);
	kthread_stop_put(p);
	kthread_flush_signals();
}

static int lock_and_wait(void *unused)
{
	spin_lock_irq(&queue.lock);
	wait_event_locked_irq(queue, atomic_read(&condition));
	atomic_inc(&woken);
	spin_unlock_irq(&queue.lock);
	return 0;
}

SELFTEST(wait, a_waiter_that_holds_the_queues_lock_drops_it_to_sleep)
{
	reset();
	start_waiters(t, lock_and_wait, 3);
	spin_lock_irq(&queue.lock);
	atomic_set(&condition, 1);
	wake_up_all_locked(&queue);
	spin_unlock_irq(&queue.lock);
	EXPECT_SOON(atomic_read(&woken) == 3);
	EXPECT_SOON(queued() == 0);
}

/* ---- stress: the handover of one token through two queues ------------------------------- */

static DECLARE_WAIT_QUEUE_HEAD(full_queue);
static DECLARE_WAIT_QUEUE_HEAD(empty_queue);
static atomic_t slots, items, produced, eaten, producers;
static u64 producers_end;

static bool take(atomic_t *v)
{
	return atomic_dec_if_positive(v) >= 0;
}

static int producer(void *unused)
{
	do {
		atomic_inc(&produced);
		wait_event_exclusive(empty_queue, take(&slots));
		atomic_inc(&items);
		/* wq_has_sleeper() has the barrier that a bare look would lack. */
		if (wq_has_sleeper(&full_queue))
			wake_up(&full_queue);
	} while (local_clock() < producers_end);
	atomic_dec(&producers);
	return 0;
}

static int consumer(void *unused)
{
	while (!kthread_should_stop()) {
		wait_event_exclusive(full_queue, take(&items) || kthread_should_stop());
		if (kthread_should_stop())
			break;
		atomic_inc(&eaten);
		atomic_inc(&slots);
		wake_up(&empty_queue);
	}
	return 0;
}

SELFTEST(wait, producers_and_consumers_lose_nothing, .timeout_ms = 60000)
{
	struct task_struct *eaters[4];

	atomic_set(&slots, 2);
	atomic_set(&items, 0);
	atomic_set(&produced, 0);
	atomic_set(&eaten, 0);
	atomic_set(&producers, 4);
	producers_end = local_clock() + 200 * (u64)NSEC_PER_MSEC;
	for (int i = 0; i < 4; i++) {
		eaters[i] = test_thread(consumer, NULL, "consumer");
		if (!EXPECT(eaters[i]))
			return;
		wake_up_process(eaters[i]);
		EXPECT(!IS_ERR(kthread_run(producer, NULL, "producer")));
	}
	EXPECT_SOON(!atomic_read(&producers) && atomic_read(&eaten) == atomic_read(&produced));
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(kthread_stop_put(eaters[i]), 0);
}
