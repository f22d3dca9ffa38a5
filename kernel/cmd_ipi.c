/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that call on other CPUs: ipi, nmi.
 *
 * ipi measures round trips: send a call, wait until it has run. nmi sends one NMI a
 * CPU; the handler notes what it interrupted:
 *
 *	shell			target, NMI
 *	wanted = true
 *	NMI ------------------> wanted? note time, address, context; wanted = false
 *	wait for !wanted	not wanted: not ours
 */
#include <base/errno.h>
#include <locking/atomic.h>
#include <kernel/arch.h>
#include <kernel/cpumask.h>
#include <kernel/human.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <kernel/shell.h>
#include <kernel/timer.h>

#define IPI_COUNT_DEFAULT	100
#define IPI_COUNT_MAX		100000
#define NMI_WAIT_MS		2000

/* ---- ipi ------------------------------------------------------------------------ */

static void do_nothing(void *unused)
{
}

static void sort_times(u32 *times, unsigned int nr)
{
	for (unsigned int gap = nr / 2; gap; gap /= 2) {
		for (unsigned int i = gap; i < nr; i++) {
			u32 t = times[i];
			unsigned int j = i;

			for (; j >= gap && times[j - gap] > t; j -= gap)
				times[j] = times[j - gap];
			times[j] = t;
		}
	}
}

static void measure_ipi(unsigned int cpu, u32 *times, unsigned int count)
{
	struct human min, median, max;
	unsigned int n = 0;

	for (; n < count && !shell_interrupted(); n++) {
		u64 start = ktime_get_ns();

		smp_call_function_single(cpu, do_nothing, NULL, true);
		times[n] = (u32)min(ktime_get_ns() - start, (u64)~0U);
	}
	if (!n)
		return;
	sort_times(times, n);
	shell_printf("%3u  %8u  %10s  %10s  %10s%s\n", cpu, n, human_ns(&min, times[0]),
		     human_ns(&median, times[n / 2]), human_ns(&max, times[n - 1]),
		     cpu == raw_smp_processor_id() ? "  (this CPU: no IPI)" : "");
}

static int cmd_ipi(int argc, char **argv)
{
	long count = IPI_COUNT_DEFAULT;
	unsigned int cpu;
	u32 *times;
	int only;

	if (argc < 2 || shell_too_many(argc, argv, 2) ||
	    !shell_parse_cpu(argv[1], true, &only) ||
	    (argc == 3 && !shell_parse_int(argv[2], "count", 1, IPI_COUNT_MAX, &count)))
		return -EINVAL;
	times = kmalloc_array(count, sizeof(*times), GFP_KERNEL);
	if (!times)
		return -ENOMEM;
	migrate_disable();
	shell_printf("round trips from CPU %u:\n", raw_smp_processor_id());
	shell_printf("CPU     COUNT         MIN      MEDIAN         MAX\n");
	for_each_online_cpu(cpu)
		if (only < 0 || cpu == (unsigned int)only)
			measure_ipi(cpu, times, (unsigned int)count);
	migrate_enable();
	kfree(times);
	return 0;
}
SHELL_COMMAND(ipi, "ipi CPU|all [COUNT]", "time calls to other CPUs", cmd_ipi,
	      .complete = shell_complete_cpu_or_all);

/* ---- nmi ------------------------------------------------------------------------ */

/* Written by the shell before the NMI and by its handler, which clears wanted last. */
struct nmi_sample {
	bool wanted;
	u64 sent, taken;
	unsigned long ip;
	u32 count;		/* of what was interrupted: without this NMI */
};

static DEFINE_PER_CPU(struct nmi_sample, nmi_samples);

static int sample_nmi(struct pt_regs *regs)
{
	struct nmi_sample *s = this_cpu_ptr(&nmi_samples);

	/* nmi_cmd/A: pairs with send_one() */
	if (!smp_load_acquire(&s->wanted))
		return 0;
	s->taken = ktime_get_ns();
	s->ip = arch_regs_ip(regs);
	s->count = context_count() - NMI_OFFSET - HARDIRQ_OFFSET;
	/* nmi_cmd/B: pairs with send_one() */
	smp_store_release(&s->wanted, false);
	return 1;
}

static struct nmi_handler sample_handler = { .fn = sample_nmi, .name = "shell" };

static const char *context_of(u32 count)
{
	if (count & HARDIRQ_MASK)
		return "hardirq";
	return count & SOFTIRQ_OFFSET ? "softirq" : "task";
}

/* Return: false if the NMI did not arrive. */
static bool send_one(unsigned int cpu)
{
	struct nmi_sample *s = per_cpu_ptr(&nmi_samples, cpu);
	u64 limit = selftest_scale_ms(NMI_WAIT_MS) * NSEC_PER_MSEC;
	struct human time;

	s->sent = ktime_get_ns();
	/* nmi_cmd/A: pairs with sample_nmi() */
	smp_store_release(&s->wanted, true);
	send_nmi(cpu);
	/* nmi_cmd/B: pairs with sample_nmi() */
	while (smp_load_acquire(&s->wanted) && ktime_get_ns() - s->sent < limit)
		cpu_relax();
	if (READ_ONCE(s->wanted)) {
		shell_printf("%3u  no answer\n", cpu);
		return false;
	}
	shell_printf("%3u  %10s  %-8s  %pS\n", cpu, human_ns(&time, s->taken - s->sent),
		     context_of(s->count), (void *)s->ip);
	return true;
}

static int cmd_nmi(int argc, char **argv)
{
	static bool registered;
	unsigned int cpu;
	bool ok = true;
	int only;

	if (argc < 2 || shell_too_many(argc, argv, 1) ||
	    !shell_parse_cpu(argv[1], true, &only))
		return -EINVAL;
	if (arch_no_nmi()) {
		shell_printf("nmi: %s\n", arch_no_nmi());
		return -EOPNOTSUPP;
	}
	if (!registered)
		register_nmi_handler(&sample_handler);
	registered = true;
	shell_printf("CPU   TAKEN IN  CONTEXT   INTERRUPTED\n");
	for_each_online_cpu(cpu)
		if (only < 0 || cpu == (unsigned int)only)
			ok &= send_one(cpu);
	return ok ? 0 : -ETIMEDOUT;
}
SHELL_COMMAND(nmi, "nmi CPU|all", "send an NMI, see what it hit", cmd_nmi,
	      .complete = shell_complete_cpu_or_all);
