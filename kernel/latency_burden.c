/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the latency command keeps CPUs busy with: work that a real-time kernel can preempt,
 * and another cannot. One task of each kind a CPU.
 *
 *	locks	holds a spinlock_t
 *	bh	has softirqs off
 *	tasklet	is in a softirq
 *	timer	is in a timer's function
 *	irq	is in an interrupt's handler
 *
 * A burden works BURDEN_US at a time and then sleeps about as long. What it does with
 * interrupts off, with preemption off or under a raw lock would delay the sampler in
 * any kernel, so none does that.
 */
#include <base/errno.h>
#include <kernel/arch.h>
#include <kernel/irq.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include "latency.h"

#define BURDEN_US	300

struct burden_kind {
	const char *name;
	void (*work)(struct burden *b);
};

static void work_lock(struct burden *b)
{
	spin_lock(&b->lock);
	udelay(BURDEN_US);
	spin_unlock(&b->lock);
}

static void work_bh(struct burden *b)
{
	local_bh_disable();
	udelay(BURDEN_US);
	local_bh_enable();
}

static void in_tasklet(struct tasklet_struct *tasklet)
{
	udelay(BURDEN_US);
	WRITE_ONCE(container_of(tasklet, struct burden, tasklet)->over, true);
}

static void in_timer(struct timer_list *timer)
{
	struct burden *b = from_timer(b, timer, timer);

	udelay(BURDEN_US);
	WRITE_ONCE(b->over, true);
}

static void wait_over(struct burden *b)
{
	while (!READ_ONCE(b->over))
		usleep_range(BURDEN_US, 2 * BURDEN_US);
	WRITE_ONCE(b->over, false);
}

static void work_tasklet(struct burden *b)
{
	tasklet_schedule(&b->tasklet);
	wait_over(b);
	tasklet_kill(&b->tasklet);
}

static void work_timer(struct burden *b)
{
	mod_timer(&b->timer, jiffies);
	wait_over(b);
	timer_delete_sync(&b->timer);
}

static irqreturn_t in_interrupt_handler(int irq, void *dev_id)
{
	udelay(BURDEN_US);
	return IRQ_HANDLED;
}

/* The line is shared by all CPUs: their handlers may run at once, or as one. */
static void work_irq(struct burden *b)
{
	arch_test_irq_raise(raw_smp_processor_id(), IRQ_DEVICE);
}

static const struct burden_kind burden_kinds[NR_BURDENS] = {
	{ "locks", work_lock }, { "bh", work_bh }, { "tasklet", work_tasklet },
	{ "timer", work_timer }, { "irq", work_irq },
};

static int burden_thread(void *data)
{
	struct burden *b = data;

	while (!kthread_should_stop()) {
		b->kind->work(b);
		usleep_range(BURDEN_US, 2 * BURDEN_US);
	}
	return 0;
}

int burdens_begin(void)
{
	return request_irq(IRQ_DEVICE, in_interrupt_handler, 0, "latency",
			   (void *)burden_kinds);
}

void burdens_end(void)
{
	free_irq(IRQ_DEVICE, (void *)burden_kinds);
}

bool burden_start(struct burden *b, unsigned int kind, unsigned int cpu)
{
	struct task_struct *p;

	*b = (struct burden){ .kind = &burden_kinds[kind] };
	spin_lock_init(&b->lock);
	tasklet_setup(&b->tasklet, in_tasklet);
	timer_setup(&b->timer, in_timer, TIMER_PINNED);
	p = kthread_run_on_cpu(burden_thread, b, cpu, "burden/%u");
	b->task = IS_ERR(p) ? NULL : p;
	return b->task;
}

void burden_stop(struct burden *b)
{
	if (b->task)
		kthread_stop(b->task);
}
