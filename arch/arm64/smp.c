/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which CPUs there are, and starting them.
 *
 *	boot CPU				CPU n
 *	arch_cpu_start(n):
 *	secondary_task[n] = idle (smp/A)
 *	PSCI CPU_ON(n's affinity) ----------->	secondary_start in head.S: MMU on
 *						secondary_high: takes secondary_task[n]
 *						(smp/A), its stack, sp_el0
 *						secondary_entry(n): per-CPU base
 *						secondary_main()
 *
 * All CPUs may be in here at once: each gets its number from PSCI and uses its
 * own slots only.
 *
 *	mpidr[]			written by arch_smp_probe()
 *	secondary_task[n]	written by arch_cpu_start(n)
 *
 * Ordering, smp/A: the slot is written, and the store complete, before the call
 * that starts its reader.
 *
 * Linux:  arch/arm64/kernel/{smp,psci}.c, drivers/firmware/psci/psci.c
 * Source: Arm PSCI, DEN 0022.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/cpumask.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <asm/alternative.h>
#include <asm/barrier.h>
#include <asm/cpu.h>
#include <asm/fdt.h>
#include <asm/gic.h>
#include <asm/smp.h>
#include <asm/trap.h>

#define AFFINITY	0xff00ffffffULL

static u64 mpidr[NR_CPUS];
static unsigned int nr_cpus;
struct task_struct *secondary_task[NR_CPUS];

u64 smp_mpidr(unsigned int cpu)
{
	return mpidr[cpu];
}

unsigned int arch_cpu_hwid(unsigned int cpu)
{
	return mpidr[cpu];
}

static bool is_cpu(int node)
{
	const char *type = fdt_string(node, "device_type");

	return type && !strcmp(type, "cpu");
}

/* GICv2 names CPUs by a bit in a byte. */
static unsigned int most_cpus(void)
{
	return gic_version() == 2 ? 8 : NR_CPUS;
}

/* Sorted by affinity behind the boot CPU. */
static void insert(u64 id)
{
	unsigned int at = nr_cpus++;

	for (; at > 1 && mpidr[at - 1] > id; at--)
		mpidr[at] = mpidr[at - 1];
	mpidr[at] = id;
}

unsigned int arch_smp_probe(void)
{
	unsigned int dropped = 0;
	u64 id;

	mpidr[0] = read_sysreg(mpidr_el1) & AFFINITY;
	nr_cpus = 1;
	for (int node = fdt_root(); node >= 0; node = fdt_next(node)) {
		if (!is_cpu(node) || !fdt_reg(node, 0, &id, NULL) || id == mpidr[0])
			continue;
		if (NR_CPUS > 1 && nr_cpus < most_cpus())
			insert(id & AFFINITY);
		else
			dropped++;
	}
	if (dropped)
		pr_warn("%u CPUs are not used: at most %u with this interrupt controller\n",
			dropped, most_cpus());
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		set_cpu_possible(cpu);
	return nr_cpus;
}

const char *psci_method(void)
{
	int node = max(fdt_compatible(-1, "arm,psci-0.2"), fdt_compatible(-1, "arm,psci-1.0"));
	const char *method = fdt_string(node, "method");

	if (method && !strcmp(method, "smc"))
		return "SMC";
	return method && !strcmp(method, "hvc") ? "HVC" : NULL;
}

s64 psci_call(u32 function, u64 a, u64 b, u64 c)
{
	const char *method = psci_method();
	register u64 x0 __asm__("x0") = function;
	register u64 x1 __asm__("x1") = a;
	register u64 x2 __asm__("x2") = b;
	register u64 x3 __asm__("x3") = c;

	if (!method)
		return PSCI_NOT_SUPPORTED;
	if (method[0] == 'S')
		__asm__ __volatile__(".inst 0xd4000003"	/* smc #0 */
				     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
	else
		__asm__ __volatile__("hvc #0"
				     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
	return x0;
}

int arch_cpu_start(unsigned int cpu, struct task_struct *idle)
{
	extern const char secondary_start[];

	void *stack = stack_alloc();

	if (!stack)
		return -ENOMEM;
	per_cpu(overflow_stack, cpu) = stack;
	idle->thread.sp = (unsigned long)idle->stack + THREAD_SIZE;
	idle->thread.preempt.count = INIT_PREEMPT_COUNT & ~PREEMPT_NEED_RESCHED;
	idle->thread.preempt.no_resched = 1;
	secondary_task[cpu] = idle;
	/* smp/A: pairs with secondary_entry(). DSB: a DMB orders no store before hvc or smc. */
	__asm__ __volatile__("dsb ish" : : : "memory");
	/* secondary_start is linked at its physical address. */
	return psci_call(PSCI_CPU_ON, mpidr[cpu], (u64)secondary_start, cpu) ? -EIO : 0;
}

/* On the idle task's stack, per-CPU base still 0. */
void secondary_entry(unsigned int cpu);
void secondary_entry(unsigned int cpu)
{
	/* smp/A: pairs with arch_cpu_start() */
	arch_percpu_init(cpu);
	gic_early_cpu_init();
	open_pstate();
	secondary_main();
}

/* The low mapping belongs to TTBR0, which arch_mmu_cpu_init() turns off on each CPU. */
void arch_smp_done(void)
{
}
