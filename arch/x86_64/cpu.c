/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU itself: descriptors, stacks, control registers; idle, stop, power.
 *
 *	gdt, tss	per CPU, written by desc_init()
 *	ist_stacks	per CPU, written by arch_cpu_start() before the CPU runs;
 *			the boot CPU's are in the image
 *	nmi_landing	per CPU, written by the CPU as it delivers an NMI: see trap.S
 *
 * The boot CPU passes desc_init() twice: in arch_early_init() with the linker's
 * copy of the per-CPU area, so that a fault is reported from the first line on,
 * and in arch_cpu_init() with its own.
 *
 * The boot stacks, each with an unmapped page below, in the order of boot_stacks:
 *
 *	guard boot_stack | guard NMI | guard double fault | guard machine check
 *
 * Linux: arch/x86/kernel/cpu/common.c, arch/x86/kernel/{process,reboot}.c
 */
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/irqflags.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <boot/bootinfo.h>
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/cpu.h>
#include <asm/desc.h>
#include <asm/io.h>
#include <asm/kvm.h>
#include <asm/smp.h>
#include <asm/timer.h>
#include <asm/trap.h>
#include <asm/uart.h>

const char arch_name[] = "x86_64";

static_assert(offsetof(struct task_struct, thread) == 0, "switch.S uses offset 0");
static_assert(sizeof(struct tss) == 104, "the CPU's layout");
static_assert(sizeof(struct idt_gate) == 16, "the CPU's layout");

DEFINE_PER_CPU_FIRST(unsigned long, this_cpu_off);
DEFINE_PER_CPU_FIRST(u32, __preempt_count) = INIT_PREEMPT_COUNT;
DEFINE_PER_CPU_FIRST(u8, nmi_state);
DEFINE_PER_CPU_FIRST(struct task_struct *, current_task) = &init_task;
DEFINE_PER_CPU_FIRST(void *, nmi_stack_top);

static DEFINE_PER_CPU_ALIGNED(struct tss, tss);
static DEFINE_PER_CPU_ALIGNED(u64, gdt[GDT_ENTRIES]);
DEFINE_PER_CPU_ALIGNED(u64, nmi_landing[NMI_LANDING]);

extern char boot_nmi_stack[THREAD_SIZE], boot_df_stack[THREAD_SIZE], boot_mce_stack[THREAD_SIZE];

DEFINE_PER_CPU(struct ist_stacks, ist_stacks) = {
	.nmi = boot_nmi_stack, .df = boot_df_stack, .mce = boot_mce_stack,
};

static struct idt_gate idt[256] __aligned(4096);

/* ---- descriptors ------------------------------------------------------------- */

static void set_gate(unsigned int vector, const char *entry, u8 ist)
{
	unsigned long addr = (unsigned long)entry;

	idt[vector] = (struct idt_gate){
		.offset_low = addr, .offset_mid = addr >> 16, .offset_high = addr >> 32,
		.selector = KERNEL_CS, .ist = ist, .type = 0x8e,	/* interrupt gate, ring 0 */
	};
}

static void idt_fill(void)
{
	for (unsigned int v = 0; v < ARRAY_SIZE(idt); v++)
		set_gate(v, trap_stubs[v], 0);
	set_gate(X86_TRAP_NMI, nmi_entry, IST_NMI);
	set_gate(X86_TRAP_DF, trap_stubs[X86_TRAP_DF], IST_DF);
	set_gate(X86_TRAP_MC, trap_stubs[X86_TRAP_MC], IST_MCE);
}

static void tss_fill(struct tss *t)
{
	const struct ist_stacks *s = raw_cpu_ptr(&ist_stacks);

	memset(t, 0, sizeof(*t));
	t->ist[IST_NMI - 1] = (u64)(raw_cpu_ptr(&nmi_landing[0]) + NMI_LANDING);
	t->ist[IST_DF - 1] = (u64)s->df + THREAD_SIZE;
	t->ist[IST_MCE - 1] = (u64)s->mce + THREAD_SIZE;
	t->iomap = sizeof(*t);
	this_cpu_write(nmi_stack_top, s->nmi + THREAD_SIZE);
}

static void gdt_fill(u64 *g, u64 base)
{
	g[0] = 0;
	g[KERNEL_CS / 8] = GDT_KERNEL_CODE;
	g[KERNEL_DS / 8] = GDT_KERNEL_DATA;
	g[USER32_CS / 8] = GDT_USER32_CODE;
	g[USER_DS / 8] = GDT_USER_DATA;
	g[USER_CS / 8] = GDT_USER_CODE;
	g[TSS_SELECTOR / 8] = (sizeof(struct tss) - 1) | (base & 0xffffff) << 16 |
			      0x89ULL << 40 | (base >> 24 & 0xff) << 56;
	g[TSS_SELECTOR / 8 + 1] = base >> 32;
}

/* gs's base survives: only the hidden part counts, and ds, es, ss alone are loaded. */
static void load_gdt(const struct desc_ptr *p)
{
	__asm__ __volatile__("lgdt %0\n\t"
			     "pushq %1\n\t"
			     "leaq 1f(%%rip), %%rax\n\t"
			     "pushq %%rax\n\t"
			     "lretq\n"
			     "1:\tmovl %2, %%eax\n\t"
			     "movl %%eax, %%ds\n\t"
			     "movl %%eax, %%es\n\t"
			     "movl %%eax, %%ss\n\t"
			     : : "m"(*p), "i"(KERNEL_CS), "i"(KERNEL_DS) : "rax", "memory");
}

