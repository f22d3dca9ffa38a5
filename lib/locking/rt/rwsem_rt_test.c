/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rw_semaphore with CONFIG_PREEMPT_RT: what is lent to the writer, and what a writer that
 * waits for readers does to others.
 */
#include "../sleep/rwsem_scene.h"

static void reads_until_got(struct scene *s)
{
	down_read(&s->sem);
	reach(s, 1);
	sleep_until(rwsem_is_contended(&s->sem));
	reach(s, 2);
	sleep_until(atomic_read(&s->got) == 1);
	up_read(&s->sem);
}

static void writes_from_step_1(struct scene *s)
{
	await_step(s, 1);
	down_write(&s->sem);
	note(s, 'w');
	up_write(&s->sem);
}

static void reads_from_step_2(struct scene *s)
{
	await_step(s, 2);
	down_read(&s->sem);
	note(s, 'r');
	up_read(&s->sem);
}

SELFTEST(rwsem_rt, readers_come_in_while_a_writer_waits_for_readers, .min_cpus = 3)
{
	struct scene s = { .play = { reads_until_got, writes_from_step_1, reads_from_step_2 } };

	play(&s, 3);
	EXPECT(s.order[0] == 'r' && s.order[1] == 'w');
	EXPECT(at_rest(&s.sem));
}

static void kills_the_writer(struct scene *s)
{
	down_read(&s->sem);
	reach(s, 1);
	await_step(s, 2);
	sleep_until(rwsem_is_contended(&s->sem));
	s->first_out = !down_read_trylock(&s->sem);
	kthread_kill(s->task[1]);
	await_step(s, 3);
	s->first_out &= down_read_trylock(&s->sem);
	up_read(&s->sem);
	up_read(&s->sem);
}

static void is_killed(struct scene *s)
{
	await_step(s, 1);
	reach(s, 2);
	s->ret[1] = down_write_killable(&s->sem);
	kthread_flush_signals();
	reach(s, 3);
}

SELFTEST(rwsem_rt, a_killed_writer_opens_the_door_again, .min_cpus = 2)
{
	struct scene s = { .play = { kills_the_writer, is_killed } };

	play(&s, 2);
	EXPECT_EQ(s.ret[1], -EINTR);
	EXPECT(s.first_out);
	EXPECT(at_rest(&s.sem));
}

static void writes_until_lent(struct scene *s)
{
	down_write(&s->sem);
	reach(s, 1);
	sleep_until(task_prio(current) == 40);
	s->ret[0] = waiters(&s->sem);
	up_write(&s->sem);
	s->ret[1] = task_prio(current);
}

static void wants_urgently(struct scene *s, bool write)
{
	int own = current->normal_prio;

	await_step(s, 1);
	test_set_prio(current, 40);
	if (write)
		down_write(&s->sem);
	else
		down_read(&s->sem);
	if (write)
		up_write(&s->sem);
	else
		up_read(&s->sem);
	test_set_prio(current, own);
}

static void reads_urgently(struct scene *s)
{
	wants_urgently(s, false);
}

static void writes_urgently(struct scene *s)
{
	wants_urgently(s, true);
}

SELFTEST(rwsem_rt, a_writer_is_lent_what_waits_for_it, .min_cpus = 2)
{
	for (int i = 0; i < 2; i++) {
		struct scene s = { .play = { writes_until_lent,
					     i ? reads_urgently : writes_urgently } };

		play(&s, 2);
		EXPECT_EQ(s.ret[0], 1);
		EXPECT(s.ret[1] != 40);
		EXPECT(at_rest(&s.sem));
	}
}
