/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sleeps one by one: which states a wake-up wakes and what it returns, interrupted sleeps,
 * sleeps with an end, and the sleep for a lock in the middle of another sleep.
 */
#include "sched.h"
#include "sched_test.h"

/* ---- what a wake-up returns --------------------------------------------------------- */

static int sleep_once(void *state)
{
	set_current_state((unsigned int)(unsigned long)state);
	schedule();
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 7;
}

static struct task_struct *asleep_in(struct selftest *t, unsigned long state)
{
	struct task_struct *p = test_thread(sleep_once, (void *)state, "asleep");

	if (EXPECT(p)) {
		wake_up_process(p);
		EXPECT_SOON(task_state(p) == state && !READ_ONCE(p->on_rq));
	}
	return p;
}

SELFTEST(sched, a_wakeup_wakes_only_the_states_it_names)
{
	struct task_struct *p = asleep_in(t, TASK_UNINTERRUPTIBLE);

	EXPECT(!wake_up_state(p, TASK_INTERRUPTIBLE));
	EXPECT_EQ(task_state(p), TASK_UNINTERRUPTIBLE);
	EXPECT(wake_up_process(p));
	EXPECT_EQ(kthread_stop_put(p), 7);

	p = asleep_in(t, TASK_INTERRUPTIBLE);
	EXPECT(!wake_up_state(p, TASK_UNINTERRUPTIBLE));
	EXPECT(wake_up_state(p, TASK_INTERRUPTIBLE));
	EXPECT_EQ(kthread_stop_put(p), 7);
}

SELFTEST(sched, a_running_or_dead_task_cannot_be_woken)
{
	struct task_struct *p = asleep_in(t, TASK_INTERRUPTIBLE);

	EXPECT(!wake_up_process(current));
	EXPECT_EQ(kthread_stop(p), 7);
	EXPECT_SOON(task_state(p) == TASK_DEAD);
	EXPECT(!wake_up_process(p));
	EXPECT_EQ(task_state_char(p), 'X');
	put_task_struct(p);
}

SELFTEST(sched, a_task_that_set_its_state_and_is_woken_does_not_sleep)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT(wake_up_process(current));
	schedule();
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
}

SELFTEST(sched, a_preempted_task_keeps_its_state_and_comes_back)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	preempt_schedule_now();
	EXPECT_EQ(get_current_state(), TASK_UNINTERRUPTIBLE);
	__set_current_state(TASK_RUNNING);
}

SELFTEST(sched, sleeping_with_a_pending_interrupt_returns_at_once)
{
	kthread_interrupt(current);
	EXPECT(schedule_timeout_interruptible(100 * HZ) > 0);
	EXPECT(signal_pending(current));
	EXPECT(kthread_flush_signals());
	EXPECT(!signal_pending(current));

	kthread_interrupt(current);
	EXPECT_EQ(schedule_timeout_killable(1), 0);
	kthread_kill(current);
	EXPECT(schedule_timeout_killable(100 * HZ) > 0);
	kthread_flush_signals();
}

SELFTEST(sched, schedule_timeout_sleeps_its_time)
{
	unsigned long begin = jiffies;

	EXPECT_EQ(schedule_timeout_uninterruptible(3), 0);
	EXPECT(time_after_eq(jiffies, begin + 3));
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
}

/* ---- a sleep within a sleep --------------------------------------------------------- */

struct two_sleeps {
	unsigned int state;		/* of the outer one */
	bool lock_free;			/* what the inner one waits for */
	bool inner_over, outer_over;	/* the task */
	unsigned int restored;		/* the task: its state after the inner one */
};

static int sleep_twice(void *arg)
{
	struct two_sleeps *s = arg;

	set_current_state(s->state);
	local_irq_disable();
	current_save_and_set_rtlock_wait_state();
	while (!READ_ONCE(s->lock_free)) {
		local_irq_enable();
		schedule_rtlock();
		local_irq_disable();
		if (READ_ONCE(s->lock_free))
			break;
		raw_spin_lock(&current->pi_lock);
		WRITE_ONCE(current->__state, TASK_RTLOCK_WAIT);
		raw_spin_unlock(&current->pi_lock);
	}
	current_restore_rtlock_saved_state();
	s->restored = get_current_state();
	local_irq_enable();
	WRITE_ONCE(s->inner_over, true);
	schedule();
	WRITE_ONCE(s->outer_over, true);
	return 0;
}

static struct task_struct *start_two_sleeps(struct selftest *t, struct two_sleeps *s)
{
	struct task_struct *p = test_thread(sleep_twice, s, "two sleeps");

	if (EXPECT(p)) {
		wake_up_process(p);
		EXPECT_SOON(task_state(p) == TASK_RTLOCK_WAIT && !READ_ONCE(p->on_rq));
	}
	return p;
}

static void free_lock(struct two_sleeps *s, struct task_struct *p)
{
	WRITE_ONCE(s->lock_free, true);
	wake_up_state(p, TASK_RTLOCK_WAIT);
}

SELFTEST(sched, a_wakeup_during_a_lock_wait_is_kept_for_the_sleep_beneath)
{
	struct two_sleeps s = { .state = TASK_INTERRUPTIBLE };
	struct task_struct *p = start_two_sleeps(t, &s);

	if (!p)
		return;
	EXPECT(!wake_up_state(p, TASK_UNINTERRUPTIBLE));
	EXPECT(wake_up_state(p, TASK_INTERRUPTIBLE));
	EXPECT(!wake_up_state(p, TASK_INTERRUPTIBLE));
	EXPECT_EQ(task_state(p), TASK_RTLOCK_WAIT);
	EXPECT(!READ_ONCE(s.inner_over));
	free_lock(&s, p);
	EXPECT_SOON(READ_ONCE(s.outer_over));
	EXPECT_EQ(s.restored, TASK_RUNNING);
	EXPECT_EQ(kthread_stop_put(p), 0);
}

SELFTEST(sched, a_lock_wait_gives_the_state_beneath_back)
{
	struct two_sleeps s = { .state = TASK_UNINTERRUPTIBLE };
	struct task_struct *p = start_two_sleeps(t, &s);

	if (!p)
		return;
	EXPECT(!wake_up_state(p, TASK_INTERRUPTIBLE));
	free_lock(&s, p);
	EXPECT_SOON(READ_ONCE(s.inner_over) && !READ_ONCE(p->on_rq));
	EXPECT_EQ(s.restored, TASK_UNINTERRUPTIBLE);
	EXPECT_EQ(task_state(p), TASK_UNINTERRUPTIBLE);
	EXPECT(!READ_ONCE(s.outer_over));
	EXPECT(wake_up_process(p));
	EXPECT_SOON(READ_ONCE(s.outer_over));
	EXPECT_EQ(kthread_stop_put(p), 0);
}
