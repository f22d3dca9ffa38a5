/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cells of context.def, what sleeps: one function a primitive. All of it is free, or
 * done, when it is asked for: nothing here has to wait, but for the condition variable.
 */
#include <base/errno.h>
#include <locking/completion.h>
#include <locking/condvar.h>
#include <locking/percpu_rwsem.h>
#include <locking/rt_mutex.h>
#include <locking/rwsem.h>
#include <locking/rwsem_v4.h>
#include <locking/semaphore.h>
#include <locking/swait.h>
#include <locking/wait.h>
#include <locking/wake_q.h>
#include <locking/ww_mutex.h>
#include "context_cells.h"

/* ---- locks ---- */

#define CELL_LOCK(name, take, release)					\
bool cell_##name(void)							\
{									\
	take;								\
	release;							\
	return true;							\
}
#define CELL_TRYLOCK(name, taken, release)				\
bool cell_##name(void)							\
{									\
	if (!(taken))							\
		return false;						\
	release;							\
	return true;							\
}

static DEFINE_MUTEX(mutex);
CELL_LOCK(mutex_lock, mutex_lock(&mutex), mutex_unlock(&mutex))
CELL_TRYLOCK(mutex_trylock, mutex_trylock(&mutex), mutex_unlock(&mutex))

static DEFINE_WW_CLASS(ww_class);

bool cell_ww_mutex_lock(void)
{
	struct ww_acquire_ctx ctx;
	struct ww_mutex ww;
	bool taken;

	ww_mutex_init(&ww, &ww_class);
	ww_acquire_init(&ctx, &ww_class);
	taken = !ww_mutex_lock(&ww, &ctx);
	if (taken)
		ww_mutex_unlock(&ww);
	ww_acquire_fini(&ctx);
	return taken;
}

bool cell_ww_mutex_trylock(void)
{
	struct ww_mutex ww;

	ww_mutex_init(&ww, &ww_class);
	if (!ww_mutex_trylock(&ww, NULL))
		return false;
	ww_mutex_unlock(&ww);
	return true;
}

static DEFINE_RT_MUTEX(rt_mutex);
CELL_LOCK(rt_mutex_lock, rt_mutex_lock(&rt_mutex), rt_mutex_unlock(&rt_mutex))
CELL_TRYLOCK(rt_mutex_trylock, rt_mutex_trylock(&rt_mutex), rt_mutex_unlock(&rt_mutex))

static DECLARE_RWSEM(rwsem);
CELL_LOCK(down_read, down_read(&rwsem), up_read(&rwsem))
CELL_LOCK(down_write, down_write(&rwsem), up_write(&rwsem))
CELL_TRYLOCK(down_read_trylock, down_read_trylock(&rwsem), up_read(&rwsem))
CELL_TRYLOCK(down_write_trylock, down_write_trylock(&rwsem), up_write(&rwsem))

static struct rwsem_v4 v4 = RWSEM_V4_INIT(v4);
CELL_LOCK(rwsem_v4_down_read, rwsem_v4_down_read(&v4), rwsem_v4_up_read(&v4))
CELL_LOCK(rwsem_v4_down_write, rwsem_v4_down_write(&v4), rwsem_v4_up_write(&v4))
CELL_TRYLOCK(rwsem_v4_down_read_trylock, rwsem_v4_down_read_trylock(&v4), rwsem_v4_up_read(&v4))
CELL_TRYLOCK(rwsem_v4_down_write_trylock, rwsem_v4_down_write_trylock(&v4), rwsem_v4_up_write(&v4))

DEFINE_STATIC_PERCPU_RWSEM(percpu);
CELL_LOCK(percpu_down_read, percpu_down_read(&percpu), percpu_up_read(&percpu))
CELL_LOCK(percpu_down_write, percpu_down_write(&percpu), percpu_up_write(&percpu))
CELL_TRYLOCK(percpu_down_read_trylock, percpu_down_read_trylock(&percpu), percpu_up_read(&percpu))

static DEFINE_SEMAPHORE(sem, 1);
CELL_LOCK(down, down(&sem), up(&sem))
CELL_TRYLOCK(down_trylock, !down_trylock(&sem), up(&sem))

bool cell_up(void)
{
	up(&sem);
	return !down_trylock(&sem);
}

/* ---- waiting and waking ---- */

static struct completion done = { COMPLETION_ALL, __SWAIT_QUEUE_HEAD_INITIALIZER(done.wait) };
static DECLARE_COMPLETION(counted);
CELL_LOCK(wait_for_completion, wait_for_completion(&done), )
CELL_TRYLOCK(try_wait_for_completion, try_wait_for_completion(&done), )
CELL_LOCK(complete_all, complete_all(&done), )

bool cell_complete(void)
{
	complete(&counted);
	return try_wait_for_completion(&counted);
}

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_SWAIT_QUEUE_HEAD(squeue);
CELL_LOCK(wait_event, wait_event(queue, true), )
CELL_LOCK(wake_up, wake_up(&queue), )
CELL_LOCK(swait_event_exclusive, swait_event_exclusive(squeue, true), )
CELL_LOCK(swake_up_one, swake_up_one(&squeue), )
CELL_LOCK(swake_up_all, swake_up_all(&squeue), )

bool cell_wake_up_q(void)
{
	DEFINE_WAKE_Q(wake_q);

	wake_q_add(&wake_q, current);
	wake_up_q(&wake_q);
	return true;
}

static DEFINE_CONDVAR(condvar);
CELL_LOCK(condvar_signal, condvar_signal(&condvar), )

bool cell_condvar_wait(void)
{
	bool late;

	mutex_lock(&mutex);
	late = condvar_wait_timeout(&condvar, &mutex, 1) == -ETIME;
	mutex_unlock(&mutex);
	return late;
}
