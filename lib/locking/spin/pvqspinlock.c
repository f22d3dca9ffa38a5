/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paravirtual queued spinlock, the slow paths. The contract is <locking/qspinlock_pv.h>.
 *
 *	CPU 0 holds		CPU 1, head of the queue		CPU 2, queued
 *				spins SPIN_THRESHOLD times
 *				puts (lock, 1) into the table
 *				locked: 1 -> SLOW
 *				halts					spins, halts
 *	unlock: is SLOW, not 1
 *	looks up and takes out
 *	  (lock, 1)
 *	locked = 0
 *	kicks CPU 1
 *				takes it: locked = 1
 *				hands the head to CPU 2, which is
 *				halted: hashed, locked = SLOW
 *				unlock: is SLOW, kicks CPU 2
 *									takes it
 *
 * Between "locked = 0" and the kick anyone may take the lock: that is stealing. It
 * is forbidden while the head spins (pending), so that a head that runs is next.
 *
 *	table	(lock, node) of each halted head	added by the head, or for it by the
 *							holder; taken out by the unlock
 *
 * Ordering:
 *   pvqspinlock/A  the critical section, as qspinlock/A.
 *   pvqspinlock/B  a node is initialised before the tail leads to it.
 *   pvqspinlock/C  state and locked of a node: the waiter writes state = halted, then
 *		    reads locked; its predecessor writes locked, then reads state. Full
 *		    barriers between: one of them sees the other.
 *   pvqspinlock/D  the entry is in the table before the unlock can see SLOW, and is
 *		    taken out before the lock is free: the next head may enter it again.
 * Limits: the table holds four locks a CPU, as many as there can be halted heads.
 * Linux: kernel/locking/qspinlock_paravirt.h
 */
#include <locking/lock_ops.h>
#include <locking/lockevent.h>
#include <locking/mcs.h>
#include <locking/port.h>
#include <locking/qspinlock_pv.h>

#ifndef PV_SPIN_THRESHOLD
#define PV_SPIN_THRESHOLD	(1 << 9)
#endif
/* How often a queued CPU looks whether the one in front still runs. */
#define PV_PREV_CHECK_MASK	0x3f

enum pv_state { PV_RUNNING, PV_HALTED, PV_HASHED };

struct pv_node {
	struct mcs_spinlock mcs;
	int state;
	unsigned int cpu;
};

#define PV_NODES	4

struct pv_nodes {
	struct pv_node node[PV_NODES];
	int count;
};
static DEFINE_PER_CPU_ALIGNED(struct pv_nodes, pv_nodes);

static u32 tail_of(unsigned int cpu, int idx)
{
	return (cpu + 1) << _Q_TAIL_CPU_OFFSET | (u32)idx << _Q_TAIL_IDX_OFFSET;
}

static struct pv_node *node_of(u32 tail)
{
	unsigned int cpu = (tail >> _Q_TAIL_CPU_OFFSET) - 1;

	return per_cpu_ptr(&pv_nodes.node[(tail & _Q_TAIL_IDX_MASK) >> _Q_TAIL_IDX_OFFSET], cpu);
}

/* ---- the table: open addressing, claimed by a cmpxchg of the lock's address ---- */

struct pv_entry {
	struct qspinlock *lock;
	struct pv_node *node;
};

#define PV_ENTRIES	(4 * NR_CPUS)
static struct pv_entry entries[PV_ENTRIES];

static unsigned int first_entry(const struct qspinlock *lock)
{
	return (unsigned int)(((unsigned long)lock >> 3) * 0x9e3779b1UL >> 12) % PV_ENTRIES;
}

static struct pv_entry *pv_hash(struct qspinlock *lock, struct pv_node *node)
{
	for (unsigned int i = first_entry(lock), n = 0; n < PV_ENTRIES; n++) {
		struct pv_entry *e = &entries[(i + n) % PV_ENTRIES];
		struct qspinlock *none = NULL;

		lockevent_inc(pv_hash_hops);
		if (!READ_ONCE(e->lock) && try_cmpxchg_relaxed(&e->lock, &none, lock)) {
			WRITE_ONCE(e->node, node);
			return e;
		}
	}
	port_report("PV lock table is full: lock %p", (void *)lock);
	return NULL;
}

