/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex, priority inheritance with puppets: tasks that never run, for which this
 * test takes locks and queues, by proxy. So every chain, and every race that has
 * two tasks between two of their steps, is made in one thread.
 */
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/testing.h>

#define MAX_CHAIN	100

/* Lock i is held by puppet i, which waits for lock i + 1: 0 -> 1 -> 2 ... */
static struct chain {
	struct rt_mutex_base lock[MAX_CHAIN + 1];
	struct rt_mutex_waiter waiter[MAX_CHAIN + 1];
	struct task_struct *task[MAX_CHAIN + 1];
} c;

static int queue(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
		 struct task_struct *task)
{
	rt_mutex_init_waiter(waiter);
	return rt_mutex_start_proxy_lock(lock, waiter, task);
}

static void unqueue(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter)
{
	raw_spin_lock_irq(&lock->wait_lock);
	remove_waiter(lock, waiter);
	fixup_rt_mutex_waiters(lock);
	raw_spin_unlock_irq(&lock->wait_lock);
}

/* @n puppets of priority 120 in a row. Return: false without memory. */
static bool make_chain(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		c.task[i] = test_puppet(i, DEFAULT_PRIO);
		if (!c.task[i])
			return false;
		rt_mutex_init_proxy_locked(&c.lock[i], c.task[i]);
	}
	for (unsigned int i = 0; i + 1 < n; i++)
		if (queue(&c.lock[i + 1], &c.waiter[i], c.task[i]))
			return false;
	return true;
}

static void break_chain(unsigned int n)
{
	for (unsigned int i = 0; i + 1 < n; i++)
		unqueue(&c.lock[i + 1], &c.waiter[i]);
}

/* How many of the first @n have priority @prio. */
static unsigned int nr_at(unsigned int n, int prio)
{
	unsigned int at = 0;

	for (unsigned int i = 0; i < n; i++)
		at += task_prio(c.task[i]) == prio;
	return at;
}

SELFTEST(rt_mutex, a_chain_of_2_to_100_is_boosted_to_its_end_and_back, .timeout_ms = 60000)
{
	static const unsigned int lengths[] = { 2, 3, 10, MAX_CHAIN };
	struct rt_mutex_waiter waiter;
	struct task_struct *urgent;

	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		unsigned int n = lengths[i];

		urgent = test_puppet(MAX_CHAIN + 1, 20);
		if (!EXPECT(urgent && make_chain(n)))
			break;
		EXPECT_EQ(queue(&c.lock[0], &waiter, urgent), 0);
		EXPECT_EQ(nr_at(n, 20), n);

		/* While it waits it changes its mind: up, down, and out. */
		test_set_prio(urgent, 10);
		EXPECT_EQ(nr_at(n, 10), n);
		test_set_prio(urgent, 35);
		EXPECT_EQ(nr_at(n, 35), n);
		unqueue(&c.lock[0], &waiter);
		EXPECT_EQ(nr_at(n, DEFAULT_PRIO), n);
		break_chain(n);
		for (unsigned int k = 0; k < n; k++)
			EXPECT(c.lock[k].owner == c.task[k]);
	}
	test_put_puppets();
}

SELFTEST(rt_mutex, the_walk_ends_where_nothing_changes)
{
	struct rt_mutex_waiter high, low;

	if (!EXPECT(make_chain(10)))
		return;
	EXPECT_EQ(queue(&c.lock[4], &high, test_puppet(50, 20)), 0);
	EXPECT_EQ(nr_at(10, 20), 6);

	/* Urgent for the first half, old news for the second. */
	EXPECT_EQ(queue(&c.lock[0], &low, test_puppet(51, 40)), 0);
	EXPECT_EQ(nr_at(10, 40), 4);
	EXPECT_EQ(nr_at(10, 20), 6);

	/* Without the first, the second half runs at what the second lends. */
	unqueue(&c.lock[4], &high);
	EXPECT_EQ(nr_at(10, 40), 10);
	unqueue(&c.lock[0], &low);
	EXPECT_EQ(nr_at(10, DEFAULT_PRIO), 10);
	break_chain(10);
	test_put_puppets();
}

