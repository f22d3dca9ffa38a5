/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU itself: features and patching for them; idle, stop, power.
 *
 *	alternatives_on		what was patched	written by arch_early_init()
 *	boot_el			where the loader left us	written by head.S
 *
 * Linux: arch/arm64/kernel/{cpufeature,alternative,process}.c
 */
#include <base/compiler.h>
#include <kernel/arch.h>
#include <kernel/irqflags.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <locking/port.h>
#include <asm/alternative.h>
#include <asm/cpu.h>
#include <asm/gic.h>
#include <asm/smp.h>
#include <asm/timer.h>
#include <asm/uart.h>

const char arch_name[] = "arm64";

static_assert(offsetof(struct task_struct, thread) == 0, "SP_EL0 points at struct arch_thread");
static_assert(offsetof(struct arch_thread, sp) == ARCH_THREAD_SP, "switch.S, head.S");
static_assert(offsetof(struct arch_thread, preempt) == ARCH_THREAD_PREEMPT, "switch.S");

/* ---- patching -------------------------------------------------------------------- */

extern const char __start_alternatives[], __stop_alternatives[];

u32 alternatives_on;
u32 boot_el;			/* as CurrentEL has it: the level times 4 */

static void patch(const struct alt_entry *e)
{
	volatile u32 *insn = (volatile u32 *)e->insn;

	for (u32 i = 0; i < e->bytes / 4; i++) {
		insn[i] = e->replacement[i];
		/* DSB: only it waits until the clean is done, which ic relies on. */
		__asm__ __volatile__("dc cvau, %0; dsb ish; ic ivau, %0"
				     : : "r"(&insn[i]) : "memory");
	}
}

/* The boot CPU alone, with the first page tables, which let it write text. */
void alternatives_apply(u32 features)
{
	for (const char *p = __start_alternatives; p < __stop_alternatives;) {
		const struct alt_entry *e = (const struct alt_entry *)p;

		if (features & 1U << e->feature)
			patch(e);
		p += ALIGN(sizeof(*e) + e->bytes, 8);
	}
	alternatives_on = features;
	/* DSB waits for the invalidations; then ISB drops what was fetched before. */
	__asm__ __volatile__("dsb ish; isb" : : : "memory");
}

static u32 features(void)
{
	u32 f = 0;

	if ((read_sysreg(id_aa64isar0_el1) >> 20 & 0xf) >= 2)
		f |= 1U << ALT_LSE;
	if (IS_ENABLED(CONFIG_PSEUDO_NMI) && gic_version() == 3)
		f |= 1U << ALT_PMR;
	return f;
}

/* Where the priority mask does the masking, PSTATE.I stays open. */
void open_pstate(void)
{
	if (alternatives_on & 1U << ALT_PMR)
		__asm__ __volatile__("msr daifclr, #2" : : : "memory");
	__asm__ __volatile__("msr daifclr, #4" : : : "memory");	/* SError is reported */
}

/* ---- set-up ---------------------------------------------------------------------- */

/* The one machine there is a port to is QEMU's. */
bool arch_virtual_machine(void)
{
	return true;
}

const char *arch_cpu_model(void)
{
	static const struct {
		u32 part;
		const char *name;
	} parts[] = {
		{ 0xd03, "Cortex-A53" }, { 0xd07, "Cortex-A57" }, { 0xd08, "Cortex-A72" },
		{ 0xd0b, "Cortex-A76" }, { 0xd0c, "Neoverse-N1" }, { 0x051, "QEMU max" },
	};
	u32 part = read_sysreg(midr_el1) >> 4 & 0xfff;

	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].part == part)
			return parts[i].name;
	return "unknown Arm";
}

