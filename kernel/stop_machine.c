/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stopping CPUs. The contract is <kernel/stop_machine.h>.
 *
 *	stopper.works	what this CPU's stopper has to do, in order	stopper.lock
 *	done.left	works that have not ended			atomic
 *
 * stop_machine(), three CPUs, all walking through the states in step:
 *
 *	state		CPU 0		CPU 1		CPU 2
 *	PREPARE		arrives		arrives		still runs a task
 *			spins		spins		arrives, last
 *	DISABLE_IRQ	irqs off	irqs off	irqs off, last
 *	RUN		fn(data)	spins		spins
 *			last
 *	EXIT		irqs on		irqs on		irqs on
 *
 * The state is advanced by the last CPU to acknowledge it. Nobody disables
 * interrupts before all have arrived: a CPU that waits for an IPI's answer from
 * another must be able to get it and arrive.
 *
 * Only one stop_machine() at a time queues its works: two could be queued in
 * different orders on two CPUs, and each would wait for the other.
 *
 * Ordering: stop/A. Each acknowledgement is fully ordered, so what a CPU did
 * before it arrived is visible to fn, and what fn did to all when they leave.
 *
 * Linux: kernel/stop_machine.c
 */
#include "sched.h"
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/stop_machine.h>
#include <kernel/wait.h>
#include <locking/completion.h>

struct cpu_stop_done {
	atomic_t left;
	int ret;			/* first result that is not 0 */
	struct completion completion;	/* of the last one */
};

struct cpu_stopper {
	raw_spinlock_t lock;
	struct list_head works;		/* lock */
	struct task_struct *thread;	/* stop_machine_init() */
};

static DEFINE_PER_CPU(struct cpu_stopper, stoppers);

static void init_done(struct cpu_stop_done *done, int works)
{
	atomic_set(&done->left, works);
	done->ret = 0;
	init_completion(&done->completion);
}

/* @done is on the waiter's stack: only the last one touches it after the count. */
static void complete_done(struct cpu_stop_done *done)
{
	if (atomic_dec_and_test(&done->left))
		complete(&done->completion);
}

static bool queue_work_on_stopper(unsigned int cpu, struct cpu_stop_work *work)
{
	struct cpu_stopper *stopper = per_cpu_ptr(&stoppers, cpu);
	unsigned long flags;

	if (!cpu_online(cpu) || !stopper->thread)
		return false;
	raw_spin_lock_irqsave(&stopper->lock, flags);
	list_add_tail(&work->list, &stopper->works);
	raw_spin_unlock_irqrestore(&stopper->lock, flags);
	wake_up_process(stopper->thread);
	return true;
}

int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg)
{
	struct cpu_stop_done done;
	struct cpu_stop_work work = { .fn = fn, .arg = arg, .done = &done };

	might_sleep();
	init_done(&done, 1);
	if (!queue_work_on_stopper(cpu, &work))
		return -ENOENT;
	wait_for_completion(&done.completion);
	return done.ret;
}

bool stop_one_cpu_nowait(unsigned int cpu, cpu_stop_fn_t fn, void *arg,
			 struct cpu_stop_work *work)
{
	*work = (struct cpu_stop_work){ .fn = fn, .arg = arg };
	return queue_work_on_stopper(cpu, work);
}

/* ---- the stopper -------------------------------------------------------------------- */

static struct cpu_stop_work *next_work(struct cpu_stopper *stopper)
{
	struct cpu_stop_work *work;

	raw_spin_lock_irq(&stopper->lock);
	work = list_first_entry_or_null(&stopper->works, struct cpu_stop_work, list);
	if (work)
		list_del_init(&work->list);
	raw_spin_unlock_irq(&stopper->lock);
	return work;
}

static void run_work(struct cpu_stop_work *work)
{
	/* After fn has begun, a work that nobody waits for may be used again. */
	struct cpu_stop_done *done = work->done;
	int ret;

	preempt_disable();
	ret = work->fn(work->arg);
	preempt_enable();
	if (!done)
		return;
	if (ret)
		WRITE_ONCE(done->ret, ret);
	complete_done(done);
}

