/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Misuse of interrupts, softirqs, IPIs, timers and workqueues that must be
 * reported. Like kernel/misuse_test.c: each case is a boot of its own, listed in
 * tests/qemu/misuse.table with the text to look for. These rules are reported by
 * a WARN(), which the machine survives and which fails the case.
 */
#include <kernel/bug.h>
#include <kernel/context.h>
#include <kernel/hrtimer.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/softirq.h>
#include <kernel/workqueue.h>
#include "test_util.h"

#define MISUSE(name, ...)	SELFTEST(misuse, name, .hidden = true, ##__VA_ARGS__)

static bool done;

/* ---- softirqs, interrupts -------------------------------------------------------------- */

MISUSE(bh_enabled_with_interrupts_off)
{
	local_bh_disable();
	local_irq_disable();
	local_bh_enable();
	local_irq_enable();
}

MISUSE(bh_enabled_without_disable)
{
	local_bh_enable();
}

static void leave_preemption_off(struct tasklet_struct *tasklet)
{
	preempt_disable();
	WRITE_ONCE(done, true);
}

MISUSE(tasklet_leaves_preemption_off)
{
	DECLARE_TASKLET(tasklet, leave_preemption_off);

	tasklet_schedule(&tasklet);
	tasklet_kill(&tasklet);
}

MISUSE(tasklet_enabled_without_disable)
{
	DECLARE_TASKLET(tasklet, leave_preemption_off);

	tasklet_enable(&tasklet);
}

static void kill_tasklet(void *arg)
{
	tasklet_kill(arg);
}

MISUSE(tasklet_killed_from_softirq)
{
	DECLARE_TASKLET(tasklet, leave_preemption_off);

	run_in_context(CTX_SOFTIRQ, 0, kill_tasklet, &tasklet);
}

static void enable_interrupts(void *arg)
{
	local_irq_enable();
}

MISUSE(handler_enables_interrupts)
{
	run_in_context(CTX_HARDIRQ, 0, enable_interrupts, NULL);
}

/* ---- IPIs -------------------------------------------------------------------------------- */

static void nothing(void *arg)
{
}

MISUSE(calls_a_cpu_with_interrupts_off, .min_cpus = 2)
{
	pin_to(0);
	local_irq_disable();
	smp_call_function_single(1, nothing, NULL, true);
	local_irq_enable();
	unpin();
}

static void call_all(void *arg)
{
	smp_call_function(nothing, NULL, false);
}

MISUSE(calls_all_cpus_from_hardirq, .min_cpus = 2)
{
	run_in_context(CTX_HARDIRQ, 0, call_all, NULL);
}

/* Not misuse, but the end of the machine as well: the others halt, at once or by NMI. */
static void stop_others(struct selftest *t)
{
	preempt_disable();
	smp_send_stop();
	panic("stopped CPUs: %*pbl of %u, as wanted", NR_CPUS, cpumask_bits(&cpu_stopped_mask),
	      num_online_cpus());
}

MISUSE(stops_all_other_cpus, .min_cpus = 2)
{
	pin_to(0);
	stop_others(t);
}

MISUSE(stops_a_cpu_with_interrupts_off, .min_cpus = 2, .needs_nmi = true)
{
	struct busy_task busy;

	pin_to(0);
	start_busy(&busy, 1, true);
	stop_others(t);
}

/* ---- timers --------------------------------------------------------------------------------- */

static void delete_itself(struct timer_list *timer)
{
	timer_delete_sync(timer);
	WRITE_ONCE(done, true);
}

MISUSE(timer_deletes_itself_and_waits)
{
	static DEFINE_TIMER(timer, delete_itself);

	mod_timer(&timer, jiffies);
	wait_until(READ_ONCE(done));
}

static void leave_softirqs_off(struct timer_list *timer)
{
	local_bh_disable();
	WRITE_ONCE(done, true);
}

MISUSE(timer_leaves_softirqs_off)
{
	static DEFINE_TIMER(timer, leave_softirqs_off);

	mod_timer(&timer, jiffies);
	wait_until(READ_ONCE(done));
	timer_delete_sync(&timer);
}

MISUSE(timer_added_twice)
{
	static DEFINE_TIMER(timer, leave_softirqs_off);

	timer.expires = jiffies + 1000 * HZ;
	add_timer(&timer);
	add_timer(&timer);
	timer_delete_sync(&timer);
}

static void delete_timer(void *arg)
{
	timer_delete_sync(arg);
}

MISUSE(timer_deleted_from_hardirq)
{
	static DEFINE_TIMER(timer, leave_softirqs_off);

	run_in_context(CTX_HARDIRQ, 0, delete_timer, &timer);
}

static enum hrtimer_restart cancel_itself(struct hrtimer *timer)
{
	hrtimer_cancel(timer);
	WRITE_ONCE(done, true);
	return HRTIMER_NORESTART;
}

MISUSE(hrtimer_cancels_itself)
{
	struct hrtimer timer;

	hrtimer_setup(&timer, cancel_itself, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(&timer, 0, HRTIMER_MODE_REL);
	wait_until(READ_ONCE(done));
	hrtimer_cancel(&timer);
}

MISUSE(hrtimer_forwarded_while_queued)
{
	struct hrtimer timer;

	hrtimer_setup(&timer, cancel_itself, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(&timer, 1000 * NSEC_PER_SEC, HRTIMER_MODE_REL);
	hrtimer_forward_now(&timer, 1);
	hrtimer_cancel(&timer);
}

/* ---- workqueues ----------------------------------------------------------------------------- */

static void flush_itself(struct work_struct *work)
{
	flush_work(work);
}

static void cancel_own_work(struct work_struct *work)
{
	cancel_work_sync(work);
}

static void flush_own_queue(struct work_struct *work)
{
	flush_workqueue(system_wq);
}

static void leave_interrupts_off(struct work_struct *work)
{
	local_irq_disable();
}

static void run_work(work_func_t fn)
{
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, fn);
	schedule_work(&work);
	flush_work(&work);
	destroy_work_on_stack(&work);
}

MISUSE(work_flushes_itself)
{
	run_work(flush_itself);
}

MISUSE(work_cancels_itself_and_waits)
{
	run_work(cancel_own_work);
}

MISUSE(work_flushes_its_queue)
{
	run_work(flush_own_queue);
}

MISUSE(work_leaves_interrupts_off)
{
	run_work(leave_interrupts_off);
}
