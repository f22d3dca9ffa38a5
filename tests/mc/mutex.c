/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mutex under the checker: threads that count under it, the first of them
 * ROUNDS times, so that it can pass one that it has just woken.
 *
 * What it shows: mutual exclusion on every path, no lost wake-up, no wake-up needed
 * after the mutex is owned, hand-off and pickup; nothing left behind in the owner word
 * or the queue. INTR: the last thread may be interrupted and leave; ONLY_TRY: it tries.
 *
 * Built with -DN=threads -DROUNDS=n [-DINTR] [-DTRY] [-DONLY_TRY] [-DMUTEX_NO_SPIN=1], and
 * -DV4 for the counter form, which has no hand-off; with -DCONFIG_PREEMPT_RT=1, that form,
 * where the waiters' trees are no events, as in rt_mutex.c.
 */
#ifdef V4
#include <locking/mutex_v4.h>
#define mutex				mutex_v4
#define mutex_lock(l)			mutex_v4_lock(l)
#define mutex_lock_interruptible(l)	mutex_v4_lock_interruptible(l)
#define mutex_trylock(l)		mutex_v4_trylock(l)
#define mutex_unlock(l)			mutex_v4_unlock(l)
#define INITIALIZER(l)			MUTEX_V4_INIT(l)
#define is_free(l)	(mc_final(&(l)->count.counter) == 1 && !mc_final(&(l)->owner))
#else
#include <locking/mutex.h>
#define INITIALIZER(l)			__MUTEX_INITIALIZER(l)
#ifdef CONFIG_PREEMPT_RT
#define is_free(l)	(!mc_final(&(l)->rtmutex.owner) && \
			 !rb_first_cached(&(l)->rtmutex.waiters))
#else
#define is_free(l)	(mc_final(&(l)->owner.counter) == 0)
#endif
#endif

static struct mutex lock = INITIALIZER(lock);
static u32 counter;
static u32 missed __maybe_unused;

/* Plain memory is as the last execution left it, which may have ended in the middle. */
static void setup(void)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		return;
	lock = (struct mutex)INITIALIZER(lock);
	for (unsigned int t = 0; t < N; t++)
		port_tasks[t].prio = port_tasks[t].normal_prio = 10 + 10 * (int)t;
}

static bool lock_it(unsigned int t)
{
	if (!(IS_ENABLED(INTR) || IS_ENABLED(ONLY_TRY)) || t != N - 1) {
		mutex_lock(&lock);
		return true;
	}
	if (IS_ENABLED(ONLY_TRY) ? mutex_trylock(&lock) : !mutex_lock_interruptible(&lock))
		return true;
	WRITE_ONCE(missed, 1);
	return false;
}

static void thread(unsigned int t)
{
	if (IS_ENABLED(INTR) && t == 0)
		kthread_interrupt(&port_tasks[N - 1]);
	if ((IS_ENABLED(INTR) || IS_ENABLED(ONLY_TRY)) && t == N - 1)
		WRITE_ONCE(missed, 0);
	for (unsigned int i = 0; i < (t == 0 ? ROUNDS : 1); i++) {
		if (!lock_it(t))
			continue;
		PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
		if (IS_ENABLED(TRY))
			mc_assert(!mutex_trylock(&lock));
		mutex_unlock(&lock);
	}
}

static void final(void)
{
	u32 gone = 0;

#if defined(INTR) || defined(ONLY_TRY)
	gone = mc_final(&missed);
#endif

	mc_assert(mc_final(&counter) == N - 1 + ROUNDS - gone);
	mc_assert(is_free(&lock));
}

struct mc_client mc_client = {
	.name = IS_ENABLED(V4) ? "mutex_v4" : IS_ENABLED(CONFIG_PREEMPT_RT) ? "mutex_rt" : "mutex",
	.nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
