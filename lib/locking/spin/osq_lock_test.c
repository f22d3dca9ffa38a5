/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osq: exclusive, in order, and any waiter can leave from any place.
 */
#include <locking/osq_lock.h>
#include <locking/lockevent.h>
#include <locking/testing.h>

#define ROUNDS	2000

struct crowd {
	struct optimistic_spin_queue lock;
	/* under lock */
	unsigned long inside, count, intruders;
	unsigned long got[NR_CPUS], gave_up[NR_CPUS];
};

/* Impatient CPUs leave the queue at once, from wherever they are in it. */
static void come_and_go(unsigned int index, void *arg)
{
	struct crowd *c = arg;

	for (int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		preempt_disable();
		test_want_resched(index % 2 && i % 3);
		if (osq_lock(&c->lock)) {
			c->intruders += c->inside++ != 0;
			c->count++;
			for (int k = 0; k < 8; k++)
				barrier();
			c->inside--;
			osq_unlock(&c->lock);
			c->got[index]++;
		} else {
			c->gave_up[index]++;
		}
		test_want_resched(false);
		preempt_enable();
	}
}

SELFTEST(osq, waiters_that_leave_break_nothing, .min_cpus = 2)
{
	static struct crowd c;
	unsigned long got = 0;

	__builtin_memset(&c, 0, sizeof(c));
	test_on_cpus(test_cpus(NR_CPUS), come_and_go, &c);
	for (int i = 0; i < NR_CPUS; i++)
		got += c.got[i];
	EXPECT_EQ(c.intruders, 0);
	EXPECT_EQ(c.count, got);
	EXPECT(!osq_is_locked(&c.lock));
}

struct impatience {
	struct optimistic_spin_queue lock;
	bool left;
	bool got;
	unsigned long unqueued;		/* on the CPU that left: others may, too, of other queues */
};

static void leave_alone(unsigned int index, void *arg)
{
	struct impatience *s = arg;
	unsigned long before;

	preempt_disable();
	if (index == 0) {
		if (!osq_lock(&s->lock))
			BUG();
		smp_cond_load_relaxed(&s->left, VAL);
		osq_unlock(&s->lock);
	} else {
		smp_cond_load_relaxed(&s->lock.tail.counter, VAL);
		before = lockevent_read_cpu(LOCKEVENT_osq_unqueue, smp_processor_id());
		test_want_resched(true);
		s->got = osq_lock(&s->lock);
		test_want_resched(false);
		s->unqueued = lockevent_read_cpu(LOCKEVENT_osq_unqueue, smp_processor_id()) - before;
		if (s->got)
			osq_unlock(&s->lock);
		WRITE_ONCE(s->left, true);
	}
	preempt_enable();
}

SELFTEST(osq, a_waiter_that_should_reschedule_leaves, .min_cpus = 2)
{
	struct impatience s = { };

	test_on_cpus(2, leave_alone, &s);
	EXPECT(!s.got);
	EXPECT_EQ(s.unqueued, 1);
	EXPECT(!osq_is_locked(&s.lock));
}

struct handed {
	struct optimistic_spin_queue lock;
	/* under lock */
	unsigned long written, read;
};

/* Of a queue in which only this CPU is. Preemption off. */
static int tail_when_alone(void)
{
	struct optimistic_spin_queue alone = OSQ_LOCK_UNLOCKED;
	int tail;

	if (!osq_lock(&alone))
		BUG();
	tail = atomic_read(&alone.tail);
	osq_unlock(&alone);
	return tail;
}

/* CPU 0 leaves when somebody is behind it; what it wrote then is there for who follows. */
static void hand_over(unsigned int index, void *arg)
{
	struct handed *s = arg;
	int alone;

	preempt_disable();
	if (index == 0) {
		alone = tail_when_alone();
		if (!osq_lock(&s->lock))
			BUG();
		smp_cond_load_relaxed(&s->lock.tail.counter, VAL != alone);
		s->written = 1;
	} else {
		smp_cond_load_relaxed(&s->lock.tail.counter, VAL);
		while (!osq_lock(&s->lock)) {
			preempt_enable();
			cpu_relax();
			preempt_disable();
		}
		s->read = s->written;
	}
	osq_unlock(&s->lock);
	preempt_enable();
}

SELFTEST(osq, who_is_handed_it_sees_the_section, .min_cpus = 2)
{
	struct handed s = { };

	test_on_cpus(2, hand_over, &s);
	EXPECT_EQ(s.read, 1);
	EXPECT(!osq_is_locked(&s.lock));
}
