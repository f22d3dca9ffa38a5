/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ASM_UART_H
#define ASM_UART_H

/* Boot CPU, first of all. */
void uart_init(void);

#endif
