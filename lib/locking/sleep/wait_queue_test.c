/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues and simple wait queues, in the kernel and on pthreads: nothing is lost, all
 * are reached, and the variants return what they should. The kernel's own cases are
 * kernel/wait_test.c.
 */
#include <locking/swait.h>
#include <locking/testing.h>
#include <locking/wait.h>

#define ROUNDS	2000

/* ---- simple wait queues and wait queues: a bounded buffer of one ---- */

struct buffer {
	struct swait_queue_head sfull, sempty;
	struct wait_queue_head full, empty;
	atomic_t items, slots, taken;
	unsigned int n;
};

static bool take(atomic_t *v)
{
	return atomic_dec_if_positive(v) >= 0;
}

static void simple_buffer(unsigned int cpu, void *arg)
{
	struct buffer *b = arg;

	for (unsigned int i = 0; i < b->n; i++) {
		if (cpu % 2) {
			swait_event_exclusive(b->sfull, take(&b->items));
			atomic_inc(&b->taken);
			atomic_inc(&b->slots);
			swake_up_one(&b->sempty);
		} else {
			swait_event_exclusive(b->sempty, take(&b->slots));
			atomic_inc(&b->items);
			swake_up_one(&b->sfull);
		}
	}
}

static void buffer(unsigned int cpu, void *arg)
{
	struct buffer *b = arg;

	for (unsigned int i = 0; i < b->n; i++) {
		if (cpu % 2) {
			wait_event_exclusive(b->full, take(&b->items));
			atomic_inc(&b->taken);
			atomic_inc(&b->slots);
			wake_up(&b->empty);
		} else {
			wait_event_exclusive(b->empty, take(&b->slots));
			atomic_inc(&b->items);
			wake_up(&b->full);
		}
	}
}

static void buffer_init(struct buffer *b, unsigned int n)
{
	init_swait_queue_head(&b->sfull);
	init_swait_queue_head(&b->sempty);
	init_waitqueue_head(&b->full);
	init_waitqueue_head(&b->empty);
	atomic_set(&b->items, 0);
	atomic_set(&b->slots, 1);
	atomic_set(&b->taken, 0);
	b->n = n;
}

SELFTEST(swait, producers_and_consumers_lose_nothing, .min_cpus = 2, .timeout_ms = 60000)
{
	unsigned int cpus = test_cpus(6) & ~1U;
	static struct buffer b;

	buffer_init(&b, 150);
	test_on_cpus(cpus, simple_buffer, &b);
	EXPECT_EQ(atomic_read(&b.taken), 150 * (cpus / 2));
	EXPECT_EQ(atomic_read(&b.slots), 1);
}

SELFTEST(wait_queue, producers_and_consumers_lose_nothing, .min_cpus = 2, .timeout_ms = 60000)
{
	unsigned int cpus = test_cpus(6) & ~1U;
	static struct buffer b;

	buffer_init(&b, 150);
	test_on_cpus(cpus, buffer, &b);
	EXPECT_EQ(atomic_read(&b.taken), 150 * (cpus / 2));
	EXPECT_EQ(atomic_read(&b.slots), 1);
}

static void sleep_for_all(unsigned int cpu, void *arg)
{
	struct buffer *b = arg;

	if (cpu) {
		swait_event_exclusive(b->sfull, atomic_read(&b->items));
		wait_event(b->full, atomic_read(&b->items) == 2);
		return;
	}
	atomic_set(&b->items, 1);
	swake_up_all(&b->sfull);
	atomic_set(&b->items, 2);
	wake_up_all(&b->full);
}

SELFTEST(swait, waking_all_reaches_all, .min_cpus = 2, .timeout_ms = 60000)
{
	static struct buffer b;

	buffer_init(&b, 0);
	test_on_cpus(test_cpus(6), sleep_for_all, &b);
	EXPECT(list_empty(&b.sfull.task_list) && list_empty(&b.full.head));
}

/* ---- what the variants return ---- */

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_SWAIT_QUEUE_HEAD(squeue);
static DEFINE_SPINLOCK(lock);

