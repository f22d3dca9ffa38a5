/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract between kernel/ and arch/: everything the generic kernel asks of
 * a machine, with the duties that go with it. arch/x86_64 and arch/arm64
 * implement it file for file; docs/ports.md compares them, and lists what only one has.
 *
 *	file		what it provides
 *	cpu.c		features, names, per-CPU set-up, halt, power
 *	trap.S trap.c	entry and exit of exceptions, interrupts, NMIs
 *	switch.S	arch_switch_to(), the first steps of a new thread
 *	irq.c		interrupt controller: lines, masks, end of interrupt
 *	timer.c		clock, one-shot timer, periodic NMI
 *	ipi.c		IPIs and NMIs from CPU to CPU
 *	smp.c		which CPUs there are, starting them
 *	mmu.c		loading page tables, TLBs; kernel/pgtable.c has the tables
 *	pv.c		waiting for a lock on a machine that is itself scheduled
 *	uart.c		the serial console
 *	unwind.c	arch_*_frame(): where a frame goes on
 *
 * Inline parts are in <asm/...>: irqflags.h (arch_local_irq_*), percpu.h,
 * context.h (preempt_count), thread.h (struct arch_thread, struct pt_regs,
 * current), cpu.h (cpu_relax), barrier.h, atomic.h, io.h, page.h (layout), pgtable.h (format of
 * page table entries, see <kernel/pgtable.h>).
 */
#ifndef KERNEL_ARCH_H
#define KERNEL_ARCH_H

#include <base/compiler.h>
#include <base/types.h>

struct boot_info;
struct cpumask;
struct pt_regs;
struct task_struct;

/* ---- cpu.c ---------------------------------------------------------------- */

/* "x86_64", and the CPU's own name. */
extern const char arch_name[];
const char *arch_cpu_model(void);
/* Does a host schedule our CPUs? Any context. */
bool arch_virtual_machine(void);

/* Boot CPU, first C code: polled console, own tables; no per-CPU data yet. */
void arch_early_init(void);
/* Each CPU: exception tables, stacks for NMI and faults, interrupt controller. */
void arch_cpu_init(void);
/* Point this CPU's per-CPU base at cpu's area. Interrupts off. */
void arch_percpu_init(unsigned int cpu);

/* Idle: interrupts are off and no reschedule is wanted; halt until an interrupt,
 * with no window between enabling interrupts and halting; return interrupts on. */
void arch_cpu_idle(void);
/* Halt as long as (*p & mask) == val; may return early. Interrupts on or off: an NMI that
 * is sent after *p changed ends it. Any context but NMI. */
void arch_halt_while(const u32 *p, u32 mask, u32 val);
/* This CPU is done: interrupts off, halted, NMIs ignored. */
__noreturn void arch_cpu_park(void);

/* End the machine. status 0 is success; others make QEMU exit non-zero. */
__noreturn void arch_exit(int status);
__noreturn void arch_poweroff(void);
__noreturn void arch_reboot(void);

/* ---- trap.c --------------------------------------------------------------- */

/*
 * Duties of the entry code, with the generic function it calls:
 *	interrupt	irq_enter(); handle_irq(line, regs); irq_exit(); then, if the
 *			count is 0 and a reschedule is wanted, preempt_schedule_irq()
 *	NMI		nmi_enter(); handle_nmi(regs); nmi_exit(); never schedules
 *	exception	fix up by the exception table, else die(what, regs)
 */
unsigned long arch_regs_ip(const struct pt_regs *regs);
unsigned long arch_regs_sp(const struct pt_regs *regs);
bool arch_regs_irqs_on(const struct pt_regs *regs);
/* The caller's registers; what a call may change, as the caller left it. Any context. */
void arch_capture_regs(struct pt_regs *regs);
/* Print every register, a few to a line. Any context. */
void arch_regs_print(const struct pt_regs *regs);

/* Frames, for kernel/unwind.c; memory is read by arch_probe_read(), any context.
 * The registers that a frame pointer of @fp stands for; NULL: it is a function's. */
const struct pt_regs *arch_frame_regs(unsigned long fp);
/* Where what was interrupted, or a task that is not running, goes on. False: nonsense. */
bool arch_regs_frame(const struct pt_regs *regs, unsigned long *ip, unsigned long *fp);
bool arch_task_frame(const struct task_struct *task, unsigned long *ip, unsigned long *fp);

/* Touch memory that may fault. Return: 0 or -EFAULT. Any context. */
int arch_probe_read(const void *addr, unsigned long *val);
int arch_probe_write(void *addr, unsigned char val);
int arch_probe_exec(const void *addr);	/* calls @addr, which must be a return instruction */
/* A return instruction, in text: to copy elsewhere and try to run. */
extern const u8 arch_ret_insn[], arch_ret_insn_end[];

/* Instruction that raises an exception die() reports; for tests and `panic fault`. */
void arch_provoke_fault(void);
/* Touch the stack with the stack pointer at @sp, which is not mapped: does not return. */
void arch_provoke_wild_sp(unsigned long sp);

/* ---- switch.S ------------------------------------------------------------- */

/**
 * arch_switch_to() - save @prev's registers, go on as @next
 * Context: the scheduler, run queue locked, interrupts off.
 * Ordering: none; the scheduler's locks and barriers do that.
 * Return: in the new thread, the task that ran before it.
 */
