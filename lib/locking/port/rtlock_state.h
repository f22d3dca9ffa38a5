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

/*
 * @p's state is not in @mode: is the one beneath? It may be RUNNING already, woken for
 * the lock, and yet sleep on afterwards. Return: noted there; false: look at the state
 * again, it may have been put back just before.
 */
static bool wake_saved_state(struct task_struct *p, unsigned int mode)
{
	unsigned long flags;
	bool noted;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	noted = p->saved_state & mode;
	if (noted)
		p->saved_state = TASK_RUNNING;
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return noted;
}

#endif
