/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry and exit: from a vector to a C function with struct pt_regs, and back.
 *
 * A vector's stub pushes what the CPU did not (an error code) and its number;
 * the common part pushes the registers. The frame is then:
 *
 *	high	ss sp flags cs ip	pushed by the CPU
 *		error			by the CPU or the stub
 *		vector			by the stub
 *	low	di si .. r15		by the common part; rsp = struct pt_regs
 *
 *	vectors			C function		stack
 *	0-31 but 2, 8, 18	trap_exception()	the interrupted one
 *	2  (NMI)		trap_nmi()		this CPU's NMI stack
 *	8  (double fault)	trap_exception()	own, by IST; does not return
 *	18 (machine check)	trap_exception()	own, by IST; does not return
 *	32-255			trap_irq()		the interrupted one
 *
 * Backtraces: rbp is set to the address of pt_regs with bit 0 set before C is
 * called, so a frame pointer that is odd says "registers are here".
 *
 * NMIs within NMIs. The CPU blocks NMIs from delivery until the next iret, any
 * iret: a page fault inside the handler (a probe, a breakpoint) ends the block, and
 * a second NMI would push its frame over the first one's, as the IST always
 * starts at the same place. So the IST stack is only a landing place of a few
 * words, and nmi_state says who uses the stack proper:
 *
 *	nmi_state	0	idle
 *			1	a handler runs
 *			2	a handler runs, and must run again
 *
 *	NMI finds	does
 *	0		state = 1; moves its frame to the top of the NMI stack,
 *			runs the handler there
 *	1, 2		state = 2; iret at once: the handler below runs again
 *	ip in the exit	takes over: see there
 *
 * From delivery to the move no iret is executed, so the landing place cannot be
 * overwritten before it is empty. On exit the state is decremented: 0 leaves, 1
 * runs the handler again for those that came meanwhile (they coalesce, as NMIs do).
 * Between that decrement and the iret a new NMI may come if the block is gone. It
 * finds its ip inside nmi_leave; then the frame at the top of the NMI stack is still
 * the interrupted context's and every register is already restored: as if the
 * NMI had come just after the iret. It forgets its own frame and uses that one.
 *
 * User mode, later: ENTER is the one place where interrupts and exceptions test
 * cs & 3 and swapgs; NMI, double fault and machine check may hit kernel code that
 * runs with the user's gs and must read MSR_GS_BASE instead.
 *
 * Linux:   arch/x86/entry/entry_64.S
 * Differs: NMIs run again by a counter, not by rewriting frames on the IST stack.
 */
#include <base/errno.h>
#include <asm/desc.h>

	.macro	PUSH_REGS
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	leaq	1(%rsp), %rbp
	movq	%rsp, %rdi
	cld
	.endm

	.macro	POP_REGS
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	addq	$16, %rsp		/* vector, error */
	.endm

	/* For gdb: at the call to C, where everything is, relative to rsp. */
	.macro	DESCRIBE_FRAME
	.cfi_def_cfa rsp, 0
	.cfi_offset r15, 0
	.cfi_offset r14, 8
	.cfi_offset r13, 16
	.cfi_offset r12, 24
	.cfi_offset rbp, 32
	.cfi_offset rbx, 40
	.cfi_offset r11, 48
	.cfi_offset r10, 56
	.cfi_offset r9, 64
	.cfi_offset r8, 72
	.cfi_offset rax, 80
	.cfi_offset rcx, 88
	.cfi_offset rdx, 96
	.cfi_offset rsi, 104
	.cfi_offset rdi, 112
	.cfi_offset rip, 136
	.cfi_offset rsp, 160
	.endm

	.macro	ENTER name, handler
	.type	\name, @function
\name:
	.cfi_startproc simple
	.cfi_signal_frame
	PUSH_REGS
	DESCRIBE_FRAME
	call	\handler
	POP_REGS
	iretq
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.macro	EX_TABLE from, to
	.pushsection .ex_table, "a"
	.balign	8
	.quad	\from, \to
	.popsection
	.endm

	.text
	.cfi_sections .debug_frame
	ENTER	exception_entry, trap_exception
	ENTER	irq_entry, trap_irq

/* 256 stubs of 16 bytes: vector n enters at trap_stubs + 16 * n. */
	.globl	trap_stubs
	.balign	16
	.type	trap_stubs, @function
trap_stubs:
	vector = 0
	.rept	256
	.balign	16
	.if	vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || \
		vector == 29 || vector == 30
	.else
	pushq	$0
	.endif
	pushq	$vector
	.if	vector < NR_EXCEPTIONS
	jmp	exception_entry
	.else
	jmp	irq_entry
	.endif
	vector = vector + 1
	.endr
	.size	trap_stubs, . - trap_stubs

