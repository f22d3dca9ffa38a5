/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exceptions, interrupts and NMIs in C: trap.S calls trap_exception() and
 * trap_irq() with the registers of what was interrupted.
 *
 *	exception	an entry in the exception table for pc: go on at its fixup
 *			else die(), with a sentence that says what happened
 *	interrupt	irq_enter(), handle_irq(), end of interrupt, irq_exit(), and
 *			maybe preempt_schedule_irq()
 *	NMI		nmi_enter(), handle_nmi(), nmi_exit()
 *
 * The CPU enters with PSTATE.I set, which holds back NMIs too. With pseudo-NMI:
 *
 *	at entry	I set, mask as interrupted (on, or off: then it is an NMI)
 *	interrupt	mask off, I clear: NMIs come, interrupts do not
 *	NMI		I stays set: nothing comes
 *	at exit		I set; trap.S puts the mask back, eret puts I back
 *
 * End of interrupt comes before irq_exit(): that serves softirqs with interrupts
 * on, and until then the controller holds back all of the same and lower priority.
 *
 * Linux: arch/arm64/kernel/{traps,entry-common}.c, arch/arm64/mm/fault.c
 */
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/extable.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <asm/alternative.h>
#include <asm/cpu.h>
#include <asm/gic.h>
#include <asm/timer.h>
#include <asm/thread.h>
#include <asm/trap.h>

static_assert(offsetof(struct pt_regs, sp) == PT_REGS_SP, "trap.S");
static_assert(offsetof(struct pt_regs, pc) == PT_REGS_PC, "trap.S");
static_assert(offsetof(struct pt_regs, pmr) == PT_REGS_PMR, "trap.S");
static_assert(offsetof(struct pt_regs, vector) == PT_REGS_VECTOR, "regs.S");
static_assert(offsetof(struct pt_regs, frame) == PT_REGS_FRAME, "trap.S");
static_assert(sizeof(struct pt_regs) == PT_REGS_SIZE, "trap.S");

/*
 * Where trap.S goes on when sp is in no stack: a stack like all others, so a fault while
 * reporting is served there. Aligned, as trap.S reads it with sp. Written by arch_cpu_start()
 * before the CPU runs; the boot CPU's is in the image.
 */
DEFINE_PER_CPU_ALIGNED(void *, overflow_stack) = boot_overflow_stack;

extern const char probe_exec_return[], probe_exec_failed[];

#define ESR_CLASS(esr)		((esr) >> 26 & 0x3f)
#define EC_UNKNOWN		0x00
#define EC_ILLEGAL_STATE	0x0e
#define EC_FETCH		0x21	/* instruction abort, this level */
#define EC_PC_ALIGN		0x22
#define EC_DATA			0x25	/* data abort, this level */
#define EC_SP_ALIGN		0x26
#define EC_BRK			0x3c
#define ESR_WRITE		(1U << 6)
#define ESR_STATUS(esr)		((esr) & 0x3f)
#define FAULT_PERMISSION(s)	((s) >= 0x0c && (s) <= 0x0f)
#define FAULT_TRANSLATION(s)	((s) >= 0x04 && (s) <= 0x07)

static bool fixup(struct pt_regs *regs)
{
	const struct exception_table_entry *e = search_exception_tables(regs->pc);

	if (e)
		regs->pc = e->fixup;
	return e;
}

/* arch_probe_exec() called an address that is no code. */
static bool fixup_exec(struct pt_regs *regs, unsigned long addr)
{
	if (regs->pc != addr || regs->regs[30] != (unsigned long)probe_exec_return)
		return false;
	regs->pc = (unsigned long)probe_exec_failed;
	return true;
}

static const char *why(u32 status)
{
	return FAULT_PERMISSION(status) ? "protected" :
	       FAULT_TRANSLATION(status) ? "not mapped" : "not accessible";
}

static __noreturn void die_of(struct pt_regs *regs, u32 esr, unsigned long addr)
{
	char what[112];

	switch (ESR_CLASS(esr)) {
	case EC_FETCH:
	case EC_DATA:
		snprintf(what, sizeof(what), "page fault %s 0x%lx (%s)",
			 ESR_CLASS(esr) == EC_FETCH ? "executing" :
			 esr & ESR_WRITE ? "writing" : "reading", addr, why(ESR_STATUS(esr)));
		break;
	case EC_UNKNOWN:
		snprintf(what, sizeof(what), "invalid opcode");
		break;
	case EC_BRK:
		snprintf(what, sizeof(what), "breakpoint");
		break;
	case EC_SP_ALIGN:
		snprintf(what, sizeof(what), "stack pointer not aligned");
		break;
	case EC_PC_ALIGN:
		snprintf(what, sizeof(what), "jump to 0x%lx, not aligned", addr);
		break;
	case EC_ILLEGAL_STATE:
		snprintf(what, sizeof(what), "illegal execution state");
		break;
	default:
		snprintf(what, sizeof(what), "exception class 0x%x, syndrome 0x%x",
			 ESR_CLASS(esr), esr);
	}
	die(what, regs);
}