SELFTEST(wait_queue, timeouts_return_what_linux_returns)
{
	EXPECT_EQ(wait_event_timeout(queue, true, 10), 10);
	EXPECT_EQ(wait_event_timeout(queue, true, 0), 1);
	EXPECT_EQ(wait_event_timeout(queue, false, 1), 0);
	EXPECT_EQ(wait_event_idle_timeout(queue, false, 1), 0);
	EXPECT_EQ(wait_event_idle_exclusive_timeout(queue, false, 1), 0);
	EXPECT_EQ(wait_event_killable_timeout(queue, false, 1), 0);
	EXPECT_EQ(wait_event_hrtimeout(queue, true, 1000), 0);
	EXPECT_EQ(wait_event_hrtimeout(queue, false, 1000), -ETIME);
	EXPECT_EQ(wait_event_interruptible_hrtimeout(queue, false, 1000), -ETIME);
	EXPECT_EQ(swait_event_timeout_exclusive(squeue, true, 10), 10);
	EXPECT_EQ(swait_event_timeout_exclusive(squeue, false, 1), 0);
	EXPECT_EQ(swait_event_idle_timeout_exclusive(squeue, false, 1), 0);
	EXPECT(!waitqueue_active(&queue) && !swait_active(&squeue));
}

SELFTEST(wait_queue, an_interrupt_ends_what_says_so)
{
	kthread_interrupt(current);
	EXPECT_EQ(wait_event_interruptible(queue, false), -EINTR);
	EXPECT_EQ(wait_event_interruptible(queue, true), 0);
	EXPECT_EQ(wait_event_interruptible_exclusive(queue, false), -EINTR);
	EXPECT_EQ(wait_event_interruptible_timeout(queue, false, 10), -EINTR);
	EXPECT_EQ(wait_event_interruptible_hrtimeout(queue, false, KTIME_MAX), -EINTR);
	EXPECT_EQ(wait_event_killable_timeout(queue, false, 1), 0);
	EXPECT_EQ(swait_event_interruptible_exclusive(squeue, false), -EINTR);
	EXPECT_EQ(swait_event_interruptible_timeout_exclusive(squeue, false, 10), -EINTR);

	spin_lock_irq(&queue.lock);
	EXPECT_EQ(wait_event_interruptible_locked_irq(queue, false), -EINTR);
	EXPECT_EQ(wait_event_interruptible_exclusive_locked_irq(queue, false), -EINTR);
	wait_event_locked_irq(queue, true);
	spin_unlock_irq(&queue.lock);

	spin_lock_irq(&lock);
	EXPECT_EQ(wait_event_interruptible_lock_irq(queue, false, lock), -EINTR);
	EXPECT_EQ(wait_event_interruptible_lock_irq_timeout(queue, false, lock, 10), -EINTR);
	EXPECT_EQ(wait_event_lock_irq_timeout(queue, false, lock, 1), 0);
	wait_event_lock_irq(queue, true, lock);
	spin_unlock_irq(&lock);

	kthread_kill(current);
	EXPECT_EQ(wait_event_killable(queue, false), -EINTR);
	EXPECT_EQ(wait_event_killable_exclusive(queue, false), -EINTR);
	EXPECT_EQ(wait_event_killable_timeout(queue, false, 10), -EINTR);
	kthread_flush_signals();
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
	EXPECT(!waitqueue_active(&queue) && !swait_active(&squeue));
}

SELFTEST(wait_queue, wait_woken_keeps_a_wakeup_that_came_before)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	add_wait_queue(&queue, &wait);
	EXPECT_EQ(wait_woken(&wait, TASK_INTERRUPTIBLE, 1), 0);
	wake_up(&queue);
	EXPECT_EQ(wait_woken(&wait, TASK_INTERRUPTIBLE, 10), 10);
	EXPECT_EQ(wait_woken(&wait, TASK_INTERRUPTIBLE, 1), 0);
	remove_wait_queue(&queue, &wait);
	EXPECT(!waitqueue_active(&queue));
}

SELFTEST(wait_queue, each_exclusive_wakeup_takes_another_entry_off)
{
	DEFINE_WAIT(first);
	DEFINE_WAIT(second);

	prepare_to_wait_exclusive(&queue, &first, TASK_INTERRUPTIBLE);
	prepare_to_wait_exclusive(&queue, &second, TASK_INTERRUPTIBLE);
	wake_up(&queue);
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
	EXPECT(list_empty(&first.entry) && !list_empty(&second.entry));
	__set_current_state(TASK_INTERRUPTIBLE);
	wake_up(&queue);
	EXPECT(list_empty(&second.entry));
	finish_wait(&queue, &first);
	finish_wait(&queue, &second);
	EXPECT(!waitqueue_active(&queue));
}
