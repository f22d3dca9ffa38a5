/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Starting the other CPUs: all at once, then waiting for all.
 *
 *	boot CPU, init kthread		CPU n
 *	idle task for each
 *	arch_cpu_start() each  ------>	secondary_main()
 *	waits				  its init steps
 *	                       <------	smp_cpu_online()
 *	arch_smp_done()			idle/n
 *
 * A CPU that does not come up is an error, not a smaller machine: panic, with
 * its number.
 *
 * Linux:   kernel/smpboot.c, kernel/cpu.c
 * Differs: no hotplug: what is online stays online.
 */
#include "sched.h"
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/param.h>
#include <kernel/printk.h>
#include <locking/swait.h>

/* For one CPU; a host that runs many vCPUs on few cores needs it for each. */
static int start_timeout = 10;
BOOT_PARAM_INT(cpu_start_timeout, start_timeout, 1, 3600,
	       "seconds a CPU, before one that does not come up ends the boot");

static int lost_cpu;
BOOT_PARAM_INT(lose_cpu, lost_cpu, 0, NR_CPUS - 1,
	       "do not start this CPU, to see that it is missed (0: none)");

static int maxcpus = NR_CPUS;
BOOT_PARAM_INT(maxcpus, maxcpus, 1, NR_CPUS, "use at most this many CPUs");

static DECLARE_SWAIT_QUEUE_HEAD(online_wait);

static unsigned int cpus_to_use(void)
{
	return min((unsigned int)maxcpus, num_possible_cpus());
}

void smp_cpu_online(void)
{
	unsigned int cpu = raw_smp_processor_id();
	struct rq *rq = this_rq();

	raw_spin_lock(&rq->lock);
	set_cpu_online(cpu, true);
	set_cpu_active(cpu, true);
	/* Tasks bound to this CPU may have been queued before it could get IPIs. */
	if (rq->resched)
		set_preempt_need_resched();
	raw_spin_unlock(&rq->lock);
	swake_up_one(&online_wait);
}

static void start_cpu(unsigned int cpu)
{
	struct task_struct *idle = idle_task_create(cpu);
	int err = idle ? 0 : -ENOMEM;

	if (!err && cpu != (unsigned int)lost_cpu)
		err = arch_cpu_start(cpu, idle);
	if (err)
		panic("CPU %u cannot be started: error %d", cpu, err);
}

static void wait_for_cpus(unsigned int want)
{
	unsigned int cpu;

	if (swait_event_timeout_exclusive(online_wait, num_online_cpus() == want,
					  (long)start_timeout * HZ * want))
		return;
	for (cpu = 0; cpu < want; cpu++)
		if (!cpu_online(cpu))
			panic("CPU %u (hardware id %u) was started and did not come up",
			      cpu, arch_cpu_hwid(cpu));
}

void smp_init(void)
{
	unsigned int want = cpus_to_use(), cpu;

	for (cpu = 1; cpu < want; cpu++)
		start_cpu(cpu);
	wait_for_cpus(want);
	arch_smp_done();
	pr_info("CPUs: %u/%u online\n", num_online_cpus(), num_possible_cpus());
}
