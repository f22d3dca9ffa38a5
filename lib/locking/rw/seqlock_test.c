/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sequence counters: what a reader accepts is one writer's work, whole.
 */
#include <locking/seqlock.h>
#include <locking/testing.h>

#define ROUNDS	3000
#define WORDS	4

struct record {
	seqlock_t sl;
	unsigned long data[WORDS];	/* all equal, but inside a write section */
	bool stop;
	unsigned long writes;
	unsigned long torn[NR_CPUS + 2], reads[NR_CPUS + 2];
};

static void write_record(struct record *r, unsigned long value)
{
	for (int i = 0; i < WORDS; i++)
		WRITE_ONCE(r->data[i], value);
}

static bool is_torn(const struct record *r)
{
	unsigned long first = READ_ONCE(r->data[0]);
	bool torn = false;

	for (int i = 1; i < WORDS; i++)
		torn |= READ_ONCE(r->data[i]) != first;
	return torn;
}

static void write_or_read(unsigned int index, void *arg)
{
	struct record *r = arg;
	unsigned int seq;
	bool torn;

	if (index < 2) {
		for (unsigned long i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
			write_seqlock(&r->sl);
			write_record(r, ++r->writes);
			write_sequnlock(&r->sl);
		}
		WRITE_ONCE(r->stop, true);
		return;
	}
	do {
		do {
			seq = read_seqbegin(&r->sl);
			torn = is_torn(r);
		} while (read_seqretry(&r->sl, seq));
		r->torn[index] += torn;
		r->reads[index]++;
	} while (!READ_ONCE(r->stop));
}

SELFTEST(seqlock, a_reader_accepts_no_half_written_record, .min_cpus = 3)
{
	static struct record r;

	__builtin_memset(&r, 0, sizeof(r));
	seqlock_init(&r.sl);
	test_on_cpus(test_cpus(8), write_or_read, &r);
	for (int i = 0; i < NR_CPUS; i++)
		EXPECT_EQ(r.torn[i], 0);
	EXPECT_EQ(r.data[0], r.writes);
	EXPECT_EQ(r.sl.seqcount.sequence, 2 * (unsigned int)r.writes);
}

SELFTEST(seqlock, a_reader_retries_exactly_when_a_writer_was_there, .contexts = CTX_ALL)
{
	seqcount_t s = SEQCNT_ZERO(s);
	unsigned int seq = read_seqcount_begin(&s);

	EXPECT(!read_seqcount_retry(&s, seq));
	raw_write_seqcount_begin(&s);
	EXPECT(read_seqcount_retry(&s, seq));
	EXPECT_EQ(raw_read_seqcount(&s) & 1, 1);
	/* Odd is turned into one that will not match. */
	EXPECT(read_seqcount_retry(&s, raw_seqcount_begin(&s)));
	raw_write_seqcount_end(&s);
	EXPECT(read_seqcount_retry(&s, seq));
	seq = read_seqcount_begin(&s);
	EXPECT_EQ(seq, 2);
	EXPECT(!read_seqcount_retry(&s, seq));
	write_seqcount_invalidate(&s);
	EXPECT(read_seqcount_retry(&s, seq));
	EXPECT_EQ(read_seqcount_begin(&s), 4);
	raw_write_seqcount_barrier(&s);
	EXPECT(read_seqcount_retry(&s, 4));
	EXPECT_EQ(__read_seqcount_begin(&s), 6);
}

SELFTEST(seqlock, the_second_try_takes_the_lock_and_ends)
{
	DEFINE_SEQLOCK(sl);
	int seq = 0, tries = 0;

	do {
		read_seqbegin_or_lock(&sl, &seq);
		if (!tries++) {
			EXPECT(!spin_is_locked(&sl.lock));
			raw_write_seqcount_begin(&sl.seqcount);
			raw_write_seqcount_end(&sl.seqcount);
		} else {
			EXPECT(!IS_ENABLED(CONFIG_SMP) || spin_is_locked(&sl.lock));
		}
	} while (need_seqretry(&sl, seq) && (seq = 1));
	done_seqretry(&sl, seq);
	EXPECT_EQ(tries, 2);
	EXPECT(!spin_is_locked(&sl.lock));
}