void desc_init(void)
{
	struct desc_ptr idtr = { sizeof(idt) - 1, (u64)idt };
	struct desc_ptr gdtr = { sizeof(gdt) - 1, (u64)raw_cpu_ptr(&gdt[0]) };

	tss_fill(raw_cpu_ptr(&tss));
	gdt_fill(raw_cpu_ptr(&gdt[0]), (u64)raw_cpu_ptr(&tss));
	load_gdt(&gdtr);
	__asm__ __volatile__("lidt %0" : : "m"(idtr));
	__asm__ __volatile__("ltr %w0" : : "r"(TSS_SELECTOR));
}

/* ---- set-up ------------------------------------------------------------------ */

#define CPUID7_B_SMEP	(1U << 7)
#define CPUID7_B_SMAP	(1U << 20)
#define CPUID7_C_UMIP	(1U << 2)
#define CPUID1_D_MCE	(1U << 7)
#define CR4_MCE		0x40UL

/* What the kernel may do that it does not need is forbidden. */
static void control_registers(void)
{
	struct cpuid c = { 0 };
	unsigned long cr4 = read_cr4();

	if (cpuid(0, 0).a >= 7)
		c = cpuid(7, 0);
	cr4 |= (c.b & CPUID7_B_SMEP ? CR4_SMEP : 0) | (c.b & CPUID7_B_SMAP ? CR4_SMAP : 0) |
	       (c.c & CPUID7_C_UMIP ? CR4_UMIP : 0) |
	       (cpuid(1, 0).d & CPUID1_D_MCE ? CR4_MCE : 0);
	write_cr4(cr4);
	write_cr0(read_cr0() | CR0_WP);
}

bool arch_virtual_machine(void)
{
	return cpuid(1, 0).c & (1U << 31);
}

const char *arch_cpu_model(void)
{
	static u32 name[13];

	if (cpuid(0x80000000, 0).a < 0x80000004)
		return "unknown";
	for (unsigned int i = 0; i < 3; i++) {
		struct cpuid c = cpuid(0x80000002 + i, 0);

		memcpy(&name[4 * i], &c, sizeof(c));
	}
	return (const char *)name + strspn((const char *)name, " ");
}

void arch_early_init(void)
{
	timer_early_init();
	uart_init();
	idt_fill();
	desc_init();
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_NXE);
	acpi_init(boot_info.acpi_rsdp);
	apic_early_init();
	smp_early_init();
}

void arch_cpu_init(void)
{
	desc_init();
	control_registers();
	apic_cpu_init();
	timer_cpu_init();
	kvm_cpu_init();
}

void arch_percpu_init(unsigned int cpu)
{
	unsigned long off = per_cpu_offset(cpu);

	wrmsr(MSR_GS_BASE, off);
	this_cpu_write(this_cpu_off, off);
}

/* A thread that has not run yet looks as if it had called arch_switch_to(). */
void arch_thread_init(struct task_struct *task)
{
	extern const char thread_start[];
	unsigned long *end = task->stack + THREAD_SIZE - 16;
	struct switch_frame *f = (struct switch_frame *)end - 1;

	end[0] = end[1] = 0;		/* ends backtraces */
	*f = (struct switch_frame){ .bp = (unsigned long)end, .ip = (unsigned long)thread_start };
	task->thread.sp = (unsigned long)f;
}

/* ---- doing nothing ------------------------------------------------------------ */

/* With the state at 1 an NMI is taken for one within an NMI and returns at once. */
void arch_cpu_park(void)
{
	arch_local_irq_disable();
	this_cpu_write(nmi_state, 1);
	for (;;)
		arch_halt();
}

/* ---- the end ------------------------------------------------------------------ */

#define DEBUG_EXIT	0xf4		/* -device isa-debug-exit,iobase=0xf4,iosize=4 */
#define EXIT_SUCCESS	0x10		/* QEMU's status is 2v + 1: 33 */
#define EXIT_FAILURE	0x20		/* | the low five bits of our status: 65, 67, ... */
#define SLP_EN		0x2000
#define GRACE_US	500000		/* a machine takes its time to act on it */

/*
 * QEMU's status: 33 for success, 65 + 2 * (status & 31) for failure. Without the
 * device success powers off (QEMU's status is 0), and failure halts, since every
 * other way to end would look like success.
 */
void arch_exit(int status)
{
	arch_local_irq_disable();
	outl(DEBUG_EXIT, status ? EXIT_FAILURE | (status & 31) : EXIT_SUCCESS);
	if (!status)
		arch_poweroff();
	arch_cpu_park();
}

void arch_poweroff(void)
{
	const struct acpi_info *a = &acpi_info;

	arch_local_irq_disable();
	if (a->has_s5 && a->pm1a_control) {
		outw(a->pm1a_control, a->s5_type_a << 10 | SLP_EN);
		if (a->pm1b_control)
			outw(a->pm1b_control, a->s5_type_b << 10 | SLP_EN);
	}
	arch_udelay(GRACE_US);
	outw(0x604, SLP_EN);		/* QEMU without usable tables: q35 and pc, then older */
	outw(0xb004, SLP_EN);
	arch_udelay(GRACE_US);
	pr_emerg("this machine cannot be powered off\n");
	arch_cpu_park();
}

void arch_reboot(void)
{
	const struct acpi_info *a = &acpi_info;
	struct desc_ptr none = { 0, 0 };

	arch_local_irq_disable();
	if (a->has_reset && a->reset_space == 1)
		outb(a->reset_addr, a->reset_value);
	arch_udelay(GRACE_US);
	outb(0xcf9, 0x02);
	outb(0xcf9, 0x06);
	arch_udelay(GRACE_US);
	outb(0x64, 0xfe);		/* the keyboard controller's reset line */
	arch_udelay(GRACE_US);
	__asm__ __volatile__("lidt %0; int3" : : "m"(none));
	arch_cpu_park();
}
