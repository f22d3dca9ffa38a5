/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tests of mutexes see of them, in either form.
 */
#ifndef MUTEX_SCENE_H
#define MUTEX_SCENE_H

#include <locking/mutex.h>

/* Nobody holds it, sleeps for it, or has left a flag behind. */
static inline bool mutex_at_rest(struct mutex *m)
{
#ifdef CONFIG_PREEMPT_RT
	return !READ_ONCE(m->rtmutex.owner) && RB_EMPTY_ROOT(&m->rtmutex.waiters.rb_root);
#else
	return !atomic_long_read(&m->owner) && list_empty(&m->wait_list);
#endif
}

#endif
