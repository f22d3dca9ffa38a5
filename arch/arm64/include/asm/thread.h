/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a thread is to the machine: a saved stack pointer, its preempt_count; the
 * registers that an exception saves; and who runs
 * on this CPU (SP_EL0, which EL1 code has no other use for).
 *
 *	task_struct.thread	struct arch_thread, its FIRST member (trap.S, switch.S
 *				and <asm/context.h> count on it)
 *	task_struct.stack	lowest address of the thread's stack, THREAD_SIZE bytes
 *	SP_EL0			the current task	written by arch_switch_to(), and
 *							when a CPU starts
 *
 * Every stack is the upper half of a slot of 2 * THREAD_SIZE, aligned to that; the
 * lower half is a hole. trap.S tells a bad stack pointer by it.
 *
 * From the first C instruction on the boot CPU's current is init_task (its idle
 * task, defined by the scheduler), whose stack is boot_stack.
 *
 * Linux: arch/arm64/include/asm/{ptrace,processor,current,thread_info}.h
 */
#ifndef ASM_THREAD_H
#define ASM_THREAD_H

#define THREAD_SHIFT	14
#define THREAD_SIZE	(1 << THREAD_SHIFT)

/* Offsets for assembler, checked in trap.c. */
#define ARCH_THREAD_SP		0
#define ARCH_THREAD_PREEMPT	8
#define PT_REGS_SP		248
#define PT_REGS_PC		256
#define PT_REGS_PMR		272
#define PT_REGS_VECTOR		280
#define PT_REGS_FRAME		288
#define PT_REGS_SIZE		304
/* pt_regs.vector when there was none: arch_capture_regs() */
#define PT_REGS_CALLED		-1

#ifndef __ASSEMBLER__

#include <base/compiler.h>
#include <base/types.h>

struct task_struct;

struct arch_thread {
	unsigned long sp;		/* points at struct switch_frame while it does not run */
	union {
		struct {
			u32 count, no_resched;
		};
		u64 both;
	} preempt;
};

/* What arch_switch_to() saves, lowest address first. */
struct switch_frame {
	unsigned long fp, lr;
	unsigned long x19, x20, x21, x22, x23, x24, x25, x26, x27, x28;
};

/*
 * The one layout of every exception and interrupt; trap.S saves it. frame is a
 * frame record like any function's, whose return address is trap_frame_mark: so
 * the unwinder finds the registers.
 */
struct pt_regs {
	unsigned long regs[31];
	unsigned long sp, pc, pstate;
	unsigned long pmr;		/* the interrupted priority mask, with pseudo-NMI */
	unsigned long vector;
	struct {
		unsigned long fp, lr;
	} frame;
};

extern char boot_stack[THREAD_SIZE], boot_overflow_stack[THREAD_SIZE];

/* The same for a thread's whole life, so the compiler may keep it. */
static __always_inline struct task_struct *get_current(void)
{
	struct task_struct *task;

	__asm__("mrs %0, sp_el0" : "=r"(task));
	return task;
}

#define current get_current()

#endif
#endif
