/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pthread world: tasks. See task.h.
 *
 *	sleeper				waker
 *	__state = S, smp_mb()		CONDITION = true
 *	if (!CONDITION) schedule():	smp_mb()	(sched/A)
 *	  futex_wait(&__state, S)	__state: S -> RUNNING, then futex_wake()
 *
 * The futex sleeps only while the word is still S: a wake-up that came before is
 * not lost, and one that comes late finds nobody.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <locking/bitops.h>
#include <locking/task.h>
#include "../rtlock_state.h"

struct task_struct port_tasks[NR_CPUS];
__thread struct task_struct *port_task = &port_tasks[0];

__attribute__((__constructor__)) static void tasks_init(void)
{
	for (unsigned int i = 0; i < NR_CPUS; i++) {
		struct task_struct *p = &port_tasks[i];

		p->pid = (int)i + 1;
		p->on_cpu = 1;
		p->prio = p->normal_prio = DEFAULT_PRIO;
		p->pi_waiters = RB_ROOT_CACHED;
		raw_spin_lock_init(&p->pi_lock);
		snprintf(p->comm, sizeof(p->comm), "thread-%u", i);
	}
}

void port_set_current(unsigned int cpu)
{
	port_task = &port_tasks[cpu];
}

const char *port_task_name(const void *task)
{
	return task ? ((const struct task_struct *)task)->comm : "nobody";
}

/* ---- sleeping ---- */

#define NO_END	(~0ULL)

static void futex_wait(unsigned int *word, unsigned int val, const struct timespec *timeout)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, val, timeout, NULL, 0);
}

static bool is_atomic(void)
{
	return port_preempt_count || port_irqs_off || port_context() != CTX_TASK;
}

/* Until woken, or until @end, local_clock() time. Return: true if woken. */
static bool sleep_in_any_lock(u64 end)
{
	struct task_struct *p = current;
	bool woken = true;
	unsigned int state;

	if (is_atomic())
		port_report("scheduling while atomic: %s, preempt_count %d", p->comm,
			    port_preempt_count);
	port_want_resched = false;
	WRITE_ONCE(p->on_cpu, 0);
	while ((state = smp_load_acquire(&p->__state)) != TASK_RUNNING) {
		struct timespec ts = { .tv_sec = 3600 };

		if (signal_pending_state(state, p))
			break;
		if (end != NO_END) {
			u64 now = local_clock();

			woken = now < end;
			if (!woken)
				break;
			ts.tv_sec = (time_t)((end - now) / 1000000000ULL);
			ts.tv_nsec = (long)((end - now) % 1000000000ULL);
		}
		futex_wait(&p->__state, state, &ts);
	}
	WRITE_ONCE(p->__state, TASK_RUNNING);
	WRITE_ONCE(p->on_cpu, 1);
	smp_mb();
	return woken;
}

static bool sleep_until(u64 end)
{
	if (current->rtlock_nesting)
		port_report("scheduling while atomic: %s, inside %u rt_spinlocks or rt_rwlocks",
			    current->comm, current->rtlock_nesting);
	return sleep_in_any_lock(end);
}

void schedule_rtlock(void)
{
	sleep_in_any_lock(NO_END);
}

void schedule(void)
{
	sleep_until(NO_END);
}

void schedule_preempt_disabled(void)
{
	preempt_enable();
	schedule();
	preempt_disable();
}

long schedule_timeout(long timeout)
{
	unsigned long end = jiffies + (unsigned long)timeout;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (!sleep_until(local_clock() + (u64)timeout * TICK_NSEC))
		return 0;
	timeout = (long)(end - jiffies);
	return timeout < 0 ? 0 : timeout;
}

int schedule_hrtimeout_range(ktime_t *expires, u64 delta, enum hrtimer_mode mode)
{
	u64 end = NO_END;

	if (expires)
		end = (u64)*expires + (mode & HRTIMER_MODE_REL ? local_clock() : 0) + delta;
	return sleep_until(end) ? -EINTR : 0;
}

void port_might_sleep(const char *file, int line)
{
	if (is_atomic() || current->rtlock_nesting)
		port_report("sleeping function called from atomic context at %s:%d: %s, "
			    "preempt_count %d, inside %u rt_spinlocks or rt_rwlocks", file, line,
			    current->comm, port_preempt_count, current->rtlock_nesting);
}

void port_might_sleep_for_lock(const void *lock)
{
	if (is_atomic())
		port_report("lock %p: a lock that sleeps is taken in atomic context: %s, "
			    "preempt_count %d", (void *)lock, current->comm, port_preempt_count);
}

/* ---- waking ---- */

bool try_to_wake_up(struct task_struct *p, unsigned int mode)
{
	unsigned int state;

	/* sched/A: pairs with set_current_state() */
	smp_mb();
	state = READ_ONCE(p->__state);
	do {
		while (state & mode) {
			if (try_cmpxchg(&p->__state, &state, (unsigned int)TASK_RUNNING)) {
				syscall(SYS_futex, &p->__state, FUTEX_WAKE_PRIVATE, INT_MAX,
					NULL, NULL, 0);
				return true;
			}
		}
		/* In any state: woken for the lock, it may not have put the other back yet. */
		if (wake_saved_state(p, mode))
			return true;
		state = READ_ONCE(p->__state);
	} while (state & mode);
	return false;
}

void kthread_interrupt(struct task_struct *p)
{
	set_bit(TASK_PENDING_INTR, &p->pending);
	wake_up_state(p, TASK_INTERRUPTIBLE);
}

void kthread_kill(struct task_struct *p)
{
	set_bit(TASK_PENDING_KILL, &p->pending);
	wake_up_state(p, TASK_INTERRUPTIBLE | TASK_WAKEKILL);
}

bool kthread_flush_signals(void)
{
	return xchg(&current->pending, 0UL) != 0;
}

bool signal_pending_state(unsigned int state, struct task_struct *p)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) || !signal_pending(p))
		return false;
	return (state & TASK_INTERRUPTIBLE) || fatal_signal_pending(p);
}

void rt_mutex_setprio(struct task_struct *p, struct task_struct *pi_task)
{
	p->pi_top_task = pi_task;
	WRITE_ONCE(p->prio, pi_task ? min(p->normal_prio, READ_ONCE(pi_task->prio))
				    : p->normal_prio);
}
