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
	EXPECT(!rwsem_is_contended(&s.sem));
	EXPECT(at_rest(&s.sem));
	EXPECT(spinnable(&s.sem));
}

SELFTEST(rwsem, readers_share_and_writers_exclude)
{
	DECLARE_RWSEM(sem);

	EXPECT(!rwsem_is_locked(&sem));
	EXPECT(down_read_trylock(&sem));
	EXPECT(down_read_trylock(&sem));
	EXPECT(rwsem_is_locked(&sem));
	EXPECT(!down_write_trylock(&sem));
	EXPECT_EQ(__rwsem_readers(&sem), 2);
	up_read(&sem);
	EXPECT(!down_write_trylock(&sem));
	up_read(&sem);
	EXPECT(down_write_trylock(&sem));
	EXPECT(!down_read_trylock(&sem));
	EXPECT(!down_write_trylock(&sem));
	EXPECT(__rwsem_write_held(&sem) && !__rwsem_readers(&sem));
	downgrade_write(&sem);
	EXPECT(down_read_trylock(&sem));
	EXPECT_EQ(__rwsem_readers(&sem), 2);
	up_read(&sem);
	up_read(&sem);
	EXPECT(at_rest(&sem));
}

SELFTEST(rwsem, the_free_way_takes_no_slow_path)
{
	DECLARE_RWSEM(sem);

	scoped_guard(rwsem_read, &sem)
		EXPECT_EQ(__rwsem_readers(&sem), 1);
	scoped_guard(rwsem_write, &sem)
		EXPECT(__rwsem_owner(&sem) == current);
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
	EXPECT(at_rest(&sem));
}

/* ---- a downgrade; giving up ---- */

static void writer_of_step_2(struct scene *s)
{
	await_step(s, 2);
	down_write(&s->sem);
	note(s, 'w');
	up_write(&s->sem);
}

static void downgrades_while_both_wait(struct scene *s)
{
	down_write(&s->sem);
	reach(s, 1);
	sleep_until(waiters(&s->sem) == 1);
	reach(s, 2);
	sleep_until(waiters(&s->sem) == 2);
	downgrade_write(&s->sem);
	/* The reader comes in beside us, the writer does not. */
	sleep_until(atomic_read(&s->got) == 1);
	s->first_out = __rwsem_readers(&s->sem);
	up_read(&s->sem);
}

static void first_reader(struct scene *s)
{
	await_step(s, 1);
	down_read(&s->sem);
	note(s, 'r');
	up_read(&s->sem);
}

SELFTEST(rwsem, a_downgrade_lets_readers_in_and_no_writer, .min_cpus = 3)
{
	struct scene s = { .play = { downgrades_while_both_wait, first_reader,
				     writer_of_step_2 } };

	play(&s, 3);
	EXPECT(s.first_out);
	EXPECT_EQ(s.order[0], 'r');
	EXPECT_EQ(s.order[1], 'w');
	EXPECT(at_rest(&s.sem));
}

static bool held_to_write_alone(struct rw_semaphore *sem)
{
	return __rwsem_write_held(sem) && !__rwsem_readers(sem) && !waiters(sem);
}

static void interrupts_the_waiter(struct scene *s)
{
	down_write(&s->sem);
	reach(s, 1);
	sleep_until(waiters(&s->sem) == 1);
	kthread_interrupt(s->task[1]);
	await_step(s, 2);
	s->first_out = held_to_write_alone(&s->sem);
	reach(s, 3);
	sleep_until(waiters(&s->sem) == 1);
	kthread_kill(s->task[1]);
	await_step(s, 4);
	s->first_out &= held_to_write_alone(&s->sem);
	up_write(&s->sem);
}

static void is_interrupted(struct scene *s)
{
	await_step(s, 1);
	s->ret[0] = down_read_interruptible(&s->sem);
	kthread_flush_signals();
	reach(s, 2);
	await_step(s, 3);
	s->ret[1] = down_write_killable(&s->sem);
	kthread_flush_signals();
	reach(s, 4);
}

SELFTEST(rwsem, an_interrupted_waiter_leaves_no_trace, .min_cpus = 2)
{
	struct scene s = { .play = { interrupts_the_waiter, is_interrupted } };

	play(&s, 2);
	EXPECT_EQ(s.ret[0], -EINTR);
	EXPECT_EQ(s.ret[1], -EINTR);
	EXPECT(s.first_out);
	EXPECT(at_rest(&s.sem));
}
