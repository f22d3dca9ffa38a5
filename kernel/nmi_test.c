/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NMIs from another CPU, at any point of a loop that faults, switches and sleeps.
 *
 * The handler stays registered for good and acts only while a test on its CPU has
 * made nmi_log active; its own CPU writes the rest.
 */
#include <kernel/arch.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <locking/atomic.h>
#include <asm/cpu.h>

#define BAD_ADDRESS	0x1000

struct nmi_log {
	bool active;
	unsigned int runs, depth, deepest, faults;
};
static DEFINE_PER_CPU(struct nmi_log, nmi_log);
static bool storm_over;

static int fault_in_nmi(struct pt_regs *regs)
{
	struct nmi_log *log = this_cpu_ptr(&nmi_log);
	unsigned long val;

	if (!READ_ONCE(log->active))
		return 0;
	log->depth++;
	log->deepest = max(log->deepest, log->depth);
	log->faults += arch_probe_read((void *)BAD_ADDRESS, &val) != 0;
	log->depth--;
	WRITE_ONCE(log->runs, log->runs + 1);
	return 1;
}

static struct nmi_handler handler = { .fn = fault_in_nmi, .name = "nmi test" };

static void storm(void *arg)
{
	unsigned int target = (unsigned long)arg;
	const struct nmi_log *log = per_cpu_ptr(&nmi_log, target);

	for (unsigned int i = 0; i < 200; i++) {
		unsigned int runs = READ_ONCE(log->runs);

		send_nmi(target);
		while (i % 4 && READ_ONCE(log->runs) == runs)
			cpu_relax();
	}
	smp_store_release(&storm_over, true);
}

SELFTEST(nmi, nmis_from_another_cpu_break_nothing, .min_cpus = 2, .needs_nmi = true)
{
	static bool registered;
	unsigned int this, other, wrong = 0;
	struct nmi_log *log;
	unsigned long val;

	if (!xchg(&registered, true))
		register_nmi_handler(&handler);
	migrate_disable();
	this = smp_processor_id();
	other = cpumask_any_but(cpu_online_mask, this);
	log = this_cpu_ptr(&nmi_log);
	*log = (struct nmi_log){ .runs = 0 };
	WRITE_ONCE(log->active, true);
	storm_over = false;
	smp_call_function_single(other, storm, (void *)(unsigned long)this, false);
	while (!smp_load_acquire(&storm_over)) {
		wrong += arch_probe_read((void *)BAD_ADDRESS, &val) == 0;
		wrong += arch_probe_read(&other, &val) != 0 || (unsigned int)val != other;
		cpu_relax();
		yield();
	}
	WRITE_ONCE(log->active, false);
	migrate_enable();
	EXPECT_EQ(wrong, 0);
	EXPECT(log->runs > 0);
	EXPECT_EQ(log->faults, log->runs);
	EXPECT_EQ(log->deepest, 1);
}
