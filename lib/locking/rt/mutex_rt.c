/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutex with CONFIG_PREEMPT_RT, the slow paths. The contract is <locking/mutex.h>'s, what
 * is different <locking/mutex_rt.h>'s; what waits and lends is rt_mutex's.
 *
 * Linux: kernel/locking/rtmutex_api.c
 */
#include <locking/mutex.h>
#include <locking/rt_mutex_waiter.h>

static struct task_struct *mutex_blocked_owner(const void *lock)
{
	return mutex_get_owner((struct mutex *)lock);
}

const struct lock_kind mutex_kind = { .name = "mutex", .owner = mutex_blocked_owner };

void __mutex_init(struct mutex *lock, const char *name)
{
	debug_mutex_init(lock, name);
	rt_mutex_base_init(&lock->rtmutex);
}

int __mutex_lock_slowpath(struct mutex *lock, unsigned int state, bool io)
{
	struct rt_mutex_base *rtm = &lock->rtmutex;
	int ret, token = 0;

	might_sleep();
	if (io)
		token = io_schedule_prepare();
	port_set_blocked_on(&mutex_kind, lock);
	raw_spin_lock_irq(&rtm->wait_lock);
	ret = rt_mutex_slowlock_locked(rtm, state, NULL, RT_MUTEX_MIN_CHAINWALK, NULL);
	raw_spin_unlock_irq(&rtm->wait_lock);
	port_clear_blocked_on();
	if (io)
		io_schedule_finish(token);
	if (unlikely(ret == -EDEADLK))
		rt_mutex_report_deadlock(rtm);
	return ret;
}

bool __mutex_trylock_slowpath(struct mutex *lock)
{
	return rt_mutex_trylock_slow(&lock->rtmutex);
}

void __mutex_unlock_slowpath(struct mutex *lock)
{
	rt_mutex_unlock_slow(&lock->rtmutex);
}
