/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel world, what is out of line.
 */
#include <locking/port.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/softirq.h>

void port_bh_disable(void)
{
	local_bh_disable();
}

void port_bh_enable(void)
{
	local_bh_enable();
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
