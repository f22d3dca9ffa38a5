/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wound/wait mutexes, both classes, in the kernel and on pthreads.
 */
#include <locking/completion.h>
#include <locking/testing.h>
#include <locking/ww_mutex.h>
#include "mutex_scene.h"

#define NR	5
#define ROUNDS	600

static DEFINE_WW_CLASS(wound_class);
static DEFINE_WD_CLASS(die_class);

static struct ww_mutex locks[NR];
static unsigned int counts[NR];
static struct ww_class *class;
static atomic_t transactions, backed_off;
static struct completion steps[3];

static void init(struct ww_class *c)
{
	class = c;
	for (unsigned int i = 0; i < NR; i++) {
		ww_mutex_init(&locks[i], c);
		counts[i] = 0;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(steps); i++)
		init_completion(&steps[i]);
	atomic_set(&transactions, 0);
	atomic_set(&backed_off, 0);
}

/* All locks, in an order of this task's own, backing off as often as it takes. */
static void take_all(struct ww_acquire_ctx *ctx, unsigned int first, unsigned int step)
{
	struct ww_mutex *slow = NULL;
	unsigned int n = 0;

	while (n < NR) {
		struct ww_mutex *lock = &locks[(first + n * step) % NR];
		int ret = ww_mutex_lock(lock, ctx);

		if (ret != -EDEADLK) {
			n++;		/* ours now, or already */
			continue;
		}
		atomic_inc(&backed_off);
		for (unsigned int i = 0; i < n; i++)
			if (&locks[(first + i * step) % NR] != slow)
				ww_mutex_unlock(&locks[(first + i * step) % NR]);
		if (slow)
			ww_mutex_unlock(slow);
		slow = lock;
		ww_mutex_lock_slow(slow, ctx);
		n = 0;
	}
}

static void transact(unsigned int cpu, void *arg)
{
	for (unsigned int i = 0; i < ROUNDS && !test_budget_over(); i++) {
		struct ww_acquire_ctx ctx;

		ww_acquire_init(&ctx, class);
		take_all(&ctx, (i + cpu) % NR, 1 + (i + cpu) % (NR - 1));
		ww_acquire_done(&ctx);
		for (unsigned int k = 0; k < NR; k++)
			counts[k]++;
		for (unsigned int k = 0; k < NR; k++)
			ww_mutex_unlock(&locks[k]);
		ww_acquire_fini(&ctx);
		atomic_inc(&transactions);
	}
}

static void contest(struct selftest *t, struct ww_class *c)
{
	init(c);
	test_on_cpus(test_cpus(6), transact, NULL);
	for (unsigned int i = 0; i < NR; i++) {
		EXPECT_EQ(counts[i], atomic_read(&transactions));
		EXPECT(mutex_at_rest(&locks[i].base));
		EXPECT(!locks[i].ctx);
	}
}

SELFTEST(ww_mutex, wound_wait_takes_many_in_any_order, .timeout_ms = 60000)
{
	contest(t, &wound_class);
}

SELFTEST(ww_mutex, wait_die_takes_many_in_any_order, .timeout_ms = 60000)
{
	contest(t, &die_class);
}

/* ---- who backs off: the older context wants what the younger holds, and the other way ---- */

static void cross(unsigned int cpu, void *arg)
{
	struct selftest *t = arg;
	struct ww_acquire_ctx ctx;

	if (cpu == 0) {
		ww_acquire_init(&ctx, class);
		EXPECT_EQ(ww_mutex_lock(&locks[0], &ctx), 0);
		complete(&steps[0]);
		wait_for_completion(&steps[1]);
		EXPECT_EQ(ww_mutex_lock(&locks[1], &ctx), 0);	/* the younger gives it up */
		EXPECT_EQ(ww_mutex_lock(&locks[1], &ctx), -EALREADY);
		ww_mutex_unlock(&locks[1]);
		ww_mutex_unlock(&locks[0]);
	} else {
		wait_for_completion(&steps[0]);
		ww_acquire_init(&ctx, class);
		EXPECT_EQ(ww_mutex_lock(&locks[1], &ctx), 0);
		complete(&steps[1]);
		EXPECT_EQ(ww_mutex_lock(&locks[0], &ctx), -EDEADLK);
		ww_mutex_unlock(&locks[1]);
		ww_mutex_lock_slow(&locks[0], &ctx);
		EXPECT_EQ(ww_mutex_lock(&locks[1], &ctx), 0);
		ww_mutex_unlock(&locks[0]);
		ww_mutex_unlock(&locks[1]);
	}
	ww_acquire_fini(&ctx);
}

SELFTEST(ww_mutex, the_older_context_has_its_way, .min_cpus = 2, .timeout_ms = 60000)
{
	init(&wound_class);
	test_on_cpus(2, cross, t);
	init(&die_class);
	test_on_cpus(2, cross, t);
}

