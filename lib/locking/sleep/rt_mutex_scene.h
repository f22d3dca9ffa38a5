/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tests of rt_mutex, and of the locks that are made of it, see of its waiters.
 */
#ifndef RT_MUTEX_SCENE_H
#define RT_MUTEX_SCENE_H

#include <base/rbtree.h>
#include <locking/rt_mutex.h>

static inline unsigned int rt_mutex_nr_waiters(struct rt_mutex_base *rtm)
{
	struct rb_node *node;
	unsigned int n = 0;

	raw_spin_lock_irq(&rtm->wait_lock);
	for (node = rb_first_cached(&rtm->waiters); node; node = rb_next(node))
		n++;
	raw_spin_unlock_irq(&rtm->wait_lock);
	return n;
}

#endif
