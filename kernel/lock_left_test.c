/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks that are left behind, on request: a task ends with what it holds, memory goes
 * with a lock in it. CONFIG=debug must report each; tests/qemu/locks.table runs them.
 */
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <locking/completion.h>
#include <locking/mutex.h>
#include <locking/rt_mutex.h>
#include <locking/rwsem.h>
#include <locking/ww_mutex.h>
#include "lock_misuse_test.h"

static DEFINE_MUTEX(mutex_victim);
static DECLARE_RWSEM(rwsem_victim);
static DEFINE_RT_MUTEX(rt_victim);
static DEFINE_WW_CLASS(ww_class);
static struct ww_mutex ww_victim;
static DECLARE_COMPLETION(begun);

static int end_with_mutex(void *unused)
{
	mutex_lock(&mutex_victim);
	complete(&begun);
	return 0;
}

static int end_with_rwsem(void *unused)
{
	down_write(&rwsem_victim);
	complete(&begun);
	return 0;
}

static int end_with_rt_mutex(void *unused)
{
	rt_mutex_lock(&rt_victim);
	complete(&begun);
	return 0;
}

static int end_with_ww(void *unused)
{
	ww_mutex_init(&ww_victim, &ww_class);
	complete(&begun);
	return ww_mutex_lock(&ww_victim, NULL);
}

static int end_with_ctx(void *unused)
{
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, &ww_class);
	complete(&begun);
	return 0;
}

/* Till it has ended: one that is told to stop before it has begun would take nothing. */
static void end(int (*fn)(void *))
{
	struct task_struct *p = kthread_create(fn, NULL, "ends");

	if (IS_ERR(p))
		return;
	get_task_struct(p);
	wake_up_process(p);
	wait_for_completion(&begun);
	kthread_stop(p);
	put_task_struct(p);
}

static void ends_mutex(void)
{
	end(end_with_mutex);
}

static void ends_rwsem(void)
{
	end(end_with_rwsem);
}

static void ends_rt_mutex(void)
{
	end(end_with_rt_mutex);
}

static void ends_ww(void)
{
	end(end_with_ww);
}

static void ends_ctx(void)
{
	end(end_with_ctx);
}

static void freed_mutex(void)
{
	struct mutex *m = kmalloc(sizeof(*m), GFP_KERNEL);

	mutex_init(m);
	mutex_lock(m);
	kfree(m);
}

static void freed_pages(void)
{
	char *pages = kmalloc(4 * PAGE_SIZE, GFP_KERNEL);
	struct rw_semaphore *sem = (void *)(pages + 3 * PAGE_SIZE);

	init_rwsem(sem);
	down_write(sem);
	kfree(pages);
}

const struct misuse misuses_left[] = {
	{ "ends-mutex", ends_mutex },
	{ "ends-rwsem", ends_rwsem },
	{ "ends-rt_mutex", ends_rt_mutex },
	{ "ends-ww", ends_ww },
	{ "ends-ctx", ends_ctx },
	{ "freed-mutex", freed_mutex },
	{ "freed-pages", freed_pages },
	{ }
};