void arch_early_init(void)
{
	const char *psci = psci_method();

	uart_init();
	gic_early_cpu_init();
	alternatives_apply(features());
	open_pstate();
	pr_info("cpu: %s, entered at EL%u, PSCI by %s, atomics: %s\n", arch_cpu_model(),
		boot_el >> 2, psci ?: "nothing", alternatives_on & 1U << ALT_LSE ? "LSE" : "LL/SC");
	if (!psci)
		pr_warn("no PSCI in the device tree: no other CPU, no power-off, no reset\n");
	pr_info("interrupts: GICv%u, masked by %s\n", gic_version(),
		alternatives_on & 1U << ALT_PMR ? "priority (pseudo-NMI)" : "PSTATE.I");
}

void arch_cpu_init(void)
{
	gic_cpu_init();
	timer_cpu_init();
}

void arch_percpu_init(unsigned int cpu)
{
	write_sysreg(per_cpu_offset(cpu), tpidr_el1);
	isb();
}

/* preempt_count of a thread that the scheduler switches to: it holds the run queue. */
#define SWITCH_COUNT	(2 * PREEMPT_OFFSET)

/* A thread that has not run yet looks as if it had called arch_switch_to(). */
void arch_thread_init(struct task_struct *task)
{
	extern const char thread_start[];
	struct switch_frame *f = (struct switch_frame *)(task->stack + THREAD_SIZE) - 1;

	*f = (struct switch_frame){ .lr = (unsigned long)thread_start };
	task->thread.sp = (unsigned long)f;
	task->thread.preempt.count = SWITCH_COUNT;
	task->thread.preempt.no_resched = 1;
}

/* ---- doing nothing ----------------------------------------------------------------- */

/*
 * PSTATE.I closed, the priority mask open: a pending interrupt ends wfi without
 * being taken, so nothing is lost between here and there.
 */
void arch_cpu_idle(void)
{
	__asm__ __volatile__("msr daifset, #2" : : : "memory");
	if (alternatives_on & 1U << ALT_PMR)
		write_sysreg(GIC_PMR_ON, ICC_PMR_EL1);
	wfi();
	__asm__ __volatile__("msr daifclr, #2" : : : "memory");
}

/*
 * Closed like this nothing is taken, and a pending interrupt that the priority mask lets through
 * ends wfi: an NMI does, or, without a priority mask, any interrupt, whether or not they are off.
 */
void arch_halt_while(const u32 *p, u32 mask, u32 val)
{
	u64 daif = read_sysreg(daif);

	__asm__ __volatile__("msr daifset, #2" : : : "memory");
	if ((READ_ONCE(*p) & mask) == val)
		wfi();
	write_sysreg(daif, daif);
}

void arch_cpu_park(void)
{
	__asm__ __volatile__("msr daifset, #0xf" : : : "memory");
	for (;;)
		wfi();
}

/* ---- the end ----------------------------------------------------------------------- */

#define SYS_EXIT		0x18
#define ADP_APPLICATION_EXIT	0x20026

/*
 * QEMU's status is ours, by semihosting. Without it the hlt is undefined and
 * skipped (trap.c); then success powers off (QEMU's status is 0), and failure
 * halts, since every other way to end would look like success.
 */
void arch_exit(int status)
{
	u64 block[2] = { ADP_APPLICATION_EXIT, status };
	register u64 x0 __asm__("x0") = SYS_EXIT;
	register u64 x1 __asm__("x1") = (u64)block;

	arch_local_irq_disable();
	__asm__ __volatile__("1: hlt #0xf000\n"
			     "2:\n"
			     ".pushsection .ex_table, \"a\"\n"
			     ".balign 8\n.quad 1b, 2b\n"
			     ".popsection"
			     : "+r"(x0) : "r"(x1) : "memory");
	if (!status)
		arch_poweroff();
	arch_cpu_park();
}

void arch_poweroff(void)
{
	arch_local_irq_disable();
	psci_call(PSCI_SYSTEM_OFF, 0, 0, 0);
	pr_emerg("this machine cannot be powered off\n");
	arch_cpu_park();
}

void arch_reboot(void)
{
	arch_local_irq_disable();
	psci_call(PSCI_SYSTEM_RESET, 0, 0, 0);
	pr_emerg("this machine cannot be reset\n");
	arch_cpu_park();
}
