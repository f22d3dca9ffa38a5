/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a hung-task report says of each type of lock: its name, who holds it, or that
 * nobody knows. For each a task that holds it and one that waits; `panic hunglocks` leaves
 * them there, until each has been reported.
 */
#include <base/string.h>
#include <kernel/bug.h>
#include <kernel/kthread.h>
#include <kernel/lock_chain.h>
#include <kernel/printk.h>
#include <locking/completion.h>
#include <locking/mutex_v4.h>
#include <locking/percpu_rwsem.h>
#include <locking/rt_mutex.h>
#include <locking/rwsem.h>
#include <locking/rwsem_v4.h>
#include <locking/semaphore.h>
#include <locking/wait.h>
#include <locking/ww_mutex.h>
#include "sched_test.h"

static DEFINE_MUTEX(mutex);
static struct mutex_v4 old_mutex = MUTEX_V4_INIT(old_mutex);
static DEFINE_WW_CLASS(ww_class);
static struct ww_mutex ww;
static DEFINE_RT_MUTEX(rt_mutex);
static DECLARE_RWSEM(written);
static DECLARE_RWSEM(read);
static struct rwsem_v4 v4 = RWSEM_V4_INIT(v4);
DEFINE_STATIC_PERCPU_RWSEM(percpu_written);
DEFINE_STATIC_PERCPU_RWSEM(percpu_read);
static DEFINE_SEMAPHORE(sem, 1);
static DECLARE_COMPLETION(done);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool queue_done;

static void lock_ww(void)
{
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, &ww_class);
	if (!WARN_ON(ww_mutex_lock(&ww, &ctx)))
		ww_mutex_unlock(&ww);
	ww_acquire_fini(&ctx);
}

static void end_queue(void)
{
	WRITE_ONCE(queue_done, true);
	wake_up(&queue);
}

#define BY_HOLDER	", held by task "
#define BY_READERS	", held by readers, and nobody knows which"

/* What is held, how it is let go, how it is waited for, and what the report says of it. */
#define KINDS(KIND)							\
	KIND(mutex, "mutex", mutex_lock(&mutex), mutex_unlock(&mutex),	\
	     (mutex_lock(&mutex), mutex_unlock(&mutex)), BY_HOLDER)	\
	KIND(old_mutex, "mutex_v4", mutex_v4_lock(&old_mutex), mutex_v4_unlock(&old_mutex), \
	     (mutex_v4_lock(&old_mutex), mutex_v4_unlock(&old_mutex)), BY_HOLDER) \
	KIND(ww, "ww_mutex", mutex_lock(&ww.base), mutex_unlock(&ww.base), \
	     lock_ww(), BY_HOLDER)					\
	KIND(rt_mutex, "rt_mutex", rt_mutex_lock(&rt_mutex), rt_mutex_unlock(&rt_mutex), \
	     (rt_mutex_lock(&rt_mutex), rt_mutex_unlock(&rt_mutex)), BY_HOLDER) \
	KIND(written, "rw_semaphore", down_write(&written), up_write(&written), \
	     (down_read(&written), up_read(&written)), BY_HOLDER)	\
	KIND(read, "rw_semaphore", down_read(&read), up_read(&read),	\
	     (down_write(&read), up_write(&read)),			\
	     IS_ENABLED(CONFIG_PREEMPT_RT) ? BY_READERS : BY_HOLDER)	\
	KIND(v4, "rwsem_v4", rwsem_v4_down_write(&v4), rwsem_v4_up_write(&v4), \
	     (rwsem_v4_down_read(&v4), rwsem_v4_up_read(&v4)),		\
	     ", held by a writer or readers, and nobody knows which")	\
	KIND(percpu_written, "percpu_rw_semaphore", percpu_down_write(&percpu_written),	\
	     percpu_up_write(&percpu_written),				\
	     (percpu_down_read(&percpu_written), percpu_up_read(&percpu_written)), BY_HOLDER) \
	KIND(percpu_read, "percpu_rw_semaphore", percpu_down_read(&percpu_read), \
	     percpu_up_read(&percpu_read),				\
	     (percpu_down_write(&percpu_read), percpu_up_write(&percpu_read)), \
	     BY_READERS)						\
	KIND(sem, "semaphore", down(&sem), up(&sem), (down(&sem), up(&sem)), \
	     IS_ENABLED(CONFIG_DEBUG_LOCKS) ? BY_HOLDER : ", held by tasks, and nobody knows which") \
	KIND(done, "completion", (void)0, complete(&done), wait_for_completion(&done), \
	     ", which has no owner")					\
	KIND(queue, "wait queue", (void)0, end_queue(),			\
	     wait_event(queue, READ_ONCE(queue_done)), ", which has no owner")

