/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walking a stack by frame records, across interrupt, exception and NMI frames.
 *
 *	at the frame pointer		what it is
 *	fp, return address		a function's: go on at its caller
 *	what arch_frame_regs() knows	a struct pt_regs: go on at the interrupted function
 *	0, or return address 0		the end: a thread's first frame
 *
 * Memory is read by arch_probe_read() only, so nonsense ends a walk, it does not fault.
 * Within a stack, frame pointers must grow; across registers they may go anywhere, once
 * for each of the few stacks that a CPU can be on.
 *
 * Linux:  arch/x86/kernel/unwind_frame.c, arch/arm64/kernel/stacktrace.c
 * Source: the frame pointer chains of the x86-64 psABI and of AAPCS64 are the same.
 */
#include <kernel/arch.h>
#include <kernel/sched.h>
#include <kernel/unwind.h>

void unwind_start(struct unwind_state *u, const struct task_struct *task,
		  const struct pt_regs *regs)
{
	*u = (struct unwind_state){ .regs = regs, .after_call = !regs };
	if (regs) {
		arch_regs_frame(regs, &u->ip, &u->fp);
	} else if (task && task != current) {
		arch_task_frame(task, &u->ip, &u->fp);
	} else {
		u->ip = (unsigned long)__builtin_return_address(0);
		u->fp = *(unsigned long *)__builtin_frame_address(0);
	}
}

static bool next_is_regs(struct unwind_state *u, const struct pt_regs *regs)
{
	unsigned long ip, fp;

	if (regs == u->regs || !arch_regs_frame(regs, &ip, &fp))
		return false;
	*u = (struct unwind_state){ .ip = ip, .fp = fp, .regs = regs };
	return ip != 0;
}

bool unwind_next(struct unwind_state *u)
{
	unsigned long fp = u->fp, caller, ip;
	const struct pt_regs *regs;

	if (u->ip == 0)
		return false;
	u->ip = 0;
	regs = arch_frame_regs(fp);
	if (regs)
		return next_is_regs(u, regs);
	if (!unwind_plausible(fp) || arch_probe_read((void *)fp, &caller) ||
	    arch_probe_read((void *)(fp + sizeof(long)), &ip))
		return false;
	if (caller && caller <= fp)
		return false;
	*u = (struct unwind_state){ .ip = ip, .fp = caller, .after_call = true };
	return ip != 0;
}
