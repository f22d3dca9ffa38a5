/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for time to pass: busy, or asleep.
 *
 *	you wait		use			the CPU
 *	nanoseconds, anywhere	ndelay(), udelay()	spins
 *	10 us .. 20 ms		usleep_range()		sleeps (hrtimer)
 *	longer			msleep()		sleeps (timer wheel)
 *	for an event, or so long	schedule_timeout()	sleeps (timer wheel)
 *	the same, finer		schedule_hrtimeout()	sleeps (hrtimer)
 *
 * A sleeper sets its state, then arms the timer, then calls schedule(): a timer
 * that fires in between makes the state RUNNING, and schedule() returns soon.
 *
 * Linux: kernel/time/{timer,hrtimer,sleep_timeout}.c, include/linux/delay.h
 */
#include <kernel/bug.h>
#include <kernel/hrtimer.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <asm/cpu.h>

void ndelay(unsigned long nsecs)
{
	u64 start = local_clock();

	while (local_clock() - start < nsecs)
		cpu_relax();
}

void udelay(unsigned long usecs)
{
	ndelay(usecs * NSEC_PER_USEC);
}

void mdelay(unsigned long msecs)
{
	ndelay(msecs * NSEC_PER_MSEC);
}

/* ---- by the timer wheel ------------------------------------------------------------- */

struct timeout {
	struct timer_list timer;
	struct task_struct *task;
};

static void timeout_fire(struct timer_list *timer)
{
	struct timeout *timeout = from_timer(timeout, timer, timer);

	wake_up_process(timeout->task);
}

long schedule_timeout(long timeout)
{
	struct timeout t = { .task = current };
	unsigned long expire;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (WARN_ONCE(timeout < 0, "schedule_timeout(%ld)", timeout)) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}

	timer_setup_on_stack(&t.timer, timeout_fire, 0);
	expire = jiffies + timeout;
	mod_timer(&t.timer, expire);
	schedule();
	timer_delete_sync(&t.timer);
	destroy_timer_on_stack(&t.timer);

	timeout = expire - jiffies;
	return timeout < 0 ? 0 : timeout;
}

long schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_killable(long timeout)
{
	__set_current_state(TASK_KILLABLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_idle(long timeout)
{
	__set_current_state(TASK_IDLE);
	return schedule_timeout(timeout);
}

void msleep(unsigned int msecs)
{
	long timeout = msecs_to_jiffies(msecs);

	while (timeout)
		timeout = schedule_timeout_uninterruptible(timeout);
}

unsigned long msleep_interruptible(unsigned int msecs)
{
	long timeout = msecs_to_jiffies(msecs);

	while (timeout && !signal_pending(current))
		timeout = schedule_timeout_interruptible(timeout);
	return jiffies_to_msecs(timeout);
}

/* ---- by high-resolution timers --------------------------------------------------------- */

struct hrtimer_sleeper {
	struct hrtimer timer;
	struct task_struct *task;	/* NULL once it fired: the timer's function */
};

static enum hrtimer_restart sleeper_fire(struct hrtimer *timer)
{
	struct hrtimer_sleeper *s = container_of(timer, struct hrtimer_sleeper, timer);
	struct task_struct *task = s->task;

	WRITE_ONCE(s->task, NULL);
	wake_up_process(task);
	return HRTIMER_NORESTART;
}

int schedule_hrtimeout_range(ktime_t *expires, u64 delta, enum hrtimer_mode mode)
{
	struct hrtimer_sleeper s = { .task = current };

	if (!expires) {
		schedule();
		return -EINTR;
	}
	/* Nobody's priority is lower than the interrupt's that wakes a fixed-priority task. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && !(mode & HRTIMER_MODE_SOFT) &&
	    (current->policy == SCHED_FIFO || current->policy == SCHED_RR))
		mode |= HRTIMER_MODE_HARD;
	hrtimer_setup(&s.timer, sleeper_fire, CLOCK_MONOTONIC, mode);
	hrtimer_start(&s.timer, *expires, mode);
	if (READ_ONCE(s.task))
		schedule();
	hrtimer_cancel(&s.timer);
	__set_current_state(TASK_RUNNING);
	return READ_ONCE(s.task) ? -EINTR : 0;
}

int schedule_hrtimeout(ktime_t *expires, enum hrtimer_mode mode)
{
	return schedule_hrtimeout_range(expires, 0, mode);
}

void usleep_range(unsigned long min, unsigned long max)
{
	ktime_t expires = ktime_get() + (ktime_t)min * NSEC_PER_USEC;

	do {
		__set_current_state(TASK_UNINTERRUPTIBLE);
	} while (schedule_hrtimeout_range(&expires, (max - min) * NSEC_PER_USEC, HRTIMER_MODE_ABS));
}
