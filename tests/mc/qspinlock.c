/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The queue of qspinlock under the checker, without the many executions in which
 * nobody queues: thread 0 holds the lock from the start, and lets it go. The others
 * enter the slow path having seen the word as it may have been a moment ago:
 *
 *	QUEUE	all saw a pending CPU, and queue at once
 *	LATE	thread 1 did; the others saw the lock held only, and set the pending
 *		bit, perhaps beside a queue
 *	DEPTH	thread 1 too, and interrupted that many contexts that queue: it uses
 *		the next node, or none if all are in use
 *	VIRT	on a hypervisor nobody queues
 *
 * What it shows: mutual exclusion, nobody waits for ever, the word is 0 in the end.
 *
 * Built with -DN=threads one of -DQUEUE, -DLATE, -DDEPTH=n, -DVIRT.
 */
#include <locking/port.h>
#include <locking/qnode.h>
#include <locking/qspinlock.h>

#ifndef DEPTH
#define DEPTH	0
#endif
#define IN_USE	0x55

static struct qspinlock lock;
static u32 counter;

static void setup(void)
{
	lock = (struct qspinlock){ .val = ATOMIC_INIT(_Q_LOCKED_VAL) };
	/* One more than there are: what lies behind must stay as it is. */
	for (unsigned int i = 0; DEPTH && i <= QNODES; i++)
		per_cpu_ptr(&qnodes.node[0], 1)[i].mcs.locked = IN_USE;
	per_cpu_ptr(&qnodes.node[0], 1)->mcs.count = DEPTH;
}

static void thread(unsigned int t)
{
	bool saw_pending = IS_ENABLED(QUEUE) || DEPTH || t == 1;
	u32 saw = saw_pending ? _Q_LOCKED_VAL | _Q_PENDING_VAL : _Q_LOCKED_VAL;

	if (t > 0 && IS_ENABLED(VIRT))
		virt_queued_spin_lock_slowpath(&lock, saw);
	else if (t > 0)
		native_queued_spin_lock_slowpath(&lock, saw);
	PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
	native_queued_spin_unlock(&lock);
}

static void final(void)
{
	const struct qnode *node = per_cpu_ptr(&qnodes.node[0], 1);

	mc_assert(mc_final(&counter) == N);
	mc_assert(mc_final(&lock.val.counter) == 0);
	for (unsigned int i = 0; DEPTH && i <= QNODES; i++)
		if (i != DEPTH || i == QNODES)
			mc_assert(mc_final(&node[i].mcs.locked) == IN_USE);
}

static unsigned int kind(unsigned int t)
{
	return DEPTH || (IS_ENABLED(LATE) && t == 1) ? t : t > 0 ? MC_MAX_THREADS : 0;
}

struct mc_client mc_client = {
	.name = "qspinlock", .nr_threads = N,
	.setup = setup, .thread = thread, .final = final, .kind = kind,
};
