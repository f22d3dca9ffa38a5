/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who waits for whom. The tasks of a scene take their locks in order, each when the
 * one before has its own; `panic hungchain`, `deadlock` and `hungbusy` leave them there for
 * the hung-task report.
 *
 *	chain		C waits for s2, which B has, who waits for s1, which A has
 *	deadlock	B has s2 and waits for s1, A has s1 and waits for s2
 *	busy		C waits for s1, which A has, who runs for ever on CPU 1
 *
 * B has s2 to read, unless nobody knows who reads: CONFIG_PREEMPT_RT.
 */
#include <base/errno.h>
#include <base/string.h>
#include <locking/rwsem.h>
#include <kernel/kthread.h>
#include <kernel/lock_chain.h>
#include "sched_test.h"

#define RT	IS_ENABLED(CONFIG_PREEMPT_RT)

struct scene {
	struct rw_semaphore s1, s2;
	struct task_struct *a, *b, *c;
	atomic_t held;			/* locks that have been taken */
	bool circle;			/* A wants s2 */
	bool let_go;
	bool for_ever;			/* uninterruptible */
};

static int wait_for_write(struct scene *s, struct rw_semaphore *sem)
{
	if (!s->for_ever)
		return down_write_killable(sem);
	down_write(sem);
	return 0;
}

/* Of all that wait C has waited longest: what is found hung first is C. */
static void wait_until_c_waits(struct scene *s)
{
	wait_until(READ_ONCE(s->c->blocked_on.lock) == &s->s2 && is_asleep(s->c));
}

static int task_a(void *arg)
{
	struct scene *s = arg;

	down_write(&s->s1);
	atomic_inc(&s->held);
	wait_until(atomic_read(&s->held) == 2);
	if (s->circle) {
		wait_until_c_waits(s);
		if (!wait_for_write(s, &s->s2))
			up_write(&s->s2);
	}
	while (!READ_ONCE(s->let_go))
		schedule_timeout_idle(s->for_ever ? MAX_SCHEDULE_TIMEOUT : 1);
	up_write(&s->s1);
	return 0;
}

static int task_b(void *arg)
{
	struct scene *s = arg;

	wait_until(atomic_read(&s->held) == 1);
	if (RT)
		down_write(&s->s2);
	else
		down_read(&s->s2);
	atomic_inc(&s->held);
	wait_until_c_waits(s);
	if (!wait_for_write(s, &s->s1))
		up_write(&s->s1);
	if (RT)
		up_write(&s->s2);
	else
		up_read(&s->s2);
	return 0;
}

static int task_c(void *arg)
{
	struct scene *s = arg;

	wait_until(atomic_read(&s->held) == 2);
	if (!wait_for_write(s, &s->s2))
		up_write(&s->s2);
	return 0;
}

/* C first: the report takes tasks by pid, and C sees the whole chain. */
static bool start(struct scene *s)
{
	init_rwsem(&s->s1);
	init_rwsem(&s->s2);
	s->c = kthread_create(task_c, s, "chain-c");
	s->b = kthread_create(task_b, s, "chain-b");
	s->a = kthread_create(task_a, s, "chain-a");
	if (IS_ERR(s->a) || IS_ERR(s->b) || IS_ERR(s->c))
		return false;
	get_task_struct(s->a);
	get_task_struct(s->b);
	get_task_struct(s->c);
	wake_up_process(s->a);
	wake_up_process(s->b);
	wake_up_process(s->c);
	return true;
}

static void stop(struct scene *s)
{
	WRITE_ONCE(s->let_go, true);
	kthread_stop_put(s->a);
	kthread_stop_put(s->b);
	kthread_stop_put(s->c);
}

/* Whether @p waits is seen by look() only once it has switched away. */
static void get_chain_of(struct lock_chain *c, struct task_struct *p, unsigned int nr, bool circle)
{
	for (;;) {
		lock_chain_get(c, p);
		if (c->nr == nr && (c->cycle >= 0) == circle)
			return;
		lock_chain_put(c);
		schedule_timeout_uninterruptible(1);
	}
}

