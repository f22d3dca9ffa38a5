/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * context.def, executed: each cell's primitive is called in that context.
 */
#include <kernel/context.h>
#include <kernel/preempt.h>
#include <kernel/printk.h>
#include <kernel/shell.h>
#include <locking/bit_spinlock.h>
#include <locking/completion.h>
#include <locking/local_lock.h>
#include <locking/lockref.h>
#include <locking/mutex.h>
#include <locking/percpu_counter.h>
#include <locking/refcount.h>
#include <locking/rt_mutex.h>
#include <locking/rwlock.h>
#include <locking/semaphore.h>
#include <locking/seqlock.h>
#include <locking/testing.h>

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

/* ---- one function a primitive. Return: it did what it should ---- */

static bool cell_atomic(void)
{
	return atomic_inc_return(&atom) > 0;
}

static bool cell_bitops(void)
{
	return !test_and_set_bit(9, &word) && test_and_clear_bit(9, &word);
}

static bool cell_refcount(void)
{
	refcount_inc(&refs);
	return !refcount_dec_and_test(&refs);
}

static bool cell_spin_lock(void)
{
	spin_lock(&lock);
	spin_unlock(&lock);
	return true;
}

static bool cell_spin_trylock(void)
{
	if (!spin_trylock(&lock))
		return false;
	spin_unlock(&lock);
	return true;
}

/* Where it is illegal, so is the unlock's look at softirqs: undo the rest by hand. */
static bool cell_spin_lock_bh(void)
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

static bool cell_spin_lock_irqsave(void)
{
	bool off = irqs_disabled();
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	spin_unlock_irqrestore(&lock, flags);
	return irqs_disabled() == off;
}

static bool cell_spin_lock_of_nmi(void)
{
	raw_spin_lock(&nmi_lock);
	raw_spin_unlock(&nmi_lock);
	return true;
}

static bool cell_read_lock(void)
{
	read_lock(&rwlock);
	read_unlock(&rwlock);
	return true;
}

static bool cell_read_trylock(void)
{
	if (!read_trylock(&rwlock))
		return false;
	read_unlock(&rwlock);
	return true;
}

static bool cell_write_lock_irqsave(void)
{
	unsigned long flags;

	write_lock_irqsave(&rwlock, flags);
	write_unlock_irqrestore(&rwlock, flags);
	return true;
}

static bool cell_write_trylock(void)
{
	if (!write_trylock(&rwlock))
		return false;
	write_unlock(&rwlock);
	return true;
}

static bool cell_read_seqlock(void)
{
	return !read_seqretry(&seqlock, read_seqbegin(&seqlock));
}

static bool cell_write_seqlock_irqsave(void)
{
	unsigned int seq = read_seqbegin(&seqlock);
	unsigned long flags;

	write_seqlock_irqsave(&seqlock, flags);
	write_sequnlock_irqrestore(&seqlock, flags);
	return read_seqretry(&seqlock, seq);
}

static bool cell_read_seqcount_latch(void)
{
	return !read_seqcount_latch_retry(&latch, raw_read_seqcount_latch(&latch));
}

static bool cell_bit_spin_lock(void)
{
	bit_spin_lock(2, &word);
	bit_spin_unlock(2, &word);
	return true;
}

static bool cell_bit_spin_trylock(void)
{
	if (!bit_spin_trylock(2, &word))
		return false;
	bit_spin_unlock(2, &word);
	return true;
}

/* Without the lock as long as it is free; it stays at two or more here. */
static bool cell_lockref_get(void)
{
	if (IS_ENABLED(CONFIG_DEBUG_LOCKS) && !IS_ENABLED(CONFIG_PREEMPT_RT))
		return true;
	return lockref_get_not_zero(&lockref);
}

static bool cell_lockref_put_or_lock(void)
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

static bool cell_percpu_counter_add(void)
{
	percpu_counter_add_batch(&cell_counter, 1, 1);
	return true;
}

static bool cell_local_lock(void)
{
	local_lock(&local);
	local_unlock(&local);
	return true;
}

static bool cell_local_lock_irqsave(void)
{
	unsigned long flags;

	local_lock_irqsave(&local, flags);
	local_unlock_irqrestore(&local, flags);
	return true;
}

static DEFINE_RT_MUTEX(rt_mutex);

static bool cell_rt_mutex_lock(void)
{
	rt_mutex_lock(&rt_mutex);
	rt_mutex_unlock(&rt_mutex);
	return true;
}

