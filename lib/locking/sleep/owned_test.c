/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every lock that sleeps: a wake-up is no grant, and who owns the lock needs none any more.
 *
 *	owner				waiter
 *	takes it			asks for it, and sleeps
 *	sees that one asleep
 *	wakes it, for nothing: twice	looks, is not given it, sleeps again
 *	lets go				owns it, in TASK_RUNNING: schedule() comes back
 *
 * A lock that is taken between the state and the sleep, by a spinner or in passing, is
 * what the contest is for: a state that stayed behind would put its owner to sleep, with
 * nobody to wake it.
 */
#include <base/errno.h>
#include <locking/mutex_v4.h>
#include <locking/percpu_rwsem.h>
#include <locking/rt_mutex.h>
#include <locking/rwsem.h>
#include <locking/rwsem_v4.h>
#include <locking/semaphore.h>
#include <locking/testing.h>
#include <locking/ww_mutex.h>

#define ROUNDS	100

static DEFINE_MUTEX(mutex);
static struct mutex_v4 mutex_v4 = MUTEX_V4_INIT(mutex_v4);
static DEFINE_WW_CLASS(ww_class);
static struct ww_mutex ww_mutex;
static DEFINE_SEMAPHORE(semaphore, 1);
static DEFINE_RT_MUTEX(rt_mutex);
static DECLARE_RWSEM(rwsem);
static struct rwsem_v4 rwsem_v4 = RWSEM_V4_INIT(rwsem_v4);
DEFINE_STATIC_PERCPU_RWSEM(percpu_rwsem);

/* The two halves of a kind. */
#define HALVES(name, take, release)					\
	static void take_##name(void) { take; }				\
	static void release_##name(void) { release; }
#define MUST(ret)	do { if (ret) BUG(); } while (0)

HALVES(mutex, mutex_lock(&mutex), mutex_unlock(&mutex))
HALVES(mutex_killable, MUST(mutex_lock_killable(&mutex)), mutex_unlock(&mutex))
HALVES(mutex_v4, mutex_v4_lock(&mutex_v4), mutex_v4_unlock(&mutex_v4))
HALVES(ww_mutex, MUST(ww_mutex_lock(&ww_mutex, NULL)), ww_mutex_unlock(&ww_mutex))
HALVES(semaphore, down(&semaphore), up(&semaphore))
HALVES(semaphore_timed, MUST(down_timeout(&semaphore, 3600L * HZ)), up(&semaphore))
HALVES(rt_mutex, rt_mutex_lock(&rt_mutex), rt_mutex_unlock(&rt_mutex))
HALVES(rwsem_write, down_write(&rwsem), up_write(&rwsem))
HALVES(rwsem_read, down_read(&rwsem), up_read(&rwsem))
HALVES(v4_write, rwsem_v4_down_write(&rwsem_v4), rwsem_v4_up_write(&rwsem_v4))
HALVES(v4_read, rwsem_v4_down_read(&rwsem_v4), rwsem_v4_up_read(&rwsem_v4))
HALVES(percpu_write, percpu_down_write(&percpu_rwsem), percpu_up_write(&percpu_rwsem))
HALVES(percpu_read, percpu_down_read(&percpu_rwsem), percpu_up_read(&percpu_rwsem))

static const struct kind {
	const char *name;
	void (*hold)(void), (*let_go)(void);	/* of who has it */
	void (*take)(void), (*release)(void);	/* of who waits for it */
} kinds[] = {
#define KIND(owner, waiter) \
	{ #waiter " behind " #owner, take_##owner, release_##owner, take_##waiter, release_##waiter }
	KIND(mutex, mutex),
	KIND(mutex, mutex_killable),
	KIND(mutex_v4, mutex_v4),
	KIND(ww_mutex, ww_mutex),
	KIND(semaphore, semaphore),
	KIND(semaphore, semaphore_timed),
	KIND(rt_mutex, rt_mutex),
	KIND(rwsem_write, rwsem_write),
	KIND(rwsem_write, rwsem_read),
	KIND(rwsem_read, rwsem_write),
	KIND(v4_write, v4_write),
	KIND(v4_write, v4_read),
	KIND(v4_read, v4_write),
	KIND(percpu_write, percpu_write),
	KIND(percpu_write, percpu_read),
	KIND(percpu_read, percpu_write),
};

struct scene {
	const struct kind *kind;
	struct task_struct *waiter;	/* itself, before it asks */
	bool held;			/* the owner: from now on */
	bool owns;			/* the waiter */
	unsigned int too_early;		/* the owner: how often it saw that */
	atomic_t stale;			/* owners that were not in TASK_RUNNING */
};

/* Its condition may be false already, and then it comes back here. */
static bool asleep(struct task_struct *p)
{
	return task_state(p) != TASK_RUNNING && !port_owner_on_cpu(p);
}

static void await_asleep(struct task_struct *p)
{
	sleep_until(asleep(p));
}

/* In another state than RUNNING it would not come back from schedule(). */
static void need_no_wakeup(struct scene *s)
{
	if (get_current_state() != TASK_RUNNING) {
		atomic_inc(&s->stale);
		__set_current_state(TASK_RUNNING);
	}
	schedule();
}

static void own_and_wait(unsigned int index, void *arg)
{
	struct scene *s = arg;

	if (index == 0) {
		s->kind->hold();
		smp_store_release(&s->held, true);
		smp_cond_load_acquire(&s->waiter, VAL != NULL);
		for (int i = 0; i < 2; i++) {
			await_asleep(s->waiter);
			wake_up_process(s->waiter);
		}
		await_asleep(s->waiter);
		s->too_early = READ_ONCE(s->owns);
		s->kind->let_go();
		need_no_wakeup(s);
		return;
	}
	smp_cond_load_acquire(&s->held, VAL);
	smp_store_release(&s->waiter, current);
	s->kind->take();
	WRITE_ONCE(s->owns, true);
	need_no_wakeup(s);
	s->kind->release();
	need_no_wakeup(s);
}

static void expect_nothing_wrong(struct selftest *t, struct scene *s)
{
	if (s->too_early || atomic_read(&s->stale))
		selftest_fail(t, __FILE__, __LINE__, "%s: %s, %d owners not in TASK_RUNNING",
			      s->kind->name, s->too_early ? "owned by a wake-up" : "in order",
			      atomic_read(&s->stale));
}

SELFTEST(owned, a_wakeup_is_no_grant_and_an_owner_needs_none, .min_cpus = 2, .timeout_ms = 60000)
{
	ww_mutex_init(&ww_mutex, &ww_class);
	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct scene s = { .kind = &kinds[i] };

		test_on_cpus(2, own_and_wait, &s);
		EXPECT(s.owns);
		expect_nothing_wrong(t, &s);
	}
}

static void take_often(unsigned int index, void *arg)
{
	struct scene *s = arg;

	for (unsigned int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		if ((i + index) % 2) {
			s->kind->take();
			need_no_wakeup(s);
			s->kind->release();
		} else {
			s->kind->hold();
			need_no_wakeup(s);
			s->kind->let_go();
		}
	}
}

SELFTEST(owned, however_it_was_taken, .timeout_ms = 60000)
{
	ww_mutex_init(&ww_mutex, &ww_class);
	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct scene s = { .kind = &kinds[i] };

		test_on_cpus(test_cpus(4), take_often, &s);
		expect_nothing_wrong(t, &s);
	}
}
