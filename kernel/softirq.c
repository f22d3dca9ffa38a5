/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Softirqs: pending bits per CPU, and what serves them. Described here is a kernel
 * without CONFIG_PREEMPT_RT; where the places differ is in softirq_rt.c.
 *
 *	softirq_pending	raised vectors, per CPU		its CPU, interrupts off or one instruction
 *	softirq_vec	function of each vector		open_softirq(), before first use
 *	softirq_count	runs per CPU and vector		its CPU
 *	ksoftirqd	the thread, per CPU		softirq_threads_init()
 *
 *	served by		when
 *	irq_exit()		the interrupt came on top of a task with softirqs enabled
 *	local_bh_enable()	the outermost one, interrupts on
 *	ksoftirqd/N		raised by a task, or the other two had too much to do
 *
 * Bits 8-15 of preempt_count keep softirqs from nesting: +0x100 while one is
 * served, +0x200 a local_bh_disable(), and nothing is served while either is
 * there. So softirqs of one CPU exclude each other; those of two CPUs do not.
 *
 *	task		hardirq			softirq_pending	preempt_count
 *	runs						0	0
 *			irq_enter()				0x10000
 *			raise_softirq(TIMER)		2	0x10000
 *			irq_exit()				0
 *			handle_softirqs(), irqs on	0	0x100
 *			  raise: another round		2	0x100
 *			all served, or enough			0
 *	runs on
 *
 * "Enough" is MAX_SOFTIRQ_RESTART rounds, MAX_SOFTIRQ_NS, or a task that wants the
 * CPU: what is left then is ksoftirqd's, which competes with tasks as one of them.
 *
 * Ordering: none across CPUs; a vector is raised and served on one CPU. What
 * crosses CPUs (a tasklet's state, a queue) orders itself.
 *
 * Linux: kernel/softirq.c
 * Differs: our own vectors; a round is also ended by the clock in nanoseconds.
 */
#include "softirq_internal.h"
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/timer.h>

#define MAX_SOFTIRQ_RESTART	10
#define MAX_SOFTIRQ_NS		(2 * NSEC_PER_MSEC)

const char *const softirq_to_name[NR_SOFTIRQS] = {
	"hi", "timer", "tasklet", "sched", "hrtimer", "context",
};

static void (*softirq_vec[NR_SOFTIRQS])(void);
static DEFINE_PER_CPU(u32, softirq_pending);
static DEFINE_PER_CPU(u64, softirq_count_cpu)[NR_SOFTIRQS];
static DEFINE_PER_CPU(u64, ksoftirqd_runs);
static DEFINE_PER_CPU(struct task_struct *, ksoftirqd);

void open_softirq(int nr, void (*action)(void))
{
	softirq_vec[nr] = action;
}

u32 local_softirq_pending(void)
{
	return this_cpu_read(softirq_pending);
}

void wakeup_softirqd(void)
{
	struct task_struct *p = this_cpu_read(ksoftirqd);

	if (p)
		wake_up_process(p);
}

/* ---- raising ------------------------------------------------------------------- */

void __raise_softirq_irqoff(unsigned int nr)
{
	this_cpu_or(softirq_pending, 1U << nr);
}

void or_softirq_pending(u32 mask)
{
	this_cpu_or(softirq_pending, mask);
}

void raise_softirq_irqoff(unsigned int nr)
{
	__raise_softirq_irqoff(nr);
	if (!softirq_is_served_anyway())
		wakeup_softirqd();
}

void raise_timer_softirq(unsigned int nr)
{
	raise_timer_vector(nr);
}

void raise_softirq(unsigned int nr)
{
	unsigned long flags;

	local_irq_save(flags);
	raise_softirq_irqoff(nr);
	local_irq_restore(flags);
}

/* ---- serving ------------------------------------------------------------------- */

static void run_vector(unsigned int nr)
{
	u32 before = context_count(), after;

	this_cpu_inc(softirq_count_cpu[nr]);
	softirq_vec[nr]();
	after = context_count();
	if (unlikely(before != after)) {
		WARN(1, "softirq: %s (%pS) entered with preempt_count %#x, left with %#x",
		     softirq_to_name[nr], (void *)softirq_vec[nr], before, after);
		context_count_set(before);
	}
}

void handle_softirqs(void)
{
	u64 end = local_clock() + MAX_SOFTIRQ_NS;
	unsigned int rounds = MAX_SOFTIRQ_RESTART, nr;
	u32 pending = local_softirq_pending();

	do {
		this_cpu_write(softirq_pending, 0);
		local_irq_enable();
		for (; pending; pending &= pending - 1) {
			nr = __builtin_ctz(pending);
			run_vector(nr);
		}
		local_irq_disable();
		pending = local_softirq_pending();
	} while (pending && --rounds && local_clock() < end && !need_resched());

	if (pending)
		wakeup_softirqd();
}

/* ---- ksoftirqd ------------------------------------------------------------------ */

static int run_ksoftirqd(void *data)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!local_softirq_pending())
			schedule();
		__set_current_state(TASK_RUNNING);

		local_irq_disable();
		if (local_softirq_pending()) {
			this_cpu_inc(ksoftirqd_runs);
			serve_in_thread();
		}
		local_irq_enable();
		cond_resched();
	}
	return 0;
}

/* Of the CPUs that are online now. */
void softirq_threads_init(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *p;

		if (per_cpu(ksoftirqd, cpu))
			continue;
		p = kthread_create_on_cpu(run_ksoftirqd, NULL, cpu, "ksoftirqd/%u");
		if (IS_ERR(p))
			panic("softirq: no memory for ksoftirqd/%u", cpu);
		WRITE_ONCE(per_cpu(ksoftirqd, cpu), p);
		wake_up_process(p);
		softirq_more_threads(cpu);
	}
}

/* ---- counts ---------------------------------------------------------------------- */

u64 kstat_softirqs_cpu(unsigned int nr, unsigned int cpu)
{
	return READ_ONCE(per_cpu(softirq_count_cpu, cpu)[nr]);
}

u64 kstat_ksoftirqd_cpu(unsigned int cpu)
{
	return READ_ONCE(per_cpu(ksoftirqd_runs, cpu));
}

void softirq_init(void)
{
	tasklet_init();
}

void softirq_cpu_init(void)
{
	tasklet_cpu_init();
}
