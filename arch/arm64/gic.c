/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt controller: GICv3, or GICv2 (at most 8 CPUs, no NMIs). Which interrupt is
 * whose: irq.c.
 *
 *	distributor	one; SPIs: who gets the UART's interrupt
 *	redistributor	one a CPU (v3); SGIs and PPIs: their priorities and masks
 *	CPU interface	one a CPU; system registers (v3) or memory (v2):
 *			acknowledge, end, priority mask
 *
 * Priorities are what makes NMIs. Lower is more urgent; five bits count:
 *
 *	0x20	GIC_PRIO_NMI	SGI_NMI, ppi_nmi_tick
 *	0x60	GIC_PMR_OFF	the mask of local_irq_disable(): only what is below
 *	0xa0	GIC_PRIO_IRQ	all other interrupts
 *	0xf0	GIC_PMR_ON	the mask of local_irq_enable()
 *
 * An interrupt being served raises the running priority to its own until
 * gic_end(), so an NMI interrupts a handler, another interrupt does not.
 *
 * Linux:  drivers/irqchip/irq-gic{,-v3}.c
 * Source: Arm GIC architecture specification IHI 0069 (v3), IHI 0048 (v2).
 */
#include <kernel/arch.h>
#include <kernel/mm.h>
#include <kernel/bug.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <asm/barrier.h>
#include <asm/cpu.h>
#include <asm/fdt.h>
#include <asm/gic.h>
#include <asm/io.h>
#include <asm/irqflags.h>
#include <asm/smp.h>

#define GICD_CTLR		0x000
#define  GICD_CTLR_RWP		(1U << 31)
#define  GICD_CTLR_ARE_NS	(1U << 4)
#define  GICD_CTLR_ENABLE	0x3		/* both groups, where there are two */
#define GICD_IGROUPR		0x080
#define GICD_ISENABLER		0x100
#define GICD_ICENABLER		0x180
#define GICD_IPRIORITYR		0x400
#define GICD_ITARGETSR		0x800
#define GICD_SGIR		0xf00
#define GICD_IROUTER		0x6000

#define GICR_STRIDE		0x20000		/* two 64 KiB frames a CPU */
#define GICR_SGI_FRAME		0x10000
#define GICR_TYPER		0x008
#define GICR_WAKER		0x014
#define  WAKER_SLEEP		2
#define  WAKER_ASLEEP		4

#define GICC_CTLR		0x00
#define GICC_PMR		0x04
#define GICC_IAR		0x0c
#define GICC_EOIR		0x10

static unsigned int version;
static void *dist, *cpu_interface;		/* written by map_controller(), gic_version() */
static u64 redist_base[4], redist_size[4];
static void *redist_regions[4];
static DEFINE_PER_CPU(void *, redist);		/* this CPU's redistributor, v3 */

unsigned int gic_version(void)
{
	if (version)
		return version;
	if (fdt_compatible(-1, "arm,gic-v3") >= 0)
		version = 3;
	else if (fdt_compatible(-1, "arm,cortex-a15-gic") >= 0 ||
		 fdt_compatible(-1, "arm,gic-400") >= 0)
		version = 2;
	return version;
}

static bool v3(void)
{
	return version == 3;
}

/* ---- finding it ---------------------------------------------------------------- */

static void map_v3(int node)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(redist_base); i++) {
		if (!fdt_reg(node, 1 + i, &redist_base[i], &redist_size[i]))
			break;
		/* A v3 node lists GICv2 leftovers behind its redistributors. */
		if (i >= fdt_u32(node, "#redistributor-regions", 1))
			break;
		redist_regions[i] = ioremap(redist_base[i], redist_size[i]);
	}
}

static void map_controller(void)
{
	int node = fdt_compatible(-1, "arm,gic-v3");
	u64 addr, size;

	if (!v3())
		node = max(fdt_compatible(-1, "arm,cortex-a15-gic"), fdt_compatible(-1, "arm,gic-400"));
	if (!gic_version() || !fdt_reg(node, 0, &addr, &size))
		panic("no GICv2 or GICv3 in the device tree");
	dist = ioremap(addr, size);
	if (v3())
		map_v3(node);
	else if (fdt_reg(node, 1, &addr, &size))
		cpu_interface = ioremap(addr, size);
}

/* ---- the distributor ------------------------------------------------------------ */

static void dist_wait(void)
{
	while (v3() && readl(dist + GICD_CTLR) & GICD_CTLR_RWP)
		cpu_relax();
}

/*
 * Interrupts @bits of word @at into group 1, which the v3 interface's registers above serve
 * and an EL1 kernel owns. A v2 interface has one acknowledge register for both groups, and
 * gives group 1 only to who asks for it: there all stay in group 0, or what looks like it.
 */
static void set_group(void *base, unsigned int at, u32 bits)
{
	void *group = base + GICD_IGROUPR + 4 * at;

	if (v3())
		writel(readl(group) | bits, group);
}

static void dist_init(void)
{
	writel(0, dist + GICD_CTLR);
	dist_wait();
	if (spi_uart) {
		set_group(dist, spi_uart / 32, 1U << spi_uart % 32);
		writeb(GIC_PRIO_IRQ, dist + GICD_IPRIORITYR + spi_uart);
		if (v3())
			writeq(smp_mpidr(0), dist + GICD_IROUTER + 8 * spi_uart);
		else
			writeb(1, dist + GICD_ITARGETSR + spi_uart);
	}
	writel(GICD_CTLR_ENABLE | (v3() ? GICD_CTLR_ARE_NS : 0), dist + GICD_CTLR);
	dist_wait();
}

