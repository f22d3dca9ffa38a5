/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Optimistic spin queue, the mechanism. The contract is <locking/osq_lock.h>.
 *
 * Queueing and handing over are MCS's. Leaving the middle is what is new; with
 * A <-> B <-> C in the queue and B leaving:
 *
 *	step	B does						so that
 *	A	A->next: B -> NULL (cmpxchg)			A cannot hand over to B, and
 *								waits for a successor
 *		if that fails, A is handing over or leaving:
 *		take the lock if it comes, else look at the new prev
 *	B	B->next -> NULL (xchg), or, as the tail,	C cannot leave through B, and
 *		tail -> A					waits for a predecessor
 *	C	C->prev = A, A->next = C			the gap is closed
 *
 * A neighbour that finds NULL spins until the leaver has closed the gap: that is
 * wait_next(), and it is bounded, the leaver does not wait in between (it does
 * in step B, for a successor that is itself just linking in).
 *
 * Ordering:
 *   osq/A  hand-over: the unlock releases; the spin, or the tail's exchange, acquires.
 *   osq/B  a node is initialised before the tail leads to it.
 *   osq/C  node->prev is written before prev->next: who leaves through next must
 *	    find the prev that goes with it.
 * Linux: kernel/locking/osq_lock.c
 */
#include <locking/lockevent.h>
#include <locking/osq_lock.h>
#include <locking/port.h>

struct optimistic_spin_node {
	struct optimistic_spin_node *next, *prev;
	int locked;
	int cpu;
};

static DEFINE_PER_CPU_ALIGNED(struct optimistic_spin_node, osq_node);

static int encode_cpu(unsigned int cpu)
{
	return (int)cpu + 1;
}

static struct optimistic_spin_node *decode_cpu(int encoded)
{
	return per_cpu_ptr(&osq_node, (unsigned int)encoded - 1);
}

static inline unsigned int cpu_before(const struct optimistic_spin_node *node)
{
	return (unsigned int)READ_ONCE(READ_ONCE(node->prev)->cpu) - 1;
}

/*
 * A stable successor of @node, for an unlock or a leave, after which nobody
 * finds @node by its predecessor's next. @old_cpu: what the tail becomes if
 * @node is the last. Return: NULL if it was.
 */
static struct optimistic_spin_node *wait_next(struct optimistic_spin_queue *lock,
					      struct optimistic_spin_node *node, int old_cpu)
{
	int curr = encode_cpu(smp_processor_id());

	for (;;) {
		int tail = curr;

		port_await_begin();
		/* osq/A: pairs with osq_lock(); osq/B: pairs with osq_lock() */
		if (atomic_read(&lock->tail) == curr &&
		    atomic_try_cmpxchg(&lock->tail, &tail, old_cpu))
			return NULL;

		/*
		 * xchg, not a load: the successor may be leaving, and then it, in its
		 * step A, and we must agree on which of us found the other.
		 */
		if (READ_ONCE(node->next)) {
			/* osq/C: pairs with osq_lock(), leave() */
			struct optimistic_spin_node *next = xchg(&node->next, NULL);

			if (next)
				return next;
		}
		cpu_relax();
	}
}

/* Give up. Return: true if the lock came while we tried. */
static bool leave(struct optimistic_spin_queue *lock, struct optimistic_spin_node *node)
{
	struct optimistic_spin_node *prev, *next;

	/* Step A */
	for (;;) {
		struct optimistic_spin_node *us = node;

		port_await_begin();
		/* If one has left before us, it told us who is in front now. */
		prev = READ_ONCE(node->prev);
		if (data_race(READ_ONCE(prev->next)) == node &&
		    try_cmpxchg(&prev->next, &us, NULL))
			break;
		/* osq/A: pairs with osq_unlock() */
		if (smp_load_acquire(&node->locked)) {
			lockevent_inc(osq_unqueue_late);
			return true;
		}
		cpu_relax();
	}

	/* Step B */
	next = wait_next(lock, node, READ_ONCE(prev->cpu));
	lockevent_inc(osq_unqueue);
	if (!next)
		return false;

	/* Step C */
	WRITE_ONCE(next->prev, prev);
	/* osq/C: pairs with wait_next(), osq_lock(), osq_unlock(): next->prev before prev->next */
	smp_store_release(&prev->next, next);
	return false;
}

bool osq_lock(struct optimistic_spin_queue *lock)
{
	struct optimistic_spin_node *node = this_cpu_ptr(&osq_node), *prev;
	int curr = encode_cpu(smp_processor_id());
	int old, stop;

	WRITE_ONCE(node->locked, 0);
	WRITE_ONCE(node->next, NULL);
	WRITE_ONCE(node->cpu, curr);

	/* osq/A: pairs with osq_unlock(), wait_next(); osq/B: pairs with osq_lock(), wait_next() */
	old = atomic_xchg(&lock->tail, curr);
	if (old == OSQ_UNLOCKED_VAL)
		return true;

	lockevent_inc(osq_wait);
	prev = decode_cpu(old);
	WRITE_ONCE(node->prev, prev);
	/*
	 * osq/C: pairs with wait_next(), leave(), osq_unlock(): prev before next, or a
	 * leaver links us to a stale one
	 */
	smp_wmb();
	WRITE_ONCE(prev->next, node);

	/* osq/A: pairs with osq_unlock() */
	stop = smp_cond_load_acquire(&node->locked, VAL || port_need_resched() ||
				     port_vcpu_is_preempted(cpu_before(node)));
	if (stop)
		return true;
	return leave(lock, node);
}

void osq_unlock(struct optimistic_spin_queue *lock)
{
	int curr = encode_cpu(smp_processor_id()), tail = curr;
	struct optimistic_spin_node *node = this_cpu_ptr(&osq_node), *next;

	/* osq/A: pairs with osq_lock() */
	if (likely(atomic_try_cmpxchg_release(&lock->tail, &tail, OSQ_UNLOCKED_VAL)))
		return;
	/* osq/C: pairs with osq_lock(), leave() */
	next = xchg(&node->next, NULL);
	if (!next)
		next = wait_next(lock, node, OSQ_UNLOCKED_VAL);
	if (next) {
		/* osq/A: pairs with osq_lock(), leave() */
		smp_store_release(&next->locked, 1);
	}
}
