/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rw_semaphore, in scenes: who waits for whom, who is woken, who may steal. Of the form
 * without CONFIG_PREEMPT_RT, where readers do not queue behind a writer, and there is no
 * hand-off: lib/locking/rt/rwsem_rt_test.c.
 */
#include <locking/lockevent.h>
#include "rwsem_internal.h"
#include "rwsem_scene.h"

static long count_of(struct rw_semaphore *sem)
{
	return atomic_long_read(&sem->count);
}

/* ---- who is woken ---- */

static void late_writer(struct scene *s)
{
	await_step(s, 1);
	down_write(&s->sem);
	note(s, 'w');
	up_write(&s->sem);
}

static void later_reader(struct scene *s)
{
	await_step(s, 2);
	down_read(&s->sem);
	note(s, 'r');
	up_read(&s->sem);
}

static void reads_while_both_wait(struct scene *s)
{
	down_read(&s->sem);
	reach(s, 1);
	sleep_until(waiters(&s->sem) == 1);
	reach(s, 2);
	sleep_until(waiters(&s->sem) == 2);
	s->first_out = !atomic_read(&s->got);
	up_read(&s->sem);
}

SELFTEST(rwsem, a_reader_queues_behind_a_waiting_writer, .min_cpus = 3)
{
	struct scene s = { .play = { reads_while_both_wait, late_writer, later_reader } };

	play(&s, 3);
	EXPECT(s.first_out);
	EXPECT_EQ(s.order[0], 'w');
	EXPECT_EQ(s.order[1], 'r');
	EXPECT(at_rest(&s.sem));
}

static void writes_while_three_wait(struct scene *s)
{
	down_write(&s->sem);
	for (int i = 1; i <= 3; i++) {
		reach(s, i);
		sleep_until(waiters(&s->sem) == (unsigned int)i);
	}
	s->first_out = !atomic_read(&s->got);
	up_write(&s->sem);
}

/* Inside only together with the other reader. */
static void read_together(struct scene *s)
{
	down_read(&s->sem);
	note(s, 'r');
	sleep_until(atomic_read(&s->got) >= 2);
	up_read(&s->sem);
}

static void reader_of_step_1(struct scene *s)
{
	await_step(s, 1);
	read_together(s);
}

static void writer_of_step_2(struct scene *s)
{
	await_step(s, 2);
	down_write(&s->sem);
	note(s, 'w');
	up_write(&s->sem);
}

static void reader_of_step_3(struct scene *s)
{
	await_step(s, 3);
	read_together(s);
}

SELFTEST(rwsem, a_woken_reader_takes_all_readers_with_it, .min_cpus = 4)
{
	struct scene s = { .play = { writes_while_three_wait, reader_of_step_1,
				     writer_of_step_2, reader_of_step_3 } };
	unsigned long woken = lockevent_read(LOCKEVENT_rwsem_wake_reader);

	play(&s, 4);
	EXPECT(s.first_out);
	EXPECT(s.order[0] == 'r' && s.order[1] == 'r' && s.order[2] == 'w');
	EXPECT(lockevent_read(LOCKEVENT_rwsem_wake_reader) >= woken + 2);
	EXPECT(at_rest(&s.sem));
}

/* ---- giving up ---- */

static void kills_the_first_waiter(struct scene *s)
{
	down_read(&s->sem);
	reach(s, 1);
	sleep_until(waiters(&s->sem) == 1);
	reach(s, 2);
	sleep_until(waiters(&s->sem) == 2);
	kthread_kill(s->task[1]);
	/* The reader was only behind the writer: now it comes in beside us. */
	sleep_until(atomic_read(&s->got) == 1);
	up_read(&s->sem);
}

static void is_killed(struct scene *s)
{
	await_step(s, 1);
	s->ret[1] = down_write_killable(&s->sem);
	kthread_flush_signals();
}

SELFTEST(rwsem, a_writer_that_gives_up_lets_the_readers_behind_it_in, .min_cpus = 3)
{
	struct scene s = { .play = { kills_the_first_waiter, is_killed, later_reader } };

	play(&s, 3);
	EXPECT_EQ(s.ret[1], -EINTR);
	EXPECT_EQ(s.order[0], 'r');
	EXPECT(at_rest(&s.sem));
}

/* ---- hand-off ---- */

/* Each look of a waiter that finds it taken asks whether it has waited long. */
static void wake_until_hand_off(struct scene *s, int waiter)
{
	while (!(count_of(&s->sem) & RWSEM_FLAG_HANDOFF)) {
		nap();
		wake_up_process(s->task[waiter]);
	}
}

