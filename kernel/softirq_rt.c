/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where softirqs are served in a real-time kernel: in tasks, which may be preempted in
 * the middle of it.
 *
 *	softirq_ctrl.lock	per CPU: who has softirqs off here, or serves them
 *	softirq_ctrl.cnt	per CPU: his count, bits as in preempt_count	the holder
 *	softirq_ctrl.locked	he holds the lock (not: had preemption off)	the holder
 *	softirq_disable_cnt	per task: the same count			the task
 *	pending_timers		per CPU: timer vectors, for ktimers/N		its CPU, irqs off
 *
 *	served by		when
 *	local_bh_enable()	the outermost one of a task that could be preempted
 *	ksoftirqd/N		raised with nobody about to do that; fair
 *	ktimers/N		raised by the timer interrupt; SCHED_FIFO 1, so that a timeout
 *				is not late because the CPU is busy
 *
 * local_bh_disable() excludes the other tasks of its CPU that serve softirqs, or have
 * them off, by a lock and not by the count: its holder may be preempted, and may be
 * waited for. softirq_count() is then the count of the task that asks.
 *
 *	task A				hardirq			ksoftirqd
 *	local_bh_disable(): lock, 0x200
 *	(preempted by others)		raise: cnt is not 0,
 *					so A will serve it
 *	local_bh_enable()
 *	  pending: 0x100, serves
 *	  nothing pending: 0, unlock
 *					raise: cnt is 0, wake	lock, 0x100, serves
 *
 * The last look at what is pending and the count's fall to 0 are one step for
 * interrupts. With preemption off already the lock cannot be waited for, and need not
 * be: nobody else runs here; unless its holder was preempted, which is reported.
 *
 * Linux: kernel/softirq.c, the part for CONFIG_PREEMPT_RT
 */
#include "softirq_internal.h"
#include <kernel/bug.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <locking/local_lock.h>

struct softirq_ctrl {
	local_lock_t lock;
	u32 cnt;
	bool locked;
	u32 preempt_count;		/* as it was when the lock was taken */
};

static DEFINE_PER_CPU(struct softirq_ctrl, softirq_ctrl) = {
	.lock = INIT_LOCAL_LOCK(softirq_ctrl.lock),
};
static DEFINE_PER_CPU(u32, pending_timers);
static DEFINE_PER_CPU(struct task_struct *, ktimers);

u32 task_softirq_count(void)
{
	return current->softirq_disable_cnt;
}

/* ---- off and on ------------------------------------------------------------------ */

static void add_count(struct softirq_ctrl *ctrl, u32 cnt)
{
	ctrl->cnt += cnt;
	WRITE_ONCE(current->softirq_disable_cnt, ctrl->cnt);
}

static void take_lock(unsigned long ip)
{
	struct softirq_ctrl *ctrl;

	if (!preemptible()) {
		WARN_ONCE(raw_cpu_ptr(&softirq_ctrl)->cnt,
			  "softirq: local_bh_disable() from %pS with preemption off, while a "
			  "preempted task has softirqs off", (void *)ip);
		return;
	}
	local_lock(&softirq_ctrl.lock);
	ctrl = raw_cpu_ptr(&softirq_ctrl);
	ctrl->locked = true;
	ctrl->preempt_count = preempt_count();
}

void __local_bh_disable_ip(unsigned long ip, unsigned int cnt)
{
	WARN_ONCE(in_hardirq(), "softirq: local_bh_disable() from %pS in an interrupt",
		  (void *)ip);
	if (!current->softirq_disable_cnt)
		take_lock(ip);
	add_count(raw_cpu_ptr(&softirq_ctrl), cnt);
}

/* The caller's count is @cnt, interrupts are off: end it, and turn them on. */
static void enable_last(struct softirq_ctrl *ctrl, u32 cnt)
{
	bool locked = ctrl->locked;

	ctrl->locked = false;
	add_count(ctrl, -cnt);
	local_irq_enable();
	if (locked)
		local_unlock(&softirq_ctrl.lock);
}

/* May the caller, who is about to enable softirqs, serve them? Not with preemption off. */
static bool may_serve(const struct softirq_ctrl *ctrl)
{
	return ctrl->locked && preempt_count() == ctrl->preempt_count;
}

static void enable_outermost(struct softirq_ctrl *ctrl, u32 cnt)
{
	local_irq_disable();
	if (local_softirq_pending() && may_serve(ctrl)) {
		add_count(ctrl, SOFTIRQ_OFFSET - cnt);
		cnt = SOFTIRQ_OFFSET;
		handle_softirqs();
	} else if (local_softirq_pending()) {
		wakeup_softirqd();
	}
	enable_last(ctrl, cnt);
}

void __local_bh_enable_ip(unsigned long ip, unsigned int cnt)
{
	struct softirq_ctrl *ctrl = raw_cpu_ptr(&softirq_ctrl);
	bool misuse = in_hardirq() || irqs_disabled();

	WARN_ONCE(misuse, "softirq: local_bh_enable() from %pS with interrupts off", (void *)ip);
	if (WARN_ONCE(softirq_count() < cnt,
		      "softirq: local_bh_enable() from %pS without a disable", (void *)ip))
		return;
	if (ctrl->cnt == cnt && !misuse)
		enable_outermost(ctrl, cnt);
	else
		add_count(ctrl, -cnt);
}

/* ---- raising ----------------------------------------------------------------------- */

bool softirq_is_served_anyway(void)
{
	return in_interrupt() || raw_cpu_ptr(&softirq_ctrl)->cnt;
}

void raise_timer_vector(unsigned int nr)
{
	if (this_cpu_read(ktimers))
		this_cpu_or(pending_timers, 1U << nr);
	else
		__raise_softirq_irqoff(nr);
}

void softirq_irq_exit(void)
{
	if (hardirq_count())
		return;
	if (this_cpu_read(pending_timers))
		wake_up_process(this_cpu_read(ktimers));
	if (local_softirq_pending() && !softirq_is_served_anyway())
		wakeup_softirqd();
}

/* ---- threads ------------------------------------------------------------------------ */

void serve_in_thread(void)
{
	local_irq_enable();
	__local_bh_disable_ip(_RET_IP_, SOFTIRQ_OFFSET);
	local_irq_disable();
	or_softirq_pending(this_cpu_xchg(pending_timers, 0));
	handle_softirqs();
	enable_last(this_cpu_ptr(&softirq_ctrl), SOFTIRQ_OFFSET);
	local_irq_disable();
}

static int run_ktimers(void *data)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!this_cpu_read(pending_timers)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		local_irq_disable();
		serve_in_thread();
		local_irq_enable();
	}
	return 0;
}

void softirq_more_threads(unsigned int cpu)
{
	struct task_struct *p = kthread_create_on_cpu(run_ktimers, NULL, cpu, "ktimers/%u");

	if (IS_ERR(p))
		panic("softirq: no memory for ktimers/%u", cpu);
	sched_set_fifo_low(p);
	WRITE_ONCE(per_cpu(ktimers, cpu), p);
	wake_up_process(p);
}