SELFTEST(lock_chain, leads_to_who_keeps_all_waiting)
{
	static struct lock_chain c;
	struct scene s = { };
	char line[160];

	if (!EXPECT(start(&s)))
		return;
	get_chain_of(&c, s.c, 3, false);
	EXPECT(c.links[0].task == s.c && c.links[0].on.lock == &s.s2);
	EXPECT(c.links[0].on.kind == &rwsem_kind && c.links[0].owner == s.b);
	EXPECT(c.links[1].task == s.b && c.links[1].on.lock == &s.s1 && c.links[1].owner == s.a);
	EXPECT(c.links[2].task == s.a && !c.links[2].on.kind);
	lock_chain_describe(&c, 0, line, sizeof(line));
	EXPECT(strstr(line, "chain-c waits for rw_semaphore"));
	EXPECT(strstr(line, RT ? "chain-b" : "chain-b (the last that took it to read)"));
	lock_chain_put(&c);
	stop(&s);
}

SELFTEST(lock_chain, a_circle_is_a_deadlock_until_one_gives_up)
{
	static struct lock_chain c;
	struct scene s = { .circle = true };

	if (RT && IS_ENABLED(CONFIG_DEBUG_LOCKS))
		SELFTEST_SKIP("rt_mutex reports the circle before it is closed");
	if (!EXPECT(start(&s)))
		return;
	get_chain_of(&c, s.c, 3, true);
	/* C is not in the circle, it only waits for it. */
	EXPECT_EQ(c.cycle, 1);
	EXPECT(c.links[1].task == s.b && c.links[2].task == s.a);
	EXPECT(c.links[2].on.lock == &s.s2);
	lock_chain_put(&c);
	kthread_kill(s.b);
	stop(&s);
	lock_chain_get(&c, current);
	EXPECT_EQ(c.nr, 1);
	EXPECT_EQ(c.cycle, -1);
	lock_chain_put(&c);
}

static bool is_among_the_tasks(const struct task_struct *p)
{
	struct task_struct *found = find_get_task_struct(p);

	if (found)
		put_task_struct(found);
	return found;
}

SELFTEST(lock_chain, an_owner_that_has_gone_is_not_followed)
{
	struct scene s = { };

	EXPECT(is_among_the_tasks(current));
	if (!EXPECT(start(&s)))
		return;
	wait_until(atomic_read(&s.held) == 2);
	/* Nobody else's address meanwhile. */
	get_task_struct(s.a);
	EXPECT(is_among_the_tasks(s.a));
	stop(&s);
	/* It answers who stops it before it leaves the list. */
	EXPECT(WAIT_UNTIL(!is_among_the_tasks(s.a), 30000));
	put_task_struct(s.a);
}

/* ---- for the boots that end in a report: kernel/panic_test.c ---------------------------- */

static void hang(bool circle)
{
	static struct scene s;

	s = (struct scene){ .circle = circle, .for_ever = true };
	if (start(&s))
		leave_it_to_others();
}

void hang_in_a_chain(void)
{
	hang(false);
}

void hang_in_a_circle(void)
{
	hang(true);
}

/* A function of its own: where it slept last was not here. */
static noinline void run_for_ever(void)
{
	for (;;)
		cpu_relax();
}

static int busy_owner(void *arg)
{
	struct scene *s = arg;

	down_write(&s->s1);
	atomic_inc(&s->held);
	/* While it runs, who waits spins: first that one has to be asleep. */
	wait_until(READ_ONCE(s->c->blocked_on.lock) == &s->s1 && !READ_ONCE(s->c->on_rq));
	preempt_disable();
	run_for_ever();
	return 0;
}

static int task_behind(void *arg)
{
	struct scene *s = arg;

	wait_until(atomic_read(&s->held) == 1);
	down_write(&s->s1);
	return 0;
}

void hang_behind_a_busy_one(void)
{
	static struct scene s;

	init_rwsem(&s.s1);
	s.c = kthread_create(task_behind, &s, "task-behind");
	s.a = kthread_create_on_cpu(busy_owner, &s, 1, "busy-owner");
	if (IS_ERR(s.a) || IS_ERR(s.c))
		return;
	wake_up_process(s.c);
	wake_up_process(s.a);
	leave_it_to_others();
}
