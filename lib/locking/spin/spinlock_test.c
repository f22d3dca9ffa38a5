/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spinlock_t and rwlock_t: what each variant turns off, and puts back.
 */
#include <locking/bit_spinlock.h>
#include <locking/local_lock.h>
#include <locking/rwlock.h>
#include <locking/spinlock.h>
#include <locking/testing.h>

static DEFINE_SPINLOCK(lock);
static DEFINE_RAW_SPINLOCK(raw);
static DEFINE_RWLOCK(rwlock);

/* UP: there is no lock word to ask. */
#define EXPECT_LOCKED(l)	EXPECT(spin_is_locked(l) == IS_ENABLED(CONFIG_SMP))
#define EXPECT_FREE(l)		EXPECT(!spin_is_locked(l))
/* _irq and _irqsave: PREEMPT_RT has handlers in threads, which the lock itself keeps out. */
#define EXPECT_IRQS_OFF()	EXPECT_EQ(irqs_disabled(), !IS_ENABLED(CONFIG_PREEMPT_RT))

SELFTEST(spinlock, irqsave_puts_back_what_was)
{
	unsigned long flags, inner;

	EXPECT(!irqs_disabled());
	spin_lock_irqsave(&lock, flags);
	EXPECT_IRQS_OFF();
	EXPECT_LOCKED(&lock);
	raw_spin_lock_irqsave(&raw, inner);
	raw_spin_unlock_irqrestore(&raw, inner);
	EXPECT_IRQS_OFF();
	spin_unlock_irqrestore(&lock, flags);
	EXPECT(!irqs_disabled());
	EXPECT_FREE(&lock);

	EXPECT(spin_trylock_irqsave(&lock, flags));
	EXPECT_IRQS_OFF();
	if (IS_ENABLED(CONFIG_SMP)) {
		EXPECT(!spin_trylock_irqsave(&lock, inner));
		EXPECT_IRQS_OFF();
	}
	spin_unlock_irqrestore(&lock, flags);
	EXPECT(!irqs_disabled());
}

SELFTEST(spinlock, irq_turns_interrupts_off_and_on)
{
	spin_lock_irq(&lock);
	EXPECT_IRQS_OFF();
	spin_unlock_irq(&lock);
	EXPECT(!irqs_disabled());
	EXPECT(spin_trylock_irq(&lock));
	EXPECT_IRQS_OFF();
	spin_unlock_irq(&lock);

	spin_lock(&lock);
	EXPECT(!irqs_disabled());
	if (IS_ENABLED(CONFIG_SMP)) {
		EXPECT(!spin_trylock_irq(&lock));
		EXPECT(!irqs_disabled());
	}
	spin_unlock(&lock);
}

SELFTEST(spinlock, every_variant_leaves_it_free,
	 .contexts = CTX_BIT(CTX_TASK) | CTX_BIT(CTX_SOFTIRQ))
{
	spin_lock(&lock);
	EXPECT_LOCKED(&lock);
	if (IS_ENABLED(CONFIG_SMP))
		EXPECT(!spin_trylock(&lock));
	spin_unlock(&lock);
	EXPECT_FREE(&lock);
	spin_lock_bh(&lock);
	EXPECT_LOCKED(&lock);
	spin_unlock_bh(&lock);
	EXPECT(spin_trylock_bh(&lock));
	if (IS_ENABLED(CONFIG_SMP))
		EXPECT(!spin_trylock_bh(&lock));
	spin_unlock_bh(&lock);
	spin_lock_nested(&lock, 1);
	EXPECT(!spin_is_contended(&lock));
	spin_unlock(&lock);
	EXPECT_FREE(&lock);
}

SELFTEST(spinlock, trylock_works_everywhere, .contexts = CTX_ALL)
{
	EXPECT(raw_spin_trylock(&raw));
	if (IS_ENABLED(CONFIG_SMP))
		EXPECT(!raw_spin_trylock(&raw));
	raw_spin_unlock(&raw);
	EXPECT(!raw_spin_is_locked(&raw));
}

