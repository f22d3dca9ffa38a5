/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernel/unwind.c must know of this machine's stacks.
 *
 *	record at the frame pointer	what it says
 *	fp, return address		a function's
 *	fp, trap_frame_mark		in a struct pt_regs: trap.S pushed them
 *
 * Linux: arch/arm64/kernel/stacktrace.c
 */
#include <base/compiler.h>
#include <kernel/arch.h>
#include <kernel/sched.h>
#include <kernel/unwind.h>
#include <asm/thread.h>

extern const char trap_frame_mark[];

const struct pt_regs *arch_frame_regs(unsigned long fp)
{
	unsigned long ret;

	if (!unwind_plausible(fp) || arch_probe_read((void *)(fp + sizeof(long)), &ret) ||
	    ret != (unsigned long)trap_frame_mark)
		return NULL;
	return container_of((const char *)fp, struct pt_regs, frame);
}

bool arch_regs_frame(const struct pt_regs *regs, unsigned long *ip, unsigned long *fp)
{
	return !arch_probe_read(&regs->pc, ip) && !arch_probe_read(&regs->regs[29], fp);
}

bool arch_task_frame(const struct task_struct *task, unsigned long *ip, unsigned long *fp)
{
	const struct switch_frame *frame = (const struct switch_frame *)task->thread.sp;

	return unwind_plausible(task->thread.sp) && !arch_probe_read(&frame->lr, ip) &&
	       !arch_probe_read(&frame->fp, fp);
}
