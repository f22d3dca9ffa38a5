/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seqcount_mutex_t, seqcount_ww_mutex_t: writers that a mutex excludes, and that are not
 * preempted inside.
 */
#include <locking/mutex.h>
#include <locking/seqcount.h>
#include <locking/testing.h>
#include <locking/ww_mutex.h>

#define ROUNDS	300

static DEFINE_WW_CLASS(class);
static DEFINE_MUTEX(mutex);
static struct ww_mutex ww_mutex;
static seqcount_mutex_t seq = SEQCNT_MUTEX_ZERO(seq, &mutex);
static seqcount_ww_mutex_t ww_seq = SEQCNT_WW_MUTEX_ZERO(ww_seq, &ww_mutex);

static struct shared {
	/* under the mutex, in a write section */
	unsigned long a, b;
	/* of each CPU */
	unsigned long wrote[NR_CPUS], torn[NR_CPUS];
} shared;

static void write_both(struct shared *s)
{
	WRITE_ONCE(s->a, READ_ONCE(s->a) + 1);
	cpu_relax();
	WRITE_ONCE(s->b, READ_ONCE(s->b) + 1);
}

static bool halves_differ(struct shared *s)
{
	unsigned long a = READ_ONCE(s->a);

	return READ_ONCE(s->b) != a;
}

static void mutex_write(struct shared *s)
{
	mutex_lock(&mutex);
	write_seqcount_begin(&seq);
	write_both(s);
	write_seqcount_end(&seq);
	mutex_unlock(&mutex);
}

static bool mutex_read(struct shared *s)
{
	unsigned int start;
	bool torn;

	do {
		start = read_seqcount_begin(&seq);
		torn = halves_differ(s);
	} while (read_seqcount_retry(&seq, start));
	return torn;
}

/* One of a transaction: it holds no other, so it never has to back off. */
static void ww_mutex_write(struct shared *s)
{
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, &class);
	if (ww_mutex_lock(&ww_mutex, &ctx))
		BUG();
	write_seqcount_begin(&ww_seq);
	write_both(s);
	write_seqcount_end(&ww_seq);
	ww_mutex_unlock(&ww_mutex);
	ww_acquire_fini(&ctx);
}

static bool ww_mutex_read(struct shared *s)
{
	unsigned int start;
	bool torn;

	do {
		start = read_seqcount_begin(&ww_seq);
		torn = halves_differ(s);
	} while (read_seqcount_retry(&ww_seq, start));
	return torn;
}

struct kind {
	void (*write)(struct shared *s);
	bool (*read)(struct shared *s);		/* Return: it saw half a write */
};

static const struct kind of_mutex = { mutex_write, mutex_read };
static const struct kind of_ww_mutex = { ww_mutex_write, ww_mutex_read };

static void read_and_write(unsigned int index, void *arg)
{
	const struct kind *kind = arg;

	for (unsigned int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		if ((i + index) % 8 == 0) {
			kind->write(&shared);
			shared.wrote[index]++;
		} else {
			shared.torn[index] += kind->read(&shared);
		}
	}
}

static void contest(struct selftest *t, const struct kind *kind)
{
	unsigned long wrote = 0, torn = 0;

	__builtin_memset(&shared, 0, sizeof(shared));
	test_on_cpus(test_cpus(NR_CPUS), read_and_write, (void *)kind);
	for (int i = 0; i < NR_CPUS; i++) {
		wrote += shared.wrote[i];
		torn += shared.torn[i];
	}
	EXPECT_EQ(torn, 0);
	EXPECT_EQ(shared.a, wrote);
	EXPECT_EQ(shared.b, wrote);
}

SELFTEST(seqcount_mutex, a_reader_never_sees_half_a_write)
{
	contest(t, &of_mutex);
}

SELFTEST(seqcount_ww_mutex, a_reader_never_sees_half_a_write)
{
	ww_mutex_init(&ww_mutex, &class);
	contest(t, &of_ww_mutex);
	EXPECT(!ww_mutex_is_locked(&ww_mutex));
}

/* The write section of @s, and that preemption is on again afterwards: one may sleep. */
#define EXPECT_ONE_SECTION(s)						\
	do {								\
		write_seqcount_begin(s);				\
		EXPECT(raw_read_seqcount(s) & 1);			\
		write_seqcount_end(s);					\
		might_sleep();						\
	} while (0)

SELFTEST(seqcount_mutex, a_write_section_is_one_and_ends)
{
	seqcount_mutex_t s;
	unsigned int start;

	seqcount_mutex_init(&s, &mutex);
	start = read_seqcount_begin(&s);
	mutex_lock(&mutex);
	EXPECT_ONE_SECTION(&s);
	mutex_unlock(&mutex);
	EXPECT(read_seqcount_retry(&s, start));
	EXPECT(!read_seqcount_retry(&s, read_seqcount_begin(&s)));
}

SELFTEST(seqcount_ww_mutex, a_write_section_is_one_and_ends)
{
	seqcount_ww_mutex_t s;
	unsigned int start;

	ww_mutex_init(&ww_mutex, &class);
	seqcount_ww_mutex_init(&s, &ww_mutex);
	start = read_seqcount_begin(&s);
	EXPECT_EQ(ww_mutex_trylock(&ww_mutex, NULL), 1);
	EXPECT_ONE_SECTION(&s);
	ww_mutex_unlock(&ww_mutex);
	EXPECT(read_seqcount_retry(&s, start));
	EXPECT(!read_seqcount_retry(&s, read_seqcount_begin(&s)));
}
