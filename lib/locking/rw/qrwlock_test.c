/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * qrwlock: readers share, writers do not, and who may pass whom.
 */
#include <locking/lockevent.h>
#include <locking/qrwlock.h>
#include <locking/testing.h>

#define ROUNDS	1000

struct shared {
	struct qrwlock lock;
	/* under lock */
	unsigned long a, b;
	/* of each CPU */
	unsigned long wrote[NR_CPUS], torn[NR_CPUS];
};

static void read_and_write(unsigned int index, void *arg)
{
	struct shared *s = arg;

	for (int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		preempt_disable();
		if ((i + index) % 4 == 0) {
			queued_write_lock(&s->lock);
			s->a++;
			/* Long enough, now and then, for the others to queue. */
			for (int k = s->a % 8 ? 2 : 100; k; k--)
				cpu_relax();
			s->b++;
			queued_write_unlock(&s->lock);
			s->wrote[index]++;
		} else {
			queued_read_lock(&s->lock);
			s->torn[index] += s->a != s->b;
			queued_read_unlock(&s->lock);
		}
		preempt_enable();
	}
}

SELFTEST(qrwlock, a_reader_never_sees_half_a_write)
{
	static struct shared s;
	unsigned long wrote = 0, torn = 0;

	__builtin_memset(&s, 0, sizeof(s));
	test_on_cpus(test_cpus(NR_CPUS), read_and_write, &s);
	for (int i = 0; i < NR_CPUS; i++) {
		wrote += s.wrote[i];
		torn += s.torn[i];
	}
	EXPECT_EQ(torn, 0);
	EXPECT_EQ(s.a, wrote);
	EXPECT_EQ(s.b, wrote);
	EXPECT_EQ(atomic_read(&s.lock.cnts), 0);
}

SELFTEST(qrwlock, readers_share_and_writers_exclude, .contexts = CTX_ALL)
{
	struct qrwlock lock = QRWLOCK_INIT;

	EXPECT(queued_read_trylock(&lock));
	EXPECT(queued_read_trylock(&lock));
	EXPECT(!queued_write_trylock(&lock));
	queued_read_unlock(&lock);
	EXPECT(!queued_write_trylock(&lock));
	queued_read_unlock(&lock);
	EXPECT(queued_write_trylock(&lock));
	EXPECT(!queued_read_trylock(&lock));
	EXPECT(!queued_write_trylock(&lock));
	EXPECT_EQ(atomic_read(&lock.cnts), _QW_LOCKED);
	queued_write_unlock(&lock);
	EXPECT(!queued_rwlock_is_locked(&lock));
}

/* ---- scenes: CPU 0 reads, CPU 1 wants to write, CPU 2 comes to read ---- */

struct scene {
	struct qrwlock lock;
	enum context ctx;		/* from which CPU 2 reads */
	bool let_reader_in;
	bool reader_got, writer_got;
	bool reader_first;
	bool reader_waited;
};

static void read_once(void *arg)
{
	struct scene *s = arg;

	queued_read_lock(&s->lock);
	WRITE_ONCE(s->reader_got, true);
	s->reader_first = !READ_ONCE(s->writer_got);
	queued_read_unlock(&s->lock);
}

static void hold_for_a_while(struct scene *s)
{
	queued_read_lock(&s->lock);
	/* The writer waits, at the head: its bit is set. */
	smp_cond_load_relaxed(&s->lock.cnts.counter, VAL & _QW_WAITING);
	WRITE_ONCE(s->let_reader_in, true);
	if (s->ctx != CTX_TASK) {
		smp_cond_load_relaxed(&s->reader_got, VAL);
	} else {
		/* It cannot get in; it counted itself in and out, and queued. */
		while (!queued_rwlock_is_contended(&s->lock))
			cpu_relax();
		for (int i = 0; i < 1000; i++)
			cpu_relax();
		s->reader_waited = !READ_ONCE(s->reader_got);
	}
	queued_read_unlock(&s->lock);
}

static void play(unsigned int index, void *arg)
{
	struct scene *s = arg;

	if (index == 2) {
		smp_cond_load_relaxed(&s->let_reader_in, VAL);
		test_in_context(s->ctx, read_once, s);
		return;
	}
	preempt_disable();
	if (index == 0) {
		hold_for_a_while(s);
	} else {
		smp_cond_load_relaxed(&s->lock.cnts.counter, VAL);
		queued_write_lock(&s->lock);
		WRITE_ONCE(s->writer_got, true);
		queued_write_unlock(&s->lock);
	}
	preempt_enable();
}

SELFTEST(qrwlock, a_task_reader_queues_behind_a_waiting_writer, .min_cpus = 3)
{
	struct scene s = { .ctx = CTX_TASK };

	test_on_cpus(3, play, &s);
	EXPECT(s.reader_waited);
	EXPECT(!s.reader_first);
	EXPECT_EQ(atomic_read(&s.lock.cnts), 0);
}

SELFTEST(qrwlock, an_interrupt_reader_passes_a_waiting_writer, .min_cpus = 3)
{
	for (enum context ctx = CTX_SOFTIRQ; ctx < test_contexts(); ctx++) {
		struct scene s = { .ctx = ctx };
		unsigned long before = lockevent_read(LOCKEVENT_qrw_read_irq);

		test_on_cpus(3, play, &s);
		EXPECT(s.reader_first);
		EXPECT(lockevent_read(LOCKEVENT_qrw_read_irq) > before);
		EXPECT_EQ(atomic_read(&s.lock.cnts), 0);
	}
}
