/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PV qspinlock: who halts, who is kicked, who may steal. A halt may end early at any
 * time (by an NMI that was meant for something else), so what is waited for is that
 * something comes to be, never that it is so at one moment.
 */
#include <locking/testing.h>

#include "qspinlock_paravirt.h"

struct scene {
	struct selftest *t;
	struct qspinlock lock;
	struct qnode node, prev;
	unsigned int waiter_cpu;
	unsigned long halts, kicks;	/* of the waiter; by the holder */
	unsigned long count;		/* under lock */
	bool ready;
};

static u32 word(const struct qspinlock *lock)
{
	return (u32)atomic_read(&lock->val);
}

static bool in_table(const struct qspinlock *lock)
{
	for (unsigned int i = 0; i < PV_ENTRIES; i++)
		if (READ_ONCE(pv_entries[i].lock) == lock)
			return true;
	return false;
}

static unsigned long events(enum lock_event event)
{
	return lockevent_read_cpu(event, smp_processor_id());
}

/* ---- the head ---- */

static void halt_as_head(struct scene *s)
{
	unsigned long flags, before;

	local_irq_save(flags);
	preempt_disable();
	WRITE_ONCE(s->waiter_cpu, smp_processor_id());
	before = events(LOCKEVENT_pv_wait_head);
	pv_queued_spin_lock(&s->lock);
	s->count++;
	pv_queued_spin_unlock(&s->lock);
	s->halts = events(LOCKEVENT_pv_wait_head) - before;
	preempt_enable();
	local_irq_restore(flags);
}

/* The holder: until the other one halts, and lets others steal. */
static void kick_the_head(struct scene *s)
{
	unsigned long before;

	preempt_disable();
	pv_queued_spin_lock(&s->lock);
	/* test/A: pairs with head_scene() */
	smp_store_release(&s->ready, true);
	smp_cond_load_relaxed(&s->lock.val.counter,
			      ((u32)VAL & _Q_LOCKED_PENDING_MASK) == _Q_SLOW_VAL);
	while (pv_lock_ops.wait == pv_halt_wait && !pv_halt_is_preempted(READ_ONCE(s->waiter_cpu)))
		cpu_relax();
	s->count++;
	before = events(LOCKEVENT_pv_kick_unlock);
	pv_queued_spin_unlock(&s->lock);
	s->kicks = events(LOCKEVENT_pv_kick_unlock) - before;
	preempt_enable();
}

static void head_scene(unsigned int index, void *arg)
{
	struct scene *s = arg;

	if (!index) {
		kick_the_head(s);
		return;
	}
	/* test/A: pairs with kick_the_head() */
	smp_cond_load_acquire(&s->ready, VAL);
	halt_as_head(s);
}

SELFTEST(pvqspinlock, a_head_that_waits_long_halts_and_is_kicked, .min_cpus = 2)
{
	struct scene s = { };

	test_on_cpus(2, head_scene, &s);
	EXPECT(s.halts >= 1);
	EXPECT(s.kicks >= 1);
	EXPECT_EQ(s.count, 2);
	EXPECT_EQ(word(&s.lock), 0);
	EXPECT(!in_table(&s.lock));
}

/* ---- the queue ---- */

static void queue_scene(unsigned int index, void *arg)
{
	struct scene *s = arg;

	preempt_disable();
	if (index) {
		pv_init_node(&s->node);
		/* test/B: pairs with queue_scene() */
		smp_store_release(&s->ready, true);
		pv_wait_node(&s->node, &s->prev);
		/* test/C: pairs with queue_scene() */
		smp_cond_load_acquire(&s->node.mcs.locked, VAL);
		pv_wait_head_and_lock(&s->lock, &s->node);
		s->count++;
		pv_queued_spin_unlock(&s->lock);
	} else {
		/* test/B: pairs with queue_scene() */
		smp_cond_load_acquire(&s->ready, VAL);
		smp_cond_load_relaxed(&s->node.state, VAL == PV_HALTED);
		/* test/C: pairs with queue_scene() */
		smp_store_release(&s->node.mcs.locked, 1);
		pv_kick_node(&s->lock, &s->node);
		s->count++;
		pv_queued_spin_unlock(&s->lock);
	}
	preempt_enable();
}

