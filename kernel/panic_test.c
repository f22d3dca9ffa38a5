/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every way to break the kernel on purpose: the shell's `panic KIND`.
 *
 * Each kind ends the machine, so each is a boot of its own: tests/qemu/panics.table
 * runs them as run="panic KIND" and looks for the texts that the report must have.
 * The kinds of sleeping where one must not are in panic_sleep_test.c, those of tasks that
 * wait for ever in lock_chain_test.c and lock_chain_kinds_test.c.
 * Some need boot parameters that make the detector quick; the table has them.
 */
#include <base/errno.h>
#include <base/string.h>
#include <locking/atomic.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/printk.h>
#include <kernel/readline.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <asm/cpu.h>
#include "panic_test.h"
#include "test_util.h"

/* Hidden from the compiler, which would find out and act upon it. */
static void *address(unsigned long value)
{
	static volatile unsigned long hidden;

	hidden = value;
	return (void *)hidden;
}

static void break_bug(void)
{
	BUG_ON(raw_smp_processor_id() < nr_cpu_ids);
}

static void break_panic(void)
{
	panic("provoked on request, number %d", 42);
}

static void break_null(void)
{
	READ_ONCE(*(int *)address(8));
}

/* Not canonical on x86_64, beyond the translated range on arm64. */
static void break_wild(void)
{
	READ_ONCE(*(int *)address(0x0123456789abcdef));
}

static void break_text(void)
{
	WRITE_ONCE(*(char *)address((unsigned long)break_text), 0);
}

/* Found by CONFIG_UBSAN only. */
static void break_ubsan(void)
{
	shell_printf("%d\n", 1 << (int)(unsigned long)address(33));
}

static char not_code[64];

static void break_exec(void)
{
	((void (*)(void))address((unsigned long)not_code))();
}

static volatile int no_depth = -1;

static noinline int recurse(volatile char *outer, int depth)
{
	volatile char here[128];

	here[0] = *outer + 1;
	if (depth == no_depth)
		return 0;
	return recurse(here, depth + 1) + here[0];
}

static void break_stack(void)
{
	volatile char start = 0;

	/* An interrupt may find the last bytes of the stack first. */
	local_irq_disable();
	recurse(&start, 0);
}

/* Not mapped, and on arm64 where the hole below a stack would be. */
static void break_wildsp(void)
{
	arch_provoke_wild_sp(0xffffd00000001000);
}

/* Not mapped, where a stack would be, and not aligned. */
static void break_oddsp(void)
{
	arch_provoke_wild_sp(0xffffd00000000000 + THREAD_SIZE + 0x321);
}

static void panic_here(void *unused)
{
	panic("provoked in %s context", context_names[current_context()]);
}

static noinline void code_under_the_interrupt(enum context ctx)
{
	preempt_disable();
	run_in_context(ctx, raw_smp_processor_id(), panic_here, NULL);
	preempt_enable();
}

static void break_softirq(void)
{
	code_under_the_interrupt(CTX_SOFTIRQ);
}

static void break_hardirq(void)
{
	code_under_the_interrupt(CTX_HARDIRQ);
}

static void break_nmi(void)
{
	code_under_the_interrupt(CTX_NMI);
}

static void break_recursive(void)
{
	panic_report_hook = break_null;
	panic("provoked, with a fault inside the report");
}

static void break_console(void)
{
	con_printf("while the console is ours: %s", (const char *)address(8));
}

static atomic_t arrived;

static noinline void panic_together(void *unused)
{
	atomic_inc(&arrived);
	while (atomic_read(&arrived) < (int)num_online_cpus())
		cpu_relax();
	panic("provoked on CPU %u with all others", raw_smp_processor_id());
}

static void break_all(void)
{
	preempt_disable();
	smp_call_function(panic_together, NULL, false);
	panic_together(NULL);
}

static noinline void spin_for_ever(void *unused)
{
	atomic_inc(&arrived);
	for (;;)
		cpu_relax();
}

bool has_another_cpu(void)
{
	if (num_online_cpus() < 2)
		shell_printf("panic: this kind needs two CPUs\n");
	return num_online_cpus() >= 2;
}

/* Some other CPU, running @fn in @ctx. */
static void occupy_other(enum context ctx)
{
	static struct context_call call = { .fn = spin_for_ever };
	unsigned int other;

	if (!has_another_cpu())
		return;
	preempt_disable();
	other = raw_smp_processor_id() == 0 ? 1 : 0;
	run_in_context_async(ctx, other, &call);
	while (!atomic_read(&arrived))
		cpu_relax();
	panic("provoked while CPU %u spins", other);
}