/* Runs, so that the other writer spins; sleeps before, so that the first one queues. */
static void writes_until_hand_off(struct scene *s)
{
	down_write(&s->sem);
	reach(s, 1);
	sleep_until(waiters(&s->sem) == 1);
	wake_until_hand_off(s, 1);
	s->first_out = !down_read_trylock(&s->sem);
	reach(s, 2);
	while (!osq_is_locked(&s->sem.osq) && waiters(&s->sem) == 1)
		cpu_relax();
	up_write(&s->sem);
}

static void waits_long(struct scene *s)
{
	await_step(s, 1);
	down_write(&s->sem);
	note(s, '1');
	up_write(&s->sem);
}

static void comes_late_and_spins(struct scene *s)
{
	await_step(s, 2);
	down_write(&s->sem);
	note(s, '2');
	up_write(&s->sem);
}

SELFTEST(rwsem, who_has_waited_long_is_next_and_nobody_steals, .min_cpus = 3)
{
	struct scene s = { .play = { writes_until_hand_off, waits_long, comes_late_and_spins } };

	play(&s, 3);
	EXPECT(s.first_out);
	EXPECT_EQ(s.order[0], '1');
	EXPECT_EQ(s.order[1], '2');
	EXPECT(at_rest(&s.sem));
}

static void kills_who_waited_long(struct scene *s)
{
	down_write(&s->sem);
	reach(s, 1);
	sleep_until(waiters(&s->sem) == 1);
	wake_until_hand_off(s, 1);
	reach(s, 2);
	sleep_until(waiters(&s->sem) == 2);
	kthread_kill(s->task[1]);
	sleep_until(waiters(&s->sem) == 1);
	up_write(&s->sem);
}

SELFTEST(rwsem, a_hand_off_whose_waiter_has_gone_is_the_next_ones, .min_cpus = 3)
{
	struct scene s = { .play = { kills_who_waited_long, is_killed, comes_late_and_spins } };

	play(&s, 3);
	EXPECT_EQ(s.ret[1], -EINTR);
	EXPECT_EQ(s.order[0], '2');
	EXPECT(at_rest(&s.sem));
}

/* Second in the list, and the only one that looks and finds that it has waited long. */
static void wakes_the_second(struct scene *s)
{
	down_write(&s->sem);
	reach(s, 1);
	sleep_until(waiters(&s->sem) == 1);
	reach(s, 2);
	sleep_until(waiters(&s->sem) == 2);
	wake_until_hand_off(s, 2);
	raw_spin_lock_irq(&s->sem.wait_lock);
	s->first_out = rwsem_waiter_has(rwsem_first_waiter(&s->sem), WAITER_HANDOFF);
	raw_spin_unlock_irq(&s->sem.wait_lock);
	up_write(&s->sem);
}

SELFTEST(rwsem, a_hand_off_is_for_the_first_whoever_asked, .min_cpus = 3)
{
	struct scene s = { .play = { wakes_the_second, waits_long, comes_late_and_spins } };

	play(&s, 3);
	EXPECT(s.first_out);
	EXPECT_EQ(s.order[0], '1');
	EXPECT_EQ(s.order[1], '2');
	EXPECT(at_rest(&s.sem));
}

/* ---- a writer that took it between a release and the wake-up that follows ---- */

static void wake_a_reader_of(struct rw_semaphore *sem, struct rwsem_waiter *w, u64 since)
{
	*w = (struct rwsem_waiter){ .task = current, .flags = WAITER_READS, .since = since };
	list_add_tail(&w->list, &sem->wait_list);
	atomic_long_set(&sem->count, RWSEM_WRITER_LOCKED | RWSEM_FLAG_WAITERS);
	rwsem_wake(sem);
	list_del(&w->list);
}

SELFTEST(rwsem, a_stolen_semaphore_is_not_granted)
{
	DECLARE_RWSEM(sem);
	struct rwsem_waiter w;

	wake_a_reader_of(&sem, &w, local_clock());
	EXPECT(w.task == current);
	EXPECT(!(count_of(&sem) & RWSEM_READER_MASK));
}

SELFTEST(rwsem, a_reader_that_has_waited_long_is_next)
{
	DECLARE_RWSEM(sem);
	struct rwsem_waiter w;

	wake_a_reader_of(&sem, &w, local_clock() - 10 * RWSEM_WAIT_TIMEOUT);
	EXPECT(w.task == current);
	EXPECT_EQ(count_of(&sem),
		  RWSEM_WRITER_LOCKED | RWSEM_FLAG_WAITERS | RWSEM_FLAG_HANDOFF);
	EXPECT(rwsem_waiter_has(&w, WAITER_HANDOFF));
}
