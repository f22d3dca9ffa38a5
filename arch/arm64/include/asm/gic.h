/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt controller's inner interface: gic.c has it, irq.c, trap.c, ipi.c,
 * timer.c and cpu.c use it.
 *
 *	SGI	0 .. NR_IRQS - 1	enum irq_line's IPIs and the test device
 *		SGI_NMI			an NMI from CPU to CPU
 *	PPI	ppi_timer		virtual timer: IRQ_TIMER
 *		ppi_nmi_tick		physical timer: the periodic NMI
 *	SPI	spi_uart		IRQ_UART; 0: none
 *
 * The device tree has the numbers of PPIs and SPI.
 */
#ifndef ASM_GIC_H
#define ASM_GIC_H

#include <base/types.h>

#define SGI_NMI		15
#define GIC_SPURIOUS	1020		/* this and above: nothing is pending */

/* Written by the boot CPU's gic_cpu_init(), with irq.c's irq_find_lines(). */
extern u32 spi_uart, ppi_timer, ppi_nmi_tick;
void irq_find_lines(void);

/* Which controller the device tree names: 3, 2; 0: none. */
unsigned int gic_version(void);

/* Before anything masks by priority: this CPU's interface, mask closed. */
void gic_early_cpu_init(void);
/* Each CPU: its private interrupts, their priorities. */
void gic_cpu_init(void);

/* Take the most urgent pending interrupt: its id, with GICv2's source CPU in bits 10-12. */
u32 gic_acknowledge(void);
void gic_end(u32 acknowledged);

void gic_send_sgi(unsigned int cpu, unsigned int sgi);
/* On this CPU. */
void gic_enable_ppi(unsigned int ppi, bool on);
void gic_enable_spi(unsigned int spi, bool on);

#endif
