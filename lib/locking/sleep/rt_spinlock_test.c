/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_spinlock and rwbase_rt: exclusion, the sleep beneath, who may pass whom, what is
 * lent to a writer.
 */
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/rt_spinlock.h>
#include <locking/rwbase_rt.h>
#include <locking/testing.h>
#include "rtlock.h"

#define ROUNDS	1000

struct shared {
	struct rt_spinlock lock;
	struct rwbase_rt rwb;
	unsigned int state;		/* of the rwbase's waits */
	/* under lock */
	unsigned long a, b;
	/* of each CPU */
	unsigned long in[NR_CPUS], torn[NR_CPUS];
};

static void change(struct shared *s, unsigned int index)
{
	s->torn[index] += s->a != s->b;
	s->a++;
	for (int k = s->a % 16 ? 2 : 500; k; k--)
		cpu_relax();
	s->b++;
	s->in[index]++;
}

static void expect_whole(struct selftest *t, struct shared *s)
{
	unsigned long in = 0, torn = 0;

	for (int i = 0; i < NR_CPUS; i++) {
		in += s->in[i];
		torn += s->torn[i];
	}
	EXPECT_EQ(torn, 0);
	EXPECT_EQ(s->a, in);
	EXPECT_EQ(s->b, in);
}

static void spin_count(unsigned int index, void *arg)
{
	struct shared *s = arg;

	for (unsigned int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		if ((i + index) % 4)
			rt_spin_lock(&s->lock);
		else if (!rt_spin_trylock(&s->lock))
			continue;
		change(s, index);
		rt_spin_unlock(&s->lock);
	}
}

SELFTEST(rt_spinlock, one_holder_at_a_time)
{
	static struct shared s;

	__builtin_memset(&s, 0, sizeof(s));
	rt_spin_lock_init(&s.lock);
	test_on_cpus(test_cpus(NR_CPUS), spin_count, &s);
	expect_whole(t, &s);
	EXPECT(!s.lock.lock.owner);
}

/* ---- the sleep beneath ---------------------------------------------------------------- */

enum wake { NO_WAKE, WAKE_WAITING, WAKE_WOKEN };

struct sleep {
	struct rt_spinlock lock;
	enum wake wake;			/* the sleep beneath: while it waits for the lock, or after */
	struct task_struct *sleeper;
	bool woken, held;
	unsigned int state_after;
};

static bool waits_for_lock(struct task_struct *p)
{
	return p && task_state(p) == TASK_RTLOCK_WAIT;
}

/*
 * The lock's own wake-up, then that of the sleep beneath. The sleeper cannot look at the
 * lock in between, nor set its state again: both need wait_lock.
 */
static bool wake_twice(struct sleep *s)
{
	bool woken;

	raw_spin_lock_irq(&s->lock.lock.wait_lock);
	wake_up_state(s->sleeper, TASK_RTLOCK_WAIT);
	woken = wake_up_process(s->sleeper);
	raw_spin_unlock_irq(&s->lock.lock.wait_lock);
	return woken;
}

static void lock_in_a_sleep(unsigned int index, void *arg)
{
	struct sleep *s = arg;

	if (index == 0) {
		rt_spin_lock(&s->lock);
		smp_store_release(&s->held, true);
		while (!waits_for_lock(smp_load_acquire(&s->sleeper)))
			cpu_relax();
		if (s->wake == WAKE_WAITING)
			s->woken = wake_up_process(s->sleeper);
		else if (s->wake == WAKE_WOKEN)
			s->woken = wake_twice(s);
		rt_spin_unlock(&s->lock);
		return;
	}
	smp_cond_load_acquire(&s->held, VAL);
	set_current_state(TASK_INTERRUPTIBLE);
	smp_store_release(&s->sleeper, current);
	rt_spin_lock(&s->lock);
	s->state_after = get_current_state();
	rt_spin_unlock(&s->lock);
	__set_current_state(TASK_RUNNING);
}

SELFTEST(rt_spinlock, a_state_set_before_is_there_afterwards, .min_cpus = 2)
{
	struct sleep s = { .wake = NO_WAKE };

	rt_spin_lock_init(&s.lock);
	test_on_cpus(2, lock_in_a_sleep, &s);
	EXPECT_EQ(s.state_after, TASK_INTERRUPTIBLE);
}

