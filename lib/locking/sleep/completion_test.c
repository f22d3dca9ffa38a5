/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completions, in the kernel and on pthreads. A handshake that loses a wake-up hangs; the
 * kernel's own cases are kernel/wait_test.c, the queues' wait_queue_test.c.
 */
#include <locking/completion.h>
#include <locking/testing.h>

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

#define SLOT_END	((struct completion *)1)

static void stack_completion(unsigned int cpu, void *arg)
{
	struct slot *slot = arg;

	for (unsigned int i = 0;; i++) {
		if (cpu == 0) {
			DECLARE_COMPLETION_ONSTACK(x);

			if (i == ROUNDS || test_budget_over()) {
				smp_store_release(&slot->x, SLOT_END);
				return;
			}
			smp_store_release(&slot->x, &x);
			wait_for_completion(&x);
			x.done = 0xa5a5a5a5;
			x.wait.task_list.next = NULL;
		} else {
			struct completion *x;

			x = smp_cond_load_acquire(&slot->x, VAL != NULL);
			WRITE_ONCE(slot->x, NULL);
			if (x == SLOT_END)
				return;
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
