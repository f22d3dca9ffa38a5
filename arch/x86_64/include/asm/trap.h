/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between trap.S and C.
 */
#ifndef ASM_TRAP_H
#define ASM_TRAP_H

#include <base/types.h>
#include <asm/thread.h>

extern char trap_stubs[256][16];
extern char nmi_entry[], nmi_iret[], idle_halt[], halt_while_halt[];
#define NMI_LANDING	16		/* words; a power of two keeps its end aligned */
extern u64 nmi_landing[NMI_LANDING];	/* per CPU, where the CPU pushes an NMI's frame */
extern void *nmi_stack_top;		/* per CPU, written by desc_init() */
extern u8 nmi_state;			/* per CPU, written by trap.S alone: see there */

void trap_exception(struct pt_regs *regs);
void trap_irq(struct pt_regs *regs);
void trap_nmi(struct pt_regs *regs);

#endif
