/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The entry code: the way into idle, the registers that are saved. Stacks are each
 * machine's own: trap_test.c in its folder.
 */
#include <kernel/arch.h>
#include <kernel/arch_test.h>
#include <kernel/context.h>
#include <kernel/hrtimer.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>

static u64 irqs_here(void)
{
	u64 n = 0;

	for (unsigned int line = 0; line < NR_IRQS; line++)
		n += kstat_irqs_cpu(line, smp_processor_id());
	return n;
}

/* A tick may end the halt by chance, but not a hundred times. */
SELFTEST(trap, interrupt_just_before_the_halt_is_not_slept_through)
{
	unsigned int awake = 0;

	migrate_disable();
	for (unsigned int i = 0; i < 100 && !awake; i++) {
		unsigned long flags;
		u64 before;

		local_irq_save(flags);
		before = irqs_here();
		arch_send_ipi(smp_processor_id(), IRQ_IPI_RESCHEDULE);
		arch_test_late_halt();
		local_irq_disable();
		awake += irqs_here() == before + 1;
		local_irq_restore(flags);
	}
	migrate_enable();
	EXPECT(awake);
}

SELFTEST(trap, exception_keeps_every_register, .contexts = CTX_ALL)
{
	EXPECT_EQ(arch_test_fault_known(), 0);
}

struct wait {
	struct hrtimer timer;
	unsigned long over;
};

/* A handler may leave some registers alone by chance: the way out is to put all back. */
static enum hrtimer_restart end_wait(struct hrtimer *timer)
{
	struct wait *w = container_of(timer, struct wait, timer);

	arch_test_change_registers();
	WRITE_ONCE(w->over, 1);
	return HRTIMER_NORESTART;
}

/* On a busy host a timer may be done before the loop has begun, but not all. */
SELFTEST(trap, interrupt_keeps_every_register)
{
	struct wait w;

	migrate_disable();
	for (unsigned int i = 0; i < 20; i++) {
		w.over = 0;
		hrtimer_setup(&w.timer, end_wait, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
		hrtimer_start(&w.timer, 200 * NSEC_PER_USEC, HRTIMER_MODE_REL_HARD);
		EXPECT_EQ(arch_test_wait_known(&w.over), 0);
		hrtimer_cancel(&w.timer);
	}
	migrate_enable();
}
