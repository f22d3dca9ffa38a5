/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walking a stack, from the innermost frame outwards: backtraces are made of it.
 *
 *	struct unwind_state u;
 *
 *	unwind_start(&u, NULL, NULL);
 *	do
 *		... u.ip, u.regs ...
 *	while (unwind_next(&u));
 *
 * Linux: arch/x86/include/asm/unwind.h, arch/arm64/include/asm/stacktrace/common.h
 */
#ifndef KERNEL_UNWIND_H
#define KERNEL_UNWIND_H

#include <asm/page.h>
#include <base/types.h>

struct pt_regs;
struct task_struct;

struct unwind_state {
	unsigned long ip;		/* this frame's code address; 0 at the end */
	unsigned long fp;
	const struct pt_regs *regs;	/* set when this frame was interrupted: its registers */
	bool after_call;		/* ip is a return address: look up ip - 1 */
};

/* Start at @regs, or at a task that is not running, or (both NULL) at the caller. Any context. */
void unwind_start(struct unwind_state *u, const struct task_struct *task,
		  const struct pt_regs *regs);
/* Step to the caller, across interrupt and NMI frames. False at the end or on nonsense. */
bool unwind_next(struct unwind_state *u);

/* Could a frame record be at @addr? Reading it may fault all the same. */
static inline bool unwind_plausible(unsigned long addr)
{
	return addr >= PAGE_OFFSET && !(addr & 7);
}

#endif
