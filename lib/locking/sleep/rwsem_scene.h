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

static inline void nap(void)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(1);
}

#define sleep_until(cond)						\
	do {								\
		while (!(cond))						\
			nap();						\
	} while (0)

static inline long count_of(struct rw_semaphore *sem)
{
	return atomic_long_read(&sem->count);
}

static inline unsigned int waiters(struct rw_semaphore *sem)
{
	unsigned int n = 0;
	struct list_head *pos;

	raw_spin_lock_irq(&sem->wait_lock);
	list_for_each(pos, &sem->wait_list)
		n++;
	raw_spin_unlock_irq(&sem->wait_lock);
	return n;
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

#define EXPECT_FREE(sem)						\
	do {								\
		EXPECT_EQ(count_of(sem), 0);				\
		EXPECT(list_empty(&(sem)->wait_list));			\
		EXPECT(!osq_is_locked(&(sem)->osq));			\
	} while (0)

#endif
