/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel world, entries 15-20: the scheduler's own.
 */
#ifndef PORT_KERNEL_TASK_H
#define PORT_KERNEL_TASK_H

#include <kernel/hrtimer.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <locking/held.h>

#ifdef CONFIG_DEBUG_LOCKS
#define port_held_locks()	(&current->held_locks)
#endif

/*
 * Does @p, the owner of a lock that we wait for, run right now? It may be gone by
 * now: its memory stays readable, and the caller believes the answer only if the
 * lock has the same owner afterwards.
 */
#define port_owner_on_cpu(p) \
	(owner_on_cpu(p) && !port_vcpu_is_preempted(task_cpu(p)))

/*
 * A sleeping form of a spinning lock is about to be taken: reports a caller that holds
 * a raw lock, has interrupts off, or is a hardirq or NMI. Start-up may: nobody waits.
 */
void port_might_sleep_for_lock(const void *lock);
/* One that a holder of such a form must not take either. */
void port_might_sleep_for_mutex(const void *lock);

#endif
