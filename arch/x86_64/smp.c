/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which CPUs there are, and starting them.
 *
 *	boot CPU				CPU n
 *	arch_cpu_start(n): stacks, then
 *	ap_cpu[n].stack = idle's (smp/A)
 *	INIT, STARTUP ------------------------>	ap.S in the trampoline page: real mode,
 *						long mode, the kernel's tables
 *						hardware id -> n in ap_hwid[]
 *						waits for nothing: takes ap_stack[n] (smp/A)
 *						ap_main(n): gs base
 *						secondary_main()
 *
 * All CPUs may be in here at once: each finds its own slots by its own id and
 * shares only code and read-only data.
 *
 *	ap_hwid, ap_count	written by arch_smp_probe()
 *	ap_stack[n]		written by arch_cpu_start(n)
 *
 * Ordering, smp/A: the slots are written before the interrupt command that starts
 * their reader (apic_icr() orders them).
 *
 * Linux: arch/x86/kernel/smpboot.c
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/cpumask.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/pgtable.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <boot/bootinfo.h>
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/desc.h>
#include <asm/smp.h>

u32 ap_hwid[NR_CPUS];
u32 ap_count;
unsigned long ap_stack[NR_CPUS];
u64 ap_cr3;

static phys_addr_t trampoline;

static u32 own_hwid(void)
{
	if (cpuid(0, 0).a >= 0xb && cpuid(0xb, 0).b)
		return cpuid(0xb, 0).d;
	return cpuid(1, 0).b >> 24;
}

static void sort(u32 *a, unsigned int n)
{
	for (unsigned int i = 1; i < n; i++) {
		u32 x = a[i];
		unsigned int j;

		for (j = i; j && a[j - 1] > x; j--)
			a[j] = a[j - 1];
		a[j] = x;
	}
}

/* A page below 1 MiB: a STARTUP interrupt names the page where a CPU begins. */
static void reserve_trampoline(void)
{
	for (unsigned int i = 0; i < boot_info.nr_ram; i++) {
		phys_addr_t start = max(boot_info.ram[i].start, (phys_addr_t)PAGE_SIZE);
		phys_addr_t end = min(boot_info.ram[i].end, (phys_addr_t)0xa0000);

		if (start + PAGE_SIZE > end)
			continue;
		trampoline = end - PAGE_SIZE;
		boot_reserve(trampoline, end);
		return;
	}
}

unsigned int arch_smp_probe(void)
{
	u32 boot = own_hwid();
	bool listed = false;

	ap_hwid[ap_count++] = boot;
	for (unsigned int i = 0; i < acpi_info.nr_cpus; i++) {
		u32 id = acpi_info.cpu_apic_id[i];

		if (id == boot)
			listed = true;
		else if (ap_count < NR_CPUS && (id < 0xff || x2apic))
			ap_hwid[ap_count++] = id;
		else
			acpi_info.nr_cpus_dropped++;
	}
	if (!listed && acpi_info.nr_cpus)
		pr_warn("ACPI: the boot CPU, APIC id %u, is not in the MADT\n", boot);
	if (acpi_info.nr_cpus_dropped)
		pr_warn("%u CPUs are not used: at most %u, APIC ids below 255 without x2APIC\n",
			acpi_info.nr_cpus_dropped, NR_CPUS);
	sort(ap_hwid + 1, ap_count - 1);
	for (unsigned int cpu = 0; cpu < ap_count; cpu++)
		set_cpu_possible(cpu);
	return ap_count;
}

unsigned int arch_cpu_hwid(unsigned int cpu)
{
	return ap_hwid[cpu];
}

void smp_early_init(void)
{
	reserve_trampoline();
}

static int trampoline_ready(void)
{
	struct ap_params *params;
	char *page = phys_to_virt(trampoline);

	if (!trampoline)
		return -ENOMEM;
	if (ap_cr3)
		return 0;
	memcpy(page, ap_trampoline, ap_trampoline_end - ap_trampoline);
	params = (struct ap_params *)(page + (ap_params - ap_trampoline));
	params->gdt_base += trampoline;
	params->entry_offset += trampoline;
	ap_cr3 = virt_to_phys(kernel_tables);
	return 0;
}

int arch_cpu_start(unsigned int cpu, struct task_struct *idle)
{
	struct ist_stacks *s = per_cpu_ptr(&ist_stacks, cpu);
	int err = trampoline_ready();

	if (err)
		return err;
	*s = (struct ist_stacks){ stack_alloc(), stack_alloc(), stack_alloc() };
	if (!s->nmi || !s->df || !s->mce)
		return -ENOMEM;
	per_cpu(current_task, cpu) = idle;
	/* smp/A: pairs with ap_high() */
	ap_stack[cpu] = (unsigned long)idle->stack + THREAD_SIZE;
	apic_icr(APIC_DM_INIT | APIC_ASSERT, ap_hwid[cpu]);
	apic_icr(APIC_DM_STARTUP | APIC_ASSERT | trampoline >> PAGE_SHIFT, ap_hwid[cpu]);
	return 0;
}

/* On the idle task's stack, gs base still 0. */
void ap_main(unsigned int cpu)
{
	arch_percpu_init(cpu);
	desc_init();
	secondary_main();
}

/* The low mapping was for starting CPUs only. */
void arch_smp_done(void)
{
	pte_t *tables = phys_to_virt((phys_addr_t)early_pml4);

	tables[0] = 0;
}
