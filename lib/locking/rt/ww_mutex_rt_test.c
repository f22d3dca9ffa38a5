/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wound/wait mutexes with CONFIG_PREEMPT_RT: who is older, what is lent, and that it is
 * taken back from one that backs off.
 */
#include <base/errno.h>
#include <locking/testing.h>
#include <locking/ww_mutex.h>
#include "../sleep/mutex_scene.h"

#define URGENT	40

static DEFINE_WW_CLASS(wound_class);

/* Two tasks; a belongs to the first, b to the second, then each wants the other's. */
static struct ww_scene {
	struct ww_mutex a, b;
	struct task_struct *task[2];
	int step;
	int ret[2];
	bool lent, taken_back, refused;
	void (*play[2])(struct ww_acquire_ctx *ctx);
} s;

static void reach(int step)
{
	/* ww_scene/A: pairs with await_step() */
	smp_store_release(&s.step, step);
}

static void await_step(int step)
{
	/* ww_scene/A: pairs with reach() */
	sleep_until(smp_load_acquire(&s.step) >= step);
}

static void actor(unsigned int index, void *arg)
{
	struct ww_acquire_ctx ctx;

	s.task[index] = current;
	s.play[index](&ctx);
	ww_acquire_fini(&ctx);
}

static void play(struct selftest *t, void (*first)(struct ww_acquire_ctx *),
		 void (*second)(struct ww_acquire_ctx *))
{
	s = (struct ww_scene){ .play = { first, second } };
	ww_mutex_init(&s.a, &wound_class);
	ww_mutex_init(&s.b, &wound_class);
	test_on_cpus(2, actor, NULL);
	EXPECT(!s.refused);
	EXPECT(mutex_at_rest(&s.a.base) && mutex_at_rest(&s.b.base));
}

/* The first of a context's: it is never refused. */
static void take_own(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	if (ww_mutex_lock(lock, ctx))
		s.refused = true;
}

/* With both, or refused: then it waits for @wanted without @own. Both are free of us after. */
static void release_both(struct ww_acquire_ctx *ctx, int ret, struct ww_mutex *own,
			    struct ww_mutex *wanted)
{
	if (ret == -EDEADLK) {
		ww_mutex_unlock(own);
		ww_mutex_lock_slow(wanted, ctx);
		ww_mutex_unlock(wanted);
	} else {
		ww_mutex_unlock(wanted);
		ww_mutex_unlock(own);
	}
}

/* ---- older by its stamp, and lent to by the younger until that backs off ---- */

static void is_lent_then_wounds(struct ww_acquire_ctx *ctx)
{
	ww_acquire_init(ctx, &wound_class);
	take_own(&s.a, ctx);
	reach(1);
	sleep_until(task_prio(current) == URGENT);
	s.lent = true;
	s.ret[0] = ww_mutex_lock(&s.b, ctx);
	if (!s.ret[0])
		ww_mutex_unlock(&s.b);
	ww_mutex_unlock(&s.a);
}

/* Urgent only once its age is fixed: it is no older for that. */
static void lends_and_is_wounded(struct ww_acquire_ctx *ctx)
{
	int own = current->normal_prio;

	await_step(1);
	ww_acquire_init(ctx, &wound_class);
	test_set_prio(current, URGENT);
	take_own(&s.b, ctx);
	s.ret[1] = ww_mutex_lock(&s.a, ctx);
	/* The first one waits for b, which we still have. */
	s.taken_back = task_prio(s.task[0]) != URGENT;
	release_both(ctx, s.ret[1], &s.b, &s.a);
	test_set_prio(current, own);
}

SELFTEST(ww_mutex_rt, what_was_lent_is_taken_back_from_who_backs_off, .min_cpus = 2,
	 .timeout_ms = 60000)
{
	play(t, is_lent_then_wounds, lends_and_is_wounded);
	EXPECT(s.lent);
	EXPECT_EQ(s.ret[0], 0);
	EXPECT_EQ(s.ret[1], -EDEADLK);
	EXPECT(s.taken_back);
}

/* ---- older because it is more urgent, though it began later ---- */

static void begins_first(struct ww_acquire_ctx *ctx)
{
	ww_acquire_init(ctx, &wound_class);
	take_own(&s.a, ctx);
	reach(1);
	await_step(2);
	s.ret[0] = ww_mutex_lock(&s.b, ctx);
	release_both(ctx, s.ret[0], &s.a, &s.b);
}

static void is_more_urgent(struct ww_acquire_ctx *ctx)
{
	int own = current->normal_prio;

	await_step(1);
	test_set_prio(current, URGENT);
	ww_acquire_init(ctx, &wound_class);
	take_own(&s.b, ctx);
	reach(2);
	s.ret[1] = ww_mutex_lock(&s.a, ctx);
	release_both(ctx, s.ret[1], &s.b, &s.a);
	test_set_prio(current, own);
}

SELFTEST(ww_mutex_rt, the_more_urgent_is_the_older, .min_cpus = 2, .timeout_ms = 60000)
{
	play(t, begins_first, is_more_urgent);
	EXPECT_EQ(s.ret[0], -EDEADLK);
	EXPECT_EQ(s.ret[1], 0);
}
