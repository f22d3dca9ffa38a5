/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The serial console: a PL011, as the loader or QEMU left it.
 *
 * Output is polled, input may interrupt. Nothing here takes a lock: the console
 * layer has one writer at a time, and a panic may come in between anything.
 *
 * Linux: drivers/tty/serial/amba-pl011.c
 */
#include <kernel/arch.h>
#include <kernel/mm.h>
#include <asm/fdt.h>
#include <asm/io.h>
#include <asm/page.h>
#include <asm/uart.h>

#define UART_DR		0x00
#define UART_FR		0x18
#define  FR_RXFE	0x10		/* nothing received */
#define  FR_TXFF	0x20		/* transmitter full */
#define UART_LCRH	0x2c
#define UART_CR		0x30
#define UART_IMSC	0x38
#define  INT_RX		0x10
#define  INT_RX_TIMEOUT	0x40
#define UART_ICR	0x44

static void *uart;			/* written by uart_init(), uart_remap() */
static phys_addr_t uart_phys;

void uart_init(void)
{
	u64 addr;

	if (!fdt_reg(fdt_compatible(-1, "arm,pl011"), 0, &addr, NULL))
		return;
	uart_phys = addr;
	uart = (void *)(PAGE_OFFSET + addr);	/* the first page tables map it there */
	writel(0, uart + UART_IMSC);
	writel(0x70, uart + UART_LCRH);		/* 8 bits, FIFOs on */
	writel(0x301, uart + UART_CR);		/* on, both ways */
}

void uart_remap(void)
{
	if (uart)
		uart = ioremap(uart_phys, PAGE_SIZE);
}

void arch_console_putc(char c)
{
	if (!uart)
		return;
	for (unsigned int i = 0; i < 1000000 && readl(uart + UART_FR) & FR_TXFF; i++)
		;
	writel((u8)c, uart + UART_DR);
}

int arch_console_getc(void)
{
	if (!uart || readl(uart + UART_FR) & FR_RXFE)
		return -1;
	return readl(uart + UART_DR) & 0xff;
}

void arch_console_irq_on(void)
{
	if (uart)
		writel(INT_RX | INT_RX_TIMEOUT, uart + UART_IMSC);
}
