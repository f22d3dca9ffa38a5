/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a contended spinlock queue, or is it free for all?
 *
 * A queue hands the lock to the CPU that waits longest. Under an emulator or a
 * hypervisor that vCPU may not run just now, and all behind it wait for the host's
 * scheduler, once a hand-over: with 64 vCPUs on 2 cores, seconds an acquisition.
 * Test-and-set gives the lock to any vCPU that runs.
 *
 *	virt_spin_lock=	auto	test-and-set on a hypervisor, else the queue
 *			off	the queue, to look at it
 *			on	test-and-set
 *
 * Linux:   virt_spin_lock_key, arch/x86/include/asm/qspinlock.h; nopvspin
 * Differs: chosen by a parameter; no paravirtual queue that sleeps.
 */
#include <locking/qspinlock.h>
#include <kernel/arch.h>
#include <kernel/init.h>
#include <kernel/param.h>
#include <kernel/printk.h>

enum { VIRT_AUTO, VIRT_OFF, VIRT_ON };

static int virt_mode;
BOOT_PARAM_ENUM(virt_spin_lock, virt_mode,
		"contended spinlocks: test-and-set instead of a queue; auto: on a hypervisor",
		"auto", "off", "on");

void virt_spin_lock_init(void)
{
	virt_spin_lock_enabled = virt_mode == VIRT_ON ||
		(virt_mode == VIRT_AUTO && arch_virtual_machine());
	pr_info("spinlocks: %s\n", virt_spin_lock_enabled ?
		"test-and-set when contended, as on any hypervisor" : "waiters queue");
}
