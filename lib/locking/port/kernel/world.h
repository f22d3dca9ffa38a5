/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel world, entries 10-22.
 */
#ifndef PORT_KERNEL_WORLD_H
#define PORT_KERNEL_WORLD_H

#include <kernel/bug.h>
#include <kernel/clock.h>
#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <kernel/irqflags.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>

/* Out of line: <kernel/softirq.h> may itself use spinlocks. */
void port_bh_disable(void);
void port_bh_enable(void);

#define port_context()	current_context()

#define port_need_resched()	test_preempt_need_resched()
bool port_vcpu_is_preempted(unsigned int cpu);

#define port_light_mb()		barrier()
void port_sync_cpus(void);

void port_halt_while(const u32 *p, u32 mask, u32 val);
void port_kick(unsigned int cpu);

/* For reports: a task's name, and a code address. */
const void *port_current(void);
const char *port_task_name(const void *task);
#define PORT_SYMBOL	"%pS"

/* A lock was misused: say so, with the caller's backtrace, and end the machine. */
#define port_report(...)						\
	do {								\
		if (port_report_expected())				\
			port_note_report(__VA_ARGS__);			\
		else							\
			panic(__VA_ARGS__);				\
	} while (0)
/* For a test that misuses a lock: this CPU's reports are counted, and survived. */
bool port_report_expected(void);
void port_expect_reports(bool on);
unsigned int port_reports(void);
/* The last of them. Valid until the next. */
const char *port_report_text(void);
__printf(1, 2)
void port_note_report(const char *fmt, ...);

/* Something is wrong that can be survived. */
#define port_warn(...)		((void)WARN(true, __VA_ARGS__))

#endif
