/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PV qspinlock under the checker, in scenes. From lock to unlock it makes twice as
 * many accesses as the native one, so each scene begins where it becomes interesting.
 *
 *	SCENE=1	thread 0 holds the lock and releases it; the others come, wait, halt
 *	SCENE=2	thread 0 holds the lock, thread 1 is the queue's head; thread 2 is a thief:
 *		it takes the lock if that is free, or else goes
 *	SCENE=3	thread 0 holds the lock and hands the queue's head to thread 1, which
 *		waits in the queue, and may halt
 *	SCENE=4	the same, but thread 1 has halted; and there is the thief
 *	SCENE=5	the table: threads enter locks of their own, that share a place, and take
 *		them out again; the last one twice
 *
 * What it shows: one thread at a time is inside; no kick is lost (a halt ends by a kick
 * alone: one that does not come is a hang); in the end the lock is free. Where thread 1
 * is in the queue from the start, its tail stays.
 */
#include <locking/port.h>
#include <locking/pv_lock_ops.h>

/* By the include path, which leads to the mutants' copy as well. */
#include <locking/../../spin/qspinlock_slowpath.h>

#include <string.h>

#ifndef N
#define N 2
#endif
#ifndef SCENE
#define SCENE 1
#endif

static struct qspinlock the_lock;
static u32 counter;
static u32 stolen;

static void add_one(void)
{
	u32 seen = PLAIN_READ(counter);

	PLAIN_WRITE(counter, seen + 1);
}

/* Who comes last may do what it likes with the lock: nobody else touches it any more. */
static void come_and_wait(void)
{
	bool last;

	pv_queued_spin_lock(&the_lock);
	add_one();
	last = PLAIN_READ(counter) == N;
	pv_queued_spin_unlock(&the_lock);
	if (last)
		PLAIN_WRITE(the_lock.val.counter, 0);
}

static void steal(void)
{
	if (!pv_steal(&the_lock))
		return;
	add_one();
	pv_queued_spin_unlock(&the_lock);
	stolen++;
}

/* ---- thread 1 is in the queue ---- */

#define QUEUED	(SCENE >= 2 && SCENE <= 4)

static struct qnode *node_of(unsigned int t)
{
	return per_cpu_ptr(&qnodes.node[0], t);
}

static void hand_over(struct qnode *next)
{
	smp_store_release(&next->mcs.locked, 1);
	pv_kick_node(&the_lock, next);
}

static void wait_in_queue(struct qnode *node)
{
	if (SCENE == 3)
		pv_wait_node(node, node_of(0));
	if (SCENE == 4)
		smp_cond_load_relaxed(&node->state, VAL != PV_HALTED);
	if (SCENE != 2)
		smp_cond_load_acquire(&node->mcs.locked, VAL);
	pv_wait_head_and_lock(&the_lock, node);
	add_one();
	pv_queued_spin_unlock(&the_lock);
}

/* ---- the table ---- */

static struct qspinlock locks[N * PV_ENTRIES + 1];
static struct qspinlock *sharing[N];
static struct qnode own[N];

/* N locks whose search begins at one place: among so many there are some. */
static void find_sharing(void)
{
	for (unsigned int first = 0; first < PV_ENTRIES; first++) {
		unsigned int found = 0;

		for (unsigned int i = 0; i < ARRAY_SIZE(locks) && found < N; i++)
			if (pv_first_entry(&locks[i]) == first)
				sharing[found++] = &locks[i];
		if (found == N)
			return;
	}
	mc_assert(!"enough locks share a place");
}

static void enter_and_leave(unsigned int t)
{
	pv_hash(sharing[t], &own[t]);
	mc_assert(pv_unhash(sharing[t]) == &own[t]);
}

/* ---- all ---- */

static void setup(void)
{
	stolen = 0;
	the_lock.val.counter = SCENE == 5 ? 0 : _Q_LOCKED_VAL;
	if (QUEUED) {
		the_lock.val.counter |= (int)encode_tail(1, 0);
		node_of(1)->cpu = 1;
		node_of(1)->state = SCENE == 4 ? PV_HALTED : PV_RUNNING;
	}
	if (SCENE == 5)
		find_sharing();
}

static void hold_and_release(void)
{
	if (SCENE == 3 || SCENE == 4)
		hand_over(node_of(1));
	add_one();
	pv_queued_spin_unlock(&the_lock);
}

static void thread(unsigned int t)
{
	/* So that final() can ask for it. Who enters the lock is the one that reads it here. */
	if (SCENE != 5 && t == (SCENE < 3))
		(void)READ_ONCE(pv_entries[0].lock);
	if (SCENE == 5) {
		enter_and_leave(t);
		if (t == N - 1)
			enter_and_leave(t);
	} else if (t == 0) {
		hold_and_release();
	} else if (!QUEUED) {
		come_and_wait();
	} else if (t == 1) {
		wait_in_queue(node_of(1));
	} else {
		steal();
	}
}

static void final(void)
{
	if (SCENE == 5)
		return;
	mc_assert(!mc_final(&pv_entries[0].lock));
	mc_assert(mc_final(&counter) == (QUEUED ? 2 : N) + stolen);
	mc_assert(mc_final(&the_lock.val.counter) == (QUEUED ? encode_tail(1, 0) : 0));
}

struct mc_client mc_client = {
	.name = "pvqspinlock, scene " __stringify(SCENE), .nr_threads = N,
	.setup = setup, .thread = thread, .final = final,
};
