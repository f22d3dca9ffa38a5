/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The platform's timers: HPET, ACPI PM timer, PIT. They serve twice: as the
 * reference that arch_timer_init() measures against, and as the source of
 * periodic NMIs, which need no CPU's help.
 *
 *	HPET comparator or PIT --> I/O APIC input, delivery mode NMI,
 *				   destination 0xff --> LINT of every CPU at once
 *
 * This is the I/O APIC NMI watchdog of old (nmi_watchdog=1). A CPU that spins with
 * interrupts off still gets it; a CPU that halts is woken by it, so the period is a
 * second rather than a millisecond. The PIT's longest period is 54.9 ms: as a
 * fallback it ticks that fast, whatever was asked for, and pit_nmi() answers for the
 * NMIs that nobody waits for. The HPET's is 2^32 of its ticks
 * (42 s in QEMU); longer ones are cut to that.
 *
 *	nmi_gsi		I/O APIC input in use, 0 for none	written by arch_nmi_tick(),
 *			whose callers take turns
 *
 * Linux: arch/x86/kernel/{hpet,i8253}.c, drivers/clocksource/acpi_pm.c
 */
#include <locking/barrier.h>
#include <kernel/arch.h>
#include <kernel/mm.h>
#include <kernel/irq.h>
#include <kernel/cpumask.h>
#include <kernel/percpu.h>
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/timer.h>

#define HPET_ID			0x000
#define HPET_PERIOD		0x004		/* femtoseconds a tick */
#define HPET_CONFIG		0x010
#define  HPET_ENABLE		1
#define HPET_COUNTER		0x0f0
#define HPET_TN_CONFIG(n)	(0x100 + 0x20 * (n))
#define HPET_TN_ROUTES(n)	(0x104 + 0x20 * (n))
#define HPET_TN_COMPARE(n)	(0x108 + 0x20 * (n))
#define  HPET_TN_IRQ		0x0004
#define  HPET_TN_PERIODIC	0x0008
#define  HPET_TN_CAN_PERIODIC	0x0010
#define  HPET_TN_SETVAL		0x0040
#define  HPET_TN_32BIT		0x0100
#define  HPET_TN_ROUTE_SHIFT	9

#define FSEC_PER_NSEC		1000000ULL
#define PM_TIMER_HZ		3579545
#define PIT_HZ			1193182
#define PIT_LONGEST_NS		54000000
#define PIT_CH0			0x40
#define PIT_CH2			0x42
#define PIT_COMMAND		0x43
#define PIT_GATE		0x61		/* bit 0: gate of channel 2, bit 1: speaker */
#define NMI_TO_ALL		0xff

static void *hpet;
static u32 nmi_gsi, nmi_timer;
static bool pit_registered, pit_is_fast;

/* ---- references ----------------------------------------------------------------- */

static u64 hpet_read(void)
{
	return readl(hpet + HPET_COUNTER);
}

static u64 pm_timer_read(void)
{
	return inl(acpi_info.pm_timer);
}

/* Channel 2 counts down. */
static u64 pit_read(void)
{
	u8 low, high;

	outb(PIT_COMMAND, 0x80);		/* latch */
	low = inb(PIT_CH2);
	high = inb(PIT_CH2);
	return 0 - (u64)(low | high << 8);
}

static void pit_init(void)
{
	outb(PIT_COMMAND, 0x30);		/* channel 0: one shot, never loaded: silent */
	outb(PIT_GATE, (inb(PIT_GATE) & ~2) | 1);
	outb(PIT_COMMAND, 0xb4);		/* channel 2: periodic */
	outb(PIT_CH2, 0xff);
	outb(PIT_CH2, 0xff);
}

static struct time_ref refs[] = {
	{ "HPET", 0, 0xffffffff, hpet_read },
	{ "ACPI PM timer", PM_TIMER_HZ, 0xffffff, pm_timer_read },
	{ "PIT", PIT_HZ, 0xffff, pit_read },
};

