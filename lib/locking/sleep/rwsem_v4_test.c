/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counter form of the rw_semaphore: the same promises, but for the hand-off.
 */
#include <locking/rwsem_v4.h>
#include <locking/testing.h>

#define ROUNDS	300

struct shared {
	struct rwsem_v4 sem;
	/* under sem */
	unsigned long a, b;
	/* of each CPU */
	unsigned long wrote[NR_CPUS], torn[NR_CPUS];
};

static void write_both(struct shared *s, unsigned int index)
{
	s->a++;
	for (int k = s->a % 8 ? 2 : 100; k; k--)
		cpu_relax();
	if (s->a % 64 == 0)
		nap();
	s->b++;
	s->wrote[index]++;
}

static void read_and_leave(struct shared *s, unsigned int index)
{
	s->torn[index] += s->a != s->b;
	rwsem_v4_up_read(&s->sem);
}

static void do_one(struct shared *s, unsigned int index, unsigned int what)
{
	switch (what % 6) {
	case 0:
		rwsem_v4_down_write(&s->sem);
		write_both(s, index);
		rwsem_v4_up_write(&s->sem);
		break;
	case 1:
		rwsem_v4_down_write(&s->sem);
		write_both(s, index);
		rwsem_v4_downgrade_write(&s->sem);
		read_and_leave(s, index);
		break;
	case 2:
		if (rwsem_v4_down_write_trylock(&s->sem)) {
			write_both(s, index);
			rwsem_v4_up_write(&s->sem);
		}
		break;
	case 3:
		if (rwsem_v4_down_read_trylock(&s->sem))
			read_and_leave(s, index);
		break;
	default:
		rwsem_v4_down_read(&s->sem);
		read_and_leave(s, index);
	}
}

static void read_and_write(unsigned int index, void *arg)
{
	for (unsigned int i = 0; i < ROUNDS && !(i && test_budget_over()); i++)
		do_one(arg, index, i * 5 + index);
}

SELFTEST(rwsem_v4, a_reader_never_sees_half_a_write)
{
	static struct shared s;
	unsigned long wrote = 0, torn = 0;

	__builtin_memset(&s, 0, sizeof(s));
	s.sem = (struct rwsem_v4)RWSEM_V4_INIT(s.sem);
	test_on_cpus(test_cpus(NR_CPUS), read_and_write, &s);
	for (int i = 0; i < NR_CPUS; i++) {
		wrote += s.wrote[i];
		torn += s.torn[i];
	}
	EXPECT_EQ(torn, 0);
	EXPECT_EQ(s.a, wrote);
	EXPECT_EQ(s.b, wrote);
	EXPECT_EQ(atomic_long_read(&s.sem.count), 0);
	EXPECT(list_empty(&s.sem.wait_list));
}

SELFTEST(rwsem_v4, readers_share_and_writers_exclude)
{
	struct rwsem_v4 sem = RWSEM_V4_INIT(sem);

	EXPECT(rwsem_v4_down_read_trylock(&sem));
	EXPECT(rwsem_v4_down_read_trylock(&sem));
	EXPECT(!rwsem_v4_down_write_trylock(&sem));
	rwsem_v4_up_read(&sem);
	rwsem_v4_up_read(&sem);
	EXPECT(rwsem_v4_down_write_trylock(&sem));
	EXPECT(!rwsem_v4_down_read_trylock(&sem));
	rwsem_v4_downgrade_write(&sem);
	EXPECT_EQ(atomic_long_read(&sem.count), 1);
	EXPECT(rwsem_v4_down_read_trylock(&sem));
	rwsem_v4_up_read(&sem);
	rwsem_v4_up_read(&sem);
	EXPECT_EQ(atomic_long_read(&sem.count), 0);
}

/* ---- a writer waits for a reader, and a reader for that writer ---- */

struct scene {
	struct rwsem_v4 sem;
	int step;
	char order[2];
	atomic_t got;
	bool first_out;
};

static bool somebody_waits_behind(struct scene *s, unsigned int others)
{
	unsigned int n = 0;
	struct list_head *pos;

	raw_spin_lock_irq(&s->sem.wait_lock);
	list_for_each(pos, &s->sem.wait_list)
		n++;
	raw_spin_unlock_irq(&s->sem.wait_lock);
	return n > others;
}

static void play(unsigned int index, void *arg)
{
	struct scene *s = arg;

	/* v4_scene/A: pairs with play() */
	sleep_until(smp_load_acquire(&s->step) >= (int)index);
	if (index == 0) {
		rwsem_v4_down_read(&s->sem);
		/* v4_scene/A: pairs with play() */
		smp_store_release(&s->step, 1);
		sleep_until(somebody_waits_behind(s, 0));
		/* v4_scene/A: pairs with play() */
		smp_store_release(&s->step, 2);
		sleep_until(somebody_waits_behind(s, 1));
		s->first_out = !atomic_read(&s->got);
		rwsem_v4_up_read(&s->sem);
	} else if (index == 1) {
		rwsem_v4_down_write(&s->sem);
		s->order[atomic_fetch_inc(&s->got)] = 'w';
		rwsem_v4_up_write(&s->sem);
	} else {
		rwsem_v4_down_read(&s->sem);
		s->order[atomic_fetch_inc(&s->got)] = 'r';
		rwsem_v4_up_read(&s->sem);
	}
}

SELFTEST(rwsem_v4, a_reader_queues_behind_a_waiting_writer, .min_cpus = 3)
{
	struct scene s = { .sem = RWSEM_V4_INIT(s.sem) };

	test_on_cpus(3, play, &s);
	EXPECT(s.first_out);
	EXPECT_EQ(s.order[0], 'w');
	EXPECT_EQ(s.order[1], 'r');
	EXPECT_EQ(atomic_long_read(&s.sem.count), 0);
}
