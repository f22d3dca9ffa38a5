/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Backtraces by frame records, across interrupt, exception and NMI frames.
 *
 *	record at the frame pointer	what it says
 *	fp, return address		a function's: go on at its caller
 *	fp, trap_frame_mark		in a struct pt_regs: go on at the interrupted
 *					function
 *	0, 0				the end: a thread's first frame
 *
 * Memory is read by arch_probe_read() only, so nonsense ends a backtrace, it does
 * not fault. Within a stack, frame pointers must grow; across registers they may
 * go to another stack (an overflow is reported on a stack of its own).
 *
 * Linux:  arch/arm64/kernel/stacktrace.c
 * Source: AAPCS64, frame pointer chain.
 */
#include <base/compiler.h>
#include <kernel/arch.h>
#include <kernel/sched.h>
#include <asm/page.h>
#include <asm/thread.h>

extern const char trap_frame_mark[];

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
		u->ip = regs->pc;
		u->fp = regs->regs[29];
		u->regs = regs;
	} else if (task && task != current) {
		frame = (const struct switch_frame *)task->thread.sp;
		if (plausible(task->thread.sp)) {
			u->ip = frame->lr;
			u->fp = frame->fp;
			u->after_call = true;
		}
	} else {
		u->ip = (unsigned long)__builtin_return_address(0);
		u->fp = *(unsigned long *)__builtin_frame_address(0);
		u->after_call = true;
	}
}

static bool next_is_regs(struct arch_unwind *u, unsigned long fp)
{
	const struct pt_regs *regs = container_of((const char *)fp, struct pt_regs, frame);
	unsigned long ip, next;

	if (arch_probe_read(&regs->pc, &ip) || arch_probe_read(&regs->regs[29], &next) ||
	    regs == u->regs)
		return false;
	u->regs = regs;
	u->ip = ip;
	u->fp = next;
	u->after_call = false;
	return ip != 0;
}

bool arch_unwind_next(struct arch_unwind *u)
{
	unsigned long fp = u->fp, caller, ip;

	if (u->ip == 0)
		return false;
	u->ip = 0;
	if (!plausible(fp) || arch_probe_read((void *)fp, &caller) ||
	    arch_probe_read((void *)(fp + 8), &ip))
		return false;
	if (ip == (unsigned long)trap_frame_mark)
		return next_is_regs(u, fp);
	if (caller && caller <= fp)
		return false;
	u->ip = ip;
	u->fp = caller;
	u->regs = NULL;
	u->after_call = true;
	return ip != 0;
}
