/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt lines: which of the controller's interrupts are ours.
 *
 *	line		interrupt	comes from			masked at
 *	IRQ_TIMER	PPI		the virtual timer		the redistributor
 *	IRQ_UART	SPI		the PL011			the distributor
 *	others		SGI, same no.	an IPI, arch_test_irq_raise()	never
 *	(NMI)		PPI		the physical timer		arch_nmi_tick()
 *
 * Numbers of PPIs and SPIs are the device tree's. The controller itself: gic.c.
 *
 * Linux: drivers/irqchip/irq-gic-common.c, drivers/clocksource/arm_arch_timer.c
 */
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <asm/fdt.h>
#include <asm/gic.h>

u32 spi_uart, ppi_timer, ppi_nmi_tick;

static bool is_private(u32 id)
{
	return id >= 16 && id < 32;
}

/* Entries of the timer's interrupts; 0 and 3 are the secure and the hypervisor's. */
#define TIMER_PHYSICAL	1
#define TIMER_VIRTUAL	2

void irq_find_lines(void)
{
	int timer = fdt_compatible(-1, "arm,armv8-timer");

	spi_uart = fdt_interrupt(fdt_compatible(-1, "arm,pl011"), 0);
	ppi_timer = fdt_interrupt(timer, TIMER_VIRTUAL);
	ppi_nmi_tick = fdt_interrupt(timer, TIMER_PHYSICAL);
	if (timer < 0)
		panic("no arm,armv8-timer in the device tree");
	if (!is_private(ppi_timer) || !is_private(ppi_nmi_tick))
		panic("the device tree does not say which private interrupts the timer has");
}

void arch_irq_init(void)
{
	/* arch_cpu_init() of the boot CPU came first and has done it all. */
}

void arch_irq_mask(enum irq_line line)
{
	if (line == IRQ_UART && spi_uart)
		gic_enable_spi(spi_uart, false);
	else if (line == IRQ_TIMER)
		gic_enable_ppi(ppi_timer, false);
}

void arch_irq_unmask(enum irq_line line)
{
	if (line == IRQ_UART && spi_uart)
		gic_enable_spi(spi_uart, true);
	else if (line == IRQ_TIMER)
		gic_enable_ppi(ppi_timer, true);
}

/* A PL011 pulls until it is served; SGIs are events. */
bool arch_irq_is_edge(enum irq_line line)
{
	return line != IRQ_UART;
}

void arch_test_irq_raise(unsigned int cpu, enum irq_line line)
{
	arch_send_ipi(cpu, line);
}
