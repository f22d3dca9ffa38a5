/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tasks of all worlds have in common: states, priorities, links.
 *
 * Linux: include/linux/sched.h, sched/prio.h
 */
#ifndef LOCKING_TASK_TYPES_H
#define LOCKING_TASK_TYPES_H

#include <base/types.h>

/* ---- states: task_struct.__state ---- */

#define TASK_RUNNING		0x0000
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_UNINTERRUPTIBLE	0x0002
#define TASK_PARKED		0x0040
#define TASK_DEAD		0x0080
#define TASK_WAKEKILL		0x0100
#define TASK_WAKING		0x0200
#define TASK_NOLOAD		0x0400	/* sleeping on purpose: not hung, however long */
#define TASK_NEW		0x0800
#define TASK_RTLOCK_WAIT	0x1000

#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_IDLE		(TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

/* task_struct.pending, atomic bits */
#define TASK_PENDING_INTR	0	/* ends interruptible waits */
#define TASK_PENDING_KILL	1	/* ends killable ones too */

/* ---- priorities: lower is more urgent ---- */

#define MIN_NICE		(-20)
#define MAX_NICE		19
#define MAX_RT_PRIO		100
#define MAX_PRIO		140
#define DEFAULT_PRIO		120
#define NICE_TO_PRIO(nice)	((nice) + DEFAULT_PRIO)
#define PRIO_TO_NICE(prio)	((prio) - DEFAULT_PRIO)

/* ---- links ---- */

/* In one wake_q_head at a time: <locking/wake_q.h>. */
struct wake_q_node {
	struct wake_q_node *next;
};

#endif
