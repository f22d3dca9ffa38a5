/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may be preempted, in a real-time kernel and in another: the same sections in both,
 * all of them on one CPU, so that none depends on time.
 *
 *	the test, fair			urgent, SCHED_FIFO 60, bound to the same CPU
 *	begins a section
 *	wakes urgent
 *					runs, if the section may be preempted: ran = true
 *	inside = ran
 *	ends the section
 *					runs now at the latest
 *
 * What happens when the urgent one then waits for the section's end: rt_wait_test.c.
 */
#include "sched.h"
#include "sched_test.h"
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/hrtimer.h>
#include <kernel/irq.h>
#include <kernel/softirq.h>
#include <locking/local_lock.h>
#include <locking/rwlock.h>
#include <locking/seqlock.h>
#include "test_util.h"

struct urgent {
	struct task_struct *task;
	bool ran;
	bool inside;			/* it had run before the section ended */
	bool over;			/* the section ended; for those in other tasks */
	struct tasklet_struct tasklet;
	struct timer_list timer;
	struct hrtimer hrtimer;
};

static int urgent_thread(void *arg)
{
	struct urgent *u = arg;

	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
		WRITE_ONCE(u->ran, true);
	}
	return 0;
}

/* Asleep, on the caller's CPU, which the caller is pinned to. */
static bool start_urgent(struct selftest *t, struct urgent *u)
{
	*u = (struct urgent){
		.task = test_thread_on(urgent_thread, u, raw_smp_processor_id(), "urgent"),
	};
	if (!EXPECT(u->task))
		return false;
	test_set_fifo(u->task, SCHED_FIFO, 60);
	wake_up_process(u->task);
	return EXPECT_SOON(task_state(u->task) == TASK_INTERRUPTIBLE && is_asleep(u->task));
}

static void in_section(struct urgent *u)
{
	wake_up_process(u->task);
	u->inside = READ_ONCE(u->ran);
	smp_store_release(&u->over, true);
}

static DEFINE_SPINLOCK(spin);
static DEFINE_RAW_SPINLOCK(raw);
static DEFINE_RWLOCK(rw);
static DEFINE_SEQLOCK(seq);
static DEFINE_PER_CPU(local_lock_t, local) = INIT_LOCAL_LOCK(local);

static void holds_spinlock(struct urgent *u)
{
	spin_lock(&spin);
	in_section(u);
	spin_unlock(&spin);
}

static void holds_spinlock_irq(struct urgent *u)
{
	unsigned long flags;

	spin_lock_irqsave(&spin, flags);
	in_section(u);
	spin_unlock_irqrestore(&spin, flags);
}

static void holds_spinlock_bh(struct urgent *u)
{
	spin_lock_bh(&spin);
	in_section(u);
	spin_unlock_bh(&spin);
}

static void reads(struct urgent *u)
{
	read_lock(&rw);
	in_section(u);
	read_unlock(&rw);
}

static void writes(struct urgent *u)
{
	write_lock(&rw);
	in_section(u);
	write_unlock(&rw);
}

static void writes_seqlock(struct urgent *u)
{
	write_seqlock(&seq);
	in_section(u);
	write_sequnlock(&seq);
}

static void holds_local_lock(struct urgent *u)
{
	local_lock(&local);
	in_section(u);
	local_unlock(&local);
}

static void has_softirqs_off(struct urgent *u)
{
	local_bh_disable();
	in_section(u);
	local_bh_enable();
}

static void tasklet_ran(struct tasklet_struct *tasklet)
{
	in_section(container_of(tasklet, struct urgent, tasklet));
}

static void is_tasklet(struct urgent *u)
{
	tasklet_setup(&u->tasklet, tasklet_ran);
	tasklet_schedule(&u->tasklet);
	wait_until(smp_load_acquire(&u->over));
	tasklet_kill(&u->tasklet);
}

