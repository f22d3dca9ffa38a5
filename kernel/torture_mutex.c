/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Torture of mutexes and semaphores: what has one holder at a time and sleeps.
 *
 *	ww_mutex	two of three, or all of them, in any order: any two tasks meet at
 *			one at least; who is refused backs off and begins with that one
 *
 *	broken on purpose, which torture must catch
 *	busted_mutex	who found it taken waits once, and does not look again
 *	busted_wakeup	an unlock that does not look whether somebody sleeps
 */
#include <base/errno.h>
#include <kernel/sched.h>
#include <kernel/torture.h>

static DEFINE_WW_CLASS(wound_class);
static DEFINE_WD_CLASS(die_class);

void torture_init_mutexes(struct torture_lock *l)
{
	mutex_init(&l->mutex);
	l->mutex_v4 = (struct mutex_v4)MUTEX_V4_INIT(l->mutex_v4);
	sema_init(&l->semaphore, 1);
	rt_mutex_init(&l->rt_mutex);
	for (unsigned int i = 0; i < TORTURE_WW; i++) {
		ww_mutex_init(&l->wound[i], &wound_class);
		ww_mutex_init(&l->die[i], &die_class);
	}
}

/* ---- one at a time ---- */

static bool mutex_acquire_grip(struct torture_grip *g)
{
	struct mutex *m = &g->l->mutex;

	switch (torture_how(g)) {
	case TORTURE_INTERRUPTIBLE:
		return !mutex_lock_interruptible(m);
	case TORTURE_KILLABLE:
		return !mutex_lock_killable(m);
	case TORTURE_TRY:
		return mutex_trylock(m);
	default:
		mutex_lock(m);
		return true;
	}
}

static void mutex_release_grip(struct torture_grip *g)
{
	mutex_unlock(&g->l->mutex);
}

static bool mutex_v4_acquire_grip(struct torture_grip *g)
{
	struct mutex_v4 *m = &g->l->mutex_v4;

	switch (torture_how(g)) {
	case TORTURE_INTERRUPTIBLE:
		return !mutex_v4_lock_interruptible(m);
	case TORTURE_KILLABLE:
		return !mutex_v4_lock_killable(m);
	case TORTURE_TRY:
		return mutex_v4_trylock(m);
	default:
		mutex_v4_lock(m);
		return true;
	}
}

static void mutex_v4_release_grip(struct torture_grip *g)
{
	mutex_v4_unlock(&g->l->mutex_v4);
}

static bool semaphore_acquire(struct torture_grip *g)
{
	struct semaphore *sem = &g->l->semaphore;

	switch (torture_how(g)) {
	case TORTURE_INTERRUPTIBLE:
		return !down_interruptible(sem);
	case TORTURE_KILLABLE:
		return g->variant & 64 ? !down_killable(sem) : !down_timeout(sem, 1);
	case TORTURE_TRY:
		return !down_trylock(sem);
	default:
		down(sem);
		return true;
	}
}

static void semaphore_release(struct torture_grip *g)
{
	up(&g->l->semaphore);
}

static bool rt_mutex_acquire_soon(struct rt_mutex *m)
{
	ktime_t deadline = ktime_get() + NSEC_PER_MSEC;

	return !rt_mutex_timed_lock(m, &deadline);
}

static bool rt_mutex_acquire(struct torture_grip *g)
{
	struct rt_mutex *m = &g->l->rt_mutex;

	switch (torture_how(g)) {
	case TORTURE_INTERRUPTIBLE:
		return !rt_mutex_lock_interruptible(m);
	case TORTURE_KILLABLE:
		return g->variant & 64 ? !rt_mutex_lock_killable(m) : rt_mutex_acquire_soon(m);
	case TORTURE_TRY:
		return rt_mutex_trylock(m);
	default:
		rt_mutex_lock(m);
		return true;
	}
}

static void rt_mutex_release(struct torture_grip *g)
{
	rt_mutex_unlock(&g->l->rt_mutex);
}

/* ---- two of three ---- */

static void unlock_held(struct torture_grip *g, struct ww_mutex *locks)
{
	for (unsigned int i = 0; i < TORTURE_WW; i++)
		if (g->ww_held & (1U << i))
			ww_mutex_unlock(&locks[i]);
	g->ww_held = 0;
}

