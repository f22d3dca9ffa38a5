/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WFE comes back without a store: by the event stream of each CPU's timer.
 *
 * An emulator may take WFE for a NOP; so besides that the waits end, the tests look at
 * what the timer was told.
 */
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <locking/atomic.h>
#include <kernel/selftest.h>
#include <asm/barrier.h>
#include <asm/cpu.h>
#include <asm/timer.h>

#define WAITS	100

static void wait_for_nobody(void *unused)
{
	static const u64 never_written;
	static const u8 nor_this;

	for (unsigned int i = 0; i < WAITS; i++) {
		arch_cmpwait(&never_written, 0);
		arch_cmpwait(&nor_this, 0);
	}
}

SELFTEST(wfe, a_wait_without_any_store_comes_back_on_every_cpu)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		EXPECT_EQ(smp_call_function_single(cpu, wait_for_nobody, NULL, true), 0);
}

static void read_cntkctl(void *arg)
{
	*(u64 *)arg = read_sysreg(cntkctl_el1);
}

SELFTEST(wfe, the_event_stream_is_on_on_every_cpu)
{
	u64 hz = read_sysreg(cntfrq_el0), cntkctl;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		cntkctl = 0;
		EXPECT_EQ(smp_call_function_single(cpu, read_cntkctl, &cntkctl, true), 0);
		EXPECT(cntkctl & 1U << 2);
		EXPECT_EQ(cntkctl >> 4 & 0xf, timer_event_bit(hz));
	}
}

/* Within a factor of the square root of two, where four bits can say it. */
SELFTEST(wfe, the_event_stream_has_about_ten_kilohertz)
{
	static const u64 rates[] = { 1000000, 19200000, 24000000, 54000000, 62500000, 100000000,
				     500000000 };

	for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
		u64 rate = rates[i] >> (timer_event_bit(rates[i]) + 1);

		if (rate < 6500 || rate > 15000)
			selftest_fail(t, __FILE__, __LINE__, "%llu Hz gives %llu Hz", rates[i], rate);
	}
	EXPECT_EQ(timer_event_bit(1000), 0);
	EXPECT_EQ(timer_event_bit(1000000000000ULL), 15);
}