static int stopper_thread(void *data)
{
	struct cpu_stopper *stopper = data;

	for (;;) {
		struct cpu_stop_work *work;

		set_current_state(TASK_IDLE);
		work = next_work(stopper);
		if (!work) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		run_work(work);
	}
	return 0;
}

void stop_machine_init(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct cpu_stopper *stopper = per_cpu_ptr(&stoppers, cpu);
		struct task_struct *p;

		raw_spin_lock_init(&stopper->lock);
		INIT_LIST_HEAD(&stopper->works);
		p = kthread_create_on_cpu(stopper_thread, stopper, cpu, "stopper/%u");
		if (IS_ERR(p))
			panic("no memory for the stopper of CPU %u", cpu);
		sched_set_stop_task(cpu, p);
		WRITE_ONCE(stopper->thread, p);
		wake_up_process(p);
	}
}

/* ---- stop_machine() ------------------------------------------------------------------- */

enum multi_stop_state { PREPARE, DISABLE_IRQ, RUN, EXIT };

struct multi_stop {
	cpu_stop_fn_t fn;
	void *data;
	struct cpumask run_on;
	unsigned int cpus;
	enum multi_stop_state state;	/* written by the last to acknowledge */
	atomic_t acks_left;
};

static void set_state(struct multi_stop *ms, enum multi_stop_state state)
{
	atomic_set(&ms->acks_left, ms->cpus);
	/* stop/A: pairs with multi_cpu_stop() */
	smp_store_release(&ms->state, state);
}

/* stop/A: pairs with multi_cpu_stop(); the atomic is fully ordered */
static void acknowledge(struct multi_stop *ms, enum multi_stop_state state)
{
	if (atomic_dec_and_test(&ms->acks_left) && state != EXIT)
		set_state(ms, state + 1);
}

/* On every CPU, in its stopper. */
static int multi_cpu_stop(void *arg)
{
	struct multi_stop *ms = arg;
	enum multi_stop_state state = PREPARE;
	unsigned long flags;
	int ret = 0;

	local_save_flags(flags);
	for (;;) {
		if (state == DISABLE_IRQ)
			local_irq_disable();
		else if (state == RUN && cpumask_test_cpu(raw_smp_processor_id(), &ms->run_on))
			ret = ms->fn(ms->data);
		acknowledge(ms, state);
		if (state == EXIT)
			break;
		/* stop/A: pairs with set_state(), acknowledge() */
		smp_cond_load_acquire(&ms->state, VAL != state);
		state++;
	}
	local_irq_restore(flags);
	return ret;
}

static bool stop_busy;			/* stop_wait.lock */
static DECLARE_WAIT_QUEUE_HEAD(stop_wait);

static void stop_lock(void)
{
	spin_lock_irq(&stop_wait.lock);
	wait_event_locked_irq(stop_wait, !stop_busy);
	stop_busy = true;
	spin_unlock_irq(&stop_wait.lock);
}

static void stop_unlock(void)
{
	spin_lock_irq(&stop_wait.lock);
	stop_busy = false;
	wake_up_locked(&stop_wait);
	spin_unlock_irq(&stop_wait.lock);
}

int stop_machine(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus)
{
	static struct cpu_stop_work works[NR_CPUS];	/* stop_lock() */
	struct multi_stop ms = { .fn = fn, .data = data, .cpus = num_online_cpus() };
	struct cpu_stop_done done;
	unsigned int cpu;

	might_sleep();
	if (cpus && !cpumask_intersects(cpus, cpu_online_mask))
		return -EINVAL;
	cpumask_copy(&ms.run_on, cpus ? cpus : cpumask_of(raw_smp_processor_id()));

	stop_lock();
	init_done(&done, ms.cpus);
	set_state(&ms, PREPARE);
	/* Our own stopper would preempt us, and wait for those not yet woken. */
	preempt_disable();
	for_each_online_cpu(cpu) {
		works[cpu] = (struct cpu_stop_work){
			.fn = multi_cpu_stop, .arg = &ms, .done = &done,
		};
		if (!queue_work_on_stopper(cpu, &works[cpu]))
			panic("CPU %u has no stopper", cpu);
	}
	preempt_enable();
	wait_for_completion(&done.completion);
	stop_unlock();
	return done.ret;
}
