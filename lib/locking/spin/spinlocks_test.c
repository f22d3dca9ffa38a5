/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every spinlock algorithm of locks.def must do, through its lock_ops.
 */
#include <locking/lock_ops.h>
#include <locking/testing.h>

#define ROUNDS	2000

struct contest {
	const struct lock_ops *ops;
	union any_lock lock;
	union any_lock_node nodes[NR_CPUS];
	/* under lock; not atomic, so that a lock that lets two in loses counts */
	unsigned long count;
	unsigned long inside;
	unsigned long intruders;
	/* each CPU's own */
	unsigned long taken[NR_CPUS];
};

static void enter_and_leave(struct contest *c)
{
	unsigned long count;

	if (c->inside++)
		c->intruders++;
	count = c->count;
	/* Long enough, now and then, for the others to come in if they can. */
	for (int i = count % 16 ? 2 : 100; i; i--)
		cpu_relax();
	c->count = count + 1;
	c->inside--;
}

static void contend(unsigned int index, void *arg)
{
	struct contest *c = arg;
	union any_lock_node *node = &c->nodes[index];

	for (int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		preempt_disable();
		c->ops->lock(&c->lock, node);
		enter_and_leave(c);
		c->ops->unlock(&c->lock, node);
		preempt_enable();
		c->taken[index]++;
	}
}

/* Half of the CPUs never wait in the lock. */
static void contend_mixed(unsigned int index, void *arg)
{
	struct contest *c = arg;
	union any_lock_node *node = &c->nodes[index];

	if (index % 2 || !c->ops->trylock) {
		contend(index, arg);
		return;
	}
	for (int i = 0; i < ROUNDS && !test_budget_over(); i++) {
		preempt_disable();
		if (c->ops->trylock(&c->lock, node)) {
			enter_and_leave(c);
			c->ops->unlock(&c->lock, node);
			c->taken[index]++;
		}
		preempt_enable();
		cpu_relax();
	}
}

static void run_contest(struct selftest *t, void (*fn)(unsigned int index, void *arg))
{
	static struct contest c;

	for (const struct lock_ops *const *ops = all_lock_ops; *ops; ops++) {
		unsigned long taken = 0;

		__builtin_memset(&c, 0, sizeof(c));
		c.ops = *ops;
		test_on_cpus(test_cpus(NR_CPUS), fn, &c);
		for (unsigned int i = 0; i < NR_CPUS; i++)
			taken += c.taken[i];
		if (c.intruders || c.count != taken)
			selftest_fail(t, __FILE__, __LINE__,
				      "%s: %lu of %lu sections counted, %lu with another inside",
				      c.ops->name, c.count, taken, c.intruders);
		if (c.ops->is_locked(&c.lock))
			selftest_fail(t, __FILE__, __LINE__, "%s: locked in the end", c.ops->name);
	}
}

SELFTEST(spinlocks, one_cpu_at_a_time_is_inside)
{
	run_contest(t, contend);
}

SELFTEST(spinlocks, trylock_mixes_with_lock)
{
	run_contest(t, contend_mixed);
}

SELFTEST(spinlocks, a_zero_word_is_free_and_a_held_one_is_not, .contexts = CTX_ALL)
{
	for (const struct lock_ops *const *ops = all_lock_ops; *ops; ops++) {
		union any_lock lock = { };
		union any_lock_node mine = { }, other = { };

		EXPECT(!(*ops)->is_locked(&lock));
		for (int again = 0; again < 3; again++) {
			(*ops)->lock(&lock, &mine);
			EXPECT((*ops)->is_locked(&lock));
			if ((*ops)->trylock)
				EXPECT(!(*ops)->trylock(&lock, &other));
			(*ops)->unlock(&lock, &mine);
			EXPECT(!(*ops)->is_locked(&lock));
			if (!(*ops)->trylock)
				continue;
			EXPECT((*ops)->trylock(&lock, &mine));
			EXPECT((*ops)->is_locked(&lock));
			EXPECT(!(*ops)->trylock(&lock, &other));
			(*ops)->unlock(&lock, &mine);
		}
	}
}

