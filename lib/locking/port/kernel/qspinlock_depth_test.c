/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * qspinlock's slow path four deep on one CPU: a task, a softirq on top of it, a
 * hardirq on top of that and an NMI on top of all, each queued on a lock of its
 * own; then a fifth level.
 *
 *	director's CPU				victim's CPU
 *	lock[0]: held and pending
 *	task:					lock[0]: queued, node 0
 *	sees (victim, 0) in its tail
 *	lock[1]: held and pending
 *	softirq:				  lock[1]: queued, node 1
 *	...					    lock[2]: hardirq, node 2
 *						      lock[3]: NMI, node 3
 *						      its fifth: no node, spins
 *	frees them, the last first		all unwind
 *
 * A real-time kernel's softirq is a task, and comes on top of nobody: three deep there.
 */
#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <kernel/timer.h>
#include <locking/qnode.h>
#include <locking/testing.h>

struct level {
	struct qspinlock lock;
	struct context_call call;
	bool got;
	int nodes_after;		/* in use on its CPU, when it had let go */
};

/* Static: should the test fail half-way, the victim still spins here. */
static struct level levels[NR_CONTEXTS];
static struct level fifth;

static bool nests(enum context ctx)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) || ctx != CTX_SOFTIRQ;
}

#define LEVELS	(IS_ENABLED(CONFIG_PREEMPT_RT) ? NR_CONTEXTS - 1 : NR_CONTEXTS)

static void take(struct level *l)
{
	preempt_disable();
	native_queued_spin_lock(&l->lock);
	l->got = true;
	native_queued_spin_unlock(&l->lock);
	preempt_enable();
}

static void wait_at(void *arg)
{
	struct level *l = arg;
	unsigned long flags;

	/* A fifth context does not exist: the NMI pretends to have a node already, or two. */
	if (l == &levels[CTX_NMI]) {
		this_cpu_ptr(&qnodes.node[0])->mcs.count += 1 + NR_CONTEXTS - LEVELS;
		take(&fifth);
		this_cpu_ptr(&qnodes.node[0])->mcs.count -= 1 + NR_CONTEXTS - LEVELS;
	}
	take(l);
	/* An interrupt on top may be in the middle of a wait of its own. */
	local_irq_save(flags);
	l->nodes_after = this_cpu_ptr(&qnodes.node[0])->mcs.count;
	local_irq_restore(flags);
}

static void close_lock(struct level *l)
{
	atomic_set(&l->lock.val, _Q_PENDING_VAL | _Q_LOCKED_VAL);
}

static void open_lock(struct level *l)
{
	atomic_sub(_Q_PENDING_VAL | _Q_LOCKED_VAL, &l->lock.val);
}

static unsigned long events_of(enum lock_event event, unsigned int cpu)
{
	return lockevent_read_cpu(event, cpu);
}

static unsigned int another_cpu(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			return cpu;
	return smp_processor_id();
}

/* Return: the tail that appeared, or 0 if none did before the test's time was up. */
static u32 wait_for_tail(struct qspinlock *lock, u64 end)
{
	u32 tail;

	while (!(tail = (u32)atomic_read(&lock->val) & _Q_TAIL_MASK) && local_clock() < end)
		cpu_relax();
	return tail;
}

SELFTEST(qspinlock, every_context_has_a_node_of_its_own, .min_cpus = 2, .needs_nmi = true)
{
	static const enum lock_event uses[] = {
		LOCKEVENT_lock_use_node2, LOCKEVENT_lock_use_node3, LOCKEVENT_lock_use_node4,
	};
	unsigned long before[ARRAY_SIZE(uses)], no_node;
	u64 end = local_clock() + (u64)selftest_scale_ms(5000) * 1000000;
	unsigned int victim, idx = 0;

	preempt_disable();
	victim = another_cpu();
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		before[i] = events_of(uses[i], victim);
	no_node = events_of(LOCKEVENT_lock_no_node, victim);

	close_lock(&fifth);
	for (int ctx = CTX_TASK; ctx < NR_CONTEXTS; ctx++) {
		struct level *l = &levels[ctx];

		if (!nests(ctx))
			continue;
		*l = (struct level){ .call = { .fn = wait_at, .arg = l } };
		close_lock(l);
		EXPECT_EQ(run_in_context_async(ctx, victim, &l->call), 0);
		if (ctx == CTX_NMI) {
			while (events_of(LOCKEVENT_lock_no_node, victim) == no_node &&
			       local_clock() < end)
				cpu_relax();
			EXPECT_EQ(events_of(LOCKEVENT_lock_no_node, victim), no_node + 1);
			EXPECT_EQ((u32)atomic_read(&fifth.lock.val) & _Q_TAIL_MASK, 0);
			open_lock(&fifth);
		}
		EXPECT_EQ(wait_for_tail(&l->lock, end), encode_tail(victim, idx++));
	}
	for (unsigned int i = 0; i < LEVELS - 1; i++)
		EXPECT(events_of(uses[i], victim) > before[i]);

	for (int ctx = CTX_NMI; ctx >= CTX_TASK; ctx--) {
		struct level *l = &levels[ctx];

		if (!nests(ctx))
			continue;
		EXPECT(!READ_ONCE(l->got));
		open_lock(l);
		while (!smp_load_acquire(&l->call.done) && local_clock() < end)
			cpu_relax();
		EXPECT(l->got);
		EXPECT_EQ(atomic_read(&l->lock.val), 0);
		EXPECT_EQ(l->nodes_after, --idx);
	}
	EXPECT(fifth.got);
	preempt_enable();
}
