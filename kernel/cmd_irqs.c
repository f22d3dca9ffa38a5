/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands about interrupts: irqs, softirqs.
 *
 * A row a CPU and a column a line: machines have more CPUs than this one has lines.
 */
#include <base/errno.h>
#include <kernel/cpumask.h>
#include <kernel/irq.h>
#include <kernel/printk.h>
#include <kernel/shell.h>
#include <kernel/softirq.h>

#define COLUMNS_MAX	16

/* A table of counts, from a function that knows one. */
static void print_counts(unsigned int columns, u64 (*count)(unsigned int column, unsigned int cpu))
{
	u64 total[COLUMNS_MAX] = { 0 };
	char row[160];
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		int n = scnprintf(row, sizeof(row), "%5u", cpu);

		for (unsigned int i = 0; i < columns; i++) {
			u64 v = count(i, cpu);

			total[i] += v;
			n += scnprintf(row + n, sizeof(row) - n, " %9llu", v);
		}
		shell_printf("%s\n", row);
	}
	shell_printf("total");
	for (unsigned int i = 0; i < columns; i++)
		shell_printf(" %9llu", total[i]);
	shell_printf("\n");
}

static u64 irq_column(unsigned int column, unsigned int cpu)
{
	return column < NR_IRQS ? kstat_irqs_cpu(column, cpu) : kstat_nmis_cpu(cpu);
}

static int cmd_irqs(int argc, char **argv)
{
	if (shell_too_many(argc, argv, 0))
		return -EINVAL;
	shell_printf("  CPU");
	for (unsigned int i = 0; i < NR_IRQS; i++)
		shell_printf(" %9.9s", irq_name(i));
	shell_printf(" %9s\n", "nmi");
	print_counts(NR_IRQS + 1, irq_column);
	shell_printf("without a handler: %llu interrupts, %llu NMIs\n", kstat_spurious_irqs(),
		     kstat_unknown_nmis());
	return 0;
}
SHELL_COMMAND(irqs, "irqs", "interrupts taken, by CPU", cmd_irqs);

static u64 softirq_column(unsigned int column, unsigned int cpu)
{
	return column < NR_SOFTIRQS ? kstat_softirqs_cpu(column, cpu) : kstat_ksoftirqd_cpu(cpu);
}

static int cmd_softirqs(int argc, char **argv)
{
	if (shell_too_many(argc, argv, 0))
		return -EINVAL;
	shell_printf("  CPU");
	for (unsigned int i = 0; i < NR_SOFTIRQS; i++)
		shell_printf(" %9.9s", softirq_to_name[i]);
	shell_printf(" %9s\n", "ksoftirqd");
	print_counts(NR_SOFTIRQS + 1, softirq_column);
	return 0;
}
SHELL_COMMAND(softirqs, "softirqs", "softirqs served, by CPU", cmd_softirqs,
	      .details = "ksoftirqd counts the runs that its thread served, of all kinds.\n");