static int leave_by_return(struct selftest *t, int way)
{
	guard(spinlock_irqsave)(&lock);
	EXPECT_LOCKED(&lock);
	EXPECT_IRQS_OFF();
	if (way == 0)
		return 1;
	for (;;) {
		guard(raw_spinlock)(&raw);
		if (way == 1)
			break;
		return 2;
	}
	EXPECT(!raw_spin_is_locked(&raw));
	return 3;
}

SELFTEST(spinlock, a_guard_unlocks_on_every_way_out)
{
	int runs = 0;

	for (int way = 0; way < 3; way++) {
		leave_by_return(t, way);
		EXPECT_FREE(&lock);
		EXPECT(!irqs_disabled());
		EXPECT(!raw_spin_is_locked(&raw));
	}
	scoped_guard(spinlock, &lock) {
		EXPECT_LOCKED(&lock);
		runs++;
	}
	EXPECT_EQ(runs, 1);
	EXPECT_FREE(&lock);
	for (int i = 0; i < 2; i++) {
		scoped_guard(write_lock, &rwlock)
			break;
		EXPECT(write_trylock(&rwlock));
		write_unlock(&rwlock);
	}
}

/* Of the lock named as the guard is; by each unlock the lock is free, interrupts as before. */
#define EXPECT_GUARDS(name, l, free, off)				\
	do {								\
		scoped_guard(name, l)					\
			EXPECT(irqs_disabled() == (off));		\
		EXPECT(free);						\
		EXPECT(!irqs_disabled());				\
	} while (0)
#define RT_OFF	(!IS_ENABLED(CONFIG_PREEMPT_RT))

SELFTEST(spinlock, each_variant_has_a_guard)
{
	EXPECT_GUARDS(raw_spinlock, &raw, !raw_spin_is_locked(&raw), false);
	EXPECT_GUARDS(raw_spinlock_nested, &raw, !raw_spin_is_locked(&raw), false);
	EXPECT_GUARDS(raw_spinlock_bh, &raw, !raw_spin_is_locked(&raw), false);
	EXPECT_GUARDS(raw_spinlock_irq, &raw, !raw_spin_is_locked(&raw), true);
	EXPECT_GUARDS(raw_spinlock_irqsave, &raw, !raw_spin_is_locked(&raw), true);
	EXPECT_GUARDS(spinlock, &lock, !spin_is_locked(&lock), false);
	EXPECT_GUARDS(spinlock_bh, &lock, !spin_is_locked(&lock), false);
	EXPECT_GUARDS(spinlock_irq, &lock, !spin_is_locked(&lock), RT_OFF);
	EXPECT_GUARDS(spinlock_irqsave, &lock, !spin_is_locked(&lock), RT_OFF);
	EXPECT_GUARDS(read_lock, &rwlock, !rwlock_is_write_locked(&rwlock), false);
	EXPECT_GUARDS(read_lock_irq, &rwlock, !rwlock_is_write_locked(&rwlock), RT_OFF);
	EXPECT_GUARDS(read_lock_irqsave, &rwlock, !rwlock_is_write_locked(&rwlock), RT_OFF);
	EXPECT_GUARDS(write_lock, &rwlock, !rwlock_is_write_locked(&rwlock), false);
	EXPECT_GUARDS(write_lock_irq, &rwlock, !rwlock_is_write_locked(&rwlock), RT_OFF);
	EXPECT_GUARDS(write_lock_irqsave, &rwlock, !rwlock_is_write_locked(&rwlock), RT_OFF);
	/* None of the readers is left. */
	EXPECT(write_trylock(&rwlock));
	write_unlock(&rwlock);
}