void trap_exception(struct pt_regs *regs)
{
	u32 esr = read_sysreg(esr_el1);
	unsigned long addr = read_sysreg(far_el1);

	if (fixup(regs))
		return;
	if (ESR_CLASS(esr) == EC_FETCH && fixup_exec(regs, addr))
		return;
	die_of(regs, esr, addr);
}

/* Would the registers, pushed at @sp, have begun in the hole below @stack? */
static bool overflows(unsigned long sp, const void *stack)
{
	return sp - PT_REGS_SIZE - ((unsigned long)stack - THREAD_SIZE) < THREAD_SIZE;
}

void trap_bad_stack(struct pt_regs *regs)
{
	char what[80];

	if (overflows(regs->sp, current->stack))
		snprintf(what, sizeof(what), "kernel stack overflow: task stack, at 0x%lx",
			 regs->sp);
	else if (overflows(regs->sp, this_cpu_read(overflow_stack)))
		snprintf(what, sizeof(what), "kernel stack overflow: overflow stack, at 0x%lx",
			 regs->sp);
	else
		snprintf(what, sizeof(what), "wild stack pointer 0x%lx", regs->sp);
	die(what, regs);
}

void trap_unexpected(struct pt_regs *regs)
{
	char what[80];

	snprintf(what, sizeof(what), "unexpected exception, vector %lu, syndrome 0x%llx",
		 regs->vector, (unsigned long long)read_sysreg(esr_el1));
	die(what, regs);
}

/* ---- interrupts ---------------------------------------------------------------------- */

static void trap_nmi(struct pt_regs *regs, u32 id)
{
	if (alternatives_on & 1U << ALT_PMR)
		write_sysreg(GIC_PMR_OFF, ICC_PMR_EL1);
	if (id == ppi_nmi_tick)
		timer_nmi_tick();
	nmi_enter();
	handle_nmi(regs);
	nmi_exit();
}

static void handle_id(u32 id, struct pt_regs *regs)
{
	if (id < NR_IRQS)
		handle_irq(id, regs);
	else if (id == ppi_timer) {
		arch_timer_stop();
		handle_irq(IRQ_TIMER, regs);
	} else if (id >= 32)
		handle_irq(IRQ_UART, regs);
	else
		pr_err_once("interrupt %u, which nothing uses\n", id);
}

void trap_irq(struct pt_regs *regs)
{
	/* ipi/A: pairs with gic_send_sgi() */
	u32 acknowledged = gic_acknowledge(), id = acknowledged & 0x3ff;
	bool priorities = alternatives_on & 1U << ALT_PMR;

	if (id >= GIC_SPURIOUS)
		return;
	if (id == SGI_NMI || id == ppi_nmi_tick) {
		trap_nmi(regs, id);
		gic_end(acknowledged);
		return;
	}
	if (priorities) {
		write_sysreg(GIC_PMR_OFF, ICC_PMR_EL1);
		__asm__ __volatile__("msr daifclr, #2" : : : "memory");
	}
	irq_enter();
	handle_id(id, regs);
	gic_end(acknowledged);
	irq_exit();

	/* One test for "count is 0" and "a reschedule is wanted". */
	if (should_resched(0) && arch_regs_irqs_on(regs))
		preempt_schedule_irq();
	__asm__ __volatile__("msr daifset, #2" : : : "memory");
}

/* ---- registers ------------------------------------------------------------------------ */

void arch_provoke_fault(void)
{
	__asm__ __volatile__(".inst 0");
}

void arch_provoke_wild_sp(unsigned long sp)
{
	__asm__ __volatile__("mov sp, %0\n\tstr xzr, [sp]" : : "r"(sp) : "memory");
}

unsigned long arch_regs_ip(const struct pt_regs *regs)
{
	return regs->pc;
}

unsigned long arch_regs_sp(const struct pt_regs *regs)
{
	return regs->sp;
}

bool arch_regs_irqs_on(const struct pt_regs *regs)
{
	if (regs->pstate & PSR_I_BIT)
		return false;
	return !(alternatives_on & 1U << ALT_PMR) || regs->pmr == GIC_PMR_ON;
}

void arch_regs_print(const struct pt_regs *r)
{
	pr_emerg("pc %016lx:%pS lr %pS\n", r->pc, (void *)r->pc, (void *)r->regs[30]);
	if (r->vector == PT_REGS_CALLED)
		pr_emerg("sp %016lx pstate %08lx called\n", r->sp, r->pstate);
	else
		pr_emerg("sp %016lx pstate %08lx pmr %02lx vector %lu esr %08llx far %016llx\n",
			 r->sp, r->pstate, r->pmr, r->vector,
			 (unsigned long long)read_sysreg(esr_el1),
			 (unsigned long long)read_sysreg(far_el1));
	for (unsigned int i = 0; i < 28; i += 4)
		pr_emerg("x%-2u %016lx x%-2u %016lx x%-2u %016lx x%-2u %016lx\n",
			 i, r->regs[i], i + 1, r->regs[i + 1], i + 2, r->regs[i + 2],
			 i + 3, r->regs[i + 3]);
	pr_emerg("x28 %016lx x29 %016lx x30 %016lx per-CPU base %016lx\n", r->regs[28],
		 r->regs[29], r->regs[30], __my_cpu_offset);
}
