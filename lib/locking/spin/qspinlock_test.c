/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * qspinlock: which way through the slow path an arrival takes, made certain by
 * putting the word into the state that leads there. Where a CPU would have to
 * hold the pending bit just then, the holder sets and clears it in its place.
 */
#include <locking/qnode.h>
#include <locking/qspinlock.h>
#include <locking/testing.h>

struct scene {
	struct selftest *t;
	struct qspinlock lock;
	u32 seen;			/* the word when the waiter had arrived */
	unsigned int waiter_cpu;
	int extra_nodes;		/* the waiter pretends to be so deep */
	unsigned long before[LOCKEVENT_NUM], after[LOCKEVENT_NUM];
	bool ready;
};

static void read_events(const struct scene *s, unsigned long *counts)
{
	for (int i = 0; i < LOCKEVENT_NUM; i++)
		counts[i] = lockevent_read_cpu(i, s->waiter_cpu);
}

/* How often did it happen in the scene? */
#define EVENTS(s, name) \
	((s)->after[LOCKEVENT_##name] - (s)->before[LOCKEVENT_##name])

static u32 word(const struct qspinlock *lock)
{
	return atomic_read(&lock->val);
}

/* Interrupts off: a handler's own waits would be counted. */
static void wait_once(struct scene *s)
{
	unsigned long flags;

	local_irq_save(flags);
	preempt_disable();
	s->waiter_cpu = smp_processor_id();
	read_events(s, s->before);
	this_cpu_ptr(&qnodes.node[0])->mcs.count += s->extra_nodes;
	/* test/A: pairs with wait_for_fifth_level() */
	smp_store_release(&s->ready, true);
	native_queued_spin_lock(&s->lock);
	native_queued_spin_unlock(&s->lock);
	this_cpu_ptr(&qnodes.node[0])->mcs.count -= s->extra_nodes;
	read_events(s, s->after);
	preempt_enable();
	local_irq_restore(flags);
}

static void wait_pending_scene(unsigned int index, void *arg)
{
	struct scene *s = arg;

	if (index) {
		smp_cond_load_relaxed(&s->lock.val.counter, VAL);
		wait_once(s);
		return;
	}
	preempt_disable();
	native_queued_spin_lock(&s->lock);
	s->seen = smp_cond_load_relaxed(&s->lock.val.counter, (u32)VAL != _Q_LOCKED_VAL);
	native_queued_spin_unlock(&s->lock);
	preempt_enable();
}

SELFTEST(qspinlock, the_first_waiter_needs_no_node, .min_cpus = 2)
{
	struct scene s = { };

	test_on_cpus(2, wait_pending_scene, &s);
	EXPECT_EQ(s.seen, _Q_PENDING_VAL | _Q_LOCKED_VAL);
	EXPECT_EQ(EVENTS(&s, lock_pending), 1);
	EXPECT_EQ(EVENTS(&s, lock_slowpath), 0);
	EXPECT_EQ(word(&s.lock), 0);
}

static void wait_for_fifth_level(struct scene *s)
{
	/* test/A: pairs with wait_once() */
	smp_cond_load_acquire(&s->ready, VAL);
	while (lockevent_read_cpu(LOCKEVENT_lock_no_node, s->waiter_cpu) ==
	       s->before[LOCKEVENT_lock_no_node])
		cpu_relax();
}

static void wait_queued_scene(unsigned int index, void *arg)
{
	struct scene *s = arg;

	if (index) {
		smp_cond_load_relaxed(&s->lock.val.counter, VAL);
		wait_once(s);
		return;
	}
	preempt_disable();
	atomic_set(&s->lock.val, _Q_PENDING_VAL | _Q_LOCKED_VAL);
	if (s->extra_nodes < QNODES)
		s->seen = smp_cond_load_relaxed(&s->lock.val.counter, VAL & _Q_TAIL_MASK);
	else
		wait_for_fifth_level(s);
	atomic_sub(_Q_PENDING_VAL | _Q_LOCKED_VAL, &s->lock.val);
	preempt_enable();
}

SELFTEST(qspinlock, the_second_waiter_queues_on_the_node_of_its_depth, .min_cpus = 2)
{

	for (int depth = 0; depth < QNODES; depth++) {
		struct scene s = { .extra_nodes = depth };

		test_on_cpus(2, wait_queued_scene, &s);
		EXPECT_EQ(s.seen & _Q_TAIL_MASK, encode_tail(s.waiter_cpu, depth));
		EXPECT_EQ(EVENTS(&s, lock_slowpath), 1);
		EXPECT_EQ(EVENTS(&s, lock_last), 1);
		EXPECT_EQ(EVENTS(&s, lock_pending), 0);
		EXPECT_EQ(EVENTS(&s, lock_use_node2), depth == 1);
		EXPECT_EQ(EVENTS(&s, lock_use_node3), depth == 2);
		EXPECT_EQ(EVENTS(&s, lock_use_node4), depth == 3);
		EXPECT_EQ(word(&s.lock), 0);
	}
}

SELFTEST(qspinlock, the_fifth_level_spins_without_a_node, .min_cpus = 2)
{
	struct scene s = { .extra_nodes = QNODES };

	test_on_cpus(2, wait_queued_scene, &s);
	EXPECT_EQ(EVENTS(&s, lock_no_node), 1);
	EXPECT_EQ(EVENTS(&s, lock_queue_wait), 0);
	EXPECT_EQ(word(&s.lock), 0);
}

SELFTEST(qspinlock, a_tail_leads_back_to_its_node)
{
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++) {
		for (int idx = 0; idx < QNODES; idx++) {
			u32 tail = encode_tail(cpu, idx);

			EXPECT_EQ(tail & ~_Q_TAIL_MASK, 0);
			EXPECT(tail != 0);
			EXPECT(decode_tail(tail) == per_cpu_ptr(&qnodes.node[idx], cpu));
		}
	}
}

SELFTEST(qspinlock, any_bit_is_locked_and_any_waiter_is_contention)
{
	struct qspinlock lock = QSPINLOCK_INIT;

	EXPECT(queued_spin_value_unlocked(lock));
	EXPECT(!queued_spin_is_locked(&lock));
	atomic_set(&lock.val, _Q_LOCKED_VAL);
	EXPECT(queued_spin_is_locked(&lock) && !queued_spin_is_contended(&lock));
	atomic_set(&lock.val, _Q_PENDING_VAL);
	EXPECT(queued_spin_is_locked(&lock) && queued_spin_is_contended(&lock));
	EXPECT(!native_queued_spin_trylock(&lock));
	atomic_set(&lock.val, (int)encode_tail(0, 0));
	EXPECT(queued_spin_is_locked(&lock) && queued_spin_is_contended(&lock));
	EXPECT(!native_queued_spin_trylock(&lock));
	EXPECT_EQ(word(&lock), encode_tail(0, 0));
}

#define ROUNDS	500

struct counted {
	struct qspinlock lock;
	unsigned long count;
	unsigned long want[NR_CPUS];
};

/* As queued_spin_lock() where test-and-set was chosen. */
static void virt_lock(struct qspinlock *lock)
{
	int val = 0;

	if (!queued_spin_lock_fast(lock, &val))
		virt_queued_spin_lock_slowpath(lock, val);
}

static void add_locked(unsigned int index, void *arg)
{
	struct counted *c = arg;

	for (int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		preempt_disable();
		/* Some queue: the two ways must get along. */
		if (index % 4 == 3)
			native_queued_spin_lock(&c->lock);
		else
			virt_lock(&c->lock);
		c->count++;
		native_queued_spin_unlock(&c->lock);
		preempt_enable();
		c->want[index]++;
	}
}

SELFTEST(qspinlock, test_and_set_on_a_hypervisor_excludes_too, .min_cpus = 2)
{
	static struct counted c;
	unsigned long want = 0;

	__builtin_memset(&c, 0, sizeof(c));
	test_on_cpus(test_cpus(NR_CPUS), add_locked, &c);
	for (int i = 0; i < NR_CPUS; i++)
		want += c.want[i];
	EXPECT_EQ(c.count, want);
	EXPECT_EQ(word(&c.lock), 0);
}
