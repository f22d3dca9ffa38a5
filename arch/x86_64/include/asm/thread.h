/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a thread is to the machine: a saved stack pointer, the registers that an
 * exception pushes, and who runs on this CPU.
 *
 *	task_struct.thread	struct arch_thread, its FIRST member (switch.S counts on it)
 *	task_struct.stack	lowest address of the thread's stack, THREAD_SIZE bytes
 *	current_task		per CPU		written by arch_switch_to(), and for
 *						a CPU's idle task when the CPU starts
 *
 * From the first C instruction on the boot CPU's current is init_task (its idle
 * task, defined by the scheduler), whose stack is boot_stack.
 *
 * Linux: arch/x86/include/asm/{ptrace,processor,current}.h
 */
#ifndef ASM_THREAD_H
#define ASM_THREAD_H

#define THREAD_SHIFT	14
#define THREAD_SIZE	(1 << THREAD_SHIFT)

/* Of struct pt_regs, for regs.S; trap.c compares. */
#define PT_REGS_VECTOR	120
#define PT_REGS_IP	136
/* pt_regs.vector when there was none: arch_capture_regs() */
#define PT_REGS_CALLED	-1

#ifndef __ASSEMBLER__

#include <asm/percpu.h>

struct task_struct;

/* sp points at struct switch_frame while the thread does not run. */
struct arch_thread {
	unsigned long sp;
};

/* What arch_switch_to() pushes, lowest address first. */
struct switch_frame {
	unsigned long r15, r14, r13, r12, bx, bp, ip;
};

/* The one layout of every exception, interrupt and NMI; trap.S pushes it. */
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long vector, error;
	unsigned long ip, cs, flags, sp, ss;
};

extern struct task_struct *current_task;
extern char boot_stack[THREAD_SIZE];

/* The same for a thread's whole life, so the compiler may keep it. */
static __always_inline struct task_struct *get_current(void)
{
	struct task_struct *task;

	__asm__("movq %%gs:%c1, %0" : "=r"(task) : "i"(&current_task));
	return task;
}

#define current get_current()

#endif
#endif
