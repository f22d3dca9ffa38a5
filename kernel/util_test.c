/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks on all CPUs at once, for tests: see test_util.h.
 */
#include <kernel/kthread.h>
#include <kernel/bug.h>
#include <locking/atomic.h>
#include "test_util.h"

struct crew {
	void (*fn)(unsigned int cpu, void *arg);
	void *arg;
	unsigned int size;
	atomic_t arrived, left;
};

static int crew_member(void *data)
{
	struct crew *crew = data;

	atomic_inc(&crew->arrived);
	while (atomic_read(&crew->arrived) < (int)crew->size)
		cond_resched();
	crew->fn(raw_smp_processor_id(), crew->arg);
	atomic_dec(&crew->left);
	return 0;
}

void on_all_cpus(void (*fn)(unsigned int cpu, void *arg), void *arg)
{
	struct crew crew = { .fn = fn, .arg = arg, .size = num_online_cpus() };
	unsigned int cpu;

	atomic_set(&crew.left, crew.size);
	for_each_online_cpu(cpu) {
		struct task_struct *p = kthread_run_on_cpu(crew_member, &crew, cpu, "crew/%u");

		if (IS_ERR(p))
			panic("on_all_cpus: no memory for a task on CPU %u", cpu);
	}
	wait_until(!atomic_read(&crew.left));
}

static int busy_loop(void *data)
{
	struct busy_task *busy = data;

	if (busy->irqs_off)
		local_irq_disable();
	WRITE_ONCE(busy->runs, true);
	while (!READ_ONCE(busy->stop)) {
		if (!busy->irqs_off)
			cond_resched();
		cpu_relax();
	}
	if (busy->irqs_off)
		local_irq_enable();
	WRITE_ONCE(busy->ended, true);
	return 0;
}

void start_busy(struct busy_task *busy, unsigned int cpu, bool irqs_off)
{
	struct task_struct *p;

	*busy = (struct busy_task){ .irqs_off = irqs_off };
	p = kthread_run_on_cpu(busy_loop, busy, cpu, "busy/%u");
	if (IS_ERR(p))
		panic("start_busy: no memory for a task on CPU %u", cpu);
	wait_until(READ_ONCE(busy->runs));
}

void stop_busy(struct busy_task *busy)
{
	WRITE_ONCE(busy->stop, true);
	wait_until(READ_ONCE(busy->ended));
}

void wake_early(struct task_struct *p, const bool *sleeps, const bool *ended)
{
	wait_until(READ_ONCE(*sleeps));
	wake_up_process(p);
	wait_until(smp_load_acquire(ended));
}

void leave_it_to_others(void)
{
	for (;;)
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
}