SELFTEST(rt_mutex, an_owner_of_many_runs_at_the_most_urgent_of_all)
{
	static struct rt_mutex_base lock[4];
	static struct rt_mutex_waiter waiter[8];
	struct task_struct *owner = test_puppet(0, 90);

	for (int i = 0; i < 4; i++)
		rt_mutex_init_proxy_locked(&lock[i], owner);
	/* Two for each lock: 80 70 60 50, then 45 46 47 48. */
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(queue(&lock[i], &waiter[i], test_puppet(1 + i, 80 - 10 * i)), 0);
		EXPECT_EQ(task_prio(owner), 80 - 10 * i);
	}
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(queue(&lock[i], &waiter[4 + i], test_puppet(5 + i, 45 + i)), 0);
		EXPECT_EQ(task_prio(owner), 45);
	}
	/* One of the tops after the other goes; the seconds come up. */
	for (int i = 0; i < 4; i++) {
		unqueue(&lock[i], &waiter[4 + i]);
		EXPECT_EQ(task_prio(owner), i < 3 ? 46 + i : 50);
	}
	for (int i = 3; i >= 0; i--) {
		unqueue(&lock[i], &waiter[i]);
		EXPECT_EQ(task_prio(owner), i ? 80 - 10 * (i - 1) : 90);
	}
	test_put_puppets();
}

SELFTEST(rt_mutex, the_owners_own_change_counts_when_it_is_more_urgent)
{
	struct rt_mutex_waiter waiter;

	if (!EXPECT(make_chain(2)))
		return;
	EXPECT_EQ(queue(&c.lock[0], &waiter, test_puppet(50, 40)), 0);
	test_set_prio(c.task[0], 30);
	EXPECT_EQ(nr_at(2, 30), 2);
	test_set_prio(c.task[0], 70);
	EXPECT_EQ(nr_at(2, 40), 2);
	unqueue(&c.lock[0], &waiter);
	EXPECT_EQ(nr_at(2, 70), 2);
	test_set_prio(c.task[0], DEFAULT_PRIO);
	EXPECT_EQ(nr_at(2, DEFAULT_PRIO), 2);
	break_chain(2);
	test_put_puppets();
}

/* ---- cycles ------------------------------------------------------------------------------ */

SELFTEST(rt_mutex, cycles_of_every_length_are_refused, .timeout_ms = 60000)
{
	static const unsigned int lengths[] = { 1, 2, 3, MAX_CHAIN };

	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		unsigned int n = lengths[i];
		unsigned long before = lockevent_read(LOCKEVENT_rtmutex_deadlock);

		if (!EXPECT(make_chain(n)))
			break;
		/* The last one wants what the first one holds. */
		EXPECT_EQ(queue(&c.lock[0], &c.waiter[n - 1], c.task[n - 1]), -EDEADLK);
		EXPECT_EQ(lockevent_read(LOCKEVENT_rtmutex_deadlock), before + 1);
		EXPECT(!c.task[n - 1]->pi_blocked_on);
		EXPECT(c.lock[0].owner == c.task[0]);
		EXPECT_EQ(nr_at(n, DEFAULT_PRIO), n);
		break_chain(n);
	}
	test_put_puppets();
}

SELFTEST(rt_mutex, a_cycle_is_seen_by_one_whose_urgency_changes_nothing)
{
	struct rt_mutex_waiter waiter;

	if (!EXPECT(make_chain(5)))
		return;
	EXPECT_EQ(queue(&c.lock[0], &waiter, test_puppet(50, 20)), 0);
	test_set_prio(c.task[4], 20);
	EXPECT_EQ(queue(&c.lock[0], &c.waiter[4], c.task[4]), -EDEADLK);
	unqueue(&c.lock[0], &waiter);
	test_set_prio(c.task[4], DEFAULT_PRIO);
	break_chain(5);
	test_put_puppets();
}

SELFTEST(rt_mutex, more_than_max_lock_depth_is_refused, .warnings = 1)
{
	struct rt_mutex_waiter waiter;
	int before = max_lock_depth;

	if (!EXPECT(make_chain(10)))
		return;
	max_lock_depth = 5;
	EXPECT_EQ(queue(&c.lock[0], &waiter, test_puppet(50, 20)), -EDEADLK);
	max_lock_depth = before;
	EXPECT_EQ(queue(&c.lock[0], &waiter, test_puppet(50, 20)), 0);
	EXPECT_EQ(nr_at(10, 20), 10);
	unqueue(&c.lock[0], &waiter);
	break_chain(10);
	test_put_puppets();
}