SELFTEST(rt_spinlock, a_wakeup_during_the_wait_is_not_lost, .min_cpus = 2)
{
	struct sleep s = { .wake = WAKE_WAITING };

	rt_spin_lock_init(&s.lock);
	test_on_cpus(2, lock_in_a_sleep, &s);
	EXPECT(s.woken);
	EXPECT_EQ(s.state_after, TASK_RUNNING);
}

SELFTEST(rt_spinlock, a_wakeup_just_after_the_locks_own_is_not_lost, .min_cpus = 2)
{
	struct sleep s = { .wake = WAKE_WOKEN };

	rt_spin_lock_init(&s.lock);
	test_on_cpus(2, lock_in_a_sleep, &s);
	EXPECT(s.woken);
	EXPECT_EQ(s.state_after, TASK_RUNNING);
}

/* ---- stealing -------------------------------------------------------------------------- */

/* Puppet of priority @waiting was woken for the lock: does one of @prio get past it? */
static bool passes(int waiting, int prio)
{
	DEFINE_RT_SPINLOCK(l);
	DEFINE_RT_WAKE_Q(wqh);
	struct rt_mutex_waiter waiter;
	int own = current->normal_prio;
	bool got;

	rt_spin_lock(&l);
	rt_mutex_init_waiter(&waiter);
	waiter.wake_state = TASK_RTLOCK_WAIT;
	rt_mutex_start_proxy_lock(&l.lock, &waiter, test_puppet(0, waiting));
	raw_spin_lock_irq(&l.lock.wait_lock);
	mark_wakeup_next_waiter(&wqh, &l.lock);
	raw_spin_unlock_irq(&l.lock.wait_lock);
	rt_mutex_wake_up_q(&wqh);
	rtlock_left(&l);	/* of the rt_spin_lock() that we released by hand */

	test_set_prio(current, prio);
	got = rt_spin_trylock(&l);
	if (got)
		rt_spin_unlock(&l);
	test_set_prio(current, own);
	raw_spin_lock_irq(&l.lock.wait_lock);
	remove_waiter(&l.lock, &waiter);
	raw_spin_unlock_irq(&l.lock.wait_lock);
	return got;
}

SELFTEST(rt_spinlock, fair_tasks_pass_their_equals_and_urgent_ones_do_not)
{
	EXPECT(passes(120, 120));
	EXPECT(passes(110, 130));
	EXPECT(passes(120, 60));
	EXPECT(!passes(60, 120));
	EXPECT(!passes(60, 60));
	EXPECT(!passes(60, 61));
	EXPECT(passes(60, 59));
	test_put_puppets();
}

/* ---- what a holder must not: it is counted ------------------------------------------------ */

#define EXPECT_NESTING(n)	EXPECT_EQ(current->rtlock_nesting, (unsigned int)(n))

SELFTEST(rt_spinlock, what_is_held_is_counted_whatever_the_order)
{
	struct rt_rwlock rw = { .rwbase = __RWBASE_INITIALIZER(rw.rwbase) };
	DEFINE_RT_SPINLOCK(a);
	DEFINE_RT_SPINLOCK(b);

	EXPECT_NESTING(0);
	rt_spin_lock(&a);
	EXPECT(rt_spin_trylock(&b));
	EXPECT_NESTING(2);
	EXPECT(!rt_spin_trylock(&a));
	EXPECT_NESTING(2);
	rt_read_lock(&rw);
	EXPECT(rt_read_trylock(&rw));
	EXPECT_NESTING(4);
	rt_spin_unlock(&a);
	EXPECT(!rt_write_trylock(&rw));
	EXPECT_NESTING(3);
	rt_read_unlock(&rw);
	rt_spin_unlock(&b);
	rt_read_unlock(&rw);
	EXPECT_NESTING(0);
	rt_write_lock(&rw);
	EXPECT(!rt_read_trylock(&rw));
	EXPECT_NESTING(1);
	rt_write_unlock(&rw);
	EXPECT(rt_write_trylock(&rw));
	EXPECT_NESTING(1);
	rt_write_unlock(&rw);
	EXPECT_NESTING(0);
	might_sleep();
}

/* ---- readers and writers ----------------------------------------------------------------- */

static void rw_count(unsigned int index, void *arg)
{
	struct shared *s = arg;

	for (unsigned int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		if ((i + index) % 4) {
			rwbase_read_lock(&s->rwb, s->state);
			s->torn[index] += s->a != s->b;
			rwbase_read_unlock(&s->rwb, s->state);
			continue;
		}
		if (i % 8 && !rwbase_write_trylock(&s->rwb))
			continue;
		else if (i % 8 == 0)
			rwbase_write_lock(&s->rwb, s->state);
		change(s, index);
		if (i % 3) {
			rwbase_write_unlock(&s->rwb);
		} else {
			rwbase_write_downgrade(&s->rwb);
			s->torn[index] += s->a != s->b;
			rwbase_read_unlock(&s->rwb, s->state);
		}
	}
}