#define FUNCTIONS(name, type, hold, let_go, wait_for, text)		\
static void hold_##name(void) { hold; }					\
static void let_go_##name(void) { let_go; }				\
static void wait_for_##name(void) { wait_for; }
KINDS(FUNCTIONS)

struct pair {
	const char *type, *text;
	const void *lock;
	void (*hold)(void), (*let_go)(void), (*wait_for)(void);
	struct task_struct *holder, *waiter;
	bool held;
};

#define PAIR(name, type_, h, l, w, text_)				\
	{ .type = type_, .text = text_, .lock = &name, .hold = hold_##name, \
	  .let_go = let_go_##name, .wait_for = wait_for_##name },
static struct pair pairs[] = { KINDS(PAIR) };

static bool let_go_now;

static int hold_until_told(void *arg)
{
	struct pair *pair = arg;

	pair->hold();
	WRITE_ONCE(pair->held, true);
	while (!READ_ONCE(let_go_now))
		schedule_timeout_idle(1);
	pair->let_go();
	return 0;
}

static int wait_for_holder(void *arg)
{
	((struct pair *)arg)->wait_for();
	return 0;
}

static bool start_pairs(void)
{
	ww_mutex_init(&ww, &ww_class);
	reinit_completion(&done);
	queue_done = let_go_now = false;
	for (struct pair *p = pairs; p < pairs + ARRAY_SIZE(pairs); p++) {
		p->held = false;
		p->holder = test_thread(hold_until_told, p, "holder");
		p->waiter = test_thread(wait_for_holder, p, "waiter");
		if (!p->holder || !p->waiter)
			return false;
		wake_up_process(p->holder);
		wait_until(READ_ONCE(p->held));
		wake_up_process(p->waiter);
	}
	return true;
}

/* It has not begun to wait until it has switched away: then its chain has a lock in it. */
static void look_at(struct lock_chain *c, const struct pair *p)
{
	for (;;) {
		lock_chain_get(c, p->waiter);
		if (c->links[0].on.kind)
			return;
		lock_chain_put(c);
		test_nap();
	}
}

SELFTEST(lock_chain, each_type_is_named_with_who_holds_it_or_that_nobody_knows)
{
	static struct lock_chain c;
	char line[160], wanted[64];

	if (!EXPECT(start_pairs()))
		return;
	for (struct pair *p = pairs; p < pairs + ARRAY_SIZE(pairs); p++) {
		look_at(&c, p);
		lock_chain_describe(&c, 0, line, sizeof(line));
		snprintf(wanted, sizeof(wanted), " waits for %s %px%s", p->type, p->lock, p->text);
		if (!EXPECT(strstr(line, wanted)))
			selftest_note(t, "it says: %s; wanted: %s", line, wanted);
		EXPECT(strcmp(p->text, BY_HOLDER) ||
		       (c.links[0].owner == p->holder && c.links[1].task == p->holder));
		lock_chain_put(&c);
	}
	WRITE_ONCE(let_go_now, true);
	for (struct pair *p = pairs; p < pairs + ARRAY_SIZE(pairs); p++) {
		kthread_stop_put(p->holder);
		kthread_stop_put(p->waiter);
	}
}

/* With hung_task_timeout=1: the waiters are reported, one after the other. */
void hang_in_each_lock(void)
{
	if (!start_pairs())
		return;
	wait_until(warn_count() >= ARRAY_SIZE(pairs));
	/* One more: its report begins when the last one's is complete. */
	kthread_run(wait_for_holder, &pairs[0], "waiter");
	wait_until(warn_count() > ARRAY_SIZE(pairs));
	panic("%zu tasks that hang have been reported", ARRAY_SIZE(pairs));
}