/* ---- the walk itself ---------------------------------------------------------------------- */

static unsigned int steps[64], nr_steps;
static struct task_struct *walker;	/* with PREEMPT_RT others walk, too */
static rt_chain_tracer_t *other_tracer;	/* who looked before us looks on */

static void note_step(unsigned int step, const char *name, struct task_struct *task,
		      struct rt_mutex_base *lock)
{
	if (current == READ_ONCE(walker) && nr_steps < ARRAY_SIZE(steps))
		steps[nr_steps++] = step;
	if (other_tracer)
		other_tracer(step, name, task, lock);
}

SELFTEST(rt_mutex, the_walk_takes_its_steps_in_order)
{
	struct rt_mutex_waiter waiter;

	if (!EXPECT(make_chain(3)))
		return;
	nr_steps = 0;
	WRITE_ONCE(walker, current);
	other_tracer = rt_chain_tracer;
	WRITE_ONCE(rt_chain_tracer, note_step);
	EXPECT_EQ(queue(&c.lock[0], &waiter, test_puppet(50, 20)), 0);
	WRITE_ONCE(rt_chain_tracer, other_tracer);
	/* Two rounds: 0 waits for lock 1, whose owner waits for lock 2. */
	EXPECT_EQ(nr_steps, 26);
	for (unsigned int i = 0; i < nr_steps; i++)
		EXPECT_EQ(steps[i], 1 + i % 13);
	unqueue(&c.lock[0], &waiter);
	break_chain(3);
	test_put_puppets();
}

/* ---- between an unlock and the waiter's arrival -------------------------------------------- */

/* We release a lock for which @waiter waits, but do not wake it yet. */
static void release_halfway(struct rt_mutex_base *lock, struct rt_wake_q_head *wqh)
{
	raw_spin_lock_irq(&lock->wait_lock);
	mark_wakeup_next_waiter(wqh, lock);
	held_lock_remove(container_of(lock, struct rt_mutex, rtmutex));
	raw_spin_unlock_irq(&lock->wait_lock);
}

static bool trylock_as(struct rt_mutex *l, int prio)
{
	int own = current->normal_prio;
	bool got;

	test_set_prio(current, prio);
	got = rt_mutex_trylock(l);
	test_set_prio(current, own);
	return got;
}

SELFTEST(rt_mutex, the_owner_is_lowered_before_it_wakes)
{
	DEFINE_RT_MUTEX(l);
	DEFINE_RT_WAKE_Q(wqh);
	struct rt_mutex_waiter waiter;
	struct task_struct *p = test_puppet(0, 30);
	int own = task_prio(current);

	rt_mutex_lock(&l);
	EXPECT_EQ(queue(&l.rtmutex, &waiter, p), 0);
	EXPECT_EQ(task_prio(current), 30);
	release_halfway(&l.rtmutex, &wqh);
	EXPECT_EQ(task_prio(current), own);
	EXPECT(!rt_mutex_owner(&l.rtmutex));
	EXPECT(rt_mutex_is_locked(&l));
	rt_mutex_wake_up_q(&wqh);
	unqueue(&l.rtmutex, &waiter);
	EXPECT(!rt_mutex_is_locked(&l));
	test_put_puppets();
}

SELFTEST(rt_mutex, only_a_more_urgent_task_steals)
{
	DEFINE_RT_MUTEX(l);
	DEFINE_RT_WAKE_Q(wqh);
	struct rt_mutex_waiter waiter;
	int own = task_prio(current);

	rt_mutex_lock(&l);
	EXPECT_EQ(queue(&l.rtmutex, &waiter, test_puppet(0, 30)), 0);
	release_halfway(&l.rtmutex, &wqh);
	rt_mutex_wake_up_q(&wqh);

	EXPECT(!trylock_as(&l, 31));
	EXPECT(!trylock_as(&l, 30));
	EXPECT(trylock_as(&l, 29));
	/* The thief, at its own priority again, is lent that of whom it passed. */
	EXPECT_EQ(task_prio(current), 30);
	EXPECT(rt_mutex_owner(&l.rtmutex) == current);
	rt_mutex_unlock(&l);
	EXPECT_EQ(task_prio(current), own);
	unqueue(&l.rtmutex, &waiter);
	test_put_puppets();
}

