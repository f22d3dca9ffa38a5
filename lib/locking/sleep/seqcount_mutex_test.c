/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seqcount_mutex_t: writers that a mutex excludes, and that are not preempted inside.
 */
#include <locking/mutex.h>
#include <locking/seqcount.h>
#include <locking/testing.h>

#define ROUNDS	300

static DEFINE_MUTEX(lock);
static seqcount_mutex_t seq = SEQCNT_MUTEX_ZERO(seq, &lock);

static struct shared {
	/* under lock, in a write section */
	unsigned long a, b;
	/* of each CPU */
	unsigned long wrote[NR_CPUS], torn[NR_CPUS];
} shared;

static void write_both(struct shared *s, unsigned int index)
{
	mutex_lock(&lock);
	write_seqcount_begin(&seq);
	WRITE_ONCE(s->a, READ_ONCE(s->a) + 1);
	cpu_relax();
	WRITE_ONCE(s->b, READ_ONCE(s->b) + 1);
	write_seqcount_end(&seq);
	mutex_unlock(&lock);
	s->wrote[index]++;
}

static void read_both(struct shared *s, unsigned int index)
{
	unsigned long a, b;
	unsigned int start;

	do {
		start = read_seqcount_begin(&seq);
		a = READ_ONCE(s->a);
		b = READ_ONCE(s->b);
	} while (read_seqcount_retry(&seq, start));
	s->torn[index] += a != b;
}

static void read_and_write(unsigned int index, void *arg)
{
	for (unsigned int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		if ((i + index) % 8 == 0)
			write_both(arg, index);
		else
			read_both(arg, index);
	}
}

SELFTEST(seqcount_mutex, a_reader_never_sees_half_a_write)
{
	unsigned long wrote = 0, torn = 0;

	__builtin_memset(&shared, 0, sizeof(shared));
	test_on_cpus(test_cpus(NR_CPUS), read_and_write, &shared);
	for (int i = 0; i < NR_CPUS; i++) {
		wrote += shared.wrote[i];
		torn += shared.torn[i];
	}
	EXPECT_EQ(torn, 0);
	EXPECT_EQ(shared.a, wrote);
	EXPECT_EQ(shared.b, wrote);
}

SELFTEST(seqcount_mutex, a_write_section_is_one_and_ends)
{
	seqcount_mutex_t s;
	unsigned int start;

	seqcount_mutex_init(&s, &lock);
	start = read_seqcount_begin(&s);
	mutex_lock(&lock);
	write_seqcount_begin(&s);
	EXPECT(raw_read_seqcount(&s) & 1);
	write_seqcount_end(&s);
	mutex_unlock(&lock);
	EXPECT(read_seqcount_retry(&s, start));
	EXPECT(!read_seqcount_retry(&s, read_seqcount_begin(&s)));
	/* Preemption is on again: this may sleep. */
	might_sleep();
}
