/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernel/unwind.c must know of this machine's stacks.
 *
 *	frame pointer		what is there
 *	even			caller's frame pointer, return address
 *	odd			struct pt_regs at it - 1: trap.S pushed them
 *
 * Linux: arch/x86/kernel/unwind_frame.c
 */
#include <kernel/arch.h>
#include <kernel/sched.h>
#include <kernel/unwind.h>
#include <asm/thread.h>

const struct pt_regs *arch_frame_regs(unsigned long fp)
{
	return fp & 1 && unwind_plausible(fp - 1) ? (const struct pt_regs *)(fp - 1) : NULL;
}

bool arch_regs_frame(const struct pt_regs *regs, unsigned long *ip, unsigned long *fp)
{
	return !arch_probe_read(&regs->ip, ip) && !arch_probe_read(&regs->bp, fp);
}

bool arch_task_frame(const struct task_struct *task, unsigned long *ip, unsigned long *fp)
{
	const struct switch_frame *frame = (const struct switch_frame *)task->thread.sp;

	return unwind_plausible(task->thread.sp) && !arch_probe_read(&frame->ip, ip) &&
	       !arch_probe_read(&frame->bp, fp);
}
