/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exceptions, interrupts and NMIs in C: trap.S calls trap_exception(),
 * trap_irq() and trap_nmi() with the registers of what was interrupted.
 *
 *	exception	an entry in the exception table for ip: go on at its fixup
 *			else die(), with a sentence that says what happened
 *	interrupt	irq_enter(), handle_irq(), end of interrupt, irq_exit(), and
 *			maybe preempt_schedule_irq()
 *	NMI		nmi_enter(), handle_nmi(), nmi_exit()
 *
 * End of interrupt comes before irq_exit(): that serves softirqs with interrupts
 * on, and until then the controller holds back all of the same and lower priority.
 *
 * A stack overflow faults on the guard page; the CPU cannot push the page fault's
 * frame there either, which makes it a double fault, which has its own stack. So
 * does a stack pointer that points to nothing.
 *
 * Linux: arch/x86/kernel/{traps,irq,nmi}.c, arch/x86/mm/{fault,extable}.c
 */
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/extable.h>
#include <kernel/irq.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <asm/apic.h>
#include <asm/cpu.h>
#include <asm/desc.h>
#include <asm/page.h>
#include <asm/thread.h>
#include <asm/trap.h>

static_assert(offsetof(struct pt_regs, vector) == PT_REGS_VECTOR, "regs.S");
static_assert(offsetof(struct pt_regs, ip) == PT_REGS_IP, "regs.S");

extern const char probe_exec_return[], probe_failed[];

static const char *const exception_names[NR_EXCEPTIONS] = {
	"divide error", "debug trap", "NMI", "breakpoint", "overflow", "bound range",
	"invalid opcode", "device not available", "double fault", "coprocessor overrun",
	"invalid TSS", "segment not present", "stack segment fault",
	"general protection fault", "page fault", "reserved exception 15", "x87 error",
	"alignment check", "machine check", "SIMD error", "virtualization exception",
	"control protection",
};

static bool fixup(struct pt_regs *regs)
{
	const struct exception_table_entry *e = search_exception_tables(regs->ip);

	if (e)
		regs->ip = e->fixup;
	return e;
}

/* arch_probe_exec() called an address that is no code: the fault is there. */
static bool fixup_exec(struct pt_regs *regs)
{
	unsigned long ret;

	if (arch_probe_read((void *)regs->sp, &ret) ||
	    ret != (unsigned long)probe_exec_return)
		return false;
	regs->sp += 8;
	regs->ip = (unsigned long)probe_failed;
	return true;
}

