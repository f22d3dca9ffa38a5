/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The serial console: a 16550 at COM1, 115200 8N1.
 *
 * Output is polled, input may interrupt. Nothing here takes a lock: the console
 * layer has one writer at a time, and a panic may come in between anything.
 *
 *	tx_room		bytes that fit into the transmitter's FIFO without asking
 *			written by whoever owns the console
 *
 * An access costs an exit from the guest, so the transmitter is asked only once
 * per FIFO. Two writers, in a panic, may count wrongly; then it is asked again. A
 * port that is not there reads as 0xff, which says "empty".
 *
 * Linux: drivers/tty/serial/8250/
 */
#include <kernel/arch.h>
#include <asm/io.h>
#include <asm/uart.h>

#define COM1		0x3f8
#define UART_DATA	(COM1 + 0)
#define UART_IER	(COM1 + 1)
#define UART_FCR	(COM1 + 2)
#define UART_LCR	(COM1 + 3)
#define UART_MCR	(COM1 + 4)
#define UART_LSR	(COM1 + 5)
#define  LSR_DATA	0x01
#define  LSR_THR_EMPTY	0x20
#define FIFO_SIZE	16

static unsigned int tx_room;

void uart_init(void)
{
	outb(UART_IER, 0);
	outb(UART_LCR, 0x80);		/* divisor latch */
	outb(UART_DATA, 1);		/* 115200 */
	outb(UART_IER, 0);
	outb(UART_LCR, 0x03);		/* 8N1 */
	outb(UART_FCR, 0x07);		/* FIFOs on and empty, interrupt per byte */
	outb(UART_MCR, 0x0b);		/* DTR, RTS, interrupts reach the bus */
}

void arch_console_putc(char c)
{
	if (tx_room == 0 || tx_room > FIFO_SIZE) {
		for (unsigned int i = 0; i < 1000000 && !(inb(UART_LSR) & LSR_THR_EMPTY); i++)
			;
		tx_room = FIFO_SIZE;
	}
	tx_room--;
	outb(UART_DATA, c);
}

int arch_console_getc(void)
{
	u8 status = inb(UART_LSR);

	return status != 0xff && status & LSR_DATA ? inb(UART_DATA) : -1;
}

void arch_console_irq_on(void)
{
	outb(UART_IER, 0x01);		/* data ready */
}
