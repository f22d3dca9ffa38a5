/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphore: writers that spin instead of sleeping.
 *
 * A sleep and a wake-up cost more than most sections. So a writer that finds the
 * semaphore taken spins while its holder makes progress, and takes it past the
 * sleepers when it is let go. One writer at a time does so: sem->osq's head.
 *
 *	held by		spin until
 *	a writer	another owner, or none; that task leaves its CPU; need_resched
 *	readers		free; a time that grows with their number; need_resched
 *	nobody		taken; need_resched
 *
 * Nobody knows which readers there are, so whether they run cannot be seen, and time
 * is the bound: 10 us and 0.5 us a reader, up to 25 us. Past it the spinner marks the
 * owner word: no writer spins before the readers are gone.
 *
 * A writer that has set the hand-off spins as well, without the queue: the semaphore
 * is its own as soon as it is free.
 *
 * Linux: rwsem_optimistic_spin(), kernel/locking/rwsem.c
 */
#include <locking/lockevent.h>
#include <locking/port.h>
#include "rwsem_internal.h"

#ifndef RWSEM_SPIN_READERS_NS
#define RWSEM_SPIN_READERS_NS(readers)	((20 + min(readers, 30L)) * 500)
#endif
#define CLOCK_EVERY	16		/* rounds between two looks at the clock */

static struct task_struct *owner_and_flags(struct rw_semaphore *sem, long *flags)
{
	long owner = atomic_long_read(&sem->owner);

	*flags = owner & RWSEM_OWNER_FLAGS_MASK;
	return (struct task_struct *)(owner & ~RWSEM_OWNER_FLAGS_MASK);
}

static enum rwsem_owner_state state_of(const struct task_struct *owner, long flags)
{
	if (flags & RWSEM_NONSPINNABLE)
		return OWNER_NONSPINNABLE;
	if (flags & RWSEM_READER_OWNED)
		return OWNER_READER;
	return owner ? OWNER_WRITER : OWNER_NULL;
}

enum rwsem_owner_state rwsem_spin_on_owner(struct rw_semaphore *sem)
{
	struct task_struct *owner, *now;
	enum rwsem_owner_state state;
	long flags, now_flags;

	owner = owner_and_flags(sem, &flags);
	state = state_of(owner, flags);
	while (state == OWNER_WRITER) {
		port_await_begin();
		now = owner_and_flags(sem, &now_flags);
		if (now != owner || now_flags != flags)
			return state_of(now, now_flags);
		/* Its task may be gone; the same owner word afterwards is what counts. */
		if (need_resched() || !port_owner_on_cpu(owner))
			return OWNER_NONSPINNABLE;
		cpu_relax();
	}
	return state;
}

static bool worth_spinning(struct rw_semaphore *sem)
{
	struct task_struct *owner;
	long flags;

	if (need_resched())
		return false;
	owner = owner_and_flags(sem, &flags);
	if (flags & RWSEM_NONSPINNABLE)
		return false;
	return !owner || (flags & RWSEM_READER_OWNED) || port_owner_on_cpu(owner);
}

/* From any state without holder and hand-off, past those that sleep. */
static bool rwsem_try_steal_write(struct rw_semaphore *sem)
{
	long count = atomic_long_read(&sem->count);

	while (!(count & (RWSEM_LOCK_MASK | RWSEM_FLAG_HANDOFF))) {
		/* rwsem/A: pairs with up_write(); rwsem/B: pairs with up_read() */
		if (atomic_long_try_cmpxchg_acquire(&sem->count, &count,
						    count | RWSEM_WRITER_LOCKED)) {
			rwsem_set_owner(sem);
			lockevent_inc(rwsem_opt_lock);
			return true;
		}
	}
	return false;
}

static void set_nonspinnable(struct rw_semaphore *sem)
{
	long owner = atomic_long_read(&sem->owner);

	do {
		if ((owner & RWSEM_OWNER_FLAGS_MASK) != RWSEM_READER_OWNED)
			return;
	} while (!atomic_long_try_cmpxchg_relaxed(&sem->owner, &owner,
						  owner | RWSEM_NONSPINNABLE));
	lockevent_inc(rwsem_opt_nospin);
}

/* How long to bear with the readers that are there. */
struct patience {
	enum rwsem_owner_state before;
	u64 until;
	unsigned int rounds;
};

/* Return: false to give up. */
static bool bear_with(struct rw_semaphore *sem, struct patience *p, enum rwsem_owner_state state)
{
	if (state == OWNER_READER && p->before != OWNER_READER) {
		long readers = atomic_long_read(&sem->count) >> RWSEM_READER_SHIFT;

		p->until = local_clock() + (u64)RWSEM_SPIN_READERS_NS(readers);
		p->rounds = 0;
	} else if (state == OWNER_READER && ++p->rounds % CLOCK_EVERY == 0 &&
		   local_clock() > p->until) {
		set_nonspinnable(sem);
		return false;
	}
	/*
	 * An owner that runs was waited for above. For what is not seen to run, an urgent
	 * task must not spin: it may be keeping it from the CPU.
	 */
	if (state != OWNER_WRITER) {
		if (need_resched())
			return false;
		if (rt_task(current) && p->before != OWNER_WRITER)
			return false;
	}
	p->before = state;
	return true;
}

bool rwsem_optimistic_spin(struct rw_semaphore *sem)
{
	struct patience patience = { .before = OWNER_NULL };
	bool taken = false;

	if (!worth_spinning(sem))
		return false;
	if (!osq_lock(&sem->osq)) {
		lockevent_inc(rwsem_opt_fail);
		return false;
	}
	for (;;) {
		enum rwsem_owner_state state;

		port_await_begin();
		state = rwsem_spin_on_owner(sem);
		if (!(state & OWNER_SPINNABLE))
			break;
		taken = rwsem_try_steal_write(sem);
		if (taken || !bear_with(sem, &patience, state))
			break;
		cpu_relax();
	}
	osq_unlock(&sem->osq);
	if (!taken)
		lockevent_inc(rwsem_opt_fail);
	return taken;
}
