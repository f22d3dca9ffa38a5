/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time: the TSC is the clock, the local APIC's timer the alarm, the HPET (or the
 * PIT) the source of periodic NMIs.
 *
 *	tsc_hz		how fast the TSC runs		written by arch_timer_init()
 *	apic_hz		how fast the APIC timer counts,	arch_timer_init()
 *			divided by 16
 *	tsc_boot	the TSC at time 0		arch_timer_init()
 *
 * Where the rates come from, the first that there is:
 *
 *	TSC		CPUID 0x15 (crystal and ratio), CPUID 0x40000010 (hypervisor),
 *			else measured
 *	APIC timer	not needed with TSC deadlines, else measured
 *	reference	HPET, ACPI PM timer, PIT channel 2
 *
 * Measuring is two samples 5 ms apart. A sample reads the counters around one read
 * of the reference, several times, and keeps the narrowest: a virtual CPU may be
 * off its host CPU for milliseconds in the middle of one, but not of all.
 *
 * Monotonic over CPUs: all TSCs are one counter under QEMU, and the read does not
 * pass earlier loads. There is no correction for machines where they differ.
 *
 * Linux:   arch/x86/kernel/{tsc,hpet}.c, arch/x86/kernel/apic/apic.c
 */
#include <kernel/arch.h>
#include <kernel/clock.h>
#include <kernel/irqflags.h>
#include <kernel/printk.h>
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/barrier.h>
#include <asm/desc.h>
#include <asm/timer.h>

#define NSEC_PER_SEC		1000000000ULL
#define SAMPLE_TRIES		8
#define MEASURE_US		5000
#define DIVIDE_BY_16		3
#define CPUID1_C_TSC_DEADLINE	(1U << 24)
#define CPUID1_C_HYPERVISOR	(1U << 31)

static u64 tsc_hz, tsc_boot;
static u64 tsc_to_ns;			/* ns per tick, times 2^32 */
static u64 apic_hz;
static u64 ns_to_apic;			/* ticks of the APIC timer per ns, times 2^32 */
static u64 ns_to_tsc;
static bool deadline;			/* arch_early_init() */

static u64 scale(u64 v, u64 mult)
{
	return (unsigned __int128)v * mult >> 32;
}

/* (@to << 32) / @from: a 128-bit division, which C would call a library for. */
static u64 ratio(u64 to, u64 from)
{
	u64 high = to >> 32, low = to << 32;

	__asm__("divq %2" : "+a"(low), "+d"(high) : "rm"(from) : "cc");
	return low;
}

/* ---- measuring ---------------------------------------------------------------- */

struct sample {
	u64 tsc, apic, ref;
};

static struct sample take_sample(const struct time_ref *ref)
{
	struct sample best = { 0 };
	u64 narrowest = ~0ULL;

	for (unsigned int i = 0; i < SAMPLE_TRIES; i++) {
		u64 t0 = rdtsc_ordered();
		u32 apic = 0 - apic_read(APIC_TIMER_COUNT);
		u64 r = ref->read();
		u64 t1 = rdtsc_ordered();

		if (t1 - t0 < narrowest) {
			narrowest = t1 - t0;
			best = (struct sample){ t0 + (t1 - t0) / 2, apic, r };
		}
	}
	return best;
}

static void measure(const struct time_ref *ref)
{
	u64 ticks = ref->hz * MEASURE_US / 1000000, passed;
	struct sample a, b;

	apic_write(APIC_TIMER_INIT, 0xffffffff);
	a = take_sample(ref);
	while (((ref->read() - a.ref) & ref->mask) < ticks)
		cpu_relax();
	b = take_sample(ref);
	apic_write(APIC_TIMER_INIT, 0);

	passed = (b.ref - a.ref) & ref->mask;
	if (!tsc_hz)
		tsc_hz = (b.tsc - a.tsc) * ref->hz / passed;
	apic_hz = (u64)(u32)(b.apic - a.apic) * ref->hz / passed;
}

static u64 tsc_hz_from_cpuid(void)
{
	struct cpuid c;

	if (cpuid(0, 0).a >= 0x15) {
		c = cpuid(0x15, 0);
		if (c.a && c.b && c.c)
			return (u64)c.c * c.b / c.a;
	}
	if (cpuid(1, 0).c & CPUID1_C_HYPERVISOR && cpuid(0x40000000, 0).a >= 0x40000010)
		return cpuid(0x40000010, 0).a * 1000ULL;
	return 0;
}

void timer_early_init(void)
{
	tsc_boot = rdtsc();
	deadline = cpuid(1, 0).c & CPUID1_C_TSC_DEADLINE;
}

void timer_cpu_init(void)
{
	apic_write(APIC_TIMER_DIVIDE, DIVIDE_BY_16);
	apic_write(APIC_LVT_TIMER, (LINE_VECTOR_BASE + IRQ_TIMER) |
				   (deadline ? APIC_TIMER_DEADLINE : 0));
	mb();		/* the mode first, then the first deadline, an MSR */
}

void arch_timer_init(void)
{
	const struct time_ref *ref = time_ref_init();
	bool known;

	tsc_hz = tsc_hz_from_cpuid();
	known = tsc_hz != 0;
	if (!tsc_hz || !deadline)
		measure(ref);
	tsc_to_ns = ratio(NSEC_PER_SEC, tsc_hz);
	ns_to_tsc = ratio(tsc_hz, NSEC_PER_SEC);
	ns_to_apic = ratio(apic_hz, NSEC_PER_SEC);
	pr_info("clock: TSC %llu.%03llu MHz (by %s), alarm: %s\n", tsc_hz / 1000000,
		tsc_hz / 1000 % 1000, known ? "CPUID" : ref->name,
		deadline ? "TSC deadline" : "APIC timer");
}

/* ---- the clock and the alarm --------------------------------------------------- */

u64 arch_clock_ns(void)
{
	return tsc_hz ? scale(rdtsc_ordered() - tsc_boot, tsc_to_ns) : 0;
}

void arch_timer_stop(void)
{
	if (deadline)
		wrmsr(MSR_TSC_DEADLINE, 0);
	else
		apic_write(APIC_TIMER_INIT, 0);
}

void arch_timer_set(u64 delta_ns)
{
	u64 ticks;

	if (delta_ns == 0) {
		arch_timer_stop();
		apic_icr(APIC_DM_FIXED | APIC_ASSERT | APIC_DEST_SELF |
			 (LINE_VECTOR_BASE + IRQ_TIMER), 0);
	} else if (deadline) {
		wrmsr(MSR_TSC_DEADLINE, rdtsc() + scale(delta_ns, ns_to_tsc) + 1);
	} else {
		ticks = scale(delta_ns, ns_to_apic) + 1;
		apic_write(APIC_TIMER_INIT, ticks > 0xffffffff ? 0xffffffff : ticks);
	}
}

void arch_udelay(unsigned int us)
{
	u64 start = rdtsc();
	u64 ticks = (tsc_hz ?: 1000000000) / 1000000 * us;

	while (rdtsc() - start < ticks)
		cpu_relax();
}