static const char *stack_overflowed(unsigned long addr)
{
	const struct ist_stacks *ist = raw_cpu_ptr(&ist_stacks);
	const struct { unsigned long base; const char *name; } stacks[] = {
		{ (unsigned long)current->stack, "task" },
		{ (unsigned long)ist->nmi, "NMI" },
		{ (unsigned long)ist->df, "double fault" },
		{ (unsigned long)ist->mce, "machine check" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(stacks); i++)
		if (addr < stacks[i].base && addr >= stacks[i].base - PAGE_SIZE)
			return stacks[i].name;
	return NULL;
}

static __noreturn void die_of(struct pt_regs *regs, unsigned long addr)
{
	const char *name = exception_names[regs->vector] ?: "unknown exception";
	const char *stack;
	char what[112];

	switch (regs->vector) {
	case X86_TRAP_PF:
	case X86_TRAP_DF:
		stack = stack_overflowed(addr);
		if (stack)
			snprintf(what, sizeof(what), "kernel stack overflow: %s stack, at 0x%lx",
				 stack, addr);
		else if (regs->vector == X86_TRAP_DF && !page_prot(regs->sp - 1))
			snprintf(what, sizeof(what), "wild stack pointer 0x%lx", regs->sp);
		else if (regs->vector == X86_TRAP_DF)
			snprintf(what, sizeof(what), "%s, last page fault at 0x%lx", name, addr);
		else
			snprintf(what, sizeof(what), "page fault %s 0x%lx (%s)",
				 regs->error & PF_FETCH ? "executing" :
				 regs->error & PF_WRITE ? "writing" : "reading", addr,
				 regs->error & PF_PRESENT ? "protected" : "not mapped");
		break;
	case X86_TRAP_GP:
		snprintf(what, sizeof(what), "%s, error code 0x%lx", name, regs->error);
		break;
	default:
		snprintf(what, sizeof(what), "%s", name);
	}
	die(what, regs);
}

void trap_exception(struct pt_regs *regs)
{
	unsigned long addr = read_cr2();

	if (regs->vector == X86_TRAP_PF || regs->vector == X86_TRAP_GP) {
		if (fixup(regs))
			return;
		if ((regs->ip == addr || regs->vector == X86_TRAP_GP) && fixup_exec(regs))
			return;
	}
	die_of(regs, addr);
}

/* Interrupted on the point of halting: do not halt, look around first. */
static void leave_idle(struct pt_regs *regs)
{
	if (unlikely(regs->ip == (unsigned long)idle_halt))
		regs->ip++;		/* hlt is one byte */
	if (unlikely(regs->ip - (unsigned long)arch_halt_while <=
		     (unsigned long)halt_while_halt - (unsigned long)arch_halt_while))
		regs->ip = (unsigned long)arch_halt_while;
}

void trap_irq(struct pt_regs *regs)
{
	unsigned int line = regs->vector - LINE_VECTOR_BASE;

	if (unlikely(regs->vector < LINE_VECTOR_BASE || line >= NR_IRQS)) {
		apic_odd_vector(regs->vector);
		return;
	}
	leave_idle(regs);
	irq_enter();
	handle_irq(line, regs);
	apic_eoi();
	irq_exit();

	/* One test for "count is 0" and "a reschedule is wanted". */
	if (should_resched(0) && arch_regs_irqs_on(regs))
		preempt_schedule_irq();
}

/* A page fault in the handler must not change what the interrupted one will read. */
void trap_nmi(struct pt_regs *regs)
{
	unsigned long cr2 = read_cr2();

	leave_idle(regs);
	nmi_enter();
	handle_nmi(regs);
	nmi_exit();

	if (unlikely(cr2 != read_cr2()))
		write_cr2(cr2);
}

void arch_provoke_fault(void)
{
	__asm__ __volatile__("ud2");
}

void arch_provoke_wild_sp(unsigned long sp)
{
	__asm__ __volatile__("movq %0, %%rsp\n\tpushq $0" : : "r"(sp) : "memory");
}

unsigned long arch_regs_ip(const struct pt_regs *regs)
{
	return regs->ip;
}

unsigned long arch_regs_sp(const struct pt_regs *regs)
{
	return regs->sp;
}

bool arch_regs_irqs_on(const struct pt_regs *regs)
{
	return !arch_irqs_disabled_flags(regs->flags);
}

void arch_regs_print(const struct pt_regs *r)
{
	char why[48] = "called";

	if (r->vector != PT_REGS_CALLED)
		snprintf(why, sizeof(why), "vector %lu error 0x%lx", r->vector, r->error);
	pr_emerg("ip %04lx:%pS flags %08lx %s\n", r->cs, (void *)r->ip, r->flags, why);
	pr_emerg("ip %016lx sp %04lx:%016lx bp %016lx\n", r->ip, r->ss, r->sp, r->bp);
	pr_emerg("ax %016lx bx %016lx cx %016lx dx %016lx\n", r->ax, r->bx, r->cx, r->dx);
	pr_emerg("si %016lx di %016lx r8 %016lx r9 %016lx\n", r->si, r->di, r->r8, r->r9);
	pr_emerg("r10 %016lx r11 %016lx r12 %016lx r13 %016lx\n", r->r10, r->r11, r->r12, r->r13);
	pr_emerg("r14 %016lx r15 %016lx cr2 %016lx cr3 %08lx cr0 %08lx cr4 %08lx gs %016lx\n",
		 r->r14, r->r15, read_cr2(), read_cr3(), read_cr0(), read_cr4(),
		 this_cpu_read(this_cpu_off));
}
