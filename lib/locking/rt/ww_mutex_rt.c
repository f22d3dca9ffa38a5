/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wound/wait mutexes with CONFIG_PREEMPT_RT, the waiting: a step inside rt_mutex's slow
 * path. The rules are lib/locking/sleep/ww_mutex.c's.
 *
 * The tree of waiters is ordered by urgency, which others may lend, so a place in it says
 * nothing about age. That is no harm: who is in front matters only when it is the owner.
 * So both classes need two looks, under wait_lock:
 *
 *	a waiter, before each sleep	at the owner: wound it, or die
 *	each new owner			at all waiters: wake those that must die, or be
 *					wounded by one of them
 *
 *	acquired > 0 waits for		wound-wait			wait-die
 *	an older owner			waits, unless wounded		gives up
 *	a younger owner			wounds it, waits		waits
 *
 * In a circle somebody waits for a younger one, and somebody for an older one: in the
 * first class the younger is wounded, in the second one gives up. Age is a fixed order,
 * so there is no circle without both.
 *
 * A wounded task may run, and spin for another mutex: it would not see that it must give
 * up. So who holds something does not spin.
 *
 * Who is to give way is woken under wait_lock, which is above pi_lock and the run queues:
 * it has to come to wait_lock itself before it can go, so that no context that is looked
 * at is gone, and the look before a sleep is inside rt_mutex's slow path, which has no
 * place for a list to wake later. It may spin here for as long as the tree is walked.
 *
 * The priority that a waiter lends ends with its wait, for those that back off too:
 * remove_waiter().
 *
 * Linux:   kernel/locking/ww_rt_mutex.c, ww_mutex.h
 * Differs: no look at the queue when a waiter joins it; who holds something does not spin.
 */
#include <base/errno.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/ww_rules.h>

/* One wait, on the waiter's stack. */
struct ww_rt_wait {
	struct rt_mutex_ww ww;
	struct ww_acquire_ctx *ctx;
};

static struct task_struct *ww_blocked_owner(const void *lock)
{
	return mutex_get_owner((struct mutex *)lock);
}

static const struct lock_kind ww_mutex_kind = { .name = "ww_mutex", .owner = ww_blocked_owner };

static struct ww_acquire_ctx *ctx_of(struct rt_mutex_waiter *waiter)
{
	return container_of(waiter->ww, struct ww_rt_wait, ww)->ctx;
}

bool ww_has_waiters(struct mutex *lock)
{
	return (unsigned long)READ_ONCE(lock->rtmutex.owner) & RT_MUTEX_HAS_WAITERS;
}

/* wait_lock held. */
static void check_waiters(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	struct rb_node *node;
	DEFINE_WAKE_Q(wake_q);

	for (node = rb_first_cached(&lock->rtmutex.waiters); node; node = rb_next(node)) {
		struct rt_mutex_waiter *w = rb_entry(node, struct rt_mutex_waiter, tree.entry);

		if (!w->ww)
			continue;
		if (!ww_make_die(w->task, ctx_of(w), ctx, &wake_q) &&
		    ww_wound(lock, ctx_of(w), ctx, &wake_q))
			break;
	}
	wake_up_q(&wake_q);
}

void ww_look_at_waiters(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	raw_spin_lock_irq(&lock->rtmutex.wait_lock);
	check_waiters(lock, ctx);
	raw_spin_unlock_irq(&lock->rtmutex.wait_lock);
}

static int ww_rt_check_kill(struct rt_mutex_base *rtm, struct rt_mutex_waiter *waiter)
{
	struct mutex *lock = container_of(rtm, struct mutex, rtmutex);
	struct ww_acquire_ctx *ctx = ctx_of(waiter), *held;
	DEFINE_WAKE_Q(wake_q);

	/* ww/A: pairs with ww_acquired_fast() */
	smp_mb();
	held = ww_held_ctx(lock);
	if (ctx->acquired == 0)
		return 0;
	if (ctx->is_wait_die)
		return held && ww_younger(ctx, held) ? -EDEADLK : 0;
	if (READ_ONCE(ctx->wounded))
		return -EDEADLK;
	ww_wound(lock, ctx, held, &wake_q);
	wake_up_q(&wake_q);
	return 0;
}

int ww_lock_slowpath(struct mutex *lock, struct ww_acquire_ctx *ctx, unsigned int state)
{
	struct ww_rt_wait wait = {
		.ww = { .stamp = ctx->stamp, .may_spin = !ctx->acquired,
			.check_kill = ww_rt_check_kill },
		.ctx = ctx,
	};
	struct rt_mutex_base *rtm = &lock->rtmutex;
	int ret;

	might_sleep();
	port_set_blocked_on(&ww_mutex_kind, lock);
	raw_spin_lock_irq(&rtm->wait_lock);
	ret = rt_mutex_slowlock_locked(rtm, state, NULL, RT_MUTEX_MIN_CHAINWALK, &wait.ww);
	if (!ret) {
		ww_set_ctx(lock, ctx);
		check_waiters(lock, ctx);
	}
	raw_spin_unlock_irq(&rtm->wait_lock);
	port_clear_blocked_on();
	return ret;
}
