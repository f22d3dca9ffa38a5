/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of interrupt lines, entry and exit, and NMIs. Handlers in threads:
 * irq_thread_test.c.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/watchdog.h>
#include <locking/atomic.h>
#include "test_util.h"

static irqreturn_t never(int irq, void *dev_id)
{
	return IRQ_NONE;
}

SELFTEST(irq, a_line_has_one_owner)
{
	int other;

	EXPECT_EQ(request_irq(IRQ_TEST, never, 0, "other", &other), -EBUSY);
	EXPECT_EQ(request_irq(NR_IRQS, never, 0, "none", NULL), -EINVAL);
	EXPECT_EQ(request_irq(IRQ_TEST, NULL, 0, "none", NULL), -EINVAL);
	EXPECT_EQ(request_irq(IRQ_DEVICE, never, 1, "none", NULL), -EINVAL);
	EXPECT_EQ(request_threaded_irq(IRQ_DEVICE, NULL, never, 0, "none", NULL), -EINVAL);
	EXPECT_EQ(request_threaded_irq(IRQ_DEVICE, NULL, NULL, IRQF_ONESHOT, "none", NULL),
		  -EINVAL);
	EXPECT(!free_irq(IRQ_TEST, &other));
	EXPECT(!free_irq(NR_IRQS, NULL));
	EXPECT_STREQ(irq_name(IRQ_TEST), "context");
	EXPECT_STREQ(irq_name(NR_IRQS), "?");
}

static void see_regs(void *arg)
{
	*(struct pt_regs **)arg = get_irq_regs();
}

SELFTEST(irq, the_interrupted_registers_are_known_in_the_handler_only)
{
	struct pt_regs *in_hardirq = NULL, *in_nmi = NULL;

	pin_to(raw_smp_processor_id());
	EXPECT(!get_irq_regs());
	EXPECT_EQ(run_in_context(CTX_HARDIRQ, raw_smp_processor_id(), see_regs, &in_hardirq), 0);
	EXPECT(in_hardirq);
	if (!arch_no_nmi()) {
		EXPECT_EQ(run_in_context(CTX_NMI, raw_smp_processor_id(), see_regs, &in_nmi), 0);
		EXPECT(in_nmi);
	}
	EXPECT(!get_irq_regs());
	unpin();
}

static void nothing(void *arg)
{
}

SELFTEST(irq, interrupts_are_counted_by_line_and_cpu)
{
	unsigned int cpu, i;

	for_each_online_cpu(cpu) {
		u64 before = kstat_irqs_cpu(IRQ_TEST, cpu);

		for (i = 0; i < 5; i++)
			run_in_context(CTX_HARDIRQ, cpu, nothing, NULL);
		EXPECT_EQ(kstat_irqs_cpu(IRQ_TEST, cpu) - before, 5);
	}
}

/* ---- NMIs ---------------------------------------------------------------------------- */

static DEFINE_PER_CPU(unsigned int, nmi_asked);
static DEFINE_PER_CPU(unsigned int, nmi_served);
static DEFINE_PER_CPU(unsigned int, nmi_ticks);
static bool take_ticks;

static int test_nmi(struct pt_regs *regs)
{
	if (xchg(this_cpu_ptr(&nmi_asked), 0)) {
		this_cpu_inc(nmi_served);
		return 1;
	}
	if (READ_ONCE(take_ticks)) {
		this_cpu_inc(nmi_ticks);
		return 1;
	}
	return 0;
}

static struct nmi_handler test_nmi_handler = { .fn = test_nmi, .name = "test" };

static void register_once(void)
{
	static atomic_t registered;

	if (!atomic_xchg(&registered, 1))
		register_nmi_handler(&test_nmi_handler);
}

/* Send @n NMIs to @cpu, each when the one before has been served. */
static void nmis_to(struct selftest *t, unsigned int cpu, unsigned int n)
{
	unsigned int *served = per_cpu_ptr(&nmi_served, cpu);
	unsigned int before = READ_ONCE(*served), i;
	u64 taken = kstat_nmis_cpu(cpu);

	for (i = 1; i <= n; i++) {
		WRITE_ONCE(*per_cpu_ptr(&nmi_asked, cpu), 1);
		send_nmi(cpu);
		spin_until(READ_ONCE(*served) == before + i);
	}
	EXPECT_EQ(READ_ONCE(*served) - before, n);
	/* Others send NMIs as well: the watchdog does. */
	EXPECT(kstat_nmis_cpu(cpu) - taken >= n);
}

SELFTEST(irq, an_nmi_sent_to_a_cpu_is_served_there_once)
{
	unsigned int cpu;

	register_once();
	for_each_online_cpu(cpu)
		nmis_to(t, cpu, 10);
}

SELFTEST(irq, nmis_are_served_with_interrupts_off, .needs_nmi = true)
{
	struct busy_task busy;
	unsigned int cpu;

	register_once();
	local_irq_disable();
	nmis_to(t, raw_smp_processor_id(), 10);
	local_irq_enable();
	if (num_online_cpus() < 2)
		return;
	for_each_online_cpu(cpu) {
		pin_to(other_cpu(cpu));
		start_busy(&busy, cpu, true);
		nmis_to(t, cpu, 10);
		stop_busy(&busy);
	}
	unpin();
}

static void answer(void *info)
{
}

SELFTEST(irq, the_periodic_nmi_ticks_on_a_cpu_with_interrupts_off, .needs_nmi = true)
{
	struct busy_task busy;
	unsigned int cpu, *ticks, before;

	register_once();
	pin_to(cpumask_first(cpu_online_mask));
	cpu = cpumask_last(cpu_online_mask);
	ticks = per_cpu_ptr(&nmi_ticks, cpu);

	WRITE_ONCE(take_ticks, true);
	if (!arch_nmi_tick(20 * NSEC_PER_MSEC)) {
		WRITE_ONCE(take_ticks, false);
		unpin();
		SELFTEST_SKIP("this machine has no periodic NMI");
	}
	if (cpu == raw_smp_processor_id()) {
		local_irq_disable();
		before = READ_ONCE(*ticks);
		spin_until(READ_ONCE(*ticks) - before >= 3);
		local_irq_enable();
	} else {
		start_busy(&busy, cpu, true);
		before = READ_ONCE(*ticks);
		spin_until(READ_ONCE(*ticks) - before >= 3);
		stop_busy(&busy);
	}
	arch_nmi_tick(0);
	/* Who answers has taken the NMIs that were on their way. */
	on_each_cpu(answer, NULL, true);
	WRITE_ONCE(take_ticks, false);
	watchdog_restart_tick();
	unpin();
}