/* ---- order of arrival ---- */

struct line {
	const struct lock_ops *ops;
	union any_lock lock;
	union any_lock_node nodes[NR_CPUS];
	unsigned int n;
	unsigned int called;		/* who may come next */
	/* under lock */
	unsigned int served;
	unsigned int order[NR_CPUS];
};

static u64 word_of(const struct line *l, int i)
{
	return READ_ONCE(((const u64 *)&l->lock)[i]);
}

/* CPU 0 holds the lock and lets the others come one by one: an arrival changes the lock. */
static void let_them_queue(struct line *l)
{
	l->ops->lock(&l->lock, &l->nodes[0]);
	for (unsigned int i = 1; i < l->n; i++) {
		u64 first = word_of(l, 0), second = word_of(l, 1);

		WRITE_ONCE(l->called, i);
		while (word_of(l, 0) == first && word_of(l, 1) == second)
			cpu_relax();
	}
	l->ops->unlock(&l->lock, &l->nodes[0]);
}

static void stand_in_line(unsigned int index, void *arg)
{
	struct line *l = arg;

	if (index)
		smp_cond_load_relaxed(&l->called, VAL >= index);
	preempt_disable();
	if (!index) {
		let_them_queue(l);
	} else {
		l->ops->lock(&l->lock, &l->nodes[index]);
		l->order[l->served++] = index;
		l->ops->unlock(&l->lock, &l->nodes[index]);
	}
	preempt_enable();
}

SELFTEST(spinlocks, fifo_locks_serve_in_order_of_arrival, .min_cpus = 3)
{
	static struct line l;

	for (int i = 0; all_lock_ops[i]; i++) {
		if (all_lock_infos[i].order != LOCK_FIFO)
			continue;
		__builtin_memset(&l, 0, sizeof(l));
		l.ops = all_lock_ops[i];
		l.n = test_cpus(16);
		test_on_cpus(l.n, stand_in_line, &l);
		for (unsigned int k = 0; k + 1 < l.n; k++)
			if (l.order[k] != k + 1)
				selftest_fail(t, __FILE__, __LINE__, "%s: place %u went to %u",
					      l.ops->name, k + 1, l.order[k]);
	}
}

/* ---- starvation: who has just released it may have it again, past a waiter ---- */

struct overtaking {
	const struct lock_ops *ops;
	union any_lock lock;
	union any_lock_node nodes[2];
	bool waits;
	unsigned long overtaken;
};

static void overtake(unsigned int index, void *arg)
{
	struct overtaking *o = arg;

	preempt_disable();
	if (index) {
		smp_cond_load_relaxed(&o->waits, VAL);
		o->ops->lock(&o->lock, &o->nodes[1]);
		o->ops->unlock(&o->lock, &o->nodes[1]);
	} else {
		o->ops->lock(&o->lock, &o->nodes[0]);
		WRITE_ONCE(o->waits, true);
		/* The other is waiting soon after this; each time round it is passed over. */
		for (int i = 0; i < 100000 && !o->overtaken; i++) {
			for (int k = 0; k < 100; k++)
				cpu_relax();
			o->ops->unlock(&o->lock, &o->nodes[0]);
			if (!o->ops->trylock(&o->lock, &o->nodes[0]))
				break;
			o->overtaken++;
		}
		if (o->overtaken)
			o->ops->unlock(&o->lock, &o->nodes[0]);
	}
	preempt_enable();
}

SELFTEST(spinlocks, unfair_locks_let_the_last_holder_pass_a_waiter, .min_cpus = 2)
{
	for (int i = 0; all_lock_ops[i]; i++) {
		unsigned long overtaken = 0;

		if (all_lock_infos[i].order != LOCK_ANY)
			continue;
		for (int again = 0; again < 50 && !overtaken; again++) {
			struct overtaking o = { .ops = all_lock_ops[i] };

			test_on_cpus(2, overtake, &o);
			overtaken = o.overtaken;
		}
		if (!overtaken)
			selftest_fail(t, __FILE__, __LINE__, "%s: no waiter was passed",
				      all_lock_ops[i]->name);
	}
}