SELFTEST(seqlock, the_second_try_may_turn_interrupts_off)
{
	DEFINE_SEQLOCK(sl);
	unsigned long flags;
	int seq = 0, tries = 0;

	do {
		flags = read_seqbegin_or_lock_irqsave(&sl, &seq);
		EXPECT_EQ(irqs_disabled(), tries && !IS_ENABLED(CONFIG_PREEMPT_RT));
		if (!tries++)
			write_seqcount_invalidate(&sl.seqcount);
	} while (need_seqretry(&sl, seq) && (seq = 1));
	done_seqretry_irqrestore(&sl, seq, flags);
	EXPECT_EQ(tries, 2);
	EXPECT(!irqs_disabled());
	EXPECT(!spin_is_locked(&sl.lock));
}

SELFTEST(seqlock, associated_locks_give_the_same_counter)
{
	static DEFINE_RAW_SPINLOCK(raw);
	static DEFINE_SPINLOCK(spin);
	static DEFINE_RWLOCK(rw);
	seqcount_raw_spinlock_t a = SEQCNT_RAW_SPINLOCK_ZERO(a, &raw);
	seqcount_spinlock_t b = SEQCNT_SPINLOCK_ZERO(b, &spin);
	seqcount_rwlock_t c;
	unsigned int seq = read_seqcount_begin(&a);

	seqcount_rwlock_init(&c, &rw);
	raw_spin_lock(&raw);
	write_seqcount_begin(&a);
	write_seqcount_end(&a);
	raw_spin_unlock(&raw);
	EXPECT(read_seqcount_retry(&a, seq));

	spin_lock(&spin);
	write_seqcount_begin(&b);
	EXPECT_EQ(raw_read_seqcount(&b), 1);
	write_seqcount_end(&b);
	write_seqcount_invalidate(&b);
	raw_write_seqcount_barrier(&b);
	spin_unlock(&spin);
	EXPECT_EQ(read_seqcount_begin(&b), 6);

	write_lock(&rw);
	write_seqcount_begin(&c);
	write_seqcount_end(&c);
	write_unlock(&rw);
	EXPECT_EQ(read_seqcount_begin(&c), 2);
}

/* ---- latch: a reader in an NMI, on top of each step of a writer ---- */

struct latched {
	seqcount_latch_t seq;
	unsigned long data[2][2];
	unsigned long got[2];
	unsigned int rounds;
};

static void read_latched(void *arg)
{
	struct latched *l = arg;
	unsigned int seq;

	l->rounds = 0;
	do {
		seq = raw_read_seqcount_latch(&l->seq);
		for (int i = 0; i < 2; i++)
			l->got[i] = READ_ONCE(l->data[seq & 1][i]);
		l->rounds++;
	} while (read_seqcount_latch_retry(&l->seq, seq));
}

#define EXPECT_LATCHED(value)						\
	do {								\
		EXPECT(test_in_context(CTX_NMI, read_latched, &l));	\
		EXPECT_EQ(l.rounds, 1);					\
		EXPECT_EQ(l.got[0], value);				\
		EXPECT_EQ(l.got[1], value);				\
	} while (0)

SELFTEST(seqlock, an_nmi_reads_the_latch_at_every_step_of_its_writer)
{
	static struct latched l;

	if (test_contexts() <= CTX_NMI)
		SELFTEST_SKIP("no NMIs on this machine");
	for (unsigned long value = 1; value < 4; value++) {
		raw_write_seqcount_latch(&l.seq);
		EXPECT_LATCHED(value - 1);
		WRITE_ONCE(l.data[0][0], value);
		EXPECT_LATCHED(value - 1);
		WRITE_ONCE(l.data[0][1], value);
		EXPECT_LATCHED(value - 1);
		raw_write_seqcount_latch(&l.seq);
		EXPECT_LATCHED(value);
		WRITE_ONCE(l.data[1][0], value);
		EXPECT_LATCHED(value);
		WRITE_ONCE(l.data[1][1], value);
		EXPECT_LATCHED(value);
	}
	__builtin_memset(&l, 0, sizeof(l));
}
