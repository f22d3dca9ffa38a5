/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scenes for the tests of rw_semaphore: a few tasks, each on a CPU of its own, that
 * wait for each other's steps asleep, unless one is to be spun on.
 */
#ifndef RWSEM_SCENE_H
#define RWSEM_SCENE_H

#include <base/errno.h>
#include <locking/rwsem.h>
#include <locking/testing.h>
#include "rt_mutex_scene.h"

/* Who sleeps in line; with CONFIG_PREEMPT_RT a writer that waits for readers is not in it. */
static inline unsigned int waiters(struct rw_semaphore *sem)
{
#ifdef CONFIG_PREEMPT_RT
	return rt_mutex_nr_waiters(&sem->rwbase.rtmutex);
#else
	struct list_head *pos;
	unsigned int n = 0;

	raw_spin_lock_irq(&sem->wait_lock);
	list_for_each(pos, &sem->wait_list)
		n++;
	raw_spin_unlock_irq(&sem->wait_lock);
	return n;
#endif
}

/* Nobody holds it, sleeps or spins for it, or has left a flag behind. */
static inline bool at_rest(struct rw_semaphore *sem)
{
#ifdef CONFIG_PREEMPT_RT
	return !rwsem_is_locked(sem) && !READ_ONCE(sem->rwbase.rtmutex.owner) && !waiters(sem);
#else
	return !atomic_long_read(&sem->count) && !waiters(sem) && !osq_is_locked(&sem->osq);
#endif
}

/* Writers may spin on its next holders. */
static inline bool spinnable(struct rw_semaphore *sem)
{
#ifdef CONFIG_PREEMPT_RT
	return true;
#else
	return !(atomic_long_read(&sem->owner) & RWSEM_NONSPINNABLE);
#endif
}

#define ACTORS	4

struct scene {
	struct rw_semaphore sem;
	struct task_struct *task[ACTORS];
	void (*play[ACTORS])(struct scene *s);
	int step;			/* written by one actor at a time */
	int ret[ACTORS];
	char order[ACTORS + 1];		/* who got it, in order */
	atomic_t got;
	bool first_out;			/* what the holder saw */
};

static inline void reach(struct scene *s, int step)
{
	/* scene/A: pairs with await_step() */
	smp_store_release(&s->step, step);
}

static inline void await_step(struct scene *s, int step)
{
	/* scene/A: pairs with reach() */
	sleep_until(smp_load_acquire(&s->step) >= step);
}

static inline void note(struct scene *s, char who)
{
	s->order[atomic_fetch_inc(&s->got)] = who;
}

static inline void actor(unsigned int index, void *arg)
{
	struct scene *s = arg;

	s->task[index] = current;
	s->play[index](s);
}

static inline void play(struct scene *s, unsigned int actors)
{
	init_rwsem(&s->sem);
	test_on_cpus(actors, actor, s);
}

#endif
