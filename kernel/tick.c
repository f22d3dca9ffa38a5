/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tick: a high-resolution timer on each CPU, HZ times a second while it has
 * something to run, and not at all while it is idle.
 *
 *	timer		the tick			its CPU
 *	stopped		idle: if queued, it is for the timer wheel, once
 *	ticks		how many came			its CPU
 *
 *	idle loop on CPU 1			CPU 0
 *	interrupts off
 *	tick_nohz_idle_stop_tick()
 *	  wheel: next timer at T, or none
 *	  tick timer: at T, or cancelled	add_timer_on(t, 1), before T:
 *	arch_cpu_idle()				  CPU 1 is_idle: sends it an IPI
 *	interrupt; back in the loop:
 *	tick_nohz_idle_stop_tick()
 *	  next is t
 *	  ...
 *	a task came: tick_nohz_idle_exit()
 *	  ticks go on, in step with the clock
 *
 * Nothing counts jiffies, so nothing is lost while all CPUs are idle, or while
 * the host runs something else. The CPUs' ticks are spread over the period, so
 * that they do not all want the host, and the same locks, at once.
 *
 * Linux: kernel/time/tick-sched.c
 * Differs: no CPU keeps time for the others; the tick stops in idle only.
 */
#include <kernel/bug.h>
#include <kernel/hrtimer.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/softirq.h>
#include <kernel/tick.h>

struct tick_sched {
	struct hrtimer timer;
	bool stopped;
	u64 ticks;
};

static DEFINE_PER_CPU(struct tick_sched, tick_scheds);

/* The first tick of this CPU after @now. */
static ktime_t next_tick(ktime_t now)
{
	u64 skew = TICK_NSEC * smp_processor_id() / nr_cpu_ids;
	u64 n = ((u64)now - min((u64)now, skew)) / TICK_NSEC + 1;

	return (ktime_t)(n * TICK_NSEC + skew);
}

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct tick_sched *ts = container_of(timer, struct tick_sched, timer);

	run_local_timers();
	irq_work_run();
	if (ts->stopped)
		return HRTIMER_NORESTART;
	WRITE_ONCE(ts->ticks, ts->ticks + 1);
	scheduler_tick();
	hrtimer_set_expires(timer, next_tick(ktime_get()));
	return HRTIMER_RESTART;
}

void tick_nohz_idle_enter(void)
{
}

void tick_nohz_idle_stop_tick(void)
{
	struct tick_sched *ts = this_cpu_ptr(&tick_scheds);
	ktime_t next;

	/* Before there is a ksoftirqd only an interrupt can serve it: let there be ticks. */
	if (local_softirq_pending()) {
		tick_nohz_idle_exit();
		return;
	}

	next = timer_base_enter_idle();
	WRITE_ONCE(ts->stopped, true);
	/* irq_work/C: pairs with irq_work_queue_on() */
	smp_mb();
	if (irq_work_needs_cpu()) {
		tick_nohz_idle_exit();
		return;
	}
	if (next == KTIME_MAX)
		hrtimer_try_to_cancel(&ts->timer);
	else if (!ts->timer.queued || ts->timer.expires != next)
		hrtimer_start(&ts->timer, next, HRTIMER_MODE_ABS_HARD);
}

void tick_nohz_idle_exit(void)
{
	struct tick_sched *ts = this_cpu_ptr(&tick_scheds);

	if (!ts->stopped)
		return;
	timer_base_exit_idle();
	WRITE_ONCE(ts->stopped, false);
	hrtimer_start(&ts->timer, next_tick(ktime_get()), HRTIMER_MODE_ABS_HARD);
}

bool tick_nohz_tick_stopped_cpu(unsigned int cpu)
{
	return READ_ONCE(per_cpu(tick_scheds, cpu).stopped);
}

u64 tick_count_cpu(unsigned int cpu)
{
	return READ_ONCE(per_cpu(tick_scheds, cpu).ticks);
}

void timers_cpu_init(void)
{
	struct tick_sched *ts = this_cpu_ptr(&tick_scheds);
	unsigned long flags;

	hrtimer_setup(&ts->timer, tick, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
	local_irq_save(flags);
	hrtimer_start(&ts->timer, next_tick(ktime_get()), HRTIMER_MODE_ABS_HARD);
	local_irq_restore(flags);
}
