/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU rw_semaphore: readers leave no trace but their count, a writer waits for all of
 * them, and who waits is served in order.
 */
#include <locking/percpu_rwsem.h>
#include <locking/testing.h>

#define ROUNDS	300

DEFINE_STATIC_PERCPU_RWSEM(sem);

static struct shared {
	/* under sem; read and written as marked: what orders them is no access of ours */
	unsigned long a, b;
	/* of each CPU */
	unsigned long wrote[NR_CPUS], torn[NR_CPUS];
} shared;

static void write_both(struct shared *s, unsigned int index)
{
	unsigned long a = READ_ONCE(s->a) + 1;

	WRITE_ONCE(s->a, a);
	for (int k = 20; k; k--)
		cpu_relax();
	if (a % 16 == 0)
		nap();
	WRITE_ONCE(s->b, READ_ONCE(s->b) + 1);
	s->wrote[index]++;
}

static void read_both(struct shared *s, unsigned int index)
{
	unsigned long a = READ_ONCE(s->a);

	cpu_relax();
	s->torn[index] += a != READ_ONCE(s->b);
}

static void read_and_write(unsigned int index, void *arg)
{
	struct shared *s = arg;

	for (unsigned int i = 0; i < ROUNDS && !(i && test_budget_over()); i++) {
		if ((i + index) % 32 == 0) {
			percpu_down_write(&sem);
			write_both(s, index);
			percpu_up_write(&sem);
		} else if (i % 4 || percpu_down_read_trylock(&sem)) {
			if (i % 4)
				percpu_down_read(&sem);
			read_both(s, index);
			percpu_up_read(&sem);
		}
	}
}

SELFTEST(percpu_rwsem, a_reader_never_sees_half_a_write)
{
	struct shared *s = &shared;
	unsigned long wrote = 0, torn = 0;

	__builtin_memset(s, 0, sizeof(*s));
	test_on_cpus(test_cpus(NR_CPUS), read_and_write, s);
	for (int i = 0; i < NR_CPUS; i++) {
		wrote += s->wrote[i];
		torn += s->torn[i];
	}
	EXPECT_EQ(torn, 0);
	EXPECT_EQ(s->a, wrote);
	EXPECT_EQ(s->b, wrote);
	EXPECT(!percpu_is_read_locked(&sem));
	EXPECT(!percpu_is_write_locked(&sem));
	EXPECT(!percpu_rwsem_is_contended(&sem));
}

SELFTEST(percpu_rwsem, readers_share_and_writers_exclude)
{
	EXPECT(percpu_down_read_trylock(&sem));
	EXPECT(percpu_down_read_trylock(&sem));
	EXPECT(percpu_is_read_locked(&sem));
	percpu_up_read(&sem);
	percpu_up_read(&sem);
	EXPECT(!percpu_is_read_locked(&sem));
	percpu_down_write(&sem);
	EXPECT(percpu_is_write_locked(&sem));
	EXPECT(!percpu_down_read_trylock(&sem));
	percpu_up_write(&sem);
	scoped_guard(percpu_read, &sem)
		EXPECT(percpu_is_read_locked(&sem));
	EXPECT(!percpu_is_read_locked(&sem));
}

/* ---- scenes ---- */

struct scene {
	int step;
	char order[3];
	atomic_t got;
	bool early;			/* the writer was in beside the reader */
};

static void reach(struct scene *s, int step)
{
	/* percpu_scene/A: pairs with await_step() */
	smp_store_release(&s->step, step);
}

/* With all that was seen before it: a reader that comes now finds block set. */
static void await_step(struct scene *s, int step)
{
	/* percpu_scene/A: pairs with reach() */
	sleep_until(smp_load_acquire(&s->step) >= step);
}

static unsigned int waiters(void)
{
	unsigned int n = 0;
	struct list_head *pos;

	spin_lock_irq(&sem.waiters.lock);
	list_for_each(pos, &sem.waiters.head)
		n++;
	spin_unlock_irq(&sem.waiters.lock);
	return n;
}

static void play_reader_first(unsigned int index, void *arg)
{
	struct scene *s = arg;

	if (index == 0) {
		percpu_down_read(&sem);
		reach(s, 1);
		/* It has block, and waits for us; a reader that comes now queues. */
		sleep_until(percpu_is_write_locked(&sem));
		reach(s, 2);
		sleep_until(waiters() == 1);
		s->early = atomic_read(&s->got);
		percpu_up_read(&sem);
		return;
	}
	await_step(s, (int)index);
	if (index == 1) {
		percpu_down_write(&sem);
		s->order[atomic_fetch_inc(&s->got)] = 'w';
		percpu_up_write(&sem);
	} else {
		percpu_down_read(&sem);
		s->order[atomic_fetch_inc(&s->got)] = 'r';
		percpu_up_read(&sem);
	}
}

SELFTEST(percpu_rwsem, a_writer_waits_for_readers_and_readers_for_it, .min_cpus = 3)
{
	struct scene s = { };

	test_on_cpus(3, play_reader_first, &s);
	EXPECT(!s.early);
	EXPECT_EQ(s.order[0], 'w');
	EXPECT_EQ(s.order[1], 'r');
	EXPECT(!percpu_is_write_locked(&sem));
}

static void play_writer_first(unsigned int index, void *arg)
{
	struct scene *s = arg;

	if (index == 0) {
		percpu_down_write(&sem);
		for (unsigned int i = 1; i <= 3; i++) {
			reach(s, (int)i);
			sleep_until(waiters() == i);
		}
		percpu_up_write(&sem);
		return;
	}
	await_step(s, (int)index);
	if (index == 2) {
		percpu_down_write(&sem);
		s->order[atomic_fetch_inc(&s->got)] = 'w';
		percpu_up_write(&sem);
	} else {
		percpu_down_read(&sem);
		s->order[atomic_fetch_inc(&s->got)] = index == 1 ? '1' : '3';
		percpu_up_read(&sem);
	}
}

SELFTEST(percpu_rwsem, who_waits_is_served_in_order, .min_cpus = 4)
{
	struct scene s = { };

	test_on_cpus(4, play_writer_first, &s);
	EXPECT_EQ(s.order[0], '1');
	EXPECT_EQ(s.order[1], 'w');
	EXPECT_EQ(s.order[2], '3');
	EXPECT(!percpu_is_write_locked(&sem));
}
