/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues, simple wait queues and completions, in the kernel and on pthreads. A
 * handshake that loses a wake-up hangs; the kernel's own cases are kernel/wait_test.c.
 */
#include <locking/completion.h>
#include <locking/testing.h>
#include <locking/wait.h>

#define ROUNDS	2000

/* ---- ping-pong: each side sleeps until the other has said so ---- */

struct pong {
	struct completion to, fro;
	unsigned int said;
};

static void ping_pong(unsigned int cpu, void *arg)
{
	struct pong *p = arg;

	for (unsigned int i = 0; i < ROUNDS && !(cpu == 0 && test_budget_over()); i++) {
		if (cpu == 0) {
			p->said = i;
			complete(&p->to);
			wait_for_completion(&p->fro);
		} else {
			wait_for_completion(&p->to);
			if (p->said == ~0U)
				return;
			complete(&p->fro);
		}
	}
	if (cpu == 0) {
		p->said = ~0U;
		complete(&p->to);
	}
}

SELFTEST(completion, ping_pong_loses_no_wakeup, .min_cpus = 2, .timeout_ms = 60000)
{
	static struct pong p;

	init_completion(&p.to);
	init_completion(&p.fro);
	test_on_cpus(2, ping_pong, &p);
	EXPECT(!completion_done(&p.fro));
}

SELFTEST(completion, each_complete_lets_one_wait_go)
{
	DECLARE_COMPLETION_ONSTACK(x);

	EXPECT(!try_wait_for_completion(&x));
	complete(&x);
	complete(&x);
	EXPECT(completion_done(&x));
	wait_for_completion(&x);
	EXPECT_EQ(wait_for_completion_interruptible(&x), 0);
	EXPECT(!completion_done(&x));
	EXPECT_EQ(wait_for_completion_timeout(&x, 2), 0);
	EXPECT_EQ(wait_for_completion_interruptible_timeout(&x, 0), 0);
}

SELFTEST(completion, complete_all_is_for_good_until_reinit)
{
	DECLARE_COMPLETION_ONSTACK(x);

	complete_all(&x);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(wait_for_completion_timeout(&x, 10), 10);
	EXPECT(try_wait_for_completion(&x));
	EXPECT_EQ(x.done, COMPLETION_ALL);
	complete(&x);
	EXPECT(try_wait_for_completion(&x));
	reinit_completion(&x);
	EXPECT(!try_wait_for_completion(&x));
}

/* The one on CPU 1 waits, asleep or not yet; there is time enough, or there is none. */
static void complete_in_time(unsigned int cpu, void *arg)
{
	struct pong *p = arg;

	if (cpu == 0)
		complete(&p->to);
	else
		p->said = (unsigned int)wait_for_completion_timeout(&p->to, 3600 * HZ);
}

SELFTEST(completion, done_in_time_it_says_what_time_is_left, .min_cpus = 2, .timeout_ms = 60000)
{
	static struct pong p;

	init_completion(&p.to);
	test_on_cpus(2, complete_in_time, &p);
	EXPECT(p.said > 0 && p.said <= 3600 * HZ);
	complete(&p.to);
	EXPECT_EQ(wait_for_completion_timeout(&p.to, 7), 7);
	EXPECT_EQ(wait_for_completion_io_timeout(&p.to, 1), 0);
	EXPECT_EQ(wait_for_completion_killable_timeout(&p.to, 1), 0);
}

SELFTEST(completion, an_interrupt_ends_it_a_kill_ends_a_killable_one)
{
	DECLARE_COMPLETION_ONSTACK(x);

	kthread_interrupt(current);
	EXPECT_EQ(wait_for_completion_interruptible(&x), -EINTR);
	EXPECT_EQ(wait_for_completion_interruptible_timeout(&x, 10), -EINTR);
	EXPECT_EQ(wait_for_completion_killable_timeout(&x, 1), 0);
	kthread_kill(current);
	EXPECT_EQ(wait_for_completion_killable(&x), -EINTR);
	/* What is done counts for more. */
	complete(&x);
	EXPECT_EQ(wait_for_completion_killable(&x), 0);
	kthread_flush_signals();
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
}

/* The completion is on the waiter's stack, gone as soon as it returns. */
struct slot {
	struct completion *x;
};

static void stack_completion(unsigned int cpu, void *arg)
{
	struct slot *slot = arg;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (cpu == 0) {
			DECLARE_COMPLETION_ONSTACK(x);

			smp_store_release(&slot->x, &x);
			wait_for_completion(&x);
			x.done = 0xa5a5a5a5;
			x.wait.task_list.next = NULL;
		} else {
			struct completion *x;

			x = smp_cond_load_acquire(&slot->x, VAL != NULL);
			WRITE_ONCE(slot->x, NULL);
			complete(x);
		}
	}
}

SELFTEST(completion, may_be_freed_when_the_wait_returns, .min_cpus = 2, .timeout_ms = 60000)
{
	static struct slot slot;

	slot.x = NULL;
	test_on_cpus(2, stack_completion, &slot);
	EXPECT(!slot.x);
}

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