static struct pv_node *pv_unhash(struct qspinlock *lock)
{
	for (unsigned int i = first_entry(lock), n = 0; n < PV_ENTRIES; n++) {
		struct pv_entry *e = &entries[(i + n) % PV_ENTRIES];

		if (READ_ONCE(e->lock) == lock) {
			struct pv_node *node = READ_ONCE(e->node);

			WRITE_ONCE(e->lock, NULL);
			return node;
		}
	}
	port_report("PV lock %p is marked slow, but not in the table", (void *)lock);
	return NULL;
}

/* ---- the word ---- */

/* *,*,0 -> *,0,1 if the pending bit is @pending. Return: taken. */
static bool take_free(struct qspinlock *lock, u32 pending)
{
	int val = atomic_read(&lock->val);

	while (((u32)val & _Q_LOCKED_PENDING_MASK) == pending) {
		/* pvqspinlock/A: pairs with pv_unlock_byte(), pv_queued_spin_unlock_slowpath() */
		if (atomic_try_cmpxchg_acquire(&lock->val, &val,
					       (int)(((u32)val & _Q_TAIL_MASK) | _Q_LOCKED_VAL)))
			return true;
	}
	return false;
}

/* *,*,1 -> *,*,SLOW, or *,*,0 -> *,*,1. Return: false in the second case: it is ours. */
static bool mark_slow(struct qspinlock *lock)
{
	int val = atomic_read(&lock->val);
	u32 new;

	do {
		new = ((u32)val & ~_Q_LOCKED_MASK) |
		      ((u32)val & _Q_LOCKED_MASK ? _Q_SLOW_VAL : _Q_LOCKED_VAL);
		/* pvqspinlock/D: pairs with pv_queued_spin_unlock_slowpath() */
	} while (!atomic_try_cmpxchg(&lock->val, &val, (int)new));
	return (u32)val & _Q_LOCKED_MASK;
}

static bool is_slow(struct qspinlock *lock)
{
	return ((u32)atomic_read(&lock->val) & _Q_LOCKED_MASK) == _Q_SLOW_VAL;
}

/* Whoever runs may have a lock that is free, unless the head spins for it. */
static bool steal(struct qspinlock *lock)
{
	for (;;) {
		u32 val = (u32)atomic_read(&lock->val);

		if (!(val & _Q_LOCKED_PENDING_MASK) && take_free(lock, 0)) {
			lockevent_inc(pv_lock_stealing);
			return true;
		}
		if (!(val & _Q_TAIL_MASK) || (val & _Q_PENDING_MASK))
			return false;
		cpu_relax();
	}
}

/* ---- waiting ---- */

/* No use in spinning behind a CPU that does not run. */
static bool wait_early(const struct pv_node *prev, int loops)
{
	if (loops & PV_PREV_CHECK_MASK)
		return false;
	return READ_ONCE(prev->state) != PV_RUNNING || port_vcpu_is_preempted(READ_ONCE(prev->cpu));
}

/* Until this node is the queue's head. */
static void wait_node(struct pv_node *node, struct pv_node *prev)
{
	for (;;) {
		int halted = PV_HALTED;

		for (int loops = PV_SPIN_THRESHOLD; loops; loops--) {
			/* pvqspinlock/B: pairs with queue() */
			if (smp_load_acquire(&node->mcs.locked))
				return;
			if (wait_early(prev, loops)) {
				lockevent_inc(pv_wait_early);
				break;
			}
			cpu_relax();
		}
		/* pvqspinlock/C: pairs with kick_node() */
		smp_store_mb(node->state, PV_HALTED);
		if (!READ_ONCE(node->mcs.locked)) {
			lockevent_inc(pv_wait_node);
			port_pv_wait((u32 *)&node->state, ~0U, PV_HALTED);
		}
		/* Left as hashed, if that is what it became. */
		(void)try_cmpxchg(&node->state, &halted, PV_RUNNING);
	}
}

/* @next is the head now. If it is halted, let the unlock of the lock we hold kick it. */
static void kick_node(struct qspinlock *lock, struct pv_node *next)
{
	int halted = PV_HALTED;

	/* pvqspinlock/C: pairs with wait_node() */
	smp_mb();
	if (!try_cmpxchg_relaxed(&next->state, &halted, PV_HASHED))
		return;
	pv_hash(lock, next);
	/* Only we, the holder, will look: any order does. */
	atomic_or(_Q_SLOW_VAL, &lock->val);
}

