/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rw_semaphore: who shares, and that nobody sees half of what a writer writes.
 */
#include "rwsem_scene.h"

#define ROUNDS	400

/* ---- all at once ---- */

struct shared {
	struct rw_semaphore sem;
	/* under sem */
	unsigned long a, b;
	/* of each CPU */
	unsigned long wrote[NR_CPUS], torn[NR_CPUS];
};

static void write_both(struct shared *s, unsigned int index)
{
	s->a++;
	/* Long enough, now and then, for the others to queue; and to sleep with it held. */
	for (int k = s->a % 8 ? 2 : 100; k; k--)
		cpu_relax();
	if (s->a % 64 == 0)
		nap();
	s->b++;
	s->wrote[index]++;
}

static void read_both(struct shared *s, unsigned int index)
{
	s->torn[index] += s->a != s->b;
}

static void do_one(struct shared *s, unsigned int index, unsigned int what)
{
	switch (what % 8) {
	case 0:
		down_write(&s->sem);
		write_both(s, index);
		up_write(&s->sem);
		break;
	case 1:
		down_write(&s->sem);
		write_both(s, index);
		downgrade_write(&s->sem);
		read_both(s, index);
		up_read(&s->sem);
		break;
	case 2:
		if (down_write_trylock(&s->sem)) {
			write_both(s, index);
			up_write(&s->sem);
		}
		break;
	case 3:
		if (down_read_trylock(&s->sem)) {
			read_both(s, index);
			up_read(&s->sem);
		}
		break;
	default:
		down_read(&s->sem);
		read_both(s, index);
		up_read(&s->sem);
	}
}

static void read_and_write(unsigned int index, void *arg)
{
	for (unsigned int i = 0; i < ROUNDS && !(i && test_budget_over()); i++)
		do_one(arg, index, i * 5 + index);
}

SELFTEST(rwsem, a_reader_never_sees_half_a_write)
{
	static struct shared s;
	unsigned long wrote = 0, torn = 0;

	__builtin_memset(&s, 0, sizeof(s));
	init_rwsem(&s.sem);
	test_on_cpus(test_cpus(NR_CPUS), read_and_write, &s);
	for (int i = 0; i < NR_CPUS; i++) {
		wrote += s.wrote[i];
		torn += s.torn[i];
	}
	EXPECT_EQ(torn, 0);
	EXPECT_EQ(s.a, wrote);
	EXPECT_EQ(s.b, wrote);
	EXPECT_EQ(count_of(&s.sem), 0);
	EXPECT(!rwsem_is_contended(&s.sem));
	EXPECT(!(atomic_long_read(&s.sem.owner) & RWSEM_NONSPINNABLE));
}

SELFTEST(rwsem, readers_share_and_writers_exclude)
{
	DECLARE_RWSEM(sem);

	EXPECT(!rwsem_is_locked(&sem));
	EXPECT(down_read_trylock(&sem));
	EXPECT(down_read_trylock(&sem));
	EXPECT(rwsem_is_locked(&sem));
	EXPECT(!down_write_trylock(&sem));
	EXPECT_EQ(count_of(&sem), 2 * RWSEM_READER_BIAS);
	up_read(&sem);
	EXPECT(!down_write_trylock(&sem));
	up_read(&sem);
	EXPECT(down_write_trylock(&sem));
	EXPECT(!down_read_trylock(&sem));
	EXPECT(!down_write_trylock(&sem));
	EXPECT_EQ(count_of(&sem), RWSEM_WRITER_LOCKED);
	downgrade_write(&sem);
	EXPECT(down_read_trylock(&sem));
	EXPECT_EQ(count_of(&sem), 2 * RWSEM_READER_BIAS);
	up_read(&sem);
	up_read(&sem);
	EXPECT_EQ(count_of(&sem), 0);
}

SELFTEST(rwsem, the_free_way_takes_no_slow_path)
{
	DECLARE_RWSEM(sem);

	scoped_guard(rwsem_read, &sem)
		EXPECT_EQ(count_of(&sem), RWSEM_READER_BIAS);
	scoped_guard(rwsem_write, &sem)
		EXPECT_EQ(atomic_long_read(&sem.owner), (long)current);
	EXPECT_EQ(down_read_interruptible(&sem), 0);
	up_read(&sem);
	EXPECT_EQ(down_read_killable(&sem), 0);
	up_read(&sem);
	EXPECT_EQ(down_write_killable(&sem), 0);
	up_write(&sem);
	down_write_nested(&sem, 1);
	up_write(&sem);
	down_read_non_owner(&sem);
	up_read_non_owner(&sem);
	EXPECT_EQ(count_of(&sem), 0);
}
