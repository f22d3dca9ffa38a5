/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel world, what is out of line.
 */
#include <locking/port.h>
#include <locking/task.h>
#include <kernel/bug.h>
#include <kernel/ipi.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/softirq.h>

static DEFINE_PER_CPU(bool, reports_expected);
static DEFINE_PER_CPU(unsigned int, reports);
static char report_text[320];		/* of the one test that expects reports */

bool port_report_expected(void)
{
	if (likely(!this_cpu_read(reports_expected)))
		return false;
	this_cpu_inc(reports);
	return true;
}

void port_expect_reports(bool on)
{
	this_cpu_write(reports_expected, on);
	this_cpu_write(reports, 0);
}

unsigned int port_reports(void)
{
	return this_cpu_read(reports);
}

const char *port_report_text(void)
{
	return report_text;
}

void port_note_report(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(report_text, sizeof(report_text), fmt, args);
	va_end(args);
}

void port_bh_disable(void)
{
	local_bh_disable();
}

void port_bh_enable(void)
{
	local_bh_enable();
}

static void full_barrier(void *unused)
{
	smp_mb();
}

void port_sync_cpus(void)
{
	smp_mb();
	preempt_disable();
	smp_call_function(full_barrier, NULL, true);
	preempt_enable();
	smp_mb();
}

const char *port_task_name(const void *task)
{
	return task ? ((const struct task_struct *)task)->comm : "nobody";
}

/* "current" for the library: start-up has no task yet. */
const void *port_current(void)
{
	return current;
}

static void report_atomic(const void *lock)
{
	if (is_idle_task(current) && !in_hardirq() && !in_nmi())
		return;
	port_report("lock %pS: a lock that sleeps is taken in atomic context: task %d %s, "
		    "%s context, preempt_count 0x%x, interrupts %s%s", lock, current->pid,
		    current->comm, context_names[current_context()], preempt_count(),
		    irqs_disabled() ? "off" : "on", atomic_site_text());
}

void port_might_sleep_for_lock(const void *lock)
{
	if (unlikely(in_atomic() || irqs_disabled()))
		report_atomic(lock);
}

void port_might_sleep_for_mutex(const void *lock)
{
	if (unlikely(in_atomic() || irqs_disabled() || current->rtlock_nesting))
		report_atomic(lock);
}
