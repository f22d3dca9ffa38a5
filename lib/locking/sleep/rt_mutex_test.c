/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex with threads that run: exclusion, who comes next, what is lent while a
 * waiter waits, waits that fail.
 */
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/testing.h>

#define ROUNDS	1000

/* ---- exclusion -------------------------------------------------------------------------- */

struct shared {
	struct rt_mutex lock;
	/* under lock */
	unsigned long a, b;
	/* of each CPU */
	unsigned long in[NR_CPUS], torn[NR_CPUS];
};

static bool acquire(struct shared *s, unsigned int way)
{
	ktime_t soon;

	switch (way % 4) {
	case 0:
		return rt_mutex_trylock(&s->lock);
	case 1:
		soon = (ktime_t)local_clock() + 200000;
		return rt_mutex_timed_lock(&s->lock, &soon) == 0;
	default:
		rt_mutex_lock(&s->lock);
		return true;
	}
}

static void count(unsigned int index, void *arg)
{
	struct shared *s = arg;

	for (unsigned int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		if (!acquire(s, i + index))
			continue;
		s->torn[index] += s->a != s->b;
		s->a++;
		/* Now and then long enough for the others to queue and to sleep. */
		for (int k = s->a % 16 ? 2 : 500; k; k--)
			cpu_relax();
		s->b++;
		s->in[index]++;
		rt_mutex_unlock(&s->lock);
	}
}

SELFTEST(rt_mutex, one_holder_at_a_time)
{
	static struct shared s;
	unsigned long in = 0, torn = 0;

	__builtin_memset(&s, 0, sizeof(s));
	rt_mutex_init(&s.lock);
	test_on_cpus(test_cpus(NR_CPUS), count, &s);
	for (int i = 0; i < NR_CPUS; i++) {
		in += s.in[i];
		torn += s.torn[i];
	}
	EXPECT_EQ(torn, 0);
	EXPECT_EQ(s.a, in);
	EXPECT_EQ(s.b, in);
	EXPECT(!s.lock.rtmutex.owner);
	EXPECT(!rt_mutex_top_waiter(&s.lock.rtmutex));
}

SELFTEST(rt_mutex, the_word_says_who_and_whether_others_wait)
{
	DEFINE_RT_MUTEX(l);

	EXPECT(!rt_mutex_is_locked(&l));
	rt_mutex_lock(&l);
	EXPECT(l.rtmutex.owner == current);
	EXPECT(!rt_mutex_trylock(&l));
	EXPECT(l.rtmutex.owner == current);
	rt_mutex_unlock(&l);
	EXPECT(!rt_mutex_is_locked(&l));
	EXPECT(rt_mutex_trylock(&l));
	rt_mutex_unlock(&l);
	EXPECT(!l.rtmutex.owner);
	scoped_guard(rt_mutex, &l)
		EXPECT(rt_mutex_is_locked(&l));
	EXPECT(!rt_mutex_is_locked(&l));
}

/* ---- scenes: CPU 0 holds the lock until all others wait for it ------------------------- */

#define MAX_WAITERS	3

struct scene {
	struct rt_mutex lock;
	unsigned int waiters;
	int prio[MAX_WAITERS];		/* of each, or 0: fair */
	unsigned int state;		/* they wait in */
	bool (*meanwhile)(struct scene *s);	/* by the holder, when all wait */
	bool over;			/* meanwhile() is: until then no waiter ends */
	/* results */
	struct task_struct *task[MAX_WAITERS];
	unsigned int arrivals;		/* under lock */
	unsigned int order[MAX_WAITERS];
	int ret[MAX_WAITERS];
	int own_prio, lent_prio, after_prio;	/* the holder's */
	bool ok;
};

/* How many are queued: counted by those that are blocked on it. */
static unsigned int nr_blocked(struct scene *s)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->waiters; i++) {
		struct task_struct *p = smp_load_acquire(&s->task[i]);

		n += p && waits_for_rt_mutex(p);
	}
	return n;
}

