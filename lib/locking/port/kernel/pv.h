/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How contended spinlocks wait: what can be asked for, and what comes of it. See
 * pv_choice.c; apart from it for the tests.
 */
#ifndef PORT_KERNEL_PV_H
#define PORT_KERNEL_PV_H

#include <base/types.h>

enum { PVSPIN_AUTO, PVSPIN_ON, PVSPIN_OFF };
enum { VIRT_AUTO, VIRT_OFF, VIRT_ON };

/* What was asked for, and where we are. */
struct spin_wish {
	int pvspin, virt_spin_lock;
	bool nopvspin;
	bool guest;			/* a host schedules our CPUs */
	unsigned int features;		/* ARCH_PV_* */
};

enum spin_way { SPIN_QUEUE, SPIN_TEST_AND_SET, SPIN_PV_HALT, SPIN_PV_HYPERCALL };

enum spin_way choose_spin_way(const struct spin_wish *wish);

/* NMIs that are kicks have a handler from now on. */
void pv_kicks_init(void);

#endif
