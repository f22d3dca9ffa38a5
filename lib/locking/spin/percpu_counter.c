/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU counter, the mechanism. The contract is <locking/percpu_counter.h>.
 *
 * Interrupts are off from the look at this CPU's word to its store: a handler may
 * count on the same counter. The sum reads other CPUs' words under the lock, so
 * that none hands in between being read and being added: it would count twice
 * or not at all.
 * Linux: lib/percpu_counter.c
 */
#include <locking/percpu_counter.h>

void percpu_counter_init(struct percpu_counter *fbc, s64 amount, s32 *counters)
{
	raw_spin_lock_init(&fbc->lock);
	fbc->count = amount;
	fbc->counters = counters;
}

/* Interrupts off. */
static void hand_in(struct percpu_counter *fbc, s32 *word, s64 amount)
{
	raw_spin_lock(&fbc->lock);
	WRITE_ONCE(fbc->count, fbc->count + amount);
	WRITE_ONCE(*word, 0);
	raw_spin_unlock(&fbc->lock);
}

void percpu_counter_add_batch(struct percpu_counter *fbc, s64 amount, s32 batch)
{
	unsigned long flags;
	s32 *word;
	s64 sum;

	local_irq_save(flags);
	word = this_cpu_ptr(fbc->counters);
	sum = READ_ONCE(*word) + amount;
	if (sum >= batch || sum <= -batch)
		hand_in(fbc, word, sum);
	else
		WRITE_ONCE(*word, (s32)sum);
	local_irq_restore(flags);
}

void percpu_counter_sync(struct percpu_counter *fbc)
{
	unsigned long flags;
	s32 *word;

	local_irq_save(flags);
	word = this_cpu_ptr(fbc->counters);
	hand_in(fbc, word, READ_ONCE(*word));
	local_irq_restore(flags);
}

s64 percpu_counter_sum(struct percpu_counter *fbc)
{
	unsigned long flags;
	s64 sum;

	raw_spin_lock_irqsave(&fbc->lock, flags);
	sum = fbc->count;
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		sum += READ_ONCE(*per_cpu_ptr(fbc->counters, cpu));
	raw_spin_unlock_irqrestore(&fbc->lock, flags);
	return sum;
}

void percpu_counter_set(struct percpu_counter *fbc, s64 amount)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&fbc->lock, flags);
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		WRITE_ONCE(*per_cpu_ptr(fbc->counters, cpu), 0);
	WRITE_ONCE(fbc->count, amount);
	raw_spin_unlock_irqrestore(&fbc->lock, flags);
}

int percpu_counter_compare(struct percpu_counter *fbc, s64 rhs)
{
	s64 sum = percpu_counter_read(fbc);
	s64 slack = (s64)PERCPU_COUNTER_BATCH * nr_cpu_ids;

	if (sum > rhs + slack)
		return 1;
	if (sum < rhs - slack)
		return -1;
	sum = percpu_counter_sum(fbc);
	return sum > rhs ? 1 : sum < rhs ? -1 : 0;
}
