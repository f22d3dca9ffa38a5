/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The serial console, for cpu.c.
 */
#ifndef ASM_UART_H
#define ASM_UART_H

/* Boot CPU, first of all. */
void uart_init(void);

#endif