/* ---- each CPU ------------------------------------------------------------------- */

/* The priority mask closed first, then PSTATE.I may open: see trap.c. */
void gic_early_cpu_init(void)
{
	if (gic_version() != 3)
		return;
	write_sysreg(read_sysreg(ICC_SRE_EL1) | 1, ICC_SRE_EL1);
	isb();
	write_sysreg(GIC_PMR_OFF, ICC_PMR_EL1);
	isb();
}

/* The redistributor whose affinity is this CPU's. */
static void *find_redist(void)
{
	u64 mpidr = smp_mpidr(smp_processor_id());
	u32 affinity = (mpidr & 0xffffff) | (mpidr >> 32 & 0xff) << 24;

	for (unsigned int i = 0; i < ARRAY_SIZE(redist_regions) && redist_regions[i]; i++)
		for (u64 at = 0; at + GICR_STRIDE <= redist_size[i]; at += GICR_STRIDE)
			if (readq(redist_regions[i] + at + GICR_TYPER) >> 32 == affinity)
				return redist_regions[i] + at;
	panic("CPU %u has no GIC redistributor", smp_processor_id());
}

/* SGIs and PPIs: where their registers are on this CPU. */
static void *private_base(void)
{
	return v3() ? this_cpu_read(redist) + GICR_SGI_FRAME : dist;
}

/*
 * Also where PSTATE.I masks: then it keeps this one from nesting, but it is pending at once, even
 * on top of an interrupt that is being served, which ends a wfi (arch_halt_while()).
 */
static bool is_nmi(u32 id)
{
	return id == SGI_NMI || id == ppi_nmi_tick;
}

static void set_private_priorities(void)
{
	void *base = private_base();

	for (unsigned int id = 0; id < 32; id++)
		writeb(is_nmi(id) ? GIC_PRIO_NMI : GIC_PRIO_IRQ, base + GICD_IPRIORITYR + id);
	set_group(base, 0, 0xffffffff);
	writel(0xffff0000, base + GICD_ICENABLER);
	writel(0x0000ffff, base + GICD_ISENABLER);
	gic_enable_ppi(ppi_timer, true);
}

static void cpu_interface_init_v3(void)
{
	void *r = find_redist();

	this_cpu_write(redist, r);
	writel(readl(r + GICR_WAKER) & ~WAKER_SLEEP, r + GICR_WAKER);
	while (readl(r + GICR_WAKER) & WAKER_ASLEEP)
		cpu_relax();
	set_private_priorities();
	write_sysreg(0, ICC_BPR1_EL1);
	write_sysreg(0, ICC_CTLR_EL1);	/* one write ends an interrupt */
	if (!(alternatives_on & 1U << ALT_PMR))
		write_sysreg(GIC_PMR_ON, ICC_PMR_EL1);
	write_sysreg(1, ICC_IGRPEN1_EL1);
	isb();
}

void gic_cpu_init(void)
{
	if (!dist) {
		map_controller();
		irq_find_lines();
		dist_init();
	}
	if (v3()) {
		cpu_interface_init_v3();
		return;
	}
	set_private_priorities();
	writel(GIC_PMR_ON, cpu_interface + GICC_PMR);
	writel(1, cpu_interface + GICC_CTLR);
}

void gic_enable_ppi(unsigned int ppi, bool on)
{
	writel(1U << ppi, private_base() + (on ? GICD_ISENABLER : GICD_ICENABLER));
}

void gic_enable_spi(unsigned int spi, bool on)
{
	if (dist)
		writel(1U << spi % 32,
		       dist + (on ? GICD_ISENABLER : GICD_ICENABLER) + spi / 32 * 4);
}

u32 gic_acknowledge(void)
{
	u32 id;

	if (!v3())
		return readl(cpu_interface + GICC_IAR);
	id = read_sysreg(ICC_IAR1_EL1);
	/* DSB: what follows must find the new running priority in force; a DMB orders no mrs. */
	__asm__ __volatile__("dsb sy" : : : "memory");
	return id;
}

void gic_end(u32 acknowledged)
{
	if (v3()) {
		write_sysreg(acknowledged, ICC_EOIR1_EL1);
		isb();
	} else {
		writel(acknowledged, cpu_interface + GICC_EOIR);
	}
}

void gic_send_sgi(unsigned int cpu, unsigned int sgi)
{
	u64 mpidr = smp_mpidr(cpu);

	/* ipi/A: pairs with trap_irq(). DSB: a DMB orders no store before a write to a register. */
	__asm__ __volatile__("dsb ishst" : : : "memory");
	if (!v3()) {
		writel(1U << (16 + (mpidr & 7)) | sgi, dist + GICD_SGIR);
		return;
	}
	write_sysreg((mpidr >> 32 & 0xff) << 48 | (mpidr >> 16 & 0xff) << 32 | (u64)sgi << 24 |
		     (mpidr >> 8 & 0xff) << 16 | (mpidr >> 4 & 0xf) << 44 | 1U << (mpidr & 0xf),
		     ICC_SGI1R_EL1);
	isb();
}
