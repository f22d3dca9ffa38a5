/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cells of context.def, what spins: one function a primitive.
 */
#include <kernel/preempt.h>
#include <locking/bit_spinlock.h>
#include <locking/local_lock.h>
#include <locking/lockref.h>
#include <locking/percpu_counter.h>
#include <locking/refcount.h>
#include <locking/rwlock.h>
#include <locking/seqlock.h>
#include "context_cells.h"

static DEFINE_SPINLOCK(lock);
static DEFINE_RAW_SPINLOCK(nmi_lock);
static DEFINE_RWLOCK(rwlock);
static DEFINE_SEQLOCK(seqlock);
static seqcount_latch_t latch;
static unsigned long word;
static atomic_t atom;
static refcount_t refs = REFCOUNT_INIT(1);
static struct lockref lockref = { .lock = __SPIN_LOCK_UNLOCKED(lockref.lock), .count = 2 };
DEFINE_PERCPU_COUNTER(cell_counter);
static DEFINE_PER_CPU(local_lock_t, local);

bool cell_atomic(void)
{
	return atomic_inc_return(&atom) > 0;
}

bool cell_bitops(void)
{
	return !test_and_set_bit(9, &word) && test_and_clear_bit(9, &word);
}

bool cell_refcount(void)
{
	refcount_inc(&refs);
	return !refcount_dec_and_test(&refs);
}

bool cell_spin_lock(void)
{
	spin_lock(&lock);
	spin_unlock(&lock);
	return true;
}

bool cell_spin_trylock(void)
{
	if (!spin_trylock(&lock))
		return false;
	spin_unlock(&lock);
	return true;
}

/* Where it is illegal, so is the unlock's look at softirqs: undo the rest by hand. */
bool cell_spin_lock_bh(void)
{
	spin_lock_bh(&lock);
	if (port_context() <= CTX_SOFTIRQ) {
		spin_unlock_bh(&lock);
		return true;
	}
#ifndef CONFIG_PREEMPT_RT
	__raw_spin_release(&lock.rlock);
	__preempt_count_sub(SOFTIRQ_DISABLE_OFFSET);
#endif
	return true;
}

bool cell_spin_lock_irqsave(void)
{
	bool off = irqs_disabled();
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	spin_unlock_irqrestore(&lock, flags);
	return irqs_disabled() == off;
}

bool cell_spin_lock_of_nmi(void)
{
	raw_spin_lock(&nmi_lock);
	raw_spin_unlock(&nmi_lock);
	return true;
}

bool cell_read_lock(void)
{
	read_lock(&rwlock);
	read_unlock(&rwlock);
	return true;
}

bool cell_read_trylock(void)
{
	if (!read_trylock(&rwlock))
		return false;
	read_unlock(&rwlock);
	return true;
}

bool cell_write_lock_irqsave(void)
{
	unsigned long flags;

	write_lock_irqsave(&rwlock, flags);
	write_unlock_irqrestore(&rwlock, flags);
	return true;
}

bool cell_write_trylock(void)
{
	if (!write_trylock(&rwlock))
		return false;
	write_unlock(&rwlock);
	return true;
}

bool cell_read_seqlock(void)
{
	return !read_seqretry(&seqlock, read_seqbegin(&seqlock));
}

bool cell_write_seqlock_irqsave(void)
{
	unsigned int seq = read_seqbegin(&seqlock);
	unsigned long flags;

	write_seqlock_irqsave(&seqlock, flags);
	write_sequnlock_irqrestore(&seqlock, flags);
	return read_seqretry(&seqlock, seq);
}

bool cell_read_seqcount_latch(void)
{
	return !read_seqcount_latch_retry(&latch, raw_read_seqcount_latch(&latch));
}

bool cell_bit_spin_lock(void)
{
	bit_spin_lock(2, &word);
	bit_spin_unlock(2, &word);
	return true;
}

bool cell_bit_spin_trylock(void)
{
	if (!bit_spin_trylock(2, &word))
		return false;
	bit_spin_unlock(2, &word);
	return true;
}

/* Without the lock as long as it is free; it stays at two or more here. */
bool cell_lockref_get(void)
{
	if (IS_ENABLED(CONFIG_DEBUG_LOCKS) && !IS_ENABLED(CONFIG_PREEMPT_RT))
		return true;
	return lockref_get_not_zero(&lockref);
}

bool cell_lockref_put_or_lock(void)
{
	struct lockref ref = { .lock = __SPIN_LOCK_UNLOCKED(ref.lock), .count = 1 };

	/* What makes it a lock that tasks take. */
	if (IS_ENABLED(CONFIG_DEBUG_LOCKS))
		ref.lock = lock;
	if (lockref_put_or_lock(&ref))
		return false;
	spin_unlock(&ref.lock);
	return true;
}

bool cell_percpu_counter_add(void)
{
	percpu_counter_add_batch(&cell_counter, 1, 1);
	return true;
}

bool cell_local_lock(void)
{
	local_lock(&local);
	local_unlock(&local);
	return true;
}

bool cell_local_lock_irqsave(void)
{
	unsigned long flags;

	local_lock_irqsave(&local, flags);
	local_unlock_irqrestore(&local, flags);
	return true;
}
