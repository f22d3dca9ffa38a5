/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt controllers: the local APIC of each CPU, the I/O APICs for devices,
 * and the old PICs, which are moved out of the way and masked.
 *
 *	line		vector	comes from			masked at
 *	IRQ_TIMER	0x30	local APIC timer		never; arch_timer_stop()
 *	IRQ_UART	0x31	I/O APIC, ISA interrupt 4	its redirection entry
 *	IRQ_TEST	0x32	an IPI, arch_test_irq_raise()	never
 *	IRQ_DEVICE	0x33	an IPI, the same		never
 *	IRQ_IPI_*	0x34..	IPIs				never
 *	error, spurious	0xfe f	the local APIC itself		never
 *
 * All share one priority class, so none interrupts another; the end of interrupt
 * is one write whichever line it was, as all are edge-triggered.
 *
 *	ioapic_lock	the index and data registers of the I/O APICs
 *
 * LINT1 is the NMI input of every CPU (QEMU's monitor command `nmi` pulls it).
 *
 * Linux: arch/x86/kernel/apic/{apic,io_apic}.c, arch/x86/kernel/i8259.c
 */
#include <locking/spinlock.h>
#include <kernel/arch.h>
#include <kernel/mm.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/desc.h>

bool x2apic;
void *apic_regs;

static DEFINE_RAW_SPINLOCK(ioapic_lock);
static void *ioapic_regs[ACPI_MAX_IOAPICS];

#define UART_ISA_IRQ	4

#define PIC1_CMD	0x20
#define PIC1_DATA	0x21
#define PIC2_CMD	0xa0
#define PIC2_DATA	0xa1

#define CPUID1_C_X2APIC	(1U << 21)
#define APIC_BASE_X2	(1U << 10)
#define APIC_BASE_ON	(1U << 11)

static void pic_disable(void)
{
	outb(PIC1_CMD, 0x11);			/* cascade, four words follow */
	outb(PIC2_CMD, 0x11);
	outb(PIC1_DATA, PIC_VECTOR_BASE);
	outb(PIC2_DATA, PIC_VECTOR_BASE + 8);
	outb(PIC1_DATA, 4);
	outb(PIC2_DATA, 2);
	outb(PIC1_DATA, 1);
	outb(PIC2_DATA, 1);
	outb(PIC1_DATA, 0xff);
	outb(PIC2_DATA, 0xff);
}

/* ---- I/O APIC -------------------------------------------------------------- */

static u32 ioapic_read(unsigned int n, u32 reg)
{
	writel(reg, ioapic_regs[n]);
	return readl(ioapic_regs[n] + 0x10);
}

static void ioapic_write(unsigned int n, u32 reg, u32 val)
{
	writel(reg, ioapic_regs[n]);
	writel(val, ioapic_regs[n] + 0x10);
}

/* Register of the redirection entry of @gsi; *@n is the I/O APIC that has it, or -1. */
static u32 ioapic_find(u32 gsi, int *n)
{
	for (unsigned int i = 0; i < acpi_info.nr_ioapics; i++) {
		u32 pin = gsi - acpi_info.ioapic[i].gsi_base;

		if (gsi < acpi_info.ioapic[i].gsi_base || !ioapic_regs[i] ||
		    pin > (ioapic_read(i, 1) >> 16 & 0xff))
			continue;
		*n = i;
		return 0x10 + 2 * pin;
	}
	*n = -1;
	return 0;
}

bool ioapic_route(u32 gsi, u32 low, u32 dest)
{
	unsigned long flags;
	u32 reg;
	int n;

	raw_spin_lock_irqsave(&ioapic_lock, flags);
	reg = ioapic_find(gsi, &n);
	if (n >= 0) {
		ioapic_write(n, reg, IOAPIC_MASKED);
		ioapic_write(n, reg + 1, dest << 24);
		ioapic_write(n, reg, low);
	}
	raw_spin_unlock_irqrestore(&ioapic_lock, flags);
	return n >= 0;
}

u32 ioapic_isa_gsi(unsigned int isa_irq, u32 *flags)
{
	u16 f = acpi_info.isa_flags[isa_irq];

	*flags = ((f & 3) == 3 ? IOAPIC_LOW_ACTIVE : 0) | ((f >> 2 & 3) == 3 ? IOAPIC_LEVEL : 0);
	return acpi_info.isa_gsi[isa_irq];
}

static void ioapic_init(void)
{
	for (unsigned int i = 0; i < acpi_info.nr_ioapics; i++)
		ioapic_regs[i] = ioremap(acpi_info.ioapic[i].addr, 0x20);
	for (unsigned int i = 0; i < acpi_info.nr_ioapics; i++)
		for (u32 pin = 0; pin <= (ioapic_read(i, 1) >> 16 & 0xff); pin++)
			ioapic_write(i, 0x10 + 2 * pin, IOAPIC_MASKED);
}

static void uart_route(u32 mask)
{
	u32 flags, gsi = ioapic_isa_gsi(UART_ISA_IRQ, &flags);

	ioapic_route(gsi, (LINE_VECTOR_BASE + IRQ_UART) | flags | mask, arch_cpu_hwid(0));
}

/* ---- local APIC ------------------------------------------------------------- */

void apic_early_init(void)
{
	phys_addr_t base = rdmsr(MSR_APIC_BASE);

	x2apic = base & APIC_BASE_X2 || cpuid(1, 0).c & CPUID1_C_X2APIC;
	if (!x2apic)
		apic_regs = ioremap(base & 0xffffff000, 4096);
}

void apic_cpu_init(void)
{
	wrmsr(MSR_APIC_BASE, rdmsr(MSR_APIC_BASE) | APIC_BASE_ON | (x2apic ? APIC_BASE_X2 : 0));
	apic_write(APIC_TPR, 0);
	apic_write(APIC_LVT_LINT0, APIC_LVT_MASKED);
	apic_write(APIC_LVT_LINT1, APIC_DM_NMI);
	apic_write(APIC_LVT_ERROR, APIC_ERROR_VECTOR);
	apic_write(APIC_SPIV, APIC_ENABLED | SPURIOUS_VECTOR);
	apic_write(APIC_ESR, 0);
}

/* Not a line: no end of interrupt for a spurious one, it was never in service. */
void apic_odd_vector(unsigned long vector)
{
	if (vector == SPURIOUS_VECTOR)
		return;
	if (vector == APIC_ERROR_VECTOR) {
		apic_write(APIC_ESR, 0);
		pr_err_once("APIC: error status 0x%x\n", apic_read(APIC_ESR));
	} else {
		pr_err_once("interrupt on vector 0x%lx, which nothing uses\n", vector);
	}
	apic_eoi();
}

/* ---- the contract ------------------------------------------------------------ */

void arch_irq_init(void)
{
	pic_disable();
	ioapic_init();
}

void arch_irq_mask(enum irq_line line)
{
	if (line == IRQ_UART)
		uart_route(IOAPIC_MASKED);
}

void arch_irq_unmask(enum irq_line line)
{
	if (line == IRQ_UART)
		uart_route(0);
}

bool arch_irq_is_edge(enum irq_line line)
{
	return true;
}

void arch_test_irq_raise(unsigned int cpu, enum irq_line line)
{
	arch_send_ipi(cpu, line);
}
