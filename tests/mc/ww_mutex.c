/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wound/wait mutexes under the checker: two tasks, two mutexes, crossed. Thread 0, the
 * older, takes b and then a; thread 1, the younger, takes a and then b.
 *
 *	HELD=3		each has its first one when all begin
 *	HELD=2		0 has b; 1 takes a by the fast path while 0 comes to wait for it
 *	HELD=1		1 has a; 0 takes b by the fast path while 1 comes to wait for it
 *	DIE		the class is wait-die, not wound-wait
 *	SLOW		1, refused, comes back for b by the slow call
 *
 * What it shows: no deadlock, whoever sees whom first; the older is never refused, and
 * the younger only if it stands in the way; mutual exclusion; nothing is left behind.
 *
 * Waiters and what a context counts are memory that wait_lock protects, or its task's
 * own: not events. Each call has a depth of its own on the stack: the wake_q there is
 * a location, and begins empty only once.
 *
 * Built with -DN=2 -DHELD=n, perhaps -DDIE or -DSLOW; -DCONFIG_PREEMPT_RT=1 for that form.
 */
#include <base/errno.h>
#include <locking/ww_mutex.h>

#ifdef CONFIG_PREEMPT_RT
#define OWNER(lock)		((lock)->base.rtmutex.owner)
#define OWNED_BY(t)		(&port_tasks[t])
#define nobody_waits(lock)	(!rb_first_cached(&(lock)->base.rtmutex.waiters))
#else
#define OWNER(lock)		((lock)->base.owner.counter)
#define OWNED_BY(t)		((long)&port_tasks[t])
#define nobody_waits(lock)	list_empty(&(lock)->base.wait_list)
#endif

static struct ww_mutex a, b;
static struct ww_acquire_ctx ctxs[N];
static u32 counter, inside[N];

#define AGE(t)	((t) + 1)

static void start(struct ww_mutex *lock, unsigned int t, bool held)
{
	*lock = (struct ww_mutex){ .base = __MUTEX_INITIALIZER(lock->base) };
	if (!held)
		return;
	OWNER(lock) = OWNED_BY(t);
	lock->ctx = &ctxs[t];
	ctxs[t].acquired = 1;
}

static void setup(void)
{
	for (unsigned int t = 0; t < N; t++)
		ctxs[t] = (struct ww_acquire_ctx){
			.task = &port_tasks[t], .is_wait_die = IS_ENABLED(DIE),
		};
	ctxs[0].stamp = AGE(0);
	if (HELD & 1)
		ctxs[1].stamp = AGE(1);
	start(&a, 1, HELD & 1);
	start(&b, 0, HELD & 2);
}

enum call { LOCK, LOCK_SLOW, UNLOCK };

static noinline int call(unsigned int depth, enum call what, struct ww_mutex *lock)
{
	char *below = __builtin_alloca(512 * depth);
	int ret = 0;

	__asm__ volatile("" : : "r"(below) : "memory");
	if (what == UNLOCK)
		ww_mutex_unlock(lock);
	else if (what == LOCK_SLOW)
		ww_mutex_lock_slow(lock, &ctxs[mc_thread()]);
	else
		ret = ww_mutex_lock(lock, &ctxs[mc_thread()]);
	__asm__ volatile("" : : "r"(below) : "memory");
	return ret;
}

static void use_both(unsigned int t)
{
	PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
	WRITE_ONCE(inside[t], 1);
	call(4, UNLOCK, &a);
	call(5, UNLOCK, &b);
}

static void older(void)
{
	if (!(HELD & 2))
		mc_assert(!call(1, LOCK, &b));
	mc_assert(!call(2, LOCK, &a));
	use_both(0);
}

static void younger(void)
{
	int ret;

	if (!(HELD & 1)) {
		/* Whoever sees the context without its age takes it for the older one. */
		WRITE_ONCE(ctxs[1].stamp, AGE(1));
		mc_assert(!call(1, LOCK, &a));
	}
	ret = call(2, LOCK, &b);
	if (!ret) {
		use_both(1);
		return;
	}
	mc_assert(ret == -EDEADLK);
	call(4, UNLOCK, &a);
	if (!IS_ENABLED(SLOW))
		return;
	call(3, LOCK_SLOW, &b);
	call(5, UNLOCK, &b);
}

static void thread(unsigned int t)
{
	WRITE_ONCE(inside[t], 0);
	if (t == 0)
		older();
	else
		younger();
}

static void judge(struct ww_mutex *lock)
{
	mc_assert(!mc_final(&OWNER(lock)) && !mc_final(&lock->ctx));
	mc_assert(nobody_waits(lock));
}

static void final(void)
{
	mc_assert(mc_final(&inside[0]));
	mc_assert(mc_final(&counter) == 1 + mc_final(&inside[1]));
	mc_assert(!ctxs[0].acquired && !ctxs[1].acquired);
	judge(&a);
	judge(&b);
}

struct mc_client mc_client = {
	.name = IS_ENABLED(CONFIG_PREEMPT_RT) ? "ww_mutex_rt" : "ww_mutex",
	.nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
