/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a contended spinlock waits: chosen here, once, before other CPUs run.
 *
 * A queue hands the lock to the CPU that waits longest. Under an emulator or a
 * hypervisor that vCPU may not run just now, and all behind it wait for the host's
 * scheduler, once a hand-over: with 64 vCPUs on 2 cores, seconds an acquisition.
 * Test-and-set gives the lock to any vCPU that runs; a paravirtual queue lets those who
 * wait halt, and those who run pass them.
 *
 *	pvspin=		auto	paravirtual if the hypervisor has a hypercall to kick a CPU
 *			on	paravirtual; without the hypercall the kick is an NMI
 *			off	not paravirtual
 *	nopvspin		the same as pvspin=off, and stronger than pvspin=on
 *	virt_spin_lock=	auto	test-and-set on a hypervisor that has no hypercall to kick
 *			on	test-and-set
 *			off	the queue
 *
 * The first line that holds decides:
 *
 *	pvspin=on, no nopvspin					paravirtual
 *	virt_spin_lock=on					test-and-set
 *	pvspin=auto, no nopvspin; the host kicks, and has not
 *	  said that each CPU has a core for itself		paravirtual
 *	virt_spin_lock=auto; a host that does not kick		test-and-set
 *	else							the queue
 *
 * Linux:   native_pv_lock_init(), kvm_spinlock_init(), nopvspin
 * Differs: pvspin=on needs no hypervisor's help; virt_spin_lock= chooses by itself.
 */
#include <base/compiler.h>
#include <kernel/arch.h>
#include <kernel/init.h>
#include <kernel/param.h>
#include <kernel/printk.h>
#include <locking/port.h>
#include <locking/pv_lock_ops.h>
#include "pv.h"

static struct spin_wish wish;
BOOT_PARAM_ENUM(pvspin, wish.pvspin,
		"contended spinlocks: waiters halt and are kicked; auto: where a hypercall kicks",
		"auto", "on", "off");
BOOT_PARAM_BOOL(nopvspin, wish.nopvspin, "no paravirtual spinlocks, as pvspin=off");
BOOT_PARAM_ENUM(virt_spin_lock, wish.virt_spin_lock,
		"contended spinlocks: test-and-set instead of a queue; auto: on a hypervisor",
		"auto", "off", "on");

enum spin_way choose_spin_way(const struct spin_wish *w)
{
	bool kicks = w->features & ARCH_PV_KICK;
	int pvspin = w->nopvspin ? PVSPIN_OFF : w->pvspin;

	if (pvspin == PVSPIN_ON)
		return kicks ? SPIN_PV_HYPERCALL : SPIN_PV_HALT;
	if (w->virt_spin_lock == VIRT_ON)
		return SPIN_TEST_AND_SET;
	if (pvspin == PVSPIN_AUTO && kicks && !(w->features & ARCH_PV_DEDICATED))
		return SPIN_PV_HYPERCALL;
	if (w->virt_spin_lock == VIRT_AUTO && w->guest && !kicks)
		return SPIN_TEST_AND_SET;
	return SPIN_QUEUE;
}

static void use_pv(bool hypercall)
{
	struct pv_lock_ops *ops = &pv_lock_ops;

	ops->queued_spin_lock_slowpath = pv_queued_spin_lock_slowpath;
	ops->queued_spin_unlock = pv_queued_spin_unlock;
	ops->vcpu_is_preempted = pv_halt_is_preempted;
	if (hypercall) {
		ops->wait = port_halt_while;
		ops->kick = arch_pv_kick;
	}
	if (wish.features & ARCH_PV_PREEMPTED)
		ops->vcpu_is_preempted = arch_vcpu_is_preempted;
	pr_info("spinlocks: waiters halt, and are kicked by %s; %u unlocks patched\n",
		hypercall ? "hypercall" : "NMI", arch_patch_unlock());
}

void pv_lock_init(void)
{
	pv_kicks_init();
	if (!IS_ENABLED(CONFIG_SMP))
		return;
	wish.guest = arch_virtual_machine();
	wish.features = arch_pv_features();
	if (wish.nopvspin && wish.pvspin == PVSPIN_ON)
		pr_warn("spinlocks: pvspin=on and nopvspin: the second one holds\n");
	switch (choose_spin_way(&wish)) {
	case SPIN_QUEUE:
		pr_info("spinlocks: waiters queue\n");
		break;
	case SPIN_TEST_AND_SET:
		pv_lock_ops.queued_spin_lock_slowpath = virt_queued_spin_lock_slowpath;
		pr_info("spinlocks: test-and-set when contended, as on any hypervisor\n");
		break;
	case SPIN_PV_HALT:
		use_pv(false);
		break;
	case SPIN_PV_HYPERCALL:
		use_pv(true);
		break;
	}
}
