/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How contended spinlocks wait: every line of the table in pv_choice.c. And that what
 * was chosen is what an unlock does.
 */
#include <kernel/arch.h>
#include <kernel/selftest.h>
#include <locking/pv_lock_ops.h>
#include <locking/spinlock.h>
#include "pv.h"

static const struct choice {
	struct spin_wish wish;
	enum spin_way way;
} choices[] = {
	/* pvspin, virt_spin_lock, nopvspin, guest, features */
	{ { PVSPIN_AUTO, VIRT_AUTO, false, false, 0 }, SPIN_QUEUE },
	{ { PVSPIN_AUTO, VIRT_AUTO, false, true, 0 }, SPIN_TEST_AND_SET },
	{ { PVSPIN_AUTO, VIRT_OFF, false, true, 0 }, SPIN_QUEUE },
	{ { PVSPIN_AUTO, VIRT_ON, false, false, 0 }, SPIN_TEST_AND_SET },
	{ { PVSPIN_AUTO, VIRT_ON, false, true, ARCH_PV_KICK }, SPIN_TEST_AND_SET },
	{ { PVSPIN_AUTO, VIRT_AUTO, false, true, ARCH_PV_KICK }, SPIN_PV_HYPERCALL },
	{ { PVSPIN_AUTO, VIRT_OFF, false, true, ARCH_PV_KICK }, SPIN_PV_HYPERCALL },
	{ { PVSPIN_AUTO, VIRT_AUTO, false, true, ARCH_PV_PREEMPTED }, SPIN_TEST_AND_SET },
	{ { PVSPIN_AUTO, VIRT_AUTO, false, true, ARCH_PV_KICK | ARCH_PV_DEDICATED }, SPIN_QUEUE },
	{ { PVSPIN_ON, VIRT_AUTO, false, true, ARCH_PV_KICK | ARCH_PV_DEDICATED },
	  SPIN_PV_HYPERCALL },
	{ { PVSPIN_ON, VIRT_AUTO, false, true, 0 }, SPIN_PV_HALT },
	{ { PVSPIN_ON, VIRT_ON, false, false, 0 }, SPIN_PV_HALT },
	{ { PVSPIN_ON, VIRT_AUTO, true, true, 0 }, SPIN_TEST_AND_SET },
	{ { PVSPIN_ON, VIRT_AUTO, true, true, ARCH_PV_KICK }, SPIN_QUEUE },
	{ { PVSPIN_AUTO, VIRT_AUTO, true, true, ARCH_PV_KICK }, SPIN_QUEUE },
	{ { PVSPIN_OFF, VIRT_AUTO, false, true, ARCH_PV_KICK }, SPIN_QUEUE },
	{ { PVSPIN_OFF, VIRT_ON, true, true, ARCH_PV_KICK }, SPIN_TEST_AND_SET },
};

SELFTEST(pv_choice, each_line_of_the_table_holds)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(choices); i++) {
		enum spin_way way = choose_spin_way(&choices[i].wish);

		if (way != choices[i].way)
			selftest_fail(t, __FILE__, __LINE__, "line %u: way %d, expected %d", i,
				      way, choices[i].way);
	}
}

/* A store does not look at what is there; the PV unlock reports a byte that is not 1. */
SELFTEST(pv_choice, an_unlock_does_what_was_chosen)
{
	bool pv = pv_lock_ops.queued_spin_unlock == pv_queued_spin_unlock;
	struct qspinlock lock = QSPINLOCK_INIT;

	preempt_disable();
	queued_spin_lock(&lock);
	queued_spin_unlock(&lock);
	EXPECT_EQ(atomic_read(&lock.val), 0);
	port_expect_reports(true);
	queued_spin_unlock(&lock);
	EXPECT_EQ(port_reports(), pv);
	port_expect_reports(false);
	preempt_enable();
}