/* Return: 0, -EDEADLK, -EINTR; -EAGAIN: not without waiting. */
static int ww_lock_one(struct torture_grip *g, struct ww_mutex *lock, bool slow)
{
	switch (torture_how(g)) {
	case TORTURE_INTERRUPTIBLE:
	case TORTURE_KILLABLE:
		return slow ? ww_mutex_lock_slow_interruptible(lock, &g->ww_ctx) :
			      ww_mutex_lock_interruptible(lock, &g->ww_ctx);
	case TORTURE_TRY:
		return ww_mutex_trylock(lock, &g->ww_ctx) ? 0 : -EAGAIN;
	default:
		if (!slow)
			return ww_mutex_lock(lock, &g->ww_ctx);
		ww_mutex_lock_slow(lock, &g->ww_ctx);
		return 0;
	}
}

/* @n locks from @first on, round and round. Return: 0 with all of them, else none is held. */
static int ww_lock_some(struct torture_grip *g, struct ww_mutex *locks, unsigned int first,
			unsigned int n)
{
	unsigned int k = 0, i;
	bool slow = false;
	int err;

	while (k < n) {
		/* The one that was refused first, waiting as long as it takes. */
		if (!slow)
			i = (first + k) % TORTURE_WW;
		err = g->ww_held & (1U << i) ? 0 : ww_lock_one(g, &locks[i], slow);
		if (err) {
			unlock_held(g, locks);
			if (err != -EDEADLK)
				return err;
			slow = true;
			k = 0;
			continue;
		}
		g->ww_held |= 1U << i;
		k += !slow;
		slow = false;
	}
	return 0;
}

static bool ww_acquire(struct torture_grip *g, struct ww_mutex *locks, struct ww_class *class)
{
	unsigned int r = g->variant >> 5;

	g->ww_held = 0;
	ww_acquire_init(&g->ww_ctx, class);
	if (!ww_lock_some(g, locks, r % TORTURE_WW, r & 8 ? TORTURE_WW : TORTURE_WW - 1)) {
		ww_acquire_done(&g->ww_ctx);
		return true;
	}
	ww_acquire_fini(&g->ww_ctx);
	return false;
}

static bool wound_acquire(struct torture_grip *g)
{
	return ww_acquire(g, g->l->wound, &wound_class);
}

static void wound_release(struct torture_grip *g)
{
	unlock_held(g, g->l->wound);
	ww_acquire_fini(&g->ww_ctx);
}

static bool die_acquire(struct torture_grip *g)
{
	return ww_acquire(g, g->l->die, &die_class);
}

static void die_release(struct torture_grip *g)
{
	unlock_held(g, g->l->die);
	ww_acquire_fini(&g->ww_ctx);
}

/* ---- broken on purpose ---- */

static bool busted_mutex_acquire(struct torture_grip *g)
{
	if (!mutex_v4_trylock(&g->l->mutex_v4))
		schedule_timeout_uninterruptible(1);
	return true;
}

static void busted_mutex_release(struct torture_grip *g)
{
	atomic_set(&g->l->mutex_v4.count, 1);
}

static bool busted_wakeup_acquire(struct torture_grip *g)
{
	mutex_v4_lock(&g->l->mutex_v4);
	return true;
}

static void busted_wakeup_release(struct torture_grip *g)
{
	WRITE_ONCE(g->l->mutex_v4.owner, NULL);
	atomic_set(&g->l->mutex_v4.count, 1);
}

const struct torture_type torture_mutexes[] = {
	{ .name = "mutex", .what = "mutex: spinning, sleeping in line, hand-off",
	  .sleeps = true, .acquire = mutex_acquire_grip, .release = mutex_release_grip },
	{ .name = "mutex_v4", .what = "mutex as until Linux 4.9, a counter",
	  .sleeps = true, .acquire = mutex_v4_acquire_grip, .release = mutex_v4_release_grip },
	{ .name = "semaphore", .what = "semaphore with one to have, timeouts",
	  .sleeps = true, .acquire = semaphore_acquire, .release = semaphore_release },
	{ .name = "rt_mutex", .what = "rt_mutex, with priority inheritance",
	  .sleeps = true, .acquire = rt_mutex_acquire, .release = rt_mutex_release },
	{ .name = "ww_mutex", .what = "wound-wait, two of three in any order",
	  .sleeps = true, .acquire = wound_acquire, .release = wound_release },
	{ .name = "ww_mutex_die", .what = "wait-die, two of three in any order",
	  .sleeps = true, .acquire = die_acquire, .release = die_release },
};
const unsigned int torture_nr_mutexes = ARRAY_SIZE(torture_mutexes);

const struct torture_type torture_busted_mutex = {
	.name = "busted_mutex", .what = "lets two in: must be caught",
	.sleeps = true, .acquire = busted_mutex_acquire, .release = busted_mutex_release,
};
const struct torture_type torture_busted_wakeup = {
	.name = "busted_wakeup", .what = "loses wake-ups: must be caught",
	.sleeps = true, .acquire = busted_wakeup_acquire, .release = busted_wakeup_release,
};