static int scene_lock(struct scene *s)
{
	switch (s->state) {
	case TASK_INTERRUPTIBLE:
		return rt_mutex_lock_interruptible(&s->lock);
	case TASK_KILLABLE:
		return rt_mutex_lock_killable(&s->lock);
	default:
		rt_mutex_lock(&s->lock);
		return 0;
	}
}

static void wait_in_turn(struct scene *s, unsigned int i)
{
	int own = current->normal_prio;

	if (s->prio[i])
		test_set_prio(current, s->prio[i]);
	/* One after the other, so that the order of arrival is known. */
	while (nr_blocked(s) < i)
		cpu_relax();
	smp_store_release(&s->task[i], current);
	s->ret[i] = scene_lock(s);
	/* over/A: pairs with play(); who gave up may still be looked at */
	while (!smp_load_acquire(&s->over))
		cpu_relax();
	if (!s->ret[i]) {
		s->order[s->arrivals++] = i;
		rt_mutex_unlock(&s->lock);
	} else {
		kthread_flush_signals();
	}
	test_set_prio(current, own);
}

static void play(unsigned int index, void *arg)
{
	struct scene *s = arg;

	if (index) {
		while (!rt_mutex_is_locked(&s->lock))
			cpu_relax();
		wait_in_turn(s, index - 1);
		return;
	}
	s->own_prio = task_prio(current);
	rt_mutex_lock(&s->lock);
	while (nr_blocked(s) < s->waiters)
		cpu_relax();
	s->ok = !s->meanwhile || s->meanwhile(s);
	/* over/A: pairs with wait_in_turn() */
	smp_store_release(&s->over, true);
	s->lent_prio = task_prio(current);
	rt_mutex_unlock(&s->lock);
	s->after_prio = task_prio(current);
}

static void run_scene(struct selftest *t, struct scene *s)
{
	rt_mutex_init(&s->lock);
	test_on_cpus(1 + s->waiters, play, s);
	EXPECT(s->ok);
	EXPECT_EQ(s->after_prio, s->own_prio);
	EXPECT(!s->lock.rtmutex.owner);
}

SELFTEST(rt_mutex, the_most_urgent_waiter_is_next, .min_cpus = 4)
{
	struct scene s = { .waiters = 3, .prio = { 60, 40, 50 } };

	run_scene(t, &s);
	EXPECT_EQ(s.order[0], 1);
	EXPECT_EQ(s.order[1], 2);
	EXPECT_EQ(s.order[2], 0);
	EXPECT_EQ(s.lent_prio, 40);
}

SELFTEST(rt_mutex, equal_waiters_in_order_of_arrival, .min_cpus = 4)
{
	struct scene s = { .waiters = 3, .prio = { 45, 45, 45 } };

	run_scene(t, &s);
	for (unsigned int i = 0; i < 3; i++)
		EXPECT_EQ(s.order[i], i);
	EXPECT_EQ(s.lent_prio, 45);
}

SELFTEST(rt_mutex, fair_waiters_are_equal_whatever_their_niceness, .min_cpus = 4)
{
	struct scene s = { .waiters = 3, .prio = { 130, 101, 120 } };

	run_scene(t, &s);
	for (unsigned int i = 0; i < 3; i++)
		EXPECT_EQ(s.order[i], i);
}

static bool raise_the_last(struct scene *s)
{
	test_set_prio(s->task[2], 30);
	return task_prio(current) == 30;
}

SELFTEST(rt_mutex, a_waiter_made_more_urgent_moves_up, .min_cpus = 4)
{
	struct scene s = { .waiters = 3, .prio = { 60, 50, 70 }, .meanwhile = raise_the_last };

	run_scene(t, &s);
	EXPECT_EQ(s.order[0], 2);
	EXPECT_EQ(s.order[1], 1);
	EXPECT_EQ(s.order[2], 0);
}

static bool lower_the_first(struct scene *s)
{
	if (task_prio(current) != 30)
		return false;
	test_set_prio(s->task[0], 80);
	return task_prio(current) == 50;
}