/* Vector 2 enters here, on the landing place. NMIs are blocked. */
	.globl	nmi_entry, nmi_iret
	.balign	16
	.type	nmi_entry, @function
nmi_entry:
	.cfi_startproc simple
	.cfi_signal_frame
	pushq	%rdx
	movq	8(%rsp), %rdx			/* ip */
	subq	$nmi_leave, %rdx
	cmpq	$(nmi_leave_end - nmi_leave), %rdx
	jb	nmi_take_over

	cmpb	$0, %gs:nmi_state
	jne	nmi_nested

	movq	%rsp, %rdx
	movq	%gs:nmi_stack_top, %rsp
	pushq	5 * 8(%rdx)			/* ss */
	pushq	4 * 8(%rdx)			/* sp */
	pushq	3 * 8(%rdx)			/* flags */
	pushq	2 * 8(%rdx)			/* cs */
	pushq	1 * 8(%rdx)			/* ip */
	movq	(%rdx), %rdx

nmi_run:
	movb	$1, %gs:nmi_state
nmi_again:
	pushq	$0
	pushq	$X86_TRAP_NMI
	PUSH_REGS
	DESCRIBE_FRAME
	call	trap_nmi
	POP_REGS
nmi_leave:
	decb	%gs:nmi_state
	jnz	nmi_again
nmi_iret:
	iretq
nmi_leave_end:

nmi_take_over:
	popq	%rdx
	movq	%gs:nmi_stack_top, %rsp
	subq	$(5 * 8), %rsp
	jmp	nmi_run

nmi_nested:
	movb	$2, %gs:nmi_state
	popq	%rdx
	iretq
	.cfi_endproc
	.size	nmi_entry, . - nmi_entry

/*
 * void arch_cpu_idle(void). sti takes effect after the next instruction, so an
 * interrupt that is pending comes after hlt has begun, and ends it. But an NMI may
 * come in between, and its iret lets the interrupt in before the hlt: who returns to
 * idle_halt goes on behind it (leave_idle()), or the wake-up would be slept through.
 */
	.globl	arch_cpu_idle, idle_halt
	.type	arch_cpu_idle, @function
arch_cpu_idle:
	sti
idle_halt:
	hlt
	ret
	.size	arch_cpu_idle, . - arch_cpu_idle

/*
 * void arch_halt_while(const u32 *p, u32 mask, u32 val). An NMI or interrupt between
 * the load and the hlt may come from who changed *p: it starts again (leave_idle()).
 */
	.globl	arch_halt_while, halt_while_halt
	.type	arch_halt_while, @function
arch_halt_while:
	mov	(%rdi), %eax
	and	%esi, %eax
	cmp	%edx, %eax
	jne	1f
halt_while_halt:
	hlt
1:	ret
	.size	arch_halt_while, . - arch_halt_while

/* int arch_probe_read(const void *addr, unsigned long *val) */
	.globl	arch_probe_read
	.type	arch_probe_read, @function
arch_probe_read:
1:	movq	(%rdi), %rax
	movq	%rax, (%rsi)
	xorl	%eax, %eax
	ret
	EX_TABLE 1b, probe_failed
	.size	arch_probe_read, . - arch_probe_read

/* int arch_probe_write(void *addr, unsigned char val) */
	.globl	arch_probe_write
	.type	arch_probe_write, @function
arch_probe_write:
1:	movb	%sil, (%rdi)
	xorl	%eax, %eax
	ret
	EX_TABLE 1b, probe_failed
	.size	arch_probe_write, . - arch_probe_write

/*
 * int arch_probe_exec(const void *addr). The fault is at @addr itself; the return
 * address on the stack says who called it: see fixup_exec().
 */
	.globl	arch_probe_exec, probe_exec_return, probe_failed
	.type	arch_probe_exec, @function
arch_probe_exec:
1:	call	*%rdi
probe_exec_return:
	xorl	%eax, %eax
	ret
	EX_TABLE 1b, probe_failed
probe_failed:
	movl	$-EFAULT, %eax
	ret
	.size	arch_probe_exec, . - arch_probe_exec

/* const u8 arch_ret_insn[], arch_ret_insn_end[] */
	.globl	arch_ret_insn, arch_ret_insn_end
	.type	arch_ret_insn, @function
arch_ret_insn:
	ret
arch_ret_insn_end:
	.size	arch_ret_insn, . - arch_ret_insn

	.section .note.GNU-stack, "", @progbits