SELFTEST(ww_mutex, one_alone_is_a_mutex)
{
	struct ww_acquire_ctx ctx;

	init(&wound_class);
	EXPECT_EQ(ww_mutex_lock(&locks[0], NULL), 0);
	EXPECT_EQ(ww_mutex_trylock(&locks[0], NULL), 0);
	EXPECT(ww_mutex_is_locked(&locks[0]));
	ww_mutex_unlock(&locks[0]);
	ww_acquire_init(&ctx, &wound_class);
	EXPECT_EQ(ww_mutex_trylock(&locks[0], &ctx), 1);
	EXPECT_EQ(ctx.acquired, 1);
	kthread_interrupt(current);
	EXPECT_EQ(ww_mutex_lock_interruptible(&locks[1], &ctx), 0);
	kthread_flush_signals();
	ww_mutex_unlock(&locks[0]);
	ww_mutex_unlock(&locks[1]);
	ww_acquire_fini(&ctx);
	EXPECT(!ww_mutex_is_locked(&locks[0]));
}

/* ---- interrupted while waiting: the context keeps what it has, and only that ---- */

static struct task_struct *sleeper;

static void hold_the_second(struct selftest *t)
{
	struct ww_acquire_ctx ctx;

	wait_for_completion(&steps[0]);
	ww_acquire_init(&ctx, class);
	EXPECT_EQ(ww_mutex_lock(&locks[1], &ctx), 0);
	complete(&steps[1]);
	kthread_interrupt(sleeper);
	wait_for_completion(&steps[2]);
	ww_mutex_unlock(&locks[1]);
	ww_acquire_fini(&ctx);
}

/* The older one: of neither class has it to back off. */
static void want_the_second(struct selftest *t)
{
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, class);
	EXPECT_EQ(ww_mutex_lock(&locks[0], &ctx), 0);
	sleeper = current;
	complete(&steps[0]);
	wait_for_completion(&steps[1]);
	EXPECT_EQ(ww_mutex_lock_interruptible(&locks[1], &ctx), -EINTR);
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
	kthread_flush_signals();
	EXPECT_EQ(ctx.acquired, 1);
	EXPECT(locks[0].ctx == &ctx);
	EXPECT(locks[1].ctx != &ctx);
	EXPECT_EQ(ww_mutex_lock_interruptible(&locks[0], &ctx), -EALREADY);
	complete(&steps[2]);
	EXPECT_EQ(ww_mutex_lock_interruptible(&locks[1], &ctx), 0);
	EXPECT_EQ(ctx.acquired, 2);
	ww_mutex_unlock(&locks[0]);
	ww_mutex_unlock(&locks[1]);
	ww_acquire_fini(&ctx);
}

static void interrupt_the_waiter(unsigned int cpu, void *arg)
{
	if (cpu == 0)
		hold_the_second(arg);
	else
		want_the_second(arg);
}

static void expect_at_rest(struct selftest *t)
{
	for (unsigned int i = 0; i < NR; i++)
		EXPECT(!ww_mutex_is_locked(&locks[i]) && !locks[i].ctx);
}

SELFTEST(ww_mutex, an_interrupt_ends_the_wait_and_takes_nothing_away, .min_cpus = 2,
	 .timeout_ms = 60000)
{
	init(&wound_class);
	test_on_cpus(2, interrupt_the_waiter, t);
	expect_at_rest(t);
	init(&die_class);
	test_on_cpus(2, interrupt_the_waiter, t);
	expect_at_rest(t);
}

/* ---- interrupted in the slow lock after -EDEADLK, which may then be tried again ---- */

static void hold_the_first(struct selftest *t)
{
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, class);
	EXPECT_EQ(ww_mutex_lock(&locks[0], &ctx), 0);
	complete(&steps[0]);
	wait_for_completion(&steps[1]);
	ww_mutex_unlock(&locks[0]);
	ww_acquire_fini(&ctx);
}

static void want_the_first(struct selftest *t)
{
	struct ww_acquire_ctx ctx;

	wait_for_completion(&steps[0]);
	ww_acquire_init(&ctx, class);
	EXPECT_EQ(ww_mutex_lock(&locks[1], &ctx), 0);
	EXPECT_EQ(ww_mutex_lock(&locks[0], &ctx), -EDEADLK);
	ww_mutex_unlock(&locks[1]);
	for (int i = 0; i < 2; i++) {
		kthread_interrupt(current);
		EXPECT_EQ(ww_mutex_lock_slow_interruptible(&locks[0], &ctx), -EINTR);
		kthread_flush_signals();
		EXPECT_EQ(ctx.acquired, 0);
	}
	complete(&steps[1]);
	EXPECT_EQ(ww_mutex_lock_slow_interruptible(&locks[0], &ctx), 0);
	EXPECT_EQ(ww_mutex_lock(&locks[1], &ctx), 0);
	ww_mutex_unlock(&locks[1]);
	ww_mutex_unlock(&locks[0]);
	ww_acquire_fini(&ctx);
}

static void interrupt_the_slow_lock(unsigned int cpu, void *arg)
{
	if (cpu == 0)
		hold_the_first(arg);
	else
		want_the_first(arg);
}

SELFTEST(ww_mutex, an_interrupted_slow_lock_can_be_tried_again, .min_cpus = 2,
	 .timeout_ms = 60000)
{
	init(&die_class);
	test_on_cpus(2, interrupt_the_slow_lock, t);
	expect_at_rest(t);
}