SELFTEST(spinlock, rwlock_variants_put_back_what_was)
{
	unsigned long flags;

	read_lock(&rwlock);
	EXPECT(read_trylock(&rwlock));
	if (IS_ENABLED(CONFIG_SMP))
		EXPECT(!write_trylock(&rwlock));
	read_unlock(&rwlock);
	read_unlock(&rwlock);
	write_lock_irqsave(&rwlock, flags);
	EXPECT_IRQS_OFF();
	if (IS_ENABLED(CONFIG_SMP)) {
		EXPECT(rwlock_is_write_locked(&rwlock));
		EXPECT(!read_trylock(&rwlock));
	}
	write_unlock_irqrestore(&rwlock, flags);
	EXPECT(!irqs_disabled());
	read_lock_irq(&rwlock);
	EXPECT_IRQS_OFF();
	read_unlock_irq(&rwlock);
	write_lock_bh(&rwlock);
	write_unlock_bh(&rwlock);
	EXPECT(!rwlock_is_contended(&rwlock));
}

struct mixed {
	spinlock_t lock;
	rwlock_t rwlock;
	unsigned long word;		/* bit 0 is a lock for the rest */
	unsigned long spin_count, rw_count;
	unsigned long done[NR_CPUS];
};

static void count_in_all(unsigned int index, void *arg)
{
	struct mixed *m = arg;

	for (int i = 0; i < 500 && !(i && test_budget_over()); i++) {
		scoped_guard(spinlock_irqsave, &m->lock)
			m->spin_count++;
		write_lock(&m->rwlock);
		m->rw_count++;
		write_unlock(&m->rwlock);
		bit_spin_lock(0, &m->word);
		WRITE_ONCE(m->word, READ_ONCE(m->word) + 2);
		if (i % 2)
			bit_spin_unlock(0, &m->word);
		else
			__bit_spin_unlock(0, &m->word);
		m->done[index]++;
	}
}

SELFTEST(spinlock, spinlock_rwlock_and_bit_spinlock_exclude)
{
	static struct mixed m;
	unsigned long done = 0;

	__builtin_memset(&m, 0, sizeof(m));
	spin_lock_init(&m.lock);
	rwlock_init(&m.rwlock);
	test_on_cpus(test_cpus(NR_CPUS), count_in_all, &m);
	for (int i = 0; i < NR_CPUS; i++)
		done += m.done[i];
	EXPECT_EQ(m.spin_count, done);
	EXPECT_EQ(m.rw_count, done);
	EXPECT_EQ(m.word, 2 * done);
}

SELFTEST(spinlock, bit_spinlocks_are_independent, .contexts = CTX_ALL)
{
	unsigned long word = 0x10;

	bit_spin_lock(0, &word);
	EXPECT(bit_spin_trylock(63, &word));
	EXPECT(bit_spin_is_locked(63, &word));
	if (IS_ENABLED(CONFIG_SMP)) {
		EXPECT(!bit_spin_trylock(0, &word));
		EXPECT_EQ(word, 0x8000000000000011UL);
	}
	bit_spin_unlock(63, &word);
	bit_spin_unlock(0, &word);
	EXPECT_EQ(word, 0x10);
}

/* ---- what a CPU has for itself ---- */

struct own {
	local_lock_t lock;
	unsigned long count;
};
static DEFINE_PER_CPU(struct own, own) = { .lock = INIT_LOCAL_LOCK(lock) };

SELFTEST(spinlock, local_lock_keeps_the_cpu_and_takes_no_space_unless_it_sleeps)
{
	unsigned long flags;

	EXPECT(IS_ENABLED(CONFIG_PREEMPT_RT) || sizeof(local_lock_t) == 0);
	local_lock(&own.lock);
	unsigned int cpu = smp_processor_id();

	this_cpu_ptr(&own)->count++;
	EXPECT_EQ(smp_processor_id(), cpu);
	local_unlock(&own.lock);
	local_lock_irqsave(&own.lock, flags);
	EXPECT_IRQS_OFF();
	local_unlock_irqrestore(&own.lock, flags);
	EXPECT(!irqs_disabled());
	local_lock_irq(&own.lock);
	EXPECT_IRQS_OFF();
	local_unlock_irq(&own.lock);
	EXPECT(!irqs_disabled());
}
