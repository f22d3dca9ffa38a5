/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The worlds without a scheduler: a sleep for a lock in the middle of another sleep.
 * What it is for, and the states: <kernel/sched.h>, current_save_and_set_...().
 *
 *	__state		TASK_RTLOCK_WAIT meanwhile	wakers by cmpxchg
 *	saved_state	of the sleep beneath		pi_lock
 *
 * Included by each world's task.c.
 */
#ifndef PORT_RTLOCK_STATE_H
#define PORT_RTLOCK_STATE_H

void current_save_and_set_rtlock_wait_state(void)
{
	struct task_struct *p = current;

	raw_spin_lock(&p->pi_lock);
	p->saved_state = xchg_relaxed(&p->__state, (unsigned int)TASK_RTLOCK_WAIT);
	raw_spin_unlock(&p->pi_lock);
}

void current_restore_rtlock_saved_state(void)
{
	struct task_struct *p = current;

	raw_spin_lock(&p->pi_lock);
	WRITE_ONCE(p->__state, p->saved_state);
	p->saved_state = TASK_RUNNING;
	raw_spin_unlock(&p->pi_lock);
}

/* @p's state is not in @mode: is the one beneath? Return: noted there; false: look again. */
static bool wake_saved_state(struct task_struct *p, unsigned int mode)
{
	bool noted = false;

	raw_spin_lock(&p->pi_lock);
	if (READ_ONCE(p->__state) == TASK_RTLOCK_WAIT && (p->saved_state & mode)) {
		p->saved_state = TASK_RUNNING;
		noted = true;
	}
	raw_spin_unlock(&p->pi_lock);
	return noted;
}

#endif