static void break_others(void)
{
	occupy_other(CTX_HARDIRQ);
}

static void break_deaf(void)
{
	occupy_other(CTX_NMI);
}

/* Each of the others has been seen idle; what wakes one wakes not all. */
static void break_idle(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		wait_until(cpu == raw_smp_processor_id() || idle_cpu(cpu));
	panic("provoked while the others are idle");
}

static void break_softlockup(void)
{
	preempt_disable();
	spin_for_ever(NULL);
}

static void break_hardlockup(void)
{
	local_irq_disable();
	spin_for_ever(NULL);
}

static const struct kind {
	const char *name, *help;
	void (*fn)(void);
} kinds[] = {
	{ "bug",	"a BUG_ON() that is true",			break_bug },
	{ "panic",	"a call of panic()",				break_panic },
	{ "fault",	"an instruction that does not exist",		arch_provoke_fault },
	{ "null",	"a read through a NULL pointer",		break_null },
	{ "wild",	"a read of an impossible address",		break_wild },
	{ "text",	"a write to code",				break_text },
	{ "exec",	"a call of data",				break_exec },
	{ "ubsan",	"a shift that is too wide, with CONFIG_UBSAN",	break_ubsan },
	{ "stack",	"a recursion without end",			break_stack },
	{ "wildsp",	"a stack pointer that points to nothing",	break_wildsp },
	{ "oddsp",	"the same, not aligned",			break_oddsp },
	{ "softirq",	"a panic in softirq context",			break_softirq },
	{ "hardirq",	"a panic in an interrupt handler",		break_hardirq },
	{ "nmi",	"a panic in an NMI",				break_nmi },
	{ "recursive",	"faults inside the report, and inside that one's", break_recursive },
	{ "console",	"a fault by the owner of the console",		break_console },
	{ "all",	"a panic on all CPUs at once",			break_all },
	{ "others",	"a panic while another CPU spins, interrupts off", break_others },
	{ "idle",	"a panic while the other CPUs are idle",	break_idle },
	{ "deaf",	"a panic while another CPU is stuck in an NMI",	break_deaf },
	{ "softlockup",	"a loop with preemption off",			break_softlockup },
	{ "hardlockup",	"a loop with interrupts off",			break_hardlockup },
	{ "hungtask",	"a task that nobody wakes",			break_hungtask },
	{ "hungchain",	"a task that waits for one that waits for one",	hang_in_a_chain },
	{ "hungbusy",	"a task that waits for one that runs for ever",	break_hungbusy },
	{ "hunglocks",	"for each type of lock, a task that waits for another",	hang_in_each_lock },
	{ "deadlock",	"two tasks that each hold what the other wants", hang_in_a_circle },
	{ "atomic",	"schedule() with preemption off",		break_atomic },
	{ "mightsleep",	"might_sleep() under a spinlock",		break_mightsleep },
	{ "sleepirq",	"a sleep in an interrupt handler",		break_sleepirq },
	{ "sleepoff",	"schedule() with interrupts off",		break_sleepoff },
	{ "nmiwake",	"a wake-up in an NMI",				break_nmiwake },
	{ "endatomic",	"a kthread that ends with preemption off",	break_endatomic },
};

static int cmd_panic(int argc, char **argv)
{
	if (shell_too_many(argc, argv, 1))
		return -EINVAL;
	for (unsigned int i = 0; argc == 2 && i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		kinds[i].fn();
		shell_printf("panic: '%s' did not end the machine\n", argv[1]);
		return -EIO;
	}
	if (argc > 1)
		shell_printf("panic: there is no kind '%s'; accepted are:\n", argv[1]);
	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++)
		shell_printf("  %-12s %s\n", kinds[i].name, kinds[i].help);
	return -EINVAL;
}

static void complete_panic(struct completion_list *list, int arg)
{
	for (unsigned int i = 0; arg == 1 && i < ARRAY_SIZE(kinds); i++)
		completion_offer(list, kinds[i].name);
}

SHELL_COMMAND(panic, "panic KIND", "break the kernel on purpose", cmd_panic,
	      .complete = complete_panic, .details = "Without KIND: lists the kinds.\n");
