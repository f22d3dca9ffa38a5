/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between ipi.c and ipi_stop.c.
 */
#ifndef KERNEL_IPI_INTERNAL_H
#define KERNEL_IPI_INTERNAL_H

#include <kernel/irq.h>

/* @handler gets @irq, which is one of IRQ_IPI_*. A BUG if somebody has it. */
void request_ipi(unsigned int irq, irq_handler_t handler, const char *name);
void ipi_stop_init(void);

#endif
