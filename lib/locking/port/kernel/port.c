/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel world, what is out of line.
 */
#include <locking/port.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/softirq.h>

void port_bh_disable(void)
{
	local_bh_disable();
}

void port_bh_enable(void)
{
	local_bh_enable();
}