SELFTEST(rwbase_rt, a_reader_never_sees_half_a_write)
{
	static const unsigned int states[] = { TASK_RTLOCK_WAIT, TASK_UNINTERRUPTIBLE };
	static struct shared s;

	for (unsigned int i = 0; i < ARRAY_SIZE(states); i++) {
		__builtin_memset(&s, 0, sizeof(s));
		s.state = states[i];
		rwbase_init(&s.rwb);
		test_on_cpus(test_cpus(NR_CPUS), rw_count, &s);
		expect_whole(t, &s);
		EXPECT(!rwbase_is_locked(&s.rwb));
		EXPECT(!s.rwb.rtmutex.owner);
	}
}

SELFTEST(rwbase_rt, readers_share_and_writers_exclude)
{
	struct rwbase_rt rwb = __RWBASE_INITIALIZER(rwb);

	EXPECT(rwbase_read_trylock(&rwb));
	EXPECT(rwbase_read_trylock(&rwb));
	EXPECT(!rwbase_write_trylock(&rwb));
	EXPECT(rwbase_read_trylock(&rwb));
	for (int i = 0; i < 3; i++)
		rwbase_read_unlock(&rwb, TASK_UNINTERRUPTIBLE);
	EXPECT(rwbase_write_trylock(&rwb));
	EXPECT(rwbase_is_write_locked(&rwb));
	EXPECT(!rwbase_read_trylock(&rwb));
	EXPECT(!rwbase_write_trylock(&rwb));
	rwbase_write_downgrade(&rwb);
	EXPECT(rwbase_read_trylock(&rwb));
	EXPECT(!rwbase_write_trylock(&rwb));
	rwbase_read_unlock(&rwb, TASK_UNINTERRUPTIBLE);
	rwbase_read_unlock(&rwb, TASK_UNINTERRUPTIBLE);
	EXPECT(!rwbase_is_locked(&rwb));
}

SELFTEST(rwbase_rt, an_interrupted_writer_lets_readers_in_again)
{
	struct rwbase_rt rwb = __RWBASE_INITIALIZER(rwb);

	EXPECT(rwbase_read_trylock(&rwb));
	kthread_interrupt(current);
	EXPECT_EQ(rwbase_write_lock(&rwb, TASK_INTERRUPTIBLE), -EINTR);
	EXPECT(kthread_flush_signals());
	EXPECT(rwbase_read_trylock(&rwb));
	rwbase_read_unlock(&rwb, TASK_UNINTERRUPTIBLE);
	rwbase_read_unlock(&rwb, TASK_UNINTERRUPTIBLE);
	EXPECT(!rwbase_is_locked(&rwb));
	EXPECT(!rwb.rtmutex.owner);
}

struct lend {
	struct rwbase_rt rwb;
	struct task_struct *reader;
	bool written;
	int lent;
};

static void read_urgently(unsigned int index, void *arg)
{
	struct lend *s = arg;
	int own = current->normal_prio;

	if (index == 0) {
		rwbase_write_lock(&s->rwb, TASK_UNINTERRUPTIBLE);
		smp_store_release(&s->written, true);
		while (!((unsigned long)READ_ONCE(s->rwb.rtmutex.owner) & RT_MUTEX_HAS_WAITERS) ||
		       rt_waiter_prio(current) == DEFAULT_PRIO)
			cpu_relax();
		s->lent = task_prio(current);
		rwbase_write_unlock(&s->rwb);
		return;
	}
	smp_cond_load_acquire(&s->written, VAL);
	test_set_prio(current, 40);
	rwbase_read_lock(&s->rwb, TASK_UNINTERRUPTIBLE);
	rwbase_read_unlock(&s->rwb, TASK_UNINTERRUPTIBLE);
	test_set_prio(current, own);
}

SELFTEST(rwbase_rt, a_waiting_reader_lends_the_writer_its_priority, .min_cpus = 2)
{
	struct lend s = { .lent = 0 };

	rwbase_init(&s.rwb);
	test_on_cpus(2, read_urgently, &s);
	EXPECT_EQ(s.lent, 40);
	EXPECT(!s.rwb.rtmutex.owner);
}
