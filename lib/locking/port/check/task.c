/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check world: tasks. See task.h.
 */
#include <locking/task.h>
#include "../rtlock_state.h"

struct task_struct port_tasks[MC_MAX_THREADS];

/* Before each execution; a client's setup() may then give priorities. */
void port_tasks_reset(void)
{
	for (unsigned int t = 0; t < MC_MAX_THREADS; t++)
		port_tasks[t] = (struct task_struct){
			.prio = DEFAULT_PRIO, .normal_prio = DEFAULT_PRIO,
			.pi_lock = __RAW_SPIN_LOCK_UNLOCKED(pi_lock),
			.pi_waiters = RB_ROOT_CACHED,
		};
}

/* @timed: not to be woken is no hang, another execution has the timeout instead. */
static void sleep_until_woken(bool timed)
{
	struct task_struct *p = current;
	unsigned int state;

	mc_await_begin();
	state = smp_load_acquire(&p->__state);
	control_depends();
	if (state == TASK_RUNNING)
		return;
	if (!signal_pending_state(state, p)) {
		mc_assume(!timed);
		mc_await_failed();
	}
	WRITE_ONCE(p->__state, TASK_RUNNING);
}

void schedule(void)
{
	sleep_until_woken(false);
}

long schedule_timeout(long timeout)
{
	if (timeout != MAX_SCHEDULE_TIMEOUT && mc_choose(2)) {
		WRITE_ONCE(current->__state, TASK_RUNNING);
		return 0;
	}
	if (timeout == MAX_SCHEDULE_TIMEOUT)
		schedule();
	else
		sleep_until_woken(true);
	return timeout == MAX_SCHEDULE_TIMEOUT ? timeout : 1;
}

bool try_to_wake_up(struct task_struct *p, unsigned int mode)
{
	unsigned int state;

	/* sched/A: pairs with set_current_state() */
	smp_mb();
	state = READ_ONCE(p->__state);
	do {
		while (state & mode)
			if (try_cmpxchg_release(&p->__state, &state, (unsigned int)TASK_RUNNING))
				return true;
		/* Where no client has such locks, nothing is ever put aside. */
		if (!IS_ENABLED(RTLOCK))
			return false;
		if (wake_saved_state(p, mode))
			return true;
		state = READ_ONCE(p->__state);
	} while (state & mode);
	return false;
}

static void send(struct task_struct *p, unsigned int bit, unsigned int mode)
{
	port_fetch_or(relaxed, &p->pending, 1UL << bit);
	wake_up_state(p, mode);
}

void kthread_interrupt(struct task_struct *p)
{
	send(p, TASK_PENDING_INTR, TASK_INTERRUPTIBLE);
}

void kthread_kill(struct task_struct *p)
{
	send(p, TASK_PENDING_KILL, TASK_INTERRUPTIBLE | TASK_WAKEKILL);
}

bool signal_pending_state(unsigned int state, struct task_struct *p)
{
	unsigned long pending;

	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)))
		return false;
	pending = READ_ONCE(p->pending);
	control_depends();
	return pending && ((state & TASK_INTERRUPTIBLE) || pending & (1UL << TASK_PENDING_KILL));
}

void rt_mutex_setprio(struct task_struct *p, struct task_struct *pi_task)
{
	PLAIN_WRITE(p->pi_top_task, pi_task);
	WRITE_ONCE(p->prio, pi_task ? min(p->normal_prio, READ_ONCE(pi_task->prio))
				    : p->normal_prio);
}