SELFTEST(pvqspinlock, who_halts_in_the_queue_is_kicked_when_its_turn_has_come, .min_cpus = 2)
{
	struct scene s = { .lock.val = ATOMIC_INIT((int)(encode_tail(0, 0) | _Q_LOCKED_VAL)) };

	test_on_cpus(2, queue_scene, &s);
	EXPECT_EQ(s.count, 2);
	EXPECT_EQ(word(&s.lock), encode_tail(0, 0));
	EXPECT(!in_table(&s.lock));
}

SELFTEST(pvqspinlock, no_use_in_spinning_behind_one_that_halts)
{
	struct qnode node = { .state = PV_RUNNING }, prev = { .state = PV_HALTED };
	unsigned long before;

	preempt_disable();
	before = events(LOCKEVENT_pv_wait_early);
	EXPECT(!pv_spin_node(&node, &prev));
	EXPECT(events(LOCKEVENT_pv_wait_early) > before);
	node.mcs.locked = 1;
	EXPECT(pv_spin_node(&node, &prev));
	preempt_enable();
}

/* The holder lets all the others halt. */
static void crowd_scene(unsigned int index, void *arg)
{
	struct scene *s = arg;

	preempt_disable();
	if (index)
		smp_cond_load_relaxed(&s->ready, VAL);
	pv_queued_spin_lock(&s->lock);
	if (!index) {
		WRITE_ONCE(s->ready, true);
		smp_cond_load_relaxed(&s->lock.val.counter,
				      ((u32)VAL & _Q_LOCKED_MASK) == _Q_SLOW_VAL);
		for (int i = 0; i < 20000; i++)
			cpu_relax();
	}
	s->count++;
	pv_queued_spin_unlock(&s->lock);
	preempt_enable();
}

SELFTEST(pvqspinlock, everyone_of_a_crowd_that_halts_gets_it, .min_cpus = 2)
{
	unsigned int n = test_cpus(8);

	for (int again = 0; again < 10; again++) {
		struct scene s = { };

		test_on_cpus(n, crowd_scene, &s);
		EXPECT_EQ(s.count, n);
		EXPECT_EQ(word(&s.lock), 0);
		EXPECT(!in_table(&s.lock));
	}
}

/* ---- stealing ---- */

SELFTEST(pvqspinlock, a_free_lock_is_stolen_unless_the_head_spins, .contexts = CTX_ALL)
{
	u32 tail = encode_tail(0, QNODES - 1);
	struct qspinlock lock = { .val = ATOMIC_INIT((int)tail) };
	unsigned long before;

	preempt_disable();
	before = events(LOCKEVENT_pv_lock_stealing);
	pv_queued_spin_lock(&lock);
	EXPECT(events(LOCKEVENT_pv_lock_stealing) > before);
	EXPECT_EQ(word(&lock), tail | _Q_LOCKED_VAL);
	pv_queued_spin_unlock(&lock);
	EXPECT_EQ(word(&lock), tail);

	atomic_set(&lock.val, (int)(tail | _Q_PENDING_VAL));
	EXPECT(!pv_steal(&lock));
	EXPECT_EQ(word(&lock), tail | _Q_PENDING_VAL);
	preempt_enable();
}

/* ---- the table ---- */

SELFTEST(pvqspinlock, locks_that_share_a_place_are_told_apart)
{
	static struct qspinlock locks[PV_ENTRIES + 1];
	struct qspinlock *a = &locks[0], *b = &locks[1];
	struct qnode one = { }, other = { };

	/* Among so many two must share one. */
	for (unsigned int i = 0; i < ARRAY_SIZE(locks); i++)
		for (unsigned int k = 0; k < i; k++)
			if (pv_first_entry(&locks[i]) == pv_first_entry(&locks[k])) {
				a = &locks[i];
				b = &locks[k];
			}
	EXPECT_EQ(pv_first_entry(a), pv_first_entry(b));
	for (int order = 0; order < 2; order++) {
		pv_hash(a, &one);
		pv_hash(b, &other);
		EXPECT(pv_unhash(order ? a : b) == (order ? &one : &other));
		EXPECT(pv_unhash(order ? b : a) == (order ? &other : &one));
		EXPECT(!in_table(a) && !in_table(b));
	}
}