struct task_struct *arch_switch_to(struct task_struct *prev, struct task_struct *next);
/* Make @task start in task_entry(prev) on its own stack when first switched to. */
void arch_thread_init(struct task_struct *task);
/* Where generic code goes on: finishes the switch, runs the thread, never returns. */
__noreturn void task_entry(struct task_struct *prev);

/* ---- irq.c ---------------------------------------------------------------- */

/*
 * Interrupt lines are numbered by us; arch maps them to vectors. Timer and IPIs
 * are per CPU; UART goes to one CPU; TEST (the context driver's) and DEVICE (the
 * tests' own) are devices that a test pulls.
 */
enum irq_line {
	IRQ_TIMER, IRQ_UART, IRQ_TEST, IRQ_DEVICE,
	IRQ_IPI_RESCHEDULE, IRQ_IPI_CALL, IRQ_IPI_STOP,
	NR_IRQS
};

void arch_irq_init(void);			/* boot CPU: the shared controller */
void arch_irq_mask(enum irq_line line);
void arch_irq_unmask(enum irq_line line);
/* One event is one interrupt (else: one as long as the device pulls the line). */
bool arch_irq_is_edge(enum irq_line line);
/* Pull IRQ_TEST or IRQ_DEVICE on @cpu (may be this one). */
void arch_test_irq_raise(unsigned int cpu, enum irq_line line);

/* ---- timer.c -------------------------------------------------------------- */

/* Find out the rates. Boot CPU, once. */
void arch_timer_init(void);
/* Nanoseconds since boot; monotonic over all CPUs; any context, NMI included. */
u64 arch_clock_ns(void);
/* Raise IRQ_TIMER on this CPU once, @delta_ns from now (0: at once); replaces the last. */
void arch_timer_set(u64 delta_ns);
void arch_timer_stop(void);
/* Busy-wait, any context; only for hardware set-up. */
void arch_udelay(unsigned int us);
/* An NMI on every CPU that is online at the call, each @period_ns, from a source that needs
 * no CPU's help: call again when CPUs have come up.
 * 0 stops it. Return: false if this machine has none. */
bool arch_nmi_tick(u64 period_ns);

/* ---- ipi.c ---------------------------------------------------------------- */

/* Ordering: all earlier stores are visible to the handler. Any context. */
void arch_send_ipi(unsigned int cpu, enum irq_line ipi);
void arch_send_ipi_mask(const struct cpumask *mask, enum irq_line ipi);
void arch_send_nmi(unsigned int cpu);
/* NULL where an NMI gets through to a CPU with interrupts off. Else why this machine has none, and
 * arch_send_nmi() sends what waits until they are on. Any context. */
const char *arch_no_nmi(void);

/* ---- smp.c ---------------------------------------------------------------- */

/* Find the CPUs: cpu_possible, numbered in the order of their hardware ids, the
 * boot CPU being 0. Return: how many. */
unsigned int arch_smp_probe(void);
unsigned int arch_cpu_hwid(unsigned int cpu);
/* Start @cpu on @idle's stack in secondary_main(). Does not wait. Return: 0 or -errno. */
int arch_cpu_start(unsigned int cpu, struct task_struct *idle);
/* All that arch_cpu_start() began: give up start-up memory. */
void arch_smp_done(void);
/* Where a started CPU enters generic code: own stack, per-CPU base set, interrupts off. */
__noreturn void secondary_main(void);

/* ---- mmu.c ---------------------------------------------------------------- */

/* Final page tables: kernel by section, all RAM at PAGE_OFFSET, nothing low. */
void arch_mmu_init(const struct boot_info *bi);
/* Load them on a CPU other than the boot CPU. */
void arch_mmu_cpu_init(void);
/* Entries were written where there was nothing: walks of this CPU must see them. */
void arch_pgtable_new(void);
/* No CPU uses what [va, va + size) was. Task context, interrupts on; or start-up. */
void arch_pgtable_flush(unsigned long va, size_t size);

/* ---- pv.c ----------------------------------------------------------------- */

/* What the host offers to CPUs that wait for a lock. */
enum {
	ARCH_PV_KICK = 1,	/* arch_pv_kick() */
	ARCH_PV_PREEMPTED = 2,	/* arch_vcpu_is_preempted() */
	ARCH_PV_DEDICATED = 4,	/* each of our CPUs has a core for itself: no need */
};
unsigned int arch_pv_features(void);
/* End arch_halt_while() on @cpu, or the next one there. Any context. */
void arch_pv_kick(unsigned int cpu);
/* Has the host put @cpu aside? Any context. */
bool arch_vcpu_is_preempted(unsigned int cpu);
/* From now on queued_spin_unlock() calls pv_lock_ops.queued_spin_unlock: the boot CPU
 * alone, before arch_mmu_init(). Return: how many places were patched. */
unsigned int arch_patch_unlock(void);

/* ---- uart.c --------------------------------------------------------------- */

/* Polled output, any context; '\n' goes out as it is. */
void arch_console_putc(char c);
/* A byte that came in, or -1. */
int arch_console_getc(void);
/* Raise IRQ_UART when bytes come in. */
void arch_console_irq_on(void);

#endif
