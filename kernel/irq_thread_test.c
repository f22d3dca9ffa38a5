/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of interrupt handlers in threads: those that ask for one, and those that a
 * real-time kernel, or `threadirqs`, moves there.
 *
 *	IRQ_DEVICE	device_primary()	device_thread()
 *	raised
 *			hardirq: IRQ_WAKE_THREAD
 *						task, SCHED_FIFO 50, preemptible
 *	forced		in the thread, softirqs off, then
 *						the same thread
 *
 * Raised on the CPU that the test is pinned to, it is over, the thread woken, when the test
 * sees anything that it did.
 */
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include "test_util.h"

/* A device that counts, and what its handlers saw. */
struct device {
	irqreturn_t primary_says;
	bool hold;			/* the thread waits for it to fall */
	unsigned int primary_runs, thread_runs;
	enum context primary_context, thread_context;
	int thread_prio;
	bool softirqs_off, irqs_off, atomic;
};

static irqreturn_t device_primary(int irq, void *dev_id)
{
	struct device *d = dev_id;

	d->primary_context = current_context();
	d->softirqs_off = in_softirq();
	d->irqs_off = irqs_disabled();
	d->thread_prio = task_prio(current);
	WRITE_ONCE(d->primary_runs, d->primary_runs + 1);
	return d->primary_says;
}

static irqreturn_t device_thread(int irq, void *dev_id)
{
	struct device *d = dev_id;

	d->thread_context = current_context();
	d->thread_prio = task_prio(current);
	d->atomic = in_atomic() || irqs_disabled();
	wait_until(!READ_ONCE(d->hold));
	WRITE_ONCE(d->thread_runs, d->thread_runs + 1);
	return IRQ_HANDLED;
}

SELFTEST(irq, a_handler_leaves_the_rest_to_its_thread)
{
	struct device d = { .primary_says = IRQ_WAKE_THREAD };
	unsigned int cpu, n = 0;

	EXPECT_EQ(request_threaded_irq(IRQ_DEVICE, device_primary, device_thread, IRQF_NO_THREAD,
				       "device", &d), 0);
	for_each_online_cpu(cpu) {
		arch_test_irq_raise(cpu, IRQ_DEVICE);
		n++;
		wait_until(READ_ONCE(d.thread_runs) == n);
		EXPECT_EQ(d.primary_runs, n);
		EXPECT_EQ(d.primary_context, CTX_HARDIRQ);
		EXPECT_EQ(d.thread_context, CTX_TASK);
		EXPECT_EQ(d.thread_prio, MAX_RT_PRIO - 1 - 50);
		EXPECT(!d.atomic);
	}
	EXPECT_STREQ(free_irq(IRQ_DEVICE, &d), "device");
}

SELFTEST(irq, a_handler_that_has_served_the_device_wakes_no_thread)
{
	struct device d = { .primary_says = IRQ_HANDLED };

	pin_to(raw_smp_processor_id());
	EXPECT_EQ(request_threaded_irq(IRQ_DEVICE, device_primary, device_thread, IRQF_NO_THREAD,
				       "device", &d), 0);
	arch_test_irq_raise(raw_smp_processor_id(), IRQ_DEVICE);
	wait_until(READ_ONCE(d.primary_runs) == 1);
	free_irq(IRQ_DEVICE, &d);
	unpin();
	EXPECT_EQ(d.thread_runs, 0);
}

SELFTEST(irq, an_interrupt_while_its_thread_works_makes_it_work_again)
{
	struct device d = {
		.primary_says = IRQ_WAKE_THREAD, .hold = true, .thread_context = CTX_NMI,
	};
	int i;

	pin_to(raw_smp_processor_id());
	EXPECT_EQ(request_threaded_irq(IRQ_DEVICE, device_primary, device_thread, IRQF_NO_THREAD,
				       "device", &d), 0);
	for (i = 1; i <= 4; i++) {
		arch_test_irq_raise(raw_smp_processor_id(), IRQ_DEVICE);
		wait_until(READ_ONCE(d.primary_runs) == i);
		/* The first has begun before the others come, which are one. */
		wait_until(READ_ONCE(d.thread_context) == CTX_TASK);
	}
	EXPECT_EQ(READ_ONCE(d.thread_runs), 0);
	WRITE_ONCE(d.hold, false);
	synchronize_irq(IRQ_DEVICE);
	EXPECT_EQ(READ_ONCE(d.thread_runs), 2);
	free_irq(IRQ_DEVICE, &d);
	unpin();
}

static u64 irqs_of_device(void)
{
	unsigned int cpu;
	u64 n = 0;

	for_each_online_cpu(cpu)
		n += kstat_irqs_cpu(IRQ_DEVICE, cpu);
	return n;
}

SELFTEST(irq, freeing_a_line_waits_for_its_thread)
{
	struct device d = { .primary_says = IRQ_WAKE_THREAD };
	u64 before;
	int i;

	pin_to(raw_smp_processor_id());
	for (i = 1; i <= 10; i++) {
		EXPECT_EQ(request_threaded_irq(IRQ_DEVICE, NULL, device_thread, IRQF_ONESHOT,
					       "device", &d), 0);
		before = irqs_of_device();
		arch_test_irq_raise(raw_smp_processor_id(), IRQ_DEVICE);
		wait_until(irqs_of_device() > before);
		free_irq(IRQ_DEVICE, &d);
		EXPECT_EQ(d.thread_runs, i);
	}
	unpin();
}

SELFTEST(irq, a_forced_handler_runs_in_a_thread_as_if_it_were_an_interrupt)
{
	struct device d = { .primary_says = IRQ_WAKE_THREAD };
	bool was = threadirqs;

	threadirqs = true;
	EXPECT_EQ(request_threaded_irq(IRQ_DEVICE, device_primary, device_thread, 0, "device",
				       &d), 0);
	threadirqs = was;
	arch_test_irq_raise(raw_smp_processor_id(), IRQ_DEVICE);
	wait_until(READ_ONCE(d.thread_runs) == 1);
	EXPECT_EQ(d.primary_runs, 1);
	EXPECT_EQ(d.primary_context, CTX_TASK);
	EXPECT(d.softirqs_off);
	EXPECT_EQ(d.irqs_off, !IS_ENABLED(CONFIG_PREEMPT_RT));
	EXPECT_EQ(d.thread_prio, MAX_RT_PRIO - 1 - 50);
	EXPECT(!d.atomic);
	free_irq(IRQ_DEVICE, &d);
}

SELFTEST(irq, a_line_that_must_not_be_forced_stays_in_hardirq)
{
	static const unsigned long flags[] = { IRQF_NO_THREAD, IRQF_PERCPU, IRQF_TIMER };
	bool was = threadirqs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		struct device d = { .primary_says = IRQ_HANDLED };

		threadirqs = true;
		EXPECT_EQ(request_irq(IRQ_DEVICE, device_primary, flags[i], "device", &d), 0);
		threadirqs = was;
		arch_test_irq_raise(raw_smp_processor_id(), IRQ_DEVICE);
		wait_until(READ_ONCE(d.primary_runs) == 1);
		EXPECT_EQ(d.primary_context, CTX_HARDIRQ);
		free_irq(IRQ_DEVICE, &d);
	}
}
