/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks that sleep, and the scheduler: a waiter spins while the owner runs, and stops
 * when the owner sleeps or its own CPU is wanted. The owner is on CPU 1, the waiter on 2;
 * rt_mutex_test.c has the same of rt_mutex.
 *
 *	owner				waiter
 *	takes it, runs			spins, or sleeps if its CPU was wanted for a moment
 *	sleeps with it			must stop, and sleep
 *	runs on, however long		must leave its CPU to a task that is more urgent
 *
 * Whether it spins at all at a given moment is the scheduler's; that it stops is the
 * lock's. So the cases wait for the sleep, without a clock: one that spins on never
 * sleeps.
 */
#include <base/string.h>
#include <kernel/sched.h>
#include <locking/mutex.h>
#include <locking/mutex_v4.h>
#include <locking/rwsem.h>
#include "sched_test.h"

static DEFINE_MUTEX(mutex);
static struct mutex_v4 old_mutex = MUTEX_V4_INIT(old_mutex);
static DECLARE_RWSEM(written);
static DECLARE_RWSEM(read);

static void lock_mutex(void) { mutex_lock(&mutex); }
static void unlock_mutex(void) { mutex_unlock(&mutex); }
static void lock_old(void) { mutex_v4_lock(&old_mutex); }
static void unlock_old(void) { mutex_v4_unlock(&old_mutex); }
static void write_written(void) { down_write(&written); }
static void unwrite_written(void) { up_write(&written); }
static void read_read(void) { down_read(&read); }
static void unread_read(void) { up_read(&read); }
static void write_read(void) { down_write(&read); }
static void unwrite_read(void) { up_write(&read); }

static const struct spun_on {
	const char *name;
	void (*own)(void), (*disown)(void), (*take)(void), (*give)(void);
} locks[] = {
	{ "mutex", lock_mutex, unlock_mutex, lock_mutex, unlock_mutex },
	{ "mutex_v4", lock_old, unlock_old, lock_old, unlock_old },
	{ "rwsem, a writer", write_written, unwrite_written, write_written, unwrite_written },
	{ "rwsem, readers", read_read, unread_read, write_read, unwrite_read },
};

static struct {
	const struct spun_on *lock;
	bool has, sleep, release, waits, got, arrived;
} scene;

static int own_it(void *unused)
{
	scene.lock->own();
	WRITE_ONCE(scene.has, true);
	while (!READ_ONCE(scene.release)) {
		if (READ_ONCE(scene.sleep))
			schedule_timeout_idle(HZ);
		else
			cpu_relax();
		cond_resched();
	}
	scene.lock->disown();
	return 0;
}

static int want_it(void *unused)
{
	WRITE_ONCE(scene.waits, true);
	scene.lock->take();
	WRITE_ONCE(scene.got, true);
	scene.lock->give();
	return 0;
}

static int note_arrival(void *unused)
{
	WRITE_ONCE(scene.arrived, true);
	return 0;
}

struct cast {
	struct task_struct *owner, *waiter, *other;
};

static bool start(struct cast *c, const struct spun_on *lock)
{
	memset(&scene, 0, sizeof(scene));
	scene.lock = lock;
	c->owner = test_thread_on(own_it, NULL, 1, "owner");
	c->waiter = test_thread_on(want_it, NULL, 2, "waiter");
	c->other = test_thread_on(note_arrival, NULL, 2, "other");
	if (!c->owner || !c->waiter || !c->other)
		return false;
	test_set_fifo(c->other, SCHED_FIFO, 50);
	wake_up_process(c->owner);
	wait_until(READ_ONCE(scene.has));
	wake_up_process(c->waiter);
	wait_until(READ_ONCE(scene.waits));
	return true;
}

static void stop(struct cast *c)
{
	WRITE_ONCE(scene.release, true);
	wake_up_process(c->owner);
	wake_up_process(c->other);
	kthread_stop_put(c->owner);
	kthread_stop_put(c->waiter);
	kthread_stop_put(c->other);
}

/* Asleep for the lock: it has queued, and left its CPU. */
static bool sleeps_for_it(struct task_struct *p)
{
	return READ_ONCE(p->blocked_on.kind) && !READ_ONCE(p->on_rq) && !READ_ONCE(p->on_cpu);
}

SELFTEST(sleep_spin, ends_when_the_owner_sleeps, .min_cpus = 3, .timeout_ms = 60000)
{
	for (size_t i = 0; i < ARRAY_SIZE(locks); i++) {
		struct cast c;

		if (!EXPECT(start(&c, &locks[i])))
			return;
		WRITE_ONCE(scene.sleep, true);
		if (!EXPECT_SOON(sleeps_for_it(c.waiter)))
			selftest_note(t, "%s", locks[i].name);
		EXPECT(!READ_ONCE(scene.got));
		stop(&c);
		EXPECT(READ_ONCE(scene.got));
	}
}

SELFTEST(sleep_spin, ends_when_its_cpu_is_wanted, .min_cpus = 3, .timeout_ms = 60000)
{
	for (size_t i = 0; i < ARRAY_SIZE(locks); i++) {
		struct cast c;

		if (!EXPECT(start(&c, &locks[i])))
			return;
		wake_up_process(c.other);
		if (!EXPECT_SOON(READ_ONCE(scene.arrived)))
			selftest_note(t, "%s", locks[i].name);
		EXPECT(!READ_ONCE(scene.got));
		stop(&c);
		EXPECT(READ_ONCE(scene.got));
	}
}