SELFTEST(rt_mutex, fair_tasks_do_not_steal_from_each_other)
{
	DEFINE_RT_MUTEX(l);
	DEFINE_RT_WAKE_Q(wqh);
	struct rt_mutex_waiter waiter;

	rt_mutex_lock(&l);
	EXPECT_EQ(queue(&l.rtmutex, &waiter, test_puppet(0, 139)), 0);
	release_halfway(&l.rtmutex, &wqh);
	rt_mutex_wake_up_q(&wqh);
	EXPECT(!trylock_as(&l, 100));
	unqueue(&l.rtmutex, &waiter);
	test_put_puppets();
}

/* ---- proxy -------------------------------------------------------------------------------- */

SELFTEST(rt_mutex, a_free_lock_is_taken_for_the_other_task)
{
	struct task_struct *p = test_puppet(0, 50);
	struct rt_mutex_base lock;
	struct rt_mutex_waiter waiter;

	rt_mutex_base_init(&lock);
	EXPECT_EQ(queue(&lock, &waiter, p), 1);
	EXPECT(lock.owner == p);
	EXPECT(!rt_mutex_futex_trylock(&lock));
	rt_mutex_proxy_unlock(&lock);
	EXPECT(rt_mutex_futex_trylock(&lock));
	EXPECT(lock.owner == current);
	rt_mutex_futex_unlock(&lock);
	EXPECT(!lock.owner);
	test_put_puppets();
}

SELFTEST(rt_mutex, a_failed_proxy_wait_is_cleaned_up)
{
	struct task_struct *p = test_puppet(0, 110);
	struct rt_mutex_waiter waiter;
	struct rt_mutex_base lock;
	ktime_t past = 1;

	rt_mutex_init_proxy_locked(&lock, p);
	EXPECT_EQ(queue(&lock, &waiter, current), 0);
	EXPECT_EQ(rt_mutex_wait_proxy_lock(&lock, &past, &waiter), -ETIMEDOUT);
	EXPECT(current->pi_blocked_on == &waiter);
	EXPECT(rt_mutex_cleanup_proxy_lock(&lock, &waiter));
	EXPECT(!current->pi_blocked_on);
	EXPECT(lock.owner == p);

	/* The lock came between the failure and the cleanup: it is ours. */
	EXPECT_EQ(queue(&lock, &waiter, current), 0);
	kthread_interrupt(current);
	EXPECT_EQ(rt_mutex_wait_proxy_lock(&lock, NULL, &waiter), -EINTR);
	EXPECT(kthread_flush_signals());
	raw_spin_lock_irq(&lock.wait_lock);
	raw_spin_lock(&p->pi_lock);
	rt_mutex_dequeue_pi(p, &waiter);
	raw_spin_unlock(&p->pi_lock);
	WRITE_ONCE(lock.owner, (struct task_struct *)RT_MUTEX_HAS_WAITERS);
	raw_spin_unlock_irq(&lock.wait_lock);
	EXPECT(!rt_mutex_cleanup_proxy_lock(&lock, &waiter));
	EXPECT(lock.owner == current);
	rt_mutex_futex_unlock(&lock);
	EXPECT(!lock.owner);
	test_put_puppets();
}

SELFTEST(rt_mutex, a_new_top_waiter_of_a_free_lock_is_woken)
{
	DEFINE_RT_MUTEX(l);
	DEFINE_RT_WAKE_Q(wqh);
	struct rt_mutex_waiter other, mine;
	int own = current->normal_prio;

	rt_mutex_lock(&l);
	EXPECT_EQ(queue(&l.rtmutex, &other, test_puppet(0, 40)), 0);
	release_halfway(&l.rtmutex, &wqh);
	rt_mutex_wake_up_q(&wqh);
	EXPECT_EQ(queue(&l.rtmutex, &mine, current), 0);

	/* Nobody holds it; the one that was woken is not the top any more. */
	set_current_state(TASK_UNINTERRUPTIBLE);
	test_set_prio(current, 20);
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
	__set_current_state(TASK_RUNNING);
	EXPECT(!rt_mutex_cleanup_proxy_lock(&l.rtmutex, &mine));
	EXPECT(rt_mutex_owner(&l.rtmutex) == current);
	test_set_prio(current, own);
	rt_mutex_unlock(&l);
	unqueue(&l.rtmutex, &other);
	test_put_puppets();
}