const struct time_ref *time_ref_init(void)
{
	pit_init();
	if (acpi_info.hpet_addr) {
		hpet = ioremap(acpi_info.hpet_addr, 0x400);
		writel(readl(hpet + HPET_CONFIG) | HPET_ENABLE, hpet + HPET_CONFIG);
		refs[0].hz = 1000000000000000ULL / readl(hpet + HPET_PERIOD);
		return &refs[0];
	}
	return acpi_info.pm_timer ? &refs[1] : &refs[2];
}

/* ---- periodic NMIs ---------------------------------------------------------------- */

/* A CPU that is still in its real mode start-up code has no handler: the boot CPU alone
 * until others are online. */
static u32 nmi_destination(void)
{
	return num_online_cpus() > 1 ? NMI_TO_ALL : arch_cpu_hwid(raw_smp_processor_id());
}

/* An input of the I/O APIC that timer @n can raise: its ISA one if it can, else the lowest. */
static int hpet_route(unsigned int n)
{
	u32 routes = readl(hpet + HPET_TN_ROUTES(n)) & ~0xffffU, flags;

	if (readl(hpet + HPET_TN_ROUTES(n)) & 1U << ioapic_isa_gsi(0, &flags))
		return ioapic_isa_gsi(0, &flags);
	return routes ? __builtin_ctz(routes) : -1;
}

static bool hpet_start(u64 period_ns)
{
	unsigned int timers = (readl(hpet + HPET_ID) >> 8 & 31) + 1, n = 0;
	u64 ticks = min(period_ns, 10000000000000ULL) * FSEC_PER_NSEC / readl(hpet + HPET_PERIOD);
	u32 config;
	int gsi;

	while (n < timers && !(readl(hpet + HPET_TN_CONFIG(n)) & HPET_TN_CAN_PERIODIC))
		n++;
	ticks = min(ticks, 0xffffffffULL);
	gsi = n < timers ? hpet_route(n) : -1;
	if (gsi < 0 || !ioapic_route(gsi, IOAPIC_NMI, nmi_destination()))
		return false;
	nmi_gsi = gsi;
	nmi_timer = n;
	config = HPET_TN_PERIODIC | HPET_TN_32BIT | gsi << HPET_TN_ROUTE_SHIFT;
	writel(config | HPET_TN_SETVAL, hpet + HPET_TN_CONFIG(n));
	writel(readl(hpet + HPET_COUNTER) + (u32)ticks, hpet + HPET_TN_COMPARE(n));
	arch_udelay(1);
	writel(ticks, hpet + HPET_TN_COMPARE(n));
	/* Only now: the comparator's old value may be due at once. */
	writel(config | HPET_TN_IRQ, hpet + HPET_TN_CONFIG(n));
	return true;
}

static int pit_nmi(struct pt_regs *regs)
{
	return READ_ONCE(pit_is_fast);
}

static struct nmi_handler pit_handler = { .fn = pit_nmi, .name = "PIT" };

static bool pit_start(u64 period_ns)
{
	u64 ticks = period_ns > PIT_LONGEST_NS ? 0xffff : period_ns * PIT_HZ / 1000000000;
	u32 flags, gsi = ioapic_isa_gsi(0, &flags);

	if (!ioapic_route(gsi, IOAPIC_NMI, nmi_destination()))
		return false;
	nmi_gsi = gsi;
	if (!pit_registered)
		register_nmi_handler(&pit_handler);
	pit_registered = true;
	WRITE_ONCE(pit_is_fast, period_ns > PIT_LONGEST_NS);
	outb(PIT_COMMAND, 0x34);		/* channel 0: periodic */
	outb(PIT_CH0, ticks);
	outb(PIT_CH0, ticks >> 8);
	return true;
}

static void stop(void)
{
	if (!nmi_gsi)
		return;
	ioapic_route(nmi_gsi, IOAPIC_MASKED, 0);
	if (hpet)
		writel(0, hpet + HPET_TN_CONFIG(nmi_timer));
	outb(PIT_COMMAND, 0x30);
	WRITE_ONCE(pit_is_fast, false);
	nmi_gsi = 0;
}

bool arch_nmi_tick(u64 period_ns)
{
	stop();
	if (!period_ns)
		return true;
	return (hpet && hpet_start(period_ns)) || pit_start(period_ns);
}
