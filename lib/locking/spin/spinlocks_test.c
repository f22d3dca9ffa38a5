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
	if (c->inside++)
		c->intruders++;
	c->count++;
	for (int i = 0; i < 8; i++)
		barrier();
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
				      "%s: %lu of %lu sections counted, %lu entered while another was inside",
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