static void serve_now(struct urgent *u)
{
	tasklet_setup(&u->tasklet, tasklet_ran);
	local_bh_disable();
	tasklet_schedule(&u->tasklet);
	local_bh_enable();
	wait_until(smp_load_acquire(&u->over));
	tasklet_kill(&u->tasklet);
}

static void timer_ran(struct timer_list *timer)
{
	in_section(container_of(timer, struct urgent, timer));
}

static void is_timer(struct urgent *u)
{
	timer_setup(&u->timer, timer_ran, TIMER_PINNED);
	mod_timer(&u->timer, jiffies + 1);
	wait_until(smp_load_acquire(&u->over));
	timer_delete_sync(&u->timer);
}

static enum hrtimer_restart hrtimer_ran(struct hrtimer *timer)
{
	in_section(container_of(timer, struct urgent, hrtimer));
	return HRTIMER_NORESTART;
}

static void run_hrtimer(struct urgent *u, enum hrtimer_mode mode)
{
	hrtimer_setup(&u->hrtimer, hrtimer_ran, CLOCK_MONOTONIC, mode);
	hrtimer_start(&u->hrtimer, 100 * NSEC_PER_USEC, mode);
	wait_until(smp_load_acquire(&u->over));
	hrtimer_cancel(&u->hrtimer);
}

static void is_hrtimer(struct urgent *u)
{
	run_hrtimer(u, HRTIMER_MODE_REL);
}

static void is_hard_hrtimer(struct urgent *u)
{
	run_hrtimer(u, HRTIMER_MODE_REL_HARD);
}

static void holds_raw_lock(struct urgent *u)
{
	raw_spin_lock(&raw);
	in_section(u);
	raw_spin_unlock(&raw);
}

static void has_preemption_off(struct urgent *u)
{
	preempt_disable();
	in_section(u);
	preempt_enable();
}

static void has_interrupts_off(struct urgent *u)
{
	local_irq_disable();
	in_section(u);
	local_irq_enable();
}

static void has_migration_off(struct urgent *u)
{
	migrate_disable();
	in_section(u);
	migrate_enable();
}

static const struct section {
	const char *name;
	void (*run)(struct urgent *u);
	bool preempted, preempted_rt;	/* with preempt=full */
} sections[] = {
	{ "migration off", has_migration_off, true, true },
	{ "spinlock", holds_spinlock, false, true },
	{ "spinlock, irqsave", holds_spinlock_irq, false, true },
	{ "spinlock, bh", holds_spinlock_bh, false, true },
	{ "rwlock, reader", reads, false, true },
	{ "rwlock, writer", writes, false, true },
	{ "seqlock, writer", writes_seqlock, false, true },
	{ "local lock", holds_local_lock, false, true },
	{ "softirqs off", has_softirqs_off, false, true },
	{ "tasklet", is_tasklet, false, true },
	{ "tasklet, in local_bh_enable()", serve_now, false, true },
	{ "timer", is_timer, false, true },
	{ "hrtimer", is_hrtimer, false, true },
	{ "hrtimer, hard", is_hard_hrtimer, false, false },
	{ "raw spinlock", holds_raw_lock, false, false },
	{ "preemption off", has_preemption_off, false, false },
	{ "interrupts off", has_interrupts_off, false, false },
};

SELFTEST(rt, an_urgent_task_preempts_what_the_kernel_allows)
{
	bool full = preempt_mode == PREEMPT_MODE_FULL;

	pin_to(raw_smp_processor_id());
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		const struct section *s = &sections[i];
		bool want = full && (IS_ENABLED(CONFIG_PREEMPT_RT) ? s->preempted_rt : s->preempted);
		struct urgent u;

		if (!start_urgent(t, &u))
			break;
		s->run(&u);
		EXPECT_SOON(READ_ONCE(u.ran));
		if (u.inside != want)
			selftest_fail(t, __FILE__, __LINE__, "%s: %s", s->name,
				      u.inside ? "was preempted" : "was not preempted");
		kthread_stop_put(u.task);
	}
	unpin();
}