static bool cell_rt_mutex_trylock(void)
{
	if (!rt_mutex_trylock(&rt_mutex))
		return false;
	rt_mutex_unlock(&rt_mutex);
	return true;
}

static DEFINE_MUTEX(cell_mutex);
static DEFINE_SEMAPHORE(cell_sem, 1);
static DECLARE_COMPLETION(cell_done);
static DECLARE_SWAIT_QUEUE_HEAD(cell_queue);

static bool cell_mutex_lock(void)
{
	mutex_lock(&cell_mutex);
	mutex_unlock(&cell_mutex);
	return true;
}

static bool cell_mutex_trylock(void)
{
	if (!mutex_trylock(&cell_mutex))
		return false;
	mutex_unlock(&cell_mutex);
	return true;
}

static bool cell_down_trylock(void)
{
	if (down_trylock(&cell_sem))
		return false;
	up(&cell_sem);
	return true;
}

static bool cell_up(void)
{
	up(&cell_sem);
	return !down_trylock(&cell_sem);
}

static bool cell_complete(void)
{
	complete(&cell_done);
	return try_wait_for_completion(&cell_done);
}

static bool cell_try_wait_for_completion(void)
{
	return !try_wait_for_completion(&cell_done);
}

static bool cell_swake_up_one(void)
{
	swake_up_one(&cell_queue);
	return true;
}

/* ---- the table ---- */

enum cell { OK, TRY, BAD, UNSEEN };
static const char *const cell_names[] = { "yes", "trylock", "no", "no (unseen)" };

static const struct row {
	const char *name;
	bool (*fn)(void);
	enum cell cells[NR_CONTEXTS];
} rows[] = {
#define CONTEXT_RT(primitive, ...)
#define CONTEXT(primitive, ...)	{ #primitive, cell_##primitive, { __VA_ARGS__ } },
#include "../../context.def"
#undef CONTEXT
#undef CONTEXT_RT
}, rt_rows[] = {
#define CONTEXT(primitive, ...)
#define CONTEXT_RT(primitive, ...) { #primitive, cell_##primitive, { __VA_ARGS__ } },
#include "../../context.def"
#undef CONTEXT
#undef CONTEXT_RT
};

/* What holds for @row in this kernel. */
static const struct row *row_here(const struct row *row)
{
	for (size_t i = 0; IS_ENABLED(CONFIG_PREEMPT_RT) && i < ARRAY_SIZE(rt_rows); i++)
		if (rt_rows[i].fn == row->fn)
			return &rt_rows[i];
	return row;
}

/* Is what @row forbids looked for? What sleeps always looks where it is. */
static bool is_reported(const struct row *row)
{
	return IS_ENABLED(CONFIG_DEBUG_LOCKS) || row_here(row) != row;
}

struct visit {
	const struct row *row;
	bool worked;
	unsigned int reports;
};

static void visit_cell(void *arg)
{
	struct visit *v = arg;

	port_expect_reports(is_reported(v->row));
	v->worked = v->row->fn();
	v->reports = port_reports();
	port_expect_reports(false);
}

SELFTEST(context, cells_do_what_the_table_says)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (enum context ctx = CTX_TASK; ctx < test_contexts(); ctx++) {
			struct visit v = { .row = &rows[i] };
			enum cell cell = row_here(&rows[i])->cells[ctx];
			bool reported;

			/* A wait that nothing reports is not tried: it works till it hangs. */
			if (cell == UNSEEN || (cell == BAD && !is_reported(&rows[i])))
				continue;
			if (!EXPECT(test_in_context(ctx, visit_cell, &v)))
				continue;
			reported = v.reports != 0;
			if (!v.worked || reported != (cell == BAD))
				selftest_fail(t, __FILE__, __LINE__,
					      "%s in %s: %s in the table; %s, %s", rows[i].name,
					      context_names[ctx], cell_names[cell],
					      v.worked ? "it worked" : "it failed",
					      reported ? "reported" : "not reported");
		}
	}
}

static int cmd_contexts(int argc, char **argv)
{
	con_printf("%-24s %-12s %-12s %-12s %-12s\n", "", "task", "softirq", "hardirq", "nmi");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		con_printf("%-24s", rows[i].name);
		for (int ctx = 0; ctx < NR_CONTEXTS; ctx++)
			con_printf(" %-12s", cell_names[row_here(&rows[i])->cells[ctx]]);
		con_printf("\n");
	}
	return 0;
}
SHELL_COMMAND(contexts, "contexts", "what may be called where", cmd_contexts);
