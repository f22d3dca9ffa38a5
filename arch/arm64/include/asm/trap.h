/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the entry code and the interrupt controller share with trap.c.
 */
#ifndef ASM_TRAP_H
#define ASM_TRAP_H

struct pt_regs;

/* Called by trap.S. */
void trap_exception(struct pt_regs *regs);
void trap_irq(struct pt_regs *regs);
void trap_unexpected(struct pt_regs *regs);
void trap_overflow(struct pt_regs *regs);

#endif
