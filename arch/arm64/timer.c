/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time: the generic timer. One counter that all CPUs read alike, and for each
 * CPU two alarms that compare with it.
 *
 *	CNTVCT		the clock
 *	CNTV_CVAL	IRQ_TIMER	private interrupt ppi_timer, an ordinary interrupt
 *	CNTP_CVAL	NMI tick	private interrupt ppi_nmi_tick, of NMI priority
 *
 * An alarm is a level: it stays until it is stopped or set again, which trap.c
 * does before it calls the handler.
 *
 * The event stream ends a WFE about EVENT_HZ times a second, whether or not what it waits
 * for has happened: a waiter whose event was lost (or came from a store that the monitor
 * did not see) looks again, and one that also waits for the clock may use WFE. It is a bit
 * of the counter: each time that goes from 0 to 1, a CPU in WFE goes on.
 *
 *	hz, to_ns, to_ticks	written by arch_timer_init()
 *	nmi_period		ticks, 0 off	written by arch_nmi_tick()
 *
 * Linux:  drivers/clocksource/arm_arch_timer.c
 * Source: Arm ARM D11, the Generic Timer.
 */
#include <kernel/arch.h>
#include <kernel/clock.h>
#include <kernel/ipi.h>
#include <kernel/printk.h>
#include <locking/barrier.h>
#include <asm/alternative.h>
#include <asm/cpu.h>
#include <asm/gic.h>
#include <asm/timer.h>

#define NS_PER_SEC	1000000000ULL
#define CTL_ENABLE	1

#define EVENT_HZ	10000
#define EVENT_ENABLE	(1U << 2)	/* CNTKCTL_EL1.EVNTEN */
#define EVENT_FALLING	(1U << 3)	/* EVNTDIR */
#define EVENT_BIT(n)	((n) << 4)	/* EVNTI, 4 bits */
#define EVENT_BIT_MAX	15U

static u64 hz, to_ns, to_ticks;		/* the last two times 2^32 */
static u64 boot_count, nmi_period;

static u64 count(void)
{
	isb();
	return read_sysreg(cntvct_el0);
}

static u64 scale(u64 v, u64 mult)
{
	return (unsigned __int128)v * mult >> 32;
}

void arch_timer_init(void)
{
	hz = read_sysreg(cntfrq_el0);
	to_ns = (NS_PER_SEC << 32) / hz;
	/* hz may not fit shifted: 2^32 * hz / 10^9, in two steps. */
	to_ticks = (hz << 2) / NS_PER_SEC << 30 |
		   (((hz << 2) % NS_PER_SEC) << 30) / NS_PER_SEC;
	boot_count = count();
	pr_info("clock: generic timer, %llu.%03llu MHz\n", hz / 1000000, hz / 1000 % 1000);
}

u64 arch_clock_ns(void)
{
	return hz ? scale(count() - boot_count, to_ns) : 0;
}

void arch_timer_stop(void)
{
	write_sysreg(0, cntv_ctl_el0);
	isb();
}

void arch_timer_set(u64 delta_ns)
{
	write_sysreg(count() + scale(delta_ns, to_ticks), cntv_cval_el0);
	write_sysreg(CTL_ENABLE, cntv_ctl_el0);
	isb();
}

void arch_udelay(unsigned int us)
{
	u64 start = count(), ticks = read_sysreg(cntfrq_el0) / 1000000 * us;

	while (count() - start < ticks)
		cpu_relax();
}

/* ---- the event stream ----------------------------------------------------------------- */

/* Bit n goes from 0 to 1 every 2^(n+1) ticks: the n that comes closest to EVENT_HZ. */
unsigned int timer_event_bit(u64 hz)
{
	u64 half_period = hz / EVENT_HZ / 2;
	unsigned int bit = 0;

	while (half_period >> bit > 1)
		bit++;
	if (bit && half_period & 1ULL << (bit - 1))
		bit++;
	return min(bit, EVENT_BIT_MAX);
}

static void event_stream_init(void)
{
	u64 cntkctl = read_sysreg(cntkctl_el1) & ~(u64)(EVENT_FALLING | EVENT_BIT(EVENT_BIT_MAX));

	cntkctl |= EVENT_BIT(timer_event_bit(read_sysreg(cntfrq_el0))) | EVENT_ENABLE;
	write_sysreg(cntkctl, cntkctl_el1);
	isb();
}

/* ---- the periodic NMI --------------------------------------------------------------- */

void timer_nmi_tick(void)
{
	u64 period = READ_ONCE(nmi_period);

	if (!period) {
		write_sysreg(0, cntp_ctl_el0);
		return;
	}
	isb();
	write_sysreg(read_sysreg(cntpct_el0) + period, cntp_cval_el0);
	write_sysreg(CTL_ENABLE, cntp_ctl_el0);
	isb();
}

static void nmi_tick_here(void *unused)
{
	gic_enable_ppi(ppi_nmi_tick, nmi_period != 0);
	timer_nmi_tick();
}

bool arch_nmi_tick(u64 period_ns)
{
	if (!(alternatives_on & 1U << ALT_PMR))
		return false;
	WRITE_ONCE(nmi_period, scale(period_ns, to_ticks));
	on_each_cpu(nmi_tick_here, NULL, true);
	return true;
}

void timer_cpu_init(void)
{
	write_sysreg(0, cntv_ctl_el0);
	write_sysreg(0, cntp_ctl_el0);
	event_stream_init();
	if (READ_ONCE(nmi_period))
		nmi_tick_here(NULL);
}
