/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time: the generic timer. One counter that all CPUs read alike, and for each
 * CPU two alarms that compare with it.
 *
 *	CNTVCT		the clock
 *	CNTV_CVAL	IRQ_TIMER	private interrupt 27, an ordinary interrupt
 *	CNTP_CVAL	NMI tick	private interrupt 30, of NMI priority
 *
 * An alarm is a level: it stays until it is stopped or set again, which trap.c
 * does before it calls the handler.
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
	gic_enable_ppi(PPI_NMI_TICK, nmi_period != 0);
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
	if (READ_ONCE(nmi_period))
		nmi_tick_here(NULL);
}
