/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Backtraces by frame pointers, across interrupt, exception and NMI frames.
 *
 *	frame pointer		what is there
 *	even			caller's frame pointer, return address
 *	odd			struct pt_regs at it - 1: trap.S pushed them; go on at
 *				their ip and bp
 *	0, or return address 0	the end: a thread's first frame
 *
 * Memory is read by arch_probe_read() only, so nonsense ends a backtrace, it does
 * not fault. Within a stack, frame pointers must grow; across registers they may
 * go anywhere, once for each of the few stacks that a CPU can be on.
 *
 * Linux:   arch/x86/kernel/unwind_frame.c
 */
#include <kernel/arch.h>
#include <kernel/sched.h>
#include <asm/page.h>
#include <asm/thread.h>

static bool plausible(unsigned long addr)
{
	return addr >= PAGE_OFFSET && !(addr & 7);
}

void arch_unwind_start(struct arch_unwind *u, const struct task_struct *task,
		       const struct pt_regs *regs)
{
	const struct switch_frame *frame;

	*u = (struct arch_unwind){ 0 };
	if (regs) {
		u->ip = regs->ip;
		u->fp = regs->bp;
		u->regs = regs;
	} else if (task && task != current) {
		frame = (const struct switch_frame *)task->thread.sp;
		if (plausible(task->thread.sp)) {
			u->ip = frame->ip;
			u->fp = frame->bp;
			u->after_call = true;
		}
	} else {
		u->ip = (unsigned long)__builtin_return_address(0);
		u->fp = *(unsigned long *)__builtin_frame_address(0);
		u->after_call = true;
	}
}

static bool next_is_regs(struct arch_unwind *u)
{
	const struct pt_regs *regs = (const struct pt_regs *)(u->fp - 1);
	unsigned long ip, bp;

	if (!plausible(u->fp - 1) || arch_probe_read(&regs->ip, &ip) ||
	    arch_probe_read(&regs->bp, &bp) || regs == u->regs)
		return false;
	u->regs = regs;
	u->ip = ip;
	u->fp = bp;
	u->after_call = false;
	return ip != 0;
}

bool arch_unwind_next(struct arch_unwind *u)
{
	unsigned long fp = u->fp, caller, ip;

	if (u->ip == 0)
		return false;
	u->ip = 0;
	if (fp & 1)
		return next_is_regs(u);
	if (!plausible(fp) || arch_probe_read((void *)fp, &caller) ||
	    arch_probe_read((void *)(fp + 8), &ip))
		return false;
	if (caller && !(caller & 1) && caller <= fp)
		return false;
	u->ip = ip;
	u->fp = caller;
	u->regs = NULL;
	u->after_call = true;
	return ip != 0;
}