/* Head of the queue: until the lock is ours. */
static void wait_head_and_take(struct qspinlock *lock, struct pv_node *node)
{
	bool hashed = READ_ONCE(node->state) == PV_HASHED;
	bool seen_slow = false;

	for (;;) {
		WRITE_ONCE(node->state, PV_RUNNING);
		/* Spinning: no stealing. */
		atomic_or(_Q_PENDING_VAL, &lock->val);
		for (int loops = PV_SPIN_THRESHOLD; loops; loops--) {
			if (take_free(lock, _Q_PENDING_VAL))
				return;
			cpu_relax();
		}
		atomic_andnot(_Q_PENDING_VAL, &lock->val);

		if (!hashed) {
			struct pv_entry *e = pv_hash(lock, node);

			hashed = seen_slow = true;
			if (!mark_slow(lock)) {
				WRITE_ONCE(e->lock, NULL);
				return;
			}
		}
		WRITE_ONCE(node->state, PV_HASHED);
		seen_slow |= is_slow(lock);
		lockevent_inc(pv_wait_head);
		port_pv_wait((u32 *)&lock->val.counter, _Q_LOCKED_MASK, _Q_SLOW_VAL);
		/*
		 * Only an unlock ends SLOW, and it took our entry out: if the lock was
		 * stolen then, enter again. As long as SLOW was not seen, the holder who
		 * made us head may still be about to enter us.
		 */
		if (seen_slow && !is_slow(lock))
			hashed = seen_slow = false;
	}
}

static void queue(struct qspinlock *lock, struct pv_node *node, u32 tail)
{
	struct mcs_spinlock *next;
	int val = atomic_read(&lock->val);

	/* pvqspinlock/B: pairs with wait_node(), queue() */
	smp_wmb();
	while (!atomic_try_cmpxchg_relaxed(&lock->val, &val,
					   (int)(((u32)val & _Q_LOCKED_PENDING_MASK) | tail)))
		;
	if ((u32)val & _Q_TAIL_MASK) {
		struct pv_node *prev = node_of((u32)val);

		WRITE_ONCE(prev->mcs.next, &node->mcs);
		wait_node(node, prev);
	}
	wait_head_and_take(lock, node);

	/* The last leaves no tail; a SLOW that came with the lock stays. */
	val = atomic_read(&lock->val);
	while (((u32)val & _Q_TAIL_MASK) == tail)
		if (atomic_try_cmpxchg_relaxed(&lock->val, &val, val & ~(int)_Q_TAIL_MASK))
			return;
	next = smp_cond_load_relaxed(&node->mcs.next, VAL);
	/* pvqspinlock/B: pairs with wait_node(), queue() */
	smp_store_release(&next->locked, 1);
	kick_node(lock, container_of(next, struct pv_node, mcs));
}

void pv_queued_spin_lock_slowpath(struct qspinlock *lock)
{
	struct pv_nodes *nodes;
	struct pv_node *node;
	int idx;

	if (steal(lock))
		return;
	lockevent_inc(pv_lock_slowpath);
	nodes = this_cpu_ptr(&pv_nodes);
	idx = nodes->count++;
	/* An interrupt from here on must find the count up before it takes a node. */
	barrier();
	if (unlikely(idx >= PV_NODES)) {
		while (!take_free(lock, 0))
			cpu_relax();
	} else {
		node = &nodes->node[idx];
		WRITE_ONCE(node->mcs.locked, 0);
		WRITE_ONCE(node->mcs.next, NULL);
		WRITE_ONCE(node->state, PV_RUNNING);
		WRITE_ONCE(node->cpu, smp_processor_id());
		queue(lock, node, tail_of(smp_processor_id(), idx));
	}
	barrier();
	nodes->count--;
}

void pv_queued_spin_unlock_slowpath(struct qspinlock *lock, u32 locked)
{
	struct pv_node *node;
	unsigned int cpu;

	if (unlikely(locked != _Q_SLOW_VAL)) {
		port_report("PV lock %p: unlock of a lock that is not held (byte %u)",
			    (void *)lock, locked);
		return;
	}
	/* pvqspinlock/D: pairs with mark_slow() */
	smp_rmb();
	node = pv_unhash(lock);
	/* Once the lock is free the node may be gone. */
	cpu = READ_ONCE(node->cpu);
	/* pvqspinlock/A: pairs with pv_queued_spin_lock(), pv_queued_spin_trylock(), take_free() */
	(void)atomic_fetch_andnot_release(_Q_LOCKED_MASK, &lock->val);
	lockevent_inc(pv_kick_unlock);
	port_pv_kick(cpu);
}

LOCK_OPS_NAMED(pvqspinlock, pv_queued, struct qspinlock);
