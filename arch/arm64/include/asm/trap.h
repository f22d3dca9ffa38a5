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
void trap_bad_stack(struct pt_regs *regs);

/* Per CPU: lowest address of the stack on which a bad stack pointer is reported. */
extern void *overflow_stack;

#endif
