/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PL011, before and after the page tables are final.
 */
#ifndef ASM_UART_H
#define ASM_UART_H

void uart_init(void);
/* Move to a mapping of its own, before the first page tables go. */
void uart_remap(void);

#endif