SELFTEST(rt_mutex, a_waiter_made_less_urgent_moves_back_and_lends_less, .min_cpus = 3)
{
	struct scene s = { .waiters = 2, .prio = { 30, 50 }, .meanwhile = lower_the_first };

	run_scene(t, &s);
	EXPECT_EQ(s.order[0], 1);
	EXPECT_EQ(s.order[1], 0);
}

/* ---- waits that fail ---------------------------------------------------------------------- */

static bool interrupt_the_first(struct scene *s)
{
	bool lent = task_prio(current) == 30;

	kthread_interrupt(s->task[0]);
	while (waits_for_rt_mutex(s->task[0]))
		cpu_relax();
	/* It takes what it lent along; under wait_lock, so that it has. */
	raw_spin_lock_irq(&s->lock.rtmutex.wait_lock);
	raw_spin_unlock_irq(&s->lock.rtmutex.wait_lock);
	return lent && task_prio(current) == 50;
}

SELFTEST(rt_mutex, an_interrupted_waiter_leaves_and_takes_its_priority_along, .min_cpus = 3)
{
	struct scene s = { .waiters = 2, .prio = { 30, 50 }, .state = TASK_INTERRUPTIBLE,
			   .meanwhile = interrupt_the_first };

	run_scene(t, &s);
	EXPECT_EQ(s.ret[0], -EINTR);
	EXPECT_EQ(s.ret[1], 0);
	EXPECT_EQ(s.arrivals, 1);
}

static bool interrupt_then_kill(struct scene *s)
{
	kthread_interrupt(s->task[0]);
	for (int i = 0; i < 1000; i++)
		cpu_relax();
	if (!waits_for_rt_mutex(s->task[0]))
		return false;
	kthread_kill(s->task[0]);
	while (waits_for_rt_mutex(s->task[0]))
		cpu_relax();
	return true;
}

SELFTEST(rt_mutex, a_killable_wait_ends_by_a_kill_only, .min_cpus = 2)
{
	struct scene s = { .waiters = 1, .state = TASK_KILLABLE, .meanwhile = interrupt_then_kill };

	run_scene(t, &s);
	EXPECT_EQ(s.ret[0], -EINTR);
	EXPECT_EQ(s.arrivals, 0);
}

struct timed {
	struct rt_mutex lock;
	int ret;
	bool too_early, over;
};

static void hold_past_the_deadline(unsigned int index, void *arg)
{
	struct timed *s = arg;
	ktime_t deadline;

	if (index) {
		while (!rt_mutex_is_locked(&s->lock))
			cpu_relax();
		deadline = (ktime_t)local_clock() + 2000000;
		s->ret = rt_mutex_timed_lock(&s->lock, &deadline);
		s->too_early = (ktime_t)local_clock() < deadline;
		smp_store_release(&s->over, true);
		return;
	}
	rt_mutex_lock(&s->lock);
	smp_cond_load_acquire(&s->over, VAL);
	rt_mutex_unlock(&s->lock);
}

SELFTEST(rt_mutex, a_timed_wait_ends_at_the_deadline, .min_cpus = 2)
{
	struct timed s = { .ret = 1 };

	rt_mutex_init(&s.lock);
	test_on_cpus(2, hold_past_the_deadline, &s);
	EXPECT_EQ(s.ret, -ETIMEDOUT);
	EXPECT(!s.too_early);
	EXPECT(!s.lock.rtmutex.owner);
}

SELFTEST(rt_mutex, an_interrupted_task_gets_a_free_lock)
{
	DEFINE_RT_MUTEX(l);
	ktime_t past = 1;

	kthread_interrupt(current);
	EXPECT_EQ(rt_mutex_lock_interruptible(&l), 0);
	rt_mutex_unlock(&l);
	EXPECT_EQ(rt_mutex_timed_lock(&l, &past), 0);
	rt_mutex_unlock(&l);
	EXPECT(kthread_flush_signals());
}
